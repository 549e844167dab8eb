import type { Policy } from '../../core/model/policy.ts';
import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import { later } from '../deps.ts';
import { text } from '../pull-request/said.ts';
import type { Instant } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import { openReview, ownerIn } from './opened.ts';

const DAY_MS = 86_400_000;

/**
 * The review that is due by the schedule, once: while one is open there is no other. The time runs from the last one that was
 * held, or from when the repository first came under the gate: leaving it and coming back wins nothing.
 */
export function scheduledReview(
  repository: RepositoryRef,
  records: readonly AuditRecord[],
  policy: Policy,
  now: Instant,
): RecordDraft | undefined {
  const { everyDays, graceDays } = policy.review;
  if (everyDays === undefined) return undefined;
  const opened = records.findLast((r) => r.kind === 'review-opened' && r.details['cause'] === 'schedule');
  const since = opened ? doneOf(opened, records) : records.find((r) => r.kind === 'installed');
  if (!since || now < later(heldAt(since), everyDays * DAY_MS)) return undefined;
  return openReview(
    { repository, at: now, source: `review/schedule/${since.sequence}` },
    {
      cause: 'schedule',
      due: later(now, graceDays * DAY_MS),
      owner: ownerIn(policy),
      subject: `The threat model of ${repository.name}, as every ${everyDays === 1 ? 'day' : `${everyDays} days`}`,
    },
  );
}

export const doneOf = ({ source }: Pick<AuditRecord, 'source'>, records: readonly AuditRecord[]) =>
  records.find((r) => r.kind === 'review-done' && r.details['of'] === source);

const heldAt = ({ at, details }: AuditRecord): string => text(details['saidAt']) ?? at;
