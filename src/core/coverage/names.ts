import { GENERIC_WORDS, KIND_WORDS, NOISE_WORDS, singular } from './words.ts';

/** A name as it is compared. */
export interface Name {
  /** Words that say which one it is; noise only when nothing else is there. */
  readonly words: readonly string[];
  /** Kinds of thing that the name itself tells: `orders-queue` → queue. */
  readonly kinds: readonly string[];
}

const LONGEST_NAME = 200;
const MOST_WORDS = 12;
const GENERIC_WEIGHT = 0.25;

/**
 * Words of a name in small letters, without a plural `s`: `ordersQueue`, `orders-queue` and `Orders queue` are alike.
 * `split` takes camel case apart.
 */
export function wordsOf(text: string, split = true): readonly string[] {
  const cut = text.slice(0, LONGEST_NAME);
  const spaced = split
    ? cut.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    : cut;
  const words = spaced
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w !== '')
    .map(singular);
  return [...new Set(words)].slice(0, MOST_WORDS);
}

/** The two readings of a name that are compared: with camel case taken apart, and without (`SendGrid`, `sendgrid`). */
export function namesOf(text: string): readonly Name[] {
  const apart = nameOf(wordsOf(text));
  const together = nameOf(wordsOf(text, false));
  return apart.words.join(' ') === together.words.join(' ') ? [apart] : [apart, together];
}

function nameOf(all: readonly string[]): Name {
  const kinds = [...new Set(all.flatMap((w) => kindOf(w) ?? []))];
  const telling = all.filter((w) => kindOf(w) === undefined && !NOISE_WORDS.has(w));
  return { words: telling.length > 0 ? telling : all, kinds };
}

/** Kinds of thing that a resource type tells: `aws_sqs_queue` → queue. */
export function kindsOfType(type: string): readonly string[] {
  const words = [...wordsOf(type), ...wordsOf(type, false)];
  return [...new Set(words.flatMap((w) => kindOf(w) ?? []))];
}

function kindOf(word: string): string | undefined {
  return Object.hasOwn(KIND_WORDS, word) ? KIND_WORDS[word] : undefined;
}

/** Whether a word can carry a match: not one that every project has. */
export function tells(word: string): boolean {
  return word.length > 1 && !GENERIC_WORDS.has(word) && !NOISE_WORDS.has(word);
}

export interface Likeness {
  /** 0 to 1: shared words by weight, twice, over the words of both. 0 without a shared word that tells something. */
  readonly score: number;
  /** Whether the telling words of one name are all in the other: then nothing speaks against the match. */
  readonly within: boolean;
}

export function compareNames(a: Name, b: Name): Likeness {
  const inB = new Set(b.words);
  const shared = a.words.filter((w) => inB.has(w));
  if (!shared.some(tells)) return { score: 0, within: false };
  const score = (2 * weigh(shared)) / (weigh(a.words) + weigh(b.words));
  const tellingShared = shared.filter(tells).length;
  const least = Math.min(a.words.filter(tells).length, b.words.filter(tells).length);
  return { score, within: tellingShared === least };
}

function weigh(words: readonly string[]): number {
  return words.reduce((sum, w) => sum + (tells(w) ? 1 : GENERIC_WEIGHT), 0);
}
