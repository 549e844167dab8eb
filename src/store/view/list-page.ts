import { cursorOf, placeIn, sizeOf, totalOf, type Place } from '../../core/audit/view-paging.ts';
import { instantOf } from '../../core/audit/instants.ts';
import type { Period } from '../../core/model/audit.ts';
import type { Page, Paging } from '../../core/model/view.ts';
import { UserError } from '../../review/errors.ts';
import type { ViewDatabase } from './database.ts';
import { overallTally, placesBehind, totalIn, type Question } from './places.ts';
import { EARLIEST, LATEST } from './sql.ts';
import { rangeOf, type Range } from './tally.ts';

/** A page of places: what stands there is looked up next. */
export type Places = Page<Place>;

export async function placesOf(database: ViewDatabase, question: Question, paging: Paging): Promise<Places> {
  const after = startOf(paging);
  const size = sizeOf(paging);
  const overall = await overallTally(database, question);
  const [total, found] = await Promise.all([
    totalIn(database, question, overall),
    placesBehind(database, question, overall, after, size + 1),
  ]);
  return pageFrom(found, size, total);
}

export function pageFrom(found: readonly Place[], size: number, total: number): Places {
  const items = found.slice(0, size);
  const last = found.length > size ? items.at(-1) : undefined;
  return { items, next: last && cursorOf(last), total: totalOf(total) };
}

export const unknownPlace = (): UserError =>
  new UserError(
    'This is no place in a list that a page of ours gave.',
    'Begin again at the first page of the list.',
  );

/** Where a page begins, behind the place that the one before it named. */
export function startOf({ after }: Paging): Place | undefined {
  if (after === undefined) return undefined;
  const [at, repository, record, part] = placeIn(after, 4) ?? [];
  if (at === undefined || repository === undefined || record === undefined || part === undefined)
    throw unknownPlace();
  return [at, repository, record, part];
}

export const EVER: Range = { from: EARLIEST, to: LATEST };

/** What is no instant is no bound, as everywhere. */
export function rangeOfPeriod({ from, to }: Period): Range {
  const [first, last] = [instantOf(from), instantOf(to)];
  return rangeOf(Number.isNaN(first) ? EARLIEST : first, Number.isNaN(last) ? LATEST : last);
}

/** An instant that something is asked as of. */
export function asOf(at: string): number {
  const instant = instantOf(at);
  if (Number.isNaN(instant))
    throw new UserError(
      'What it is to be shown as of is no instant.',
      'Write it like 2026-03-31 or 2026-03-31T12:00:00Z.',
    );
  return instant;
}
