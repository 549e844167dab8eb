import { modelRegisterOf } from '../../core/audit/model-register.ts';
import { registerOf } from '../../core/audit/register.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { AuditRecord, RecordKind } from '../../core/model/record.ts';
import { later } from '../deps.ts';
import { text } from '../pull-request/said.ts';
import type { Document, Instant, RecordQuery } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import type { Context } from './issue-text.ts';

/** The ledger, whoever reads it. */
export interface Trail {
  records(query: RecordQuery): Promise<readonly AuditRecord[]>;
  document(digest: string): Promise<Document | undefined>;
}

const EXCEPTIONS: readonly RecordKind[] = ['emergency', 'waived', 'bypassed', 'direct-push'];
const KINDS: readonly RecordKind[] = [
  ...EXCEPTIONS,
  'answered',
  'merged',
  'closed',
  'review-done',
  'model-recorded',
];
const DAY_MS = 86_400_000;
/** Looked ahead where there is no schedule. */
const AHEAD_DAYS = 90;

const CLOSED: ReadonlySet<string> = new Set([
  'mitigated',
  'accepted',
  'transferred',
  'avoided',
  'not-applicable',
]);

export async function contextOf(
  { id }: RepositoryRef,
  policy: Policy,
  trail: Trail,
  now: Instant,
): Promise<Context> {
  const records = await trail.records({ repository: id, kinds: KINDS });
  const since = records.findLast((r) => r.kind === 'review-done')?.at ?? '';
  const until = later(now, (policy.review.everyDays ?? AHEAD_DAYS) * DAY_MS);
  const models = records.findLast((r) => r.kind === 'model-recorded');
  const digest = text(models?.details['document']);
  const document = digest === undefined ? undefined : await trail.document(digest);
  const { threats, inventory } = modelRegisterOf(models ? [models] : [], () => document?.text);
  return {
    policy,
    components: inventory.filter(({ kind }) => kind === 'component'),
    openThreats: threats.filter(({ status }) => !CLOSED.has(status)),
    expiring: registerOf(records, now).accepted.filter(
      ({ expires, state }) => state !== 'closed' && (expires === undefined || expires <= until),
    ),
    exceptions: records.filter((r) => EXCEPTIONS.includes(r.kind) && r.at > since),
  };
}
