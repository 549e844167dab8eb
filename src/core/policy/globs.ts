/** Most paths that the alternatives in braces may stand for. */
const MOST_ALTERNATIVES = 64;
const LONGEST = 256;
const MOST_STARS = 12;
const MOST_IN_SEGMENT = 3;

/** What is wrong with a path glob, or undefined: paths are matched against it by the thousand. */
export function faultOfGlob(glob: string): { readonly message: string; readonly remedy: string } | undefined {
  if (glob.trim() === '')
    return fault('is empty', 'Take it out, or write a path from the root of the repository.');
  if (glob.length > LONGEST)
    return fault(`is longer than ${LONGEST} characters`, 'Split it into several globs.');
  if (/^(\/|\.\.?\/)|\/\.\.?\/|\\/.test(glob))
    return fault(
      'is no path from the root',
      'Write it without leading `/`, `./`, `..` and backslashes: `infra/**`.',
    );
  if (glob.startsWith('!'))
    return fault('is negated', 'Write the paths that are meant; `!` is not supported.');
  if (/[!?+*@]\(/.test(glob))
    return fault('uses an extended pattern', 'Use `*`, `**`, `?` and `{a,b}` only.');
  if (glob.split('/').some((s) => s !== '**' && stars(s) > MOST_IN_SEGMENT) || stars(glob) > MOST_STARS)
    return fault('has too many stars', `Use at most ${MOST_IN_SEGMENT} stars between two slashes.`);
  if (alternatives(glob) > MOST_ALTERNATIVES)
    return fault('stands for too many paths', `Use at most ${MOST_ALTERNATIVES} alternatives, or split it.`);
  return undefined;
}

function stars(text: string): number {
  let count = 0;
  for (const char of text) if (char === '*') count++;
  return count;
}

/** Upper bound of the texts that the braces of a glob expand to; a range counts with its size. */
function alternatives(glob: string): number {
  let product = 1;
  for (const group of glob.split('{').slice(1)) {
    const ends = /^(-?\d{1,9})\.\.(-?\d{1,9})/.exec(group);
    const letters = /^[A-Za-z]\.\.[A-Za-z]/.test(group);
    const size = ends
      ? Math.abs(Number(ends[2]) - Number(ends[1])) + 1
      : letters
        ? 52
        : group.split(',').length;
    product = Math.min(product * Math.max(size, 1), Number.MAX_SAFE_INTEGER);
  }
  return product;
}

function fault(message: string, remedy: string): { readonly message: string; readonly remedy: string } {
  return { message, remedy };
}
