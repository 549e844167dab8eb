/** Text for comparison: white space, emphasis marks and code ticks do not change what it says. */
export function plainForm(text: string | undefined): string {
  if (text === undefined) return '';
  return text
    .slice(0, 4_000)
    .normalize('NFC')
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

/** What names are compared by. */
export interface NameParts {
  readonly words: ReadonlySet<string>;
  /** Pairs of letters: they agree where words are written together, or only one letter differs. */
  readonly pairs: ReadonlySet<string>;
}

const WORDS_COMPARED = 60;
const LETTERS_COMPARED = 200;

export function partsOf(form: string): NameParts {
  const letters = form.replaceAll(' ', '').slice(0, LETTERS_COMPARED);
  const pairs = Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) =>
    letters.slice(index, index + 2),
  );
  return { words: new Set(form.split(' ').slice(0, WORDS_COMPARED)), pairs: new Set(pairs) };
}

/** Unrelated names share about so many pairs of letters. */
const CHANCE = 0.2;

/** How alike two names are, 0 to 1: by the words they share, or by their letters. */
export function likeness(a: NameParts, b: NameParts): number {
  return Math.max(dice(a.words, b.words), dice(a.pairs, b.pairs) - CHANCE);
}

function dice(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 || right.size === 0) return 0;
  let both = 0;
  for (const one of left) if (right.has(one)) both++;
  return (2 * both) / (left.size + right.size);
}
