import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { RecordDraft } from '../../core/model/record.ts';
import type { CommentDraft, ReviewDraft } from '../../core/report/review.ts';
import { begin, later, SETTLED_MS, type LookDeps } from '../deps.ts';
import { Later, NotThere, RateLimited, Refused, Rejected } from '../hosting-errors.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import type { CommentRow, Lease } from '../store.ts';

/** What is to stand on the pull request, and what stands there. */
export interface CommentsPlan {
  readonly state: PullRequestState;
  readonly review: ReviewDraft | undefined;
  /** Whether new comments may be posted. */
  readonly mayPost: boolean;
  /** Body for a component that the change no longer touches; absent while that is not certain. */
  readonly resolved?: (component: string) => string;
  /** With every comment that is known by now (`adopt.ts`). */
  readonly rows: readonly CommentRow[];
  /** Details of the record that questions were asked. */
  readonly asked: RecordDraft['details'];
}

/** What the steps of publishing have in common. */
interface Step {
  readonly plan: CommentsPlan;
  readonly lease: Lease;
  readonly hosting: Hosting;
  readonly deps: LookDeps;
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
): Promise<void> {
  const step = { plan, lease, hosting, deps };
  const wanted = plan.review?.comments ?? [];
  for (const row of plan.rows) {
    const draft = wanted.find((c) => c.component === row.component);
    const body = draft?.body ?? plan.resolved?.(row.component);
    if (body !== undefined) await bringUpToDate(row, body, draft !== undefined, step);
  }
  const fresh = wanted.filter((c) => isNew(c, plan.rows, plan.state.head));
  if (!plan.review || !plan.mayPost || fresh.length === 0) return;
  const settled = later(lastUnsure(fresh, plan.rows) ?? new Date(0).toISOString(), SETTLED_MS);
  if (deps.now() < settled) throw new Later('a review may have been posted a moment ago', settled);
  await post({ ...plan.review, comments: fresh }, step);
}

/** Refused for this head means that GitHub does not take its lines: the questions stay in the summary. */
const refusedAt = (head: string): string => `refused/${head}`;

/** A comment that was certainly posted is never posted again, even when it was deleted before it was seen. */
function isNew(draft: CommentDraft, rows: readonly CommentRow[], head: string): boolean {
  const row = rows.find((r) => r.component === draft.component);
  if (row?.comment !== undefined) return false;
  return row?.written === undefined || (isRefused(row.written) && row.written !== refusedAt(head));
}

const isRefused = (written: string): boolean => written.startsWith('refused/');

/** When it was last begun to post one of these, of which nobody knows the end. */
function lastUnsure(fresh: readonly CommentDraft[], rows: readonly CommentRow[]): string | undefined {
  const isFresh = new Set(fresh.map((c) => c.component));
  return rows
    .flatMap((r) => (isFresh.has(r.component) && r.intent !== undefined ? [r.intent] : []))
    .sort()
    .at(-1);
}

async function bringUpToDate(row: CommentRow, body: string, open: boolean, step: Step): Promise<void> {
  const { plan, lease, hosting, deps } = step;
  const { state } = plan;
  if (row.comment === undefined) return;
  const stands = state.ownComments.find((c) => c.id === row.comment)?.body;
  // What is not listed was deleted by somebody who may, or the list lags: either way it is not put back.
  if (stands !== undefined && !sameText(stands, body)) {
    await deps.renew(lease);
    await hosting.editReviewComment(state.repository, row.comment, body).catch(unlessGone);
  }
  const next: CommentRow = { ...row, written: digestOf(body), state: open ? 'open' : 'resolved' };
  const known = (await deps.store.comments(state.repository.id, state.number)).find(
    (r) => r.component === row.component,
  );
  if (canonicalJson(next) === canonicalJson(known)) return;
  // A review whose end nobody knew turns out to have been posted: that is on record once, under its beginning.
  const asked =
    known?.written === undefined && row.intent !== undefined ? [askedRecord(step, row.intent)] : [];
  await deps.store.apply(lease, { comments: [next], records: asked }, deps.now());
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

async function post(review: ReviewDraft, step: Step): Promise<void> {
  const { plan, lease, hosting, deps } = step;
  const { state } = plan;
  const rows = review.comments.map((c): CommentRow => ({
    repository: state.repository,
    number: state.number,
    component: c.component,
    state: 'open',
  }));
  const intent = await begin(lease, deps, (at) =>
    deps.store.apply(lease, { comments: rows.map((r) => ({ ...r, intent: at })) }, at),
  );
  try {
    await hosting.postReview(state.repository, state.number, state.head, review);
  } catch (error) {
    await forget(error, rows, step);
    return;
  }
  const posted = rows.map((row, i) => ({
    ...row,
    intent,
    written: digestOf(review.comments[i]?.body ?? ''),
  }));
  await deps.store.apply(lease, { comments: posted, records: [askedRecord(step, intent)] }, deps.now());
}

/** These errors say that nothing was posted; any other leaves the intent, and is thrown so that it is tried again. */
async function forget(error: unknown, rows: readonly CommentRow[], step: Step): Promise<void> {
  const { plan, lease, deps } = step;
  if (error instanceof Rejected) {
    const refused = rows.map((r) => ({ ...r, written: refusedAt(plan.state.head) }));
    await deps.store.apply(lease, { comments: refused }, deps.now());
    deps.log.warn({ subject: lease.key, reason: error.message }, 'GitHub takes no comments on these lines');
    return;
  }
  if (error instanceof RateLimited || error instanceof Refused)
    await deps.store.apply(lease, { comments: rows }, deps.now());
  throw error;
}

function askedRecord({ plan, deps }: Step, intent: string): RecordDraft {
  const { state } = plan;
  return {
    kind: 'questions-asked',
    repository: state.repository,
    at: deps.now(),
    source: `asked/${state.number}/${intent}`,
    pullRequest: state.number,
    commit: state.head,
    details: plan.asked,
  };
}
