/** The events of GitHub that Threatgate can hear, each with the body that identifies what happened. */
import { checkRunShape, checkSuiteShape } from '../shapes/check.ts';
import { accountShape } from '../shapes/account.ts';
import { issueCommentShape, issueShape, reviewCommentShape, reviewShape } from '../shapes/conversation.ts';
import { pullShape, simplePullShape } from '../shapes/pull.ts';
import { repositoryPage } from '../shapes/repository.ts';
import { noReply } from '../state/people.ts';
import type { CheckRun, CheckSuite } from '../state/checks.ts';
import type {
  Account,
  IssueComment,
  PullRequest,
  QueueEntry,
  Repository,
  Review,
  ReviewComment,
} from '../state/nouns.ts';
import { iso } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { emit } from './emission.ts';

type More = Readonly<Record<string, unknown>>;

/** The text before an edit, as `changes` has it. */
export const from = (before: string | undefined): { from: string } => ({ from: before ?? '' });

export function pullEvent(
  world: World,
  pull: PullRequest,
  action: string,
  sender: Account,
  more: More = {},
): void {
  emit(world, pull.repository, {
    event: 'pull_request',
    action,
    sender,
    body: { number: pull.number, pull_request: pullShape(world, pull), ...more },
  });
}

export function reviewEvent(
  world: World,
  review: Review,
  action: 'submitted' | 'edited' | 'dismissed',
  sender: Account,
  more: More = {},
): void {
  const shape = reviewShape(world, review);
  emit(world, review.pull.repository, {
    event: 'pull_request_review',
    action,
    sender,
    body: {
      // The webhook has the state in small letters, the REST API in capitals.
      review: { ...shape, state: shape.state.toLowerCase() },
      pull_request: simplePullShape(world, review.pull),
      ...more,
    },
  });
}

export function reviewCommentEvent(
  world: World,
  comment: ReviewComment,
  action: 'created' | 'edited' | 'deleted',
  sender: Account,
  more: More = {},
): void {
  emit(world, comment.pull.repository, {
    event: 'pull_request_review_comment',
    action,
    sender,
    body: {
      comment: reviewCommentShape(world, comment),
      pull_request: simplePullShape(world, comment.pull),
      ...more,
    },
  });
}

export function issueCommentEvent(
  world: World,
  comment: IssueComment,
  action: 'created' | 'edited' | 'deleted',
  sender: Account,
  more: More = {},
): void {
  emit(world, comment.pull.repository, {
    event: 'issue_comment',
    action,
    sender,
    body: { issue: issueShape(world, comment.pull), comment: issueCommentShape(world, comment), ...more },
  });
}

/** Creation and completion are told to every app; the rest only to the one that owns the run. */
export function checkRunEvent(
  world: World,
  run: CheckRun,
  action: 'created' | 'completed' | 'rerequested' | 'requested_action',
  sender: Account,
  more: More = {},
): void {
  const own = action === 'rerequested' || action === 'requested_action';
  const shape = checkRunShape(world, run);
  emit(world, run.suite.repository, {
    event: 'check_run',
    action,
    sender,
    body: { check_run: { ...shape, check_suite: checkSuiteShape(world, run.suite) }, ...more },
    ...(own ? { only: run.suite.app } : {}),
  });
}

export function checkSuiteEvent(
  world: World,
  suite: CheckSuite,
  action: 'requested' | 'rerequested' | 'completed',
  sender: Account,
): void {
  emit(world, suite.repository, {
    event: 'check_suite',
    action,
    sender,
    body: { check_suite: checkSuiteShape(world, suite) },
    ...(action === 'completed' ? {} : { only: suite.app }),
  });
}

export function mergeGroupEvent(
  world: World,
  entry: QueueEntry,
  action: 'checks_requested' | 'destroyed',
  sender: Account,
  reason?: string,
): void {
  const commit = entry.pull.repository.objects.commitAt(entry.headSha);
  emit(world, entry.pull.repository, {
    event: 'merge_group',
    action,
    sender,
    body: {
      merge_group: {
        head_sha: entry.headSha,
        head_ref: entry.ref,
        base_sha: entry.baseSha,
        base_ref: `refs/heads/${entry.base}`,
        head_commit: {
          id: commit.oid,
          tree_id: commit.tree,
          message: commit.message,
          timestamp: iso(commit.committer.at),
          author: { name: commit.author.name, email: commit.author.email },
          committer: { name: commit.committer.name, email: commit.committer.email },
        },
      },
      ...(reason === undefined ? {} : { reason }),
    },
  });
}

export interface Pushed {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
}

export const NO_COMMIT = '0'.repeat(40);

export function pushEvent(world: World, repository: Repository, pushed: Pushed, by: Account): void {
  const { objects } = repository;
  const created = pushed.before === NO_COMMIT;
  const deleted = pushed.after === NO_COMMIT;
  const fresh = created || deleted ? [] : objects.log(pushed.before, pushed.after);
  const commits = fresh.slice(-20).map((oid) => {
    const commit = objects.commitAt(oid);
    return {
      id: oid,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: iso(commit.committer.at),
      author: { name: commit.author.name, email: commit.author.email },
    };
  });
  emit(world, repository, {
    event: 'push',
    sender: by,
    body: {
      ...pushed,
      created,
      deleted,
      base_ref: null,
      compare: `${repositoryPage(world, repository)}/compare/${pushed.before.slice(0, 12)}...${pushed.after.slice(0, 12)}`,
      commits,
      head_commit: commits.at(-1) ?? null,
      pusher: { name: by.login, email: noReply(by) },
      sender: accountShape(world, by),
    },
  });
}
