import { COUNT_BOUND, MOST_ITEMS, type Page, type Paging } from '../model/view.ts';

/** Where an item stands in a list that is newest first: instant in milliseconds, repository, record, part. */
export type Place = readonly [at: number, repository: number, record: number, part: number];

/** Newest first; what came at one instant in the opposite order of repository and record. */
export function newestFirst(a: Place, b: Place): number {
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || b[3] - a[3];
}

export const cursorOf = (place: readonly number[]): string => place.join('.');

/** As many whole numbers as asked for, or undefined: it comes from an address that anybody can write. */
export function placeIn(cursor: string, length: number): readonly number[] | undefined {
  if (cursor.length > 80 || !/^-?\d{1,16}(?:\.-?\d{1,16})*$/.test(cursor)) return undefined;
  const numbers = cursor.split('.').map(Number);
  return numbers.length === length && numbers.every(Number.isSafeInteger) ? numbers : undefined;
}

/** How many items a page has at most. */
export const sizeOf = ({ most }: Paging): number => (most >= 1 ? Math.min(Math.floor(most), MOST_ITEMS) : 1);

/** `count`: exact, or at least the bound. */
export const totalOf = (count: number): Page<never>['total'] => ({
  count: Math.min(count, COUNT_BOUND),
  more: count >= COUNT_BOUND,
});
