/** The known name most like the one that was written, if any is like it. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  return suggestions(written, known)[0];
}

/** Known names that are like the one that was written, most like first: few letters differ, or some are left out. */
export function suggestions(written: string, known: readonly string[], most = 3): readonly string[] {
  const wanted = written.slice(0, 80).toLowerCase();
  return known
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .filter(
      ({ name, far }) =>
        far <= Math.max(1, Math.floor(wanted.length / 3)) || isShortFor(wanted, name.toLowerCase()),
    )
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** A part of the name, or the name with a few letters left out: `widened`, `tm2`. */
function isShortFor(wanted: string, name: string): boolean {
  if (wanted.length < 3) return false;
  if (name.includes(wanted)) return true;
  let at = 0;
  for (const letter of name) if (letter === wanted[at]) at++;
  return at === wanted.length && name.length - wanted.length <= 2;
}

/** Letters to insert, remove, replace or swap with the next to get from one to the other. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + same,
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
