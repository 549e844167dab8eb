import type { AuditRecord, RecordDraft } from '../model/record.ts';
import { text } from './details.ts';
import { isInstant } from './instants.ts';

/**
 * Filled in later from what GitHub remembered. The detail names the `rebuilt` record that opens the stretch; that record itself
 * is not filled in: it tells of the filling in.
 */
export const isRebuilt = ({ kind, details }: Pick<RecordDraft, 'kind' | 'details'>): boolean =>
  kind !== 'rebuilt' && text(details['rebuilt']) !== undefined;

/** Where the instant stands, most particular first: a merge holds when its author spoke, too. */
const INSTANTS = ['mergedAt', 'arrivedAt', 'shownAt', 'saidAt'] as const;

/**
 * When what a record tells of happened. That is when it was written, for the gate writes at once; what was filled in years
 * later belongs to the time that it tells of.
 */
export function happenedAt(record: Pick<AuditRecord, 'kind' | 'at' | 'details'>): string {
  if (!isRebuilt(record)) return record.at;
  const told = INSTANTS.map((key) => text(record.details[key])).find(isInstant);
  return told ?? record.at;
}
