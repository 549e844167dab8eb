import { digestOf } from '../../core/digest.ts';
import { namesOf } from '../../core/audit/view-rows.ts';
import type { Account } from '../../core/model/account.ts';

/**
 * Names of lists. `changes`, `records` and `exceptions` hold all of them, and those with a person or a category only what
 * has it; each once, however often it has it.
 */
export type Subject = 'changes' | 'records' | 'exceptions' | 'waits' | 'answers' | 'answers-ended';

export interface Asked {
  readonly person?: string | undefined;
  readonly category?: string | undefined;
  readonly owner?: string | undefined;
}

/** Lists are told apart by their names, which are kept short whatever strangers write. */
const LONGEST = 120;
const short = (text: string): string => (text.length > LONGEST ? digestOf(text) : text);

export function listKey(subject: Subject, { person, category, owner }: Asked = {}): string {
  const parts = [
    person === undefined ? [] : ['person', short(person.toLowerCase())],
    category === undefined ? [] : ['category', short(category)],
    owner === undefined ? [] : ['owner', short(owner.toLowerCase())],
  ];
  return JSON.stringify([subject, ...parts.flat()]);
}

/**
 * Lists of people are many and short: by repository and month there would be as many counts as entries, so that of these
 * nothing is counted but all repositories together.
 */
export const isCounted = (key: string): boolean => !key.includes('","person","');

/** Every list in which something is found that these people had a hand in and that has these categories. */
export function listKeys(
  subject: Subject,
  people: readonly Account[],
  categories: readonly string[],
): readonly string[] {
  const persons = [undefined, ...namesOf(people)];
  const all = persons.flatMap((person) =>
    [undefined, ...categories].map((category) => listKey(subject, { person, category })),
  );
  return [...new Set(all)];
}

/** What tells entries of one list apart: way of a change, kind of an exception, kind and conclusion of a record. */
export const variantKey = (...words: readonly string[]): string => `=${JSON.stringify(words.map(short))}`;

export const wordsOf = (variant: string): readonly string[] =>
  JSON.parse(variant.slice(1)) as readonly string[];

export const shortWord = short;

/** A calendar month in UTC as one number. */
export function monthNumber(instant: number): number {
  const date = new Date(instant);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Its first instant; of months in which no date can be, the first or the last instant that there is. */
export const startOfMonth = (month: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
  const instant = date.getTime();
  return Number.isNaN(instant) ? Math.sign(month) * 8_640_000_000_000_000 : instant;
};

export function monthText(month: number): string {
  return new Date(startOfMonth(month)).toISOString().slice(0, 7);
}
