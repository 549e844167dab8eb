import type { RecordKind } from '../core/model/record.ts';
import { later, type LookDeps } from './deps.ts';
import { NotThere, Refused, Rejected, Unavailable } from './hosting-errors.ts';
import type { Hosting, RepositoryState } from './hosting.ts';
import { policyOfFiles, type PolicyReading } from './read-policy.ts';
import { contextOf } from './re-review/context.ts';
import { followTickets, TICKET_KINDS, ticketsNamed } from './re-review/follow-tickets.ts';
import { openIssue, withoutIssue } from './re-review/open-issue.ts';
import { scheduledReview } from './re-review/schedule.ts';
import type { CommentRow, Lease } from './store.ts';

const REVIEW_KINDS: readonly RecordKind[] = ['installed', 'review-opened', 'review-done', 'ticket'];
/** In one sweep: more come in the next one. */
const MOST_ISSUES = 3;
const DAY_MS = 86_400_000;

/**
 * The part of a sweep that looks at time rather than at changes: a review is due by the schedule, one has no issue yet,
 * tickets were not looked at for a day. At rest it asks GitHub nothing. What GitHub refuses is tried again another time, and
 * the sweep is none the worse for it.
 */
export async function reReview(
  state: RepositoryState,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { repository } = state;
  const reading = await policyOfFiles(repository.name, state.policy, state.organisationPolicy);
  await openScheduled(state, reading, lease, deps);
  try {
    await openIssues(state, reading, hosting, lease, deps);
    await lookAtTickets(state, hosting, lease, deps);
  } catch (error) {
    const theirs = [Unavailable, NotThere, Refused, Rejected].some((kind) => error instanceof kind);
    if (!theirs) throw error;
    deps.log.warn(
      { repository: repository.name, err: error },
      'reviews and tickets were not looked at; tried again',
    );
  }
}

async function openScheduled(
  { repository }: RepositoryState,
  { policy, doubts }: PolicyReading,
  lease: Lease,
  { store, now }: LookDeps,
): Promise<void> {
  if (policy.review.everyDays === undefined || doubts.length > 0) return;
  const past = await store.records({ repository: repository.id, kinds: REVIEW_KINDS });
  const due = scheduledReview(repository, past, policy, now());
  if (due) await store.apply(lease, { records: [due] }, now());
}

async function openIssues(
  { repository }: RepositoryState,
  { policy, doubts }: PolicyReading,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  if (!policy.review.openIssues || doubts.length > 0) return;
  const past = await deps.store.records({ repository: repository.id, kinds: REVIEW_KINDS });
  const context = () => contextOf(repository, policy, deps.store, deps.now());
  let opened = 0;
  for (const review of withoutIssue(past)) {
    if (opened >= MOST_ISSUES) return;
    if (await openIssue(review, { repository, hosting, lease, deps, context })) opened += 1;
  }
}

/** Beside our comments, under a number that no pull request has. */
const ROUND = { number: 0, component: 'tickets' } as const;

async function lookAtTickets(
  { repository }: RepositoryState,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { store, now } = deps;
  const records = await store.records({ repository: repository.id, kinds: TICKET_KINDS });
  if (ticketsNamed(records).length === 0) return;
  const rows = await store.comments(repository.id, ROUND.number);
  const before = rows.find((row) => row.component === ROUND.component)?.written;
  if (before !== undefined && now() < later(before, DAY_MS)) return;
  const round = await followTickets(repository, records, hosting, { jira: deps.jira, now });
  const row: CommentRow = { repository, ...ROUND, written: now(), state: 'open' };
  await store.apply(lease, { records: round.records, comments: [row] }, now());
}
