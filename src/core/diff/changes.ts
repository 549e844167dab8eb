import type { AttributeChange } from '../model/resource-delta.ts';
import type { Entry, Value } from '../model/value.ts';
import { canonical, isEqual } from '../values/canonical.ts';
import { LIMITS } from '../limits.ts';

interface Place {
  readonly path: string;
  /** Line to give as evidence for everything below: set once a plain reference (`var.x`) was followed out of the resource. */
  readonly pinned?: number | undefined;
  /** Whether an expression above was written the same on both sides and only comes to something else. */
  readonly indirect: boolean;
  readonly beforeParent?: Value | undefined;
  readonly afterParent?: Value | undefined;
}

/** A renaming of addresses: texts of the base side are read through it, so that a renamed thing is no difference. */
export type Rename = (text: string) => string;

/** Nothing was renamed: comparison need not render anything. */
export const NO_RENAME: Rename = (text) => text;

/**
 * Differences of two attribute trees by meaning. Lists compare as multisets: equal items cancel out first, then maps are
 * paired by how much they share, so that one changed rule among ten is one change.
 */
export function compareValues(
  before: Value | undefined,
  after: Value | undefined,
  rename: Rename,
): AttributeChange[] {
  const out: AttributeChange[] = [];
  walk(before, after, { path: '', indirect: false }, 0, rename, out);
  return out;
}

function walk(
  before: Value | undefined,
  after: Value | undefined,
  above: Place,
  depth: number,
  rename: Rename,
  out: AttributeChange[],
): void {
  if (depth > LIMITS.depth || out.length > LIMITS.nodes) return;
  if (before && after && same(before, after, rename)) return;
  const place = descend(above, before, after, rename);
  const b = structure(before);
  const a = structure(after);
  if ((b?.kind === 'map' || !b) && (a?.kind === 'map' || !a) && (b || a) && !bothEmpty(b, a)) {
    walkMaps(b, a, place, depth, rename, out);
  } else if ((b?.kind === 'list' || !b) && (a?.kind === 'list' || !a) && (b || a) && !bothEmpty(b, a)) {
    walkLists(
      b?.kind === 'list' ? b.items : [],
      a?.kind === 'list' ? a.items : [],
      place,
      depth,
      rename,
      out,
    );
  } else {
    out.push(leaf(before, after, place));
  }
}

const PLAIN_REFERENCE = /^"?(\$\{)?[\w.*"[\]-]+\}?"?$/;

function descend(above: Place, before: Value | undefined, after: Value | undefined, rename: Rename): Place {
  const shown = after ?? before;
  const follows =
    shown?.kind === 'expression' &&
    shown.resolved !== undefined &&
    PLAIN_REFERENCE.test(shown.text.slice(0, 300));
  const samely =
    before?.kind === 'expression' && after?.kind === 'expression' && rename(before.text) === after.text;
  return {
    ...above,
    pinned: above.pinned ?? (follows ? shown.line : undefined),
    indirect: above.indirect || samely,
  };
}

/** What a value is structurally: a resolved expression counts as what it resolves to when that is a map or list. */
function structure(value: Value | undefined): Value | undefined {
  let at = value;
  for (let i = 0; at?.kind === 'expression' && at.resolved && i < 32; i++) at = at.resolved;
  return at && (at.kind === 'map' || at.kind === 'list') ? at : value;
}

const bothEmpty = (b: Value | undefined, a: Value | undefined): boolean => size(b) === 0 && size(a) === 0;

function size(value: Value | undefined): number {
  if (value?.kind === 'map') return value.entries.length;
  return value?.kind === 'list' ? value.items.length : 0;
}

function same(before: Value, after: Value, rename: Rename): boolean {
  if (isEqual(before, after, 'effective')) return true;
  if (rename === NO_RENAME) return false;
  return (
    rename(canonical(before, 'effective')) === canonical(after, 'effective') ||
    (before.kind === 'expression' &&
      after.kind === 'expression' &&
      !before.resolved &&
      !after.resolved &&
      rename(before.text) === after.text)
  );
}

function walkMaps(
  before: Value | undefined,
  after: Value | undefined,
  place: Place,
  depth: number,
  rename: Rename,
  out: AttributeChange[],
): void {
  const b = lastByKey(before);
  const a = lastByKey(after);
  for (const key of [...new Set([...b.keys(), ...a.keys()])].sort()) {
    const path = place.path ? `${place.path}.${key}` : key;
    walk(
      b.get(key)?.value,
      a.get(key)?.value,
      { ...place, path, beforeParent: before, afterParent: after },
      depth + 1,
      rename,
      out,
    );
  }
}

function lastByKey(value: Value | undefined): Map<string, Entry> {
  return new Map(value?.kind === 'map' ? value.entries.map((e) => [e.key, e]) : []);
}

/** Beyond this many unmatched maps on a side, pairing goes by position: quadratic work is not given away. */
const PAIRING = 200;

function walkLists(
  before: readonly Value[],
  after: readonly Value[],
  place: Place,
  depth: number,
  rename: Rename,
  out: AttributeChange[],
): void {
  const [b, a] = cancelEqual(before, after, rename);
  for (const [x, y] of pair(b, a, rename)) {
    if (x && y && isNested(x) && isNested(y)) walk(x, y, place, depth + 1, rename, out);
    else {
      if (x) walk(x, undefined, place, depth + 1, rename, out);
      if (y) walk(undefined, y, place, depth + 1, rename, out);
    }
  }
}

const isNested = (v: Value): boolean => ['map', 'list'].includes(structure(v)?.kind ?? '');

function cancelEqual(before: readonly Value[], after: readonly Value[], rename: Rename): [Value[], Value[]] {
  const counts = new Map<string, number>();
  for (const v of before) bump(counts, rename(canonical(v, 'effective')), 1);
  const a = after.filter((v) => {
    const key = canonical(v, 'effective');
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left === 0;
  });
  // What is left in `counts` per key is what `before` has too many of; keep the last ones, so lines stay plausible.
  const b = before.toReversed().filter((v) => {
    const key = rename(canonical(v, 'effective'));
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left > 0;
  });
  return [b.reverse(), a];
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Pairs unmatched items: maps by the number of equal entries (names first), the rest is left single. */
function pair(
  before: readonly Value[],
  after: readonly Value[],
  rename: Rename,
): [Value | undefined, Value | undefined][] {
  const scalars: [Value | undefined, Value | undefined][] = [
    ...before.filter((v) => !isNested(v)).map((v): [Value, undefined] => [v, undefined]),
    ...after.filter((v) => !isNested(v)).map((v): [undefined, Value] => [undefined, v]),
  ];
  const b = before.filter(isNested);
  const a = after.filter(isNested);
  if (b.length > PAIRING || a.length > PAIRING) {
    const longest = Math.max(b.length, a.length);
    return [
      ...scalars,
      ...Array.from({ length: longest }, (_, i): [Value | undefined, Value | undefined] => [b[i], a[i]]),
    ];
  }
  return [...scalars, ...pairBySharing(b, a, rename)];
}

function pairBySharing(
  b: readonly Value[],
  a: readonly Value[],
  rename: Rename,
): [Value | undefined, Value | undefined][] {
  const prints = b.map((v) => fingerprints(v, rename));
  const candidates: { i: number; j: number; score: number }[] = [];
  a.forEach((v, j) => {
    const own = fingerprints(v, (t) => t);
    prints.forEach((p, i) => candidates.push({ i, j, score: sharing(p, own) }));
  });
  candidates.sort(
    (x, y) => y.score - x.score || Math.abs(x.i - x.j) - Math.abs(y.i - y.j) || x.i - y.i || x.j - y.j,
  );
  const takenB = new Set<number>();
  const takenA = new Set<number>();
  const pairs: [Value | undefined, Value | undefined][] = [];
  const single = b.length === 1 && a.length === 1;
  for (const c of candidates) {
    if ((c.score <= 0 && !single) || takenB.has(c.i) || takenA.has(c.j)) continue;
    takenB.add(c.i);
    takenA.add(c.j);
    pairs.push([b[c.i], a[c.j]]);
  }
  b.forEach((v, i) => takenB.has(i) || pairs.push([v, undefined]));
  a.forEach((v, j) => takenA.has(j) || pairs.push([undefined, v]));
  return pairs;
}

/** Keys under which list items are known to people; sharing one outweighs everything else. */
const NAMING_KEYS = new Set([
  'name',
  'id',
  'sid',
  'key',
  'rule_no',
  'priority',
  'containerport',
  'path',
  'host',
]);

function fingerprints(value: Value, rename: Rename): Map<string, number> {
  const at = structure(value);
  const out = new Map<string, number>();
  if (at?.kind === 'map')
    for (const e of at.entries)
      out.set(
        `${e.key}=${rename(canonical(e.value, 'effective'))}`,
        NAMING_KEYS.has(e.key.toLowerCase()) ? 10 : 1,
      );
  return out;
}

function sharing(x: ReadonlyMap<string, number>, y: ReadonlyMap<string, number>): number {
  let score = 0;
  for (const [key, weight] of x) if (y.has(key)) score += weight;
  return score;
}

function leaf(before: Value | undefined, after: Value | undefined, place: Place): AttributeChange {
  return {
    path: place.path,
    op: before && after ? 'changed' : after ? 'added' : 'removed',
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(place.beforeParent ? { beforeParent: place.beforeParent } : {}),
    ...(place.afterParent ? { afterParent: place.afterParent } : {}),
    line: place.pinned ?? (after ?? before)?.line ?? 1,
    side: after ? 'head' : 'base',
    indirect: place.indirect,
  };
}
