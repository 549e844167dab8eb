import { compareText, poolKey, type Element } from './elements.ts';
import { likeness, partsOf, type NameParts } from './plain-text.ts';

/** Pairs and what is left on both sides. */
export interface Matching {
  readonly pairs: readonly (readonly [Element, Element])[];
  readonly removed: readonly Element[];
  readonly added: readonly Element[];
}

/** What must be equal for a pair, tried in this order; each identity must be unique on both sides to count. */
const IDENTITIES: readonly ((one: Element) => string | undefined)[] = [
  (one) => join(one.file, one.kind, one.key),
  // The same name and surroundings with another key: renumbered, re-created by a tool, or moved to another section.
  (one) => join(one.file, one.kind, one.form, ...one.context),
  (one) => join(one.file, one.kind, one.form),
  // In another file.
  (one) => join(one.kind, one.key, one.form),
  (one) => join(one.kind, one.form, ...one.context),
];

function join(...parts: readonly string[]): string {
  return parts.join('\n');
}

/** Least likeness for a rename, where only the names speak, and where an id or the surroundings agree as well. */
const RENAME = 0.6;
const RENAME_SAME_ID = 0.3;
/** Names compared for renames on each side; beyond it what is left counts as removed and added. */
const MOST_RENAMES = 400;

/** Finds for every base element the head element that is the same thing. */
export function match(base: readonly Element[], head: readonly Element[]): Matching {
  const pairs: [Element, Element][] = [];
  let removed = base;
  let added = head;
  for (const identity of IDENTITIES) {
    const found = pairUnique(removed, added, identity);
    pairs.push(...found);
    const used = new Set(found.flat());
    removed = removed.filter((one) => !used.has(one));
    added = added.filter((one) => !used.has(one));
  }
  const renamed = pairRenamed(removed, added);
  const used = new Set(renamed.flat());
  return {
    pairs: [...pairs, ...renamed],
    removed: removed.filter((one) => !used.has(one)),
    added: added.filter((one) => !used.has(one)),
  };
}

function pairUnique(
  base: readonly Element[],
  head: readonly Element[],
  identity: (one: Element) => string | undefined,
): [Element, Element][] {
  const before = uniques(base, identity);
  const after = uniques(head, identity);
  return [...before].flatMap(([key, one]): [Element, Element][] => {
    const other = one && after.get(key);
    return one && other ? [[one, other]] : [];
  });
}

/** By identity; one that several share maps to nothing. */
function uniques(
  elements: readonly Element[],
  identity: (one: Element) => string | undefined,
): ReadonlyMap<string, Element | undefined> {
  const found = new Map<string, Element | undefined>();
  for (const one of elements) {
    const key = identity(one);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : one);
  }
  return found;
}

/** Greedy, most alike first, within one file and kind. */
function pairRenamed(
  base: readonly Element[],
  head: readonly Element[],
): readonly (readonly [Element, Element])[] {
  const known = new Map<Element, NameParts>();
  const parts = (element: Element): NameParts => {
    const made = known.get(element) ?? partsOf(element.form);
    known.set(element, made);
    return made;
  };
  const scored: {
    readonly one: Element;
    readonly other: Element;
    readonly score: number;
    readonly tie: string;
  }[] = [];
  const others = new Map<string, Element[]>();
  for (const other of head.slice(0, MOST_RENAMES)) {
    const place = join(other.file, other.kind);
    others.set(place, [...(others.get(place) ?? []), other]);
  }
  for (const one of base.slice(0, MOST_RENAMES))
    for (const other of others.get(join(one.file, one.kind)) ?? []) {
      const score = scoreOf(one, other, parts);
      if (score > 0) scored.push({ one, other, score, tie: join(one.key, other.key) });
    }
  scored.sort((a, b) => b.score - a.score || compareText(a.tie, b.tie));
  const used = new Set<string>();
  return scored.flatMap(({ one, other }) => {
    const [left, right] = [`- ${poolKey(one.file, one.key)}`, `+ ${poolKey(other.file, other.key)}`];
    if (used.has(left) || used.has(right)) return [];
    used.add(left).add(right);
    return [[one, other] as const];
  });
}

/** 0 when they are not the same thing. */
function scoreOf(one: Element, other: Element, parts: (element: Element) => NameParts): number {
  const sameId = one.nativeId !== undefined && one.nativeId === other.nativeId;
  const sameEnds =
    one.kind === 'flow' && one.context.length === 2 && join(...one.context) === join(...other.context);
  const alike = likeness(parts(one), parts(other));
  if (sameEnds) return 1 + alike;
  if (sameId) return alike >= RENAME_SAME_ID ? 0.5 + alike : 0;
  return alike >= RENAME ? alike : 0;
}
