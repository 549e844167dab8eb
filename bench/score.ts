/** Counting: true and false positives and negatives, and what they come to. */
export interface Tally {
  tp: number;
  fp: number;
  fn: number;
}

export const tally = (): Tally => ({ tp: 0, fp: 0, fn: 0 });

export const precision = (t: Tally): number => (t.tp + t.fp === 0 ? 1 : t.tp / (t.tp + t.fp));
export const recall = (t: Tally): number => (t.tp + t.fn === 0 ? 1 : t.tp / (t.tp + t.fn));
export const f1 = (t: Tally): number => {
  const p = precision(t);
  const r = recall(t);
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
};

/** Compares two sets of texts into a tally; returns what was missed and what was too much. */
export function compareSets(
  expected: ReadonlySet<string>,
  got: ReadonlySet<string>,
  into: Tally,
): { missed: string[]; extra: string[] } {
  const missed = [...expected].filter((x) => !got.has(x));
  const extra = [...got].filter((x) => !expected.has(x));
  into.tp += expected.size - missed.length;
  into.fn += missed.length;
  into.fp += extra.length;
  return { missed, extra };
}

export const line = (name: string, t: Tally): string =>
  `${name.padEnd(34)} precision ${precision(t).toFixed(3)}  recall ${recall(t).toFixed(3)}  F1 ${f1(t).toFixed(3)}  (tp ${t.tp}, fp ${t.fp}, fn ${t.fn})`;
