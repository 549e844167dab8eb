/** Text for comparison: white space, emphasis marks, code ticks and HTML tags do not change what it says. */
export function plainForm(text: string | undefined): string {
  if (text === undefined) return '';
  return text
    .slice(0, 4_000)
    .normalize('NFC')
    .replace(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replace(/[*`]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Letters and digits only, lower case: whether two names are the same name. */
export function nameForm(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  return words === '' ? text.trim() : words;
}

/** How alike two names are, 0 to 1: by the words they share, or by their letters where words are written together. */
export function likeness(a: readonly string[], b: readonly string[]): number {
  return Math.max(shared(a, b), shared(bigrams(a), bigrams(b)) - CHANCE);
}

/** Unrelated names share about so many pairs of letters. */
const CHANCE = 0.2;

function bigrams(words: readonly string[]): readonly string[] {
  const text = words.join('').slice(0, 200);
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2));
}

/** Dice's coefficient. */
function shared(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const left = new Set(a);
  const right = new Set(b);
  let both = 0;
  for (const one of left) if (right.has(one)) both++;
  return (2 * both) / (left.size + right.size);
}
