/**
 * Globs of policies: `*` is any text, `?` one character. Both functions compare two globs, not a glob and a text;
 * a text without wildcards is a glob of itself. Work is at most the product of the two lengths.
 */

/** Beyond this length a pattern is compared as a text only: nobody writes such patterns, hostile input does. */
const LONGEST = 1_000;

export const isWild = (pattern: string): boolean => pattern.includes('*') || pattern.includes('?');

/** Only wildcards: matches everything (or nearly), so being contained in it says nothing. */
export const isAll = (pattern: string): boolean => /^[*:/]*\*[*:/]*$/.test(pattern);

/** Whether everything that `inner` matches is matched by `outer` too. Never says yes wrongly; may miss odd cases such as `a*` ⊇ `a**`-like unions. */
export function covers(outer: string, inner: string): boolean {
  if (outer === inner || outer === '*') return true;
  if (!isWild(outer) || outer.length > LONGEST || inner.length > LONGEST) return false;
  let o = 0;
  let i = 0;
  let star = -1;
  let resume = 0;
  while (i < inner.length) {
    const want = outer[o];
    const have = inner[i];
    if (want === '*') {
      star = o++;
      resume = i;
    } else if (want !== undefined && (want === have || (want === '?' && have !== '*'))) {
      o++;
      i++;
    } else if (star >= 0) {
      o = star + 1;
      i = ++resume;
    } else return false;
  }
  while (outer[o] === '*') o++;
  return o === outer.length;
}

/** Whether some text is matched by both. Too long patterns count as meeting. */
export function intersects(x: string, y: string): boolean {
  if (x === y) return true;
  if (!isWild(x) && !isWild(y)) return false;
  if (x.length > LONGEST || y.length > LONGEST) return true;
  // reach[j]: some text is matched by x[0..i) and y[0..j).
  let reach = [true];
  for (let j = 0; j < y.length && y[j] === '*'; j++) reach[j + 1] = true;
  for (let i = 1; i <= x.length; i++) {
    const next: boolean[] = [];
    const a = x[i - 1];
    for (let j = 0; j <= y.length; j++) {
      const b = j > 0 ? y[j - 1] : undefined;
      const step = b !== undefined && (a === b || a === '?' || b === '?') && a !== '*' && b !== '*';
      next[j] =
        (a === '*' && Boolean(reach[j] || (j > 0 && next[j - 1]))) ||
        (b === '*' && Boolean(next[j - 1] || reach[j])) ||
        (step && Boolean(reach[j - 1]));
    }
    reach = next;
  }
  return Boolean(reach[y.length]);
}
