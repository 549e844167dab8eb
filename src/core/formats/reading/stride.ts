import type { StrideLetter } from '../../model/threat-model.ts';
import { STRIDE_WORDS } from './stride-words.ts';
import { normaliseName } from './text.ts';

export const STRIDE_NAMES: Readonly<Record<StrideLetter, string>> = {
  S: 'Spoofing',
  T: 'Tampering',
  R: 'Repudiation',
  I: 'Information disclosure',
  D: 'Denial of service',
  E: 'Elevation of privilege',
};

const LETTERS = new Map<string, StrideLetter>(
  (Object.keys(STRIDE_WORDS) as StrideLetter[]).flatMap((letter) =>
    STRIDE_WORDS[letter].map((word) => [normaliseName(word), letter]),
  ),
);

/** No language needs more characters for a category. */
const LONGEST_PHRASE = 80;

/** The category that a whole phrase names, in any of the languages above, or undefined. Single letters do not count. */
export function strideOf(phrase: string): StrideLetter | undefined {
  if (phrase.length > LONGEST_PHRASE) return undefined;
  const words = normaliseName(phrase.replace(/\s*\([^()]{1,12}\)\s*$/, ''));
  return LETTERS.get(words) ?? LETTERS.get(words.replace(/^(?:stride )?[stride] (?=.{4})/u, ''));
}

/** The categories in a cell: `S`, `S/I`, `E, I`, `STE`, `**S**poofing`, `Info Disclosure`, `STRIDE-S`, a list of names. */
export function strideLetters(cell: string): readonly StrideLetter[] {
  const whole = strideOf(cell);
  return whole ? [whole] : [...new Set(partsOf(cell).flatMap(lettersOf))].sort();
}

/** Whether a cell names categories and says nothing else. */
export function isStrideOnly(cell: string): boolean {
  return (
    strideOf(cell) !== undefined ||
    (cell.length <= 120 && partsOf(cell).every((part) => lettersOf(part).length > 0))
  );
}

function partsOf(cell: string): readonly string[] {
  return cell
    .slice(0, 1_000)
    .split(/[,;/|+&\n•·]|\band\b|\bund\b/)
    .slice(0, 24);
}

function lettersOf(part: string): readonly StrideLetter[] {
  const word = part.trim().replace(/^STRIDE[-_: ]+/i, '');
  const letter = strideOf(word);
  if (letter) return [letter];
  return /^[STRIDE]{1,6}$/.test(word) ? (word.match(/./g) as StrideLetter[]) : [];
}
