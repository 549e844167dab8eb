import { instantOf } from './instants.ts';

/** Of a review that is due. Late is what was done after it was due; overdue is what still is not done. */
export type ReviewState = 'done' | 'done-late' | 'due' | 'overdue' | 'no-due-date';

/** As of an instant; exactly one. */
export function reviewState(due: string | undefined, done: string | undefined, at: string): ReviewState {
  if (done !== undefined) return instantOf(done) > instantOf(due) ? 'done-late' : 'done';
  if (Number.isNaN(instantOf(due))) return 'no-due-date';
  return instantOf(due) < instantOf(at) ? 'overdue' : 'due';
}
