/** Things named in a path, as they were at the moment the call looks at; 404 when they are not there. */
import type { Call, RepositoryCall } from '../http/call.ts';
import { actor, numberOf } from '../http/call.ts';
import type { CheckRun } from '../state/checks.ts';
import type { Account, IssueComment, PullRequest, Review, ReviewComment } from '../state/nouns.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { asOf } from '../state/time.ts';
import type { WorkflowRun } from '../state/workflows.ts';

export interface Seen<T> {
  /** As the call sees it. */
  readonly then: T;
  /** The thing itself, to be changed. */
  readonly live: T;
}

function seen<T>(live: T | undefined, then: T | undefined): Seen<T> {
  if (live === undefined || then === undefined) throw notFound();
  return { live, then };
}

export function pullIn(call: RepositoryCall, name = 'pull_number'): Seen<PullRequest> {
  const number = numberOf(call, name);
  const live = call.world.pullsOf(call.repository).find((pull) => pull.number === number);
  if (live && isHidden(call, live)) throw notFound();
  return seen(live, live && asOf(live, call.at));
}

/** GitHub may not know a pull request yet that it just announced. */
export function isHidden(call: Pick<Call, 'world'>, pull: PullRequest): boolean {
  const hiding = call.world.faults.hidePullRequestFor ?? 0;
  return call.world.now < pull.createdAt + hiding;
}

export function reviewIn(call: RepositoryCall): Seen<Review> {
  const { live: pull } = pullIn(call);
  const review = call.world.reviews.get(numberOf(call, 'review_id'));
  const live = review?.pull === pull ? review : undefined;
  return seen(live, live && asOf(live, call.at));
}

export function reviewCommentIn(call: RepositoryCall): Seen<ReviewComment> {
  const comment = call.world.reviewComments.get(numberOf(call, 'comment_id'));
  const live = comment?.pull.repository === call.repository ? comment : undefined;
  return seen(live, live && asOf(live, call.at));
}

export function issueCommentIn(call: RepositoryCall): Seen<IssueComment> {
  const comment = call.world.issueComments.get(numberOf(call, 'comment_id'));
  const live = comment?.pull.repository === call.repository ? comment : undefined;
  return seen(live, live && asOf(live, call.at));
}

export function checkRunIn(call: RepositoryCall): Seen<CheckRun> {
  const run = call.world.checkRuns.get(numberOf(call, 'check_run_id'));
  const live = run?.suite.repository === call.repository ? run : undefined;
  return seen(live, live && asOf(live, call.at));
}

export function workflowRunIn(call: RepositoryCall): Seen<WorkflowRun> {
  const run = call.world.workflowRuns.get(numberOf(call, 'run_id'));
  const live = run?.workflow.repository === call.repository ? run : undefined;
  return seen(live, live && asOf(live, call.at));
}

const SHA = /^[0-9a-f]{40}$/;

/** A branch, a tag, a full ref, `pull/N/head` or a commit id. */
export function commitNamed(call: RepositoryCall, name: string): string | undefined {
  const { repository } = call;
  if (SHA.test(name)) return repository.objects.commit(name) ? name : undefined;
  const pull = /^(?:refs\/)?pull\/(\d+)\/head$/.exec(name);
  if (pull) {
    const found = call.world.pullsOf(repository).find((each) => each.number === Number(pull[1]));
    return found && asOf(found, call.at)?.headSha;
  }
  return [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]
    .map((ref) => repository.refs.get(ref))
    .find((oid) => oid !== undefined);
}

export function commitIn(call: RepositoryCall, name: string): string {
  const found = commitNamed(call, name);
  if (found === undefined) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return found;
}

/** Whoever writes must have a name. */
export function writer(call: Call): Account {
  const account = actor(call.caller);
  if (!account) throw new Refusal(401, 'Requires authentication');
  return account;
}

export function appOf(call: Call) {
  if (call.caller.kind === 'installation' || call.caller.kind === 'actions') return call.caller.app;
  throw new Refusal(403, 'You must authenticate via a GitHub App.');
}

/** The text that a comment or review is to have. */
export const textOf = (call: Call): string => (call.body as { readonly body: string }).body;
