import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { CommentDraft, ReviewDraft } from '../../core/report/review.ts';
import { later, SETTLED_MS, type LookDeps } from '../deps.ts';
import {
  Later,
  NotThere,
  RateLimited,
  Refused,
  Rejected,
  type Hosting,
  type OwnComment,
  type PullRequestState,
} from '../hosting.ts';
import type { CommentRow, Lease } from '../store.ts';

/** What is to stand on the pull request, and what stands there. */
export interface CommentsPlan {
  readonly state: PullRequestState;
  readonly review: ReviewDraft | undefined;
  /** Body for a component that the change no longer touches. */
  readonly resolved: (component: string) => string;
  readonly rows: readonly CommentRow[];
  /** Details of the record that questions were asked. */
  readonly asked: RecordDraft['details'];
}

/**
 * Brings our comments up to date: edits the ones that differ from what they should say, marks those of components that are
 * gone, and posts what is new in one review. Compared with what stands there now, so that nothing is written twice.
 */
export async function publishComments(
  plan: CommentsPlan,
  lease: Lease,
  hosting: Hosting,
  deps: LookDeps,
): Promise<readonly AuditRecord[]> {
  const { state } = plan;
  const rows = adopt(plan.rows, state.ownComments);
  const wanted = plan.review?.comments ?? [];
  for (const row of rows) {
    if (row.comment === undefined) continue;
    const draft = wanted.find((c) => c.component === row.component);
    await bringUpToDate(plan, row, draft?.body ?? plan.resolved(row.component), draft !== undefined, lease, hosting, deps);
  }
  const fresh = wanted.filter((c) => isNew(c, rows, state.head));
  if (!plan.review || fresh.length === 0) return [];
  const unsure = rows.filter((r) => r.comment === undefined && r.intent !== undefined).map((r) => r.intent ?? '');
  const settled = unsure.length > 0 ? later([...unsure].sort().at(-1) ?? '', SETTLED_MS) : '';
  if (deps.now() < settled) throw new Later('a review may have been posted a moment ago', settled);
  return post({ ...plan.review, comments: fresh }, plan, lease, hosting, deps);
}

const marker = (component: string): string => `<!-- threatgate component=${component} -->`;

/** Rows whose comment we do not know the id of, matched with comments that are certainly ours. */
function adopt(rows: readonly CommentRow[], own: readonly OwnComment[]): readonly CommentRow[] {
  return rows.map((row) => {
    if (row.comment !== undefined || row.intent === undefined) return row;
    const found = own.find((c) => c.body.includes(marker(row.component)));
    return found ? { ...row, comment: found.id } : row;
  });
}

/** Refused for this head means that GitHub does not take its lines: the questions stay in the summary. */
const refusedAt = (head: string): string => `refused/${head}`;

function isNew(draft: CommentDraft, rows: readonly CommentRow[], head: string): boolean {
  const row = rows.find((r) => r.component === draft.component);
  return row?.comment === undefined && row?.written !== refusedAt(head);
}

async function bringUpToDate(
  plan: CommentsPlan,
  row: CommentRow,
  body: string,
  open: boolean,
  lease: Lease,
  hosting: Hosting,
  deps: LookDeps,
): Promise<void> {
  const { state } = plan;
  const written = digestOf(body);
  const stands = state.ownComments.find((c) => c.id === row.comment)?.body;
  // What a list does not show any more was deleted by somebody who may: it is not put back.
  const same = stands === undefined ? row.written === written || state.discussionComplete : sameText(stands, body);
  const next: CommentRow = { ...row, written, state: open ? 'open' : 'resolved' };
  if (!same && row.comment !== undefined) {
    await deps.renew(lease);
    await hosting.editReviewComment(state.repository, row.comment, body).catch(unlessGone);
  }
  const before = plan.rows.find((r) => r.component === row.component);
  if (canonicalJson(next) === canonicalJson(before)) return;
  const adopted = before?.comment === undefined && row.comment !== undefined ? [row.comment] : [];
  const records = adopted.map((id) => askedRecord(plan, [{ id, body }], deps.now()));
  await deps.store.apply(lease, { comments: [next], records }, deps.now());
}

/** Deleted since it was listed: by somebody who may, and it is not put back. */
function unlessGone(error: unknown): void {
  if (!(error instanceof NotThere)) throw error;
}

/** GitHub may store other line ends than it was given. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
  return plain(a) === plain(b);
}

async function post(
  review: ReviewDraft,
  plan: CommentsPlan,
  lease: Lease,
  hosting: Hosting,
  deps: LookDeps,
): Promise<readonly AuditRecord[]> {
  const { state } = plan;
  const rows = review.comments.map((c): CommentRow => ({
    repository: state.repository,
    number: state.number,
    component: c.component,
    state: 'open',
  }));
  const intent = deps.now();
  await deps.renew(lease);
  await deps.store.apply(lease, { comments: rows.map((r) => ({ ...r, intent })) }, intent);
  try {
    const posted = await hosting.postReview(state.repository, state.number, state.head, review);
    return await deps.store.apply(
      lease,
      {
        comments: rows.map((row, i) => withComment({ ...row, intent }, posted[i], review.comments[i]?.body ?? '')),
        records: [askedRecord(plan, posted, deps.now())],
      },
      deps.now(),
    );
  } catch (error) {
    if (error instanceof Rejected) {
      const refused = rows.map((r) => ({ ...r, written: refusedAt(state.head) }));
      await deps.store.apply(lease, { comments: refused }, deps.now());
      return [];
    }
    if (error instanceof RateLimited || error instanceof Refused)
      await deps.store.apply(lease, { comments: rows }, deps.now());
    throw error;
  }
}

/** An id that did not come leaves the intent: the comment is searched for before another one is posted. */
function withComment(row: CommentRow, posted: OwnComment | undefined, body: string): CommentRow {
  return posted ? { ...row, comment: posted.id, written: digestOf(body) } : row;
}

function askedRecord(plan: CommentsPlan, posted: readonly OwnComment[], at: string): RecordDraft {
  const { state } = plan;
  return {
    kind: 'questions-asked',
    repository: state.repository,
    at,
    source: `asked/${state.number}/${posted[0]?.id ?? state.head}`,
    pullRequest: state.number,
    commit: state.head,
    details: { ...plan.asked, comments: posted.map((p) => p.id) },
  };
}
