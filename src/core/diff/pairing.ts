import type { Value } from '../model/value.ts';
import { canonical } from '../values/canonical.ts';

/** A renaming of addresses: texts of the base side are read through it, so that a renamed thing is no difference. */
export type Rename = (text: string) => string;

/** Nothing was renamed: comparison need not render anything. */
export const NO_RENAME: Rename = (text) => text;

/** What a value is structurally: a resolved expression counts as what it resolves to when that is a map or list. */
export function structure(value: Value | undefined): Value | undefined {
  let at = value;
  for (let i = 0; at?.kind === 'expression' && at.resolved && i < 32; i++) at = at.resolved;
  return at && (at.kind === 'map' || at.kind === 'list') ? at : value;
}

/** Beyond this many unmatched maps on a side, pairing goes by position: quadratic work is not given away. */
const PAIRING = 200;

export const isNested = (v: Value): boolean => ['map', 'list'].includes(structure(v)?.kind ?? '');

export function cancelEqual(
  before: readonly Value[],
  after: readonly Value[],
  rename: Rename,
): [Value[], Value[]] {
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
export function pair(
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
