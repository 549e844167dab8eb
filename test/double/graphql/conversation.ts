import { actor } from '../http/call.ts';
import { nodeId } from '../shapes/account.ts';
import { anchorNow } from '../state/pulls.ts';
import { associationOf } from '../state/people.ts';
import type { Account, IssueComment, PullRequest, Review, ReviewComment } from '../state/nouns.ts';
import { allAsOf, asOf, iso, isoOrNull } from '../state/time.ts';
import { actorNode, actorOrNull } from './accounts.ts';
import { connection, type Context, type Paging } from './context.ts';
import { commitOrNull } from './git.ts';

interface Written {
  readonly author: Account;
  readonly body: string;
  readonly editor: Account | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastEditedAt: number | undefined;
}

function writtenFields(context: Context, pull: PullRequest, written: Written) {
  return {
    body: written.body,
    author: actorNode(written.author),
    authorAssociation: () => associationOf(context.world, pull.repository, written.author),
    editor: actorOrNull(written.editor),
    createdAt: iso(written.createdAt),
    updatedAt: iso(written.updatedAt),
    lastEditedAt: isoOrNull(written.lastEditedAt),
    includesCreatedEdit: written.lastEditedAt !== undefined,
  };
}

export function issueCommentNode(context: Context, comment: IssueComment) {
  return {
    ...writtenFields(context, comment.pull, comment),
    id: nodeId('IC', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    isMinimized: false,
  };
}

/** A pending review is its author's alone. */
export function visibleReviews(context: Context, pull: PullRequest): Review[] {
  const me = actor(context.caller)?.id;
  return allAsOf(context.world.reviewsOf(pull), context.at).filter(
    (review) => review.state !== 'PENDING' || review.author.id === me,
  );
}

export function reviewNode(context: Context, review: Review) {
  const { world, at } = context;
  return {
    ...writtenFields(context, review.pull, review),
    id: nodeId('PRR', review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    state: review.state,
    submittedAt: isoOrNull(review.submittedAt),
    commit: () => commitOrNull(context, review.pull.repository, review.commit),
    comments: (args: Paging) => {
      const own = world.reviewCommentsOf(review.pull).filter((comment) => comment.review.id === review.id);
      return connection(allAsOf(own, at), args, 'comments', (comment) => reviewCommentNode(context, comment));
    },
  };
}

function reviewCommentNode(context: Context, comment: ReviewComment): Record<string, unknown> {
  const { anchor, pull } = comment;
  const now = anchorNow(pull, comment.commit, anchor);
  return {
    ...writtenFields(context, pull, comment),
    id: nodeId('PRRC', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    path: anchor.path,
    line: now?.line ?? null,
    originalLine: anchor.line ?? null,
    startLine: now?.startLine ?? null,
    outdated: now === undefined,
    subjectType: anchor.line === undefined ? 'FILE' : 'LINE',
    commit: () => commitOrNull(context, pull.repository, now ? pull.headSha : comment.commit),
    originalCommit: () => commitOrNull(context, pull.repository, comment.commit),
    replyTo: () => (comment.replyTo ? reviewCommentNode(context, comment.replyTo) : null),
    pullRequestReview: () => {
      const review = asOf(comment.review, context.at);
      return review ? reviewNode(context, review) : null;
    },
  };
}

/** A thread is its first comment and the answers to it. Deleted whole, it is gone. */
export function threadsOf(context: Context, pull: PullRequest) {
  const shown = allAsOf(context.world.reviewCommentsOf(pull), context.at).filter(
    (comment) => comment.review.state !== 'PENDING',
  );
  const threads = new Map<number, ReviewComment[]>();
  for (const comment of shown) {
    const root = comment.replyTo?.id ?? comment.id;
    threads.set(root, [...(threads.get(root) ?? []), comment]);
  }
  return [...threads].map(([root, comments]) => threadNode(context, root, comments));
}

function threadNode(
  context: Context,
  root: number,
  comments: readonly ReviewComment[],
): Record<string, unknown> {
  const first = context.world.reviewComments.get(root);
  if (!first) throw new Error(`There is no comment ${root}.`);
  const now = anchorNow(first.pull, first.commit, first.anchor);
  return {
    id: nodeId('PRRT', root),
    isResolved: first.resolved,
    isOutdated: now === undefined,
    path: first.anchor.path,
    line: now?.line ?? null,
    startLine: now?.startLine ?? null,
    originalLine: first.anchor.line ?? null,
    diffSide: first.anchor.side,
    subjectType: first.anchor.line === undefined ? 'FILE' : 'LINE',
    comments: (args: Paging) =>
      connection(comments, args, 'comments', (comment) => reviewCommentNode(context, comment)),
  };
}
