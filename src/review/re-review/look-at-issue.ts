import { onGitHub, ticketIn } from '../../core/audit/ticket-names.ts';
import type { Actor, AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { LookDeps } from '../deps.ts';
import type { IssueState } from '../hosting.ts';
import { text } from '../pull-request/said.ts';
import { BUILT_IN_POLICY } from '../../core/policy/defaults.generated.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { Lease, WaitingSignal } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import { heldOnIssue } from './held-on-issue.ts';
import { incidentOf } from './incident.ts';
import { keptPolicy } from './kept-policy.ts';
import { ticketRecord, lastTickets } from './ticket-records.ts';

const KINDS = ['review-opened', 'review-done', 'ticket', 'decision-refused', 'answered'] as const;

/**
 * An issue was labelled, closed, opened again or spoken on. It matters when it is an incident, stands for a review, or is a
 * ticket that somebody named; of any other nothing is asked.
 */
export async function lookAtIssue(
  repository: RepositoryRef,
  number: number,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { store } = deps;
  const [signals, row, past] = await Promise.all([
    store.signals(lease.key),
    store.repository(repository.id),
    store.records({ repository: repository.id, kinds: KINDS }),
  ]);
  const handled = signals.map((s) => s.id);
  const reading: PolicyReading = (row && (await keptPolicy(row, store))) ?? {
    policy: BUILT_IN_POLICY,
    doubts: [],
  };
  const labelledBy = whoMadeIncident(signals, reading);
  const reviews = openReviewsOf(number, past);
  const isTicket = past.some((record) => namesIssue(record, repository, number));
  if (!labelledBy && reviews.length === 0 && !isTicket) {
    await store.apply(lease, { handled }, deps.now());
    return;
  }
  const hosting = deps.app.installation(lease.work.installation);
  const issue = await hosting.issue(repository, number);
  const now = deps.now();
  const records: RecordDraft[] = [];
  if (issue && labelledBy) records.push(...incidentOf(issue, labelledBy, past, { repository, reading, now }));
  if (issue && reviews.length > 0)
    records.push(...(await heldOnIssue(issue, reviews, past, { repository, reading, hosting, now })));
  if (isTicket) records.push(...ticketOf(issue, repository, number, past, now));
  await store.apply(lease, { handled, records }, now);
}

/** The last one who put the label of incidents on it. */
function whoMadeIncident(signals: readonly WaitingSignal[], { policy }: PolicyReading): Actor | undefined {
  const wanted = policy.review.incidentLabel.toLowerCase();
  const found = signals
    .map((s) => s.signal)
    .findLast((s) => s.kind === 'labelled' && s.label.toLowerCase() === wanted);
  return found?.kind === 'labelled' ? { ...found.by, role: 'labelled the issue' } : undefined;
}

/** Reviews that this issue stands for and that nobody has held yet. */
export function openReviewsOf(number: number, past: readonly AuditRecord[]): readonly AuditRecord[] {
  const done = new Set(past.flatMap((r) => (r.kind === 'review-done' ? (text(r.details['of']) ?? []) : [])));
  const byTicket = new Set(
    past.flatMap((r) =>
      r.kind === 'ticket' && r.details['issue'] === number ? (text(r.details['of']) ?? []) : [],
    ),
  );
  return past.filter(
    (r) =>
      r.kind === 'review-opened' &&
      !done.has(r.source) &&
      (r.details['issue'] === number || byTicket.has(r.source)),
  );
}

function namesIssue(record: AuditRecord, repository: RepositoryRef, number: number): boolean {
  const { key } = onGitHub(repository.name, number);
  if (record.kind === 'ticket') return text(record.details['key']) === key;
  return (
    record.kind === 'answered' &&
    record.details['answer'] === 'ticket' &&
    ticketIn(text(record.details['text']) ?? '', repository.name)?.key === key
  );
}

function ticketOf(
  issue: IssueState | undefined,
  repository: RepositoryRef,
  number: number,
  past: readonly AuditRecord[],
  now: string,
): readonly RecordDraft[] {
  const name = onGitHub(repository.name, number);
  const last = lastTickets(past).get(name.key);
  return ticketRecord({ repository, now, name, ticket: `#${number}`, state: issue?.ticket }, last);
}
