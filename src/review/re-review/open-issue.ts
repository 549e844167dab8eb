import { onGitHub } from '../../core/audit/ticket-names.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import { begin, later, SETTLED_MS, type LookDeps } from '../deps.ts';
import { Later, NotThere, RateLimited, Refused, Rejected } from '../hosting-errors.ts';
import type { Hosting, IssueDraft, OwnIssue } from '../hosting.ts';
import { text } from '../pull-request/said.ts';
import type { CommentRow, Lease } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import { markerOf, reviewIssue, REVIEW_LABEL, type Context } from './issue-text.ts';
import { ticketRecord } from './ticket-records.ts';

/** Where what is known of our issues is kept: beside our comments, under a number that no pull request has. */
const NUMBER = 0;

export interface Publishing {
  readonly repository: RepositoryRef;
  readonly hosting: Hosting;
  readonly lease: Lease;
  readonly deps: LookDeps;
  /** What the reviewer is to look at; read only when an issue is written. */
  readonly context: () => Promise<Context>;
}

/**
 * Opens the issue of a review, once. The intent is stored before GitHub is asked; an intent without an issue means that
 * nobody knows whether there is one, and then it is searched for by a marker in its text. False where GitHub does not let us,
 * which is tried again after a day: the review stands on record all the same.
 */
export async function openIssue(opened: AuditRecord, plan: Publishing): Promise<boolean> {
  const { repository, deps, lease } = plan;
  const row = (await deps.store.comments(repository.id, NUMBER)).find((r) => r.component === opened.source);
  if (row?.written !== undefined && deps.now() < later(row.written, DAY_MS)) return false;
  const found = await searched(opened, row, plan);
  const issue = found ?? (await created(opened, plan));
  if (!issue) return false;
  const records = ticketRecord(
    {
      repository,
      now: deps.now(),
      name: onGitHub(repository.name, issue.number),
      ticket: `#${issue.number}`,
      state: { state: 'open', url: issue.url, createdAt: issue.createdAt },
      of: opened.source,
    },
    undefined,
  );
  const comments = [{ ...rowOf(opened, repository), comment: issue.number }];
  // One that is found again may have been closed meanwhile.
  const subject = { kind: 'issue', repository, number: issue.number } as const;
  const want = found ? [{ ...lease.work, subject }] : [];
  await deps.store.apply(lease, { records, comments, want }, deps.now());
  return true;
}

/** After GitHub refused, somebody may grant what is missing. */
const DAY_MS = 86_400_000;

const rowOf = ({ source }: AuditRecord, repository: RepositoryRef): CommentRow => ({
  repository,
  number: NUMBER,
  component: source,
  state: 'open',
});

/** The issue of an earlier try of which nobody knows the end; undefined when there is certainly none. */
async function searched(
  opened: AuditRecord,
  row: CommentRow | undefined,
  { repository, hosting, lease, deps }: Publishing,
): Promise<OwnIssue | undefined> {
  if (row?.intent === undefined) return undefined;
  const settled = later(row.intent, SETTLED_MS);
  if (deps.now() < settled) throw new Later('an issue may have been opened a moment ago', settled);
  await deps.renew(lease);
  return findIssue(opened.source, repository, hosting);
}

export async function findIssue(
  source: string,
  repository: RepositoryRef,
  hosting: Pick<Hosting, 'ownIssues'>,
): Promise<OwnIssue | undefined> {
  const marker = markerOf(repository, source);
  const found = (await hosting.ownIssues(repository, REVIEW_LABEL)).filter((i) => i.body.includes(marker));
  return found.sort((a, b) => a.number - b.number)[0];
}

/** Undefined where GitHub refuses. Anything else that goes wrong leaves the intent, so that the next look searches first. */
async function created(opened: AuditRecord, plan: Publishing): Promise<OwnIssue | undefined> {
  const { repository, hosting, lease, deps } = plan;
  const draft = reviewIssue(repository, opened, await plan.context());
  const row = rowOf(opened, repository);
  const save = (comment: CommentRow) => deps.store.apply(lease, { comments: [comment] }, deps.now());
  await begin(lease, deps, (intent) => save({ ...row, intent }));
  try {
    return await createIssue(repository, draft, hosting);
  } catch (error) {
    if (error instanceof RateLimited) await save(row);
    if (!(error instanceof Refused || error instanceof NotThere || error instanceof Rejected)) throw error;
    await save({ ...row, written: deps.now() });
    deps.log.warn(
      { repository: repository.name, err: error },
      'the issue of a review could not be opened: the App needs `issues: write`, and the repository issues',
    );
    return undefined;
  }
}

/** Somebody who cannot be assigned any more must not keep the issue from being opened; the text names them. */
export async function createIssue(
  repository: RepositoryRef,
  draft: IssueDraft,
  hosting: Pick<Hosting, 'createIssue'>,
): Promise<OwnIssue> {
  try {
    return await hosting.createIssue(repository, draft);
  } catch (error) {
    if (!(error instanceof Rejected) || draft.assignees.length === 0) throw error;
    return hosting.createIssue(repository, { ...draft, assignees: [] });
  }
}

/** Reviews that nobody held yet and that no issue stands for. */
export function withoutIssue(records: readonly AuditRecord[]): readonly AuditRecord[] {
  const of = (kind: AuditRecord['kind']) =>
    new Set(records.flatMap((r) => (r.kind === kind ? (text(r.details['of']) ?? []) : [])));
  const [done, ticketed] = [of('review-done'), of('ticket')];
  return records.filter(
    (r) =>
      r.kind === 'review-opened' &&
      r.details['issue'] === undefined &&
      !done.has(r.source) &&
      !ticketed.has(r.source),
  );
}
