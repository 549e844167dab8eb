import type { ExceptionRow } from '../../core/model/view.ts';
import type { Tone } from '../layout/badge.ts';

export const EXCEPTION_WORDS: Readonly<Record<ExceptionRow['kind'], readonly [Tone, string]>> = {
  emergency: ['warning', 'Emergency'],
  waiver: ['warning', 'Waiver'],
  bypass: ['bad', 'Bypass'],
  'direct-push': ['bad', 'Direct push'],
  outage: ['bad', 'Outage'],
  unexplained: ['bad', 'Unexplained'],
};

/** What the state of an exception is called; one that has none, or one that we do not know, is shown as it is. */
export const STATE_WORDS: ReadonlyMap<string, readonly [Tone, string]> = new Map<
  string,
  readonly [Tone, string]
>([
  ['overdue', ['bad', 'Review overdue']],
  ['due', ['warning', 'Review due']],
  ['no-due-date', ['warning', 'Review without a date']],
  ['done-late', ['notice', 'Reviewed late']],
  ['done', ['good', 'Reviewed']],
  ['standing', ['warning', 'Standing']],
  ['unlimited', ['bad', 'Without an end']],
  ['expired', ['calm', 'Expired']],
  ['ended', ['calm', 'Ended']],
  ['rewritten', ['bad', 'History rewritten']],
  ['pushed', ['notice', 'Pushed']],
]);
