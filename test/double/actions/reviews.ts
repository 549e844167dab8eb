import type {
  Account,
  Anchor,
  PullRequest,
  Review,
  ReviewComment,
  ReviewState,
  Side,
} from '../state/nouns.ts';
import { mayWrite } from '../state/people.ts';
import { anchorAt, everHad, filesOf, lineAtPosition } from '../state/pulls.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { from, reviewCommentEvent, reviewEvent } from '../webhooks/events.ts';

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

export interface CommentInput {
  readonly path: string;
  readonly body: string;
  readonly line?: number;
  readonly side?: string;
  readonly start_line?: number;
  readonly start_side?: string;
  readonly position?: number;
  readonly subject_type?: string;
}

export interface ReviewInput {
  readonly by: Account;
  readonly body: string;
  readonly event: ReviewEvent | undefined;
  readonly commit: string;
  readonly comments: readonly CommentInput[];
}

const STATES: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

export function checkBody(world: World, body: string): void {
  const limit = world.limits.bodyCharacters;
  // Characters as GitHub counts them: code points.
  if (Array.from(body).length > limit) throw invalid([`body is too long (maximum is ${limit} characters)`]);
}

export function submitReview(world: World, pull: PullRequest, input: ReviewInput): Review {
  const { by, event, body, comments } = input;
  checkBody(world, body);
  if (by.id === pull.author.id && (event === 'APPROVE' || event === 'REQUEST_CHANGES'))
    throw invalid([
      `Can not ${event === 'APPROVE' ? 'approve' : 'request changes on'} your own pull request`,
    ]);
  if (body === '' && (event === 'REQUEST_CHANGES' || (event === 'COMMENT' && comments.length === 0)))
    throw invalid(['Body cannot be blank']);
  if (!everHad(pull, input.commit)) throw invalid(['commit_id is not part of the pull request']);
  const pending = world.reviewsOf(pull).some((each) => each.author.id === by.id && each.state === 'PENDING');
  if (event === undefined && pending)
    throw invalid(['User can only have one pending review per pull request']);
  // All or nothing: every place is looked up before anything is kept.
  const anchors = comments.map((comment) => {
    checkBody(world, comment.body);
    return resolveAnchor(pull, input.commit, comment);
  });
  const review = addReview(world, pull, input);
  const added = comments.map((comment, index) =>
    addComment(world, { review, by, body: comment.body, anchor: anchors[index], replyTo: undefined }),
  );
  if (event !== undefined) announce(world, review, added);
  return review;
}

function addReview(world: World, pull: PullRequest, input: ReviewInput): Review {
  const review: Review = {
    id: world.nextId(),
    pull,
    author: input.by,
    commit: input.commit,
    body: input.body,
    state: input.event === undefined ? 'PENDING' : STATES[input.event],
    submittedAt: input.event === undefined ? undefined : world.now,
    lastEditedAt: undefined,
    editor: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
  world.reviews.set(review.id, review);
  change(pull, world.now, {});
  return review;
}

function announce(world: World, review: Review, comments: readonly ReviewComment[]): void {
  reviewEvent(world, review, 'submitted', review.author);
  for (const comment of comments) reviewCommentEvent(world, comment, 'created', review.author);
}

interface AddedComment {
  readonly review: Review;
  readonly by: Account;
  readonly body: string;
  readonly anchor: Anchor | undefined;
  readonly replyTo: ReviewComment | undefined;
}

function addComment(world: World, { review, by, body, anchor, replyTo }: AddedComment): ReviewComment {
  const place = replyTo?.anchor ?? anchor;
  if (!place) throw invalid(['pull_request_review_thread.line must be part of the diff']);
  const comment: ReviewComment = {
    id: world.nextId(),
    pull: review.pull,
    review,
    author: by,
    commit: replyTo?.commit ?? review.commit,
    anchor: place,
    replyTo,
    body,
    resolved: false,
    lastEditedAt: undefined,
    editor: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
  world.reviewComments.set(comment.id, comment);
  change(comment.pull, world.now, {});
  return comment;
}

const sideOf = (side: string | undefined): Side => (side === 'LEFT' ? 'LEFT' : 'RIGHT');

function resolveAnchor(pull: PullRequest, commit: string, input: CommentInput): Anchor {
  const { files } = filesOf(pull, commit);
  if (input.subject_type === 'file') return fileAnchor(files, input.path);
  const named = input.position === undefined ? undefined : lineAtPosition(files, input.path, input.position);
  const line = named?.line ?? input.line;
  if (line === undefined) throw invalid(['Line could not be resolved']);
  const side = named?.side ?? sideOf(input.side);
  const anchor = anchorAt(files, {
    path: input.path,
    line,
    side,
    startLine: input.start_line,
    startSide: input.start_side === undefined ? side : sideOf(input.start_side),
  });
  if (anchor) return anchor;
  throw invalid([
    files.some((file) => file.path === input.path)
      ? 'pull_request_review_thread.line must be part of the diff'
      : 'Path could not be resolved',
  ]);
}

function fileAnchor(files: readonly { readonly path: string }[], path: string): Anchor {
  if (!files.some((file) => file.path === path)) throw invalid(['Path could not be resolved']);
  return {
    path,
    line: undefined,
    side: 'RIGHT',
    startLine: undefined,
    startSide: undefined,
    position: undefined,
    hunk: '',
  };
}

export interface SingleComment extends CommentInput {
  readonly by: Account;
  readonly commit: string;
}

/** A comment outside of a review gets a review of its own, as on GitHub. */
export function commentOnDiff(world: World, pull: PullRequest, input: SingleComment): ReviewComment {
  checkBody(world, input.body);
  if (input.body === '') throw invalid(['Body cannot be blank']);
  if (!everHad(pull, input.commit)) throw invalid(['commit_id is not part of the pull request']);
  const anchor = resolveAnchor(pull, input.commit, input);
  return lone(world, pull, { by: input.by, body: input.body, commit: input.commit, anchor });
}

export function replyTo(world: World, root: ReviewComment, by: Account, body: string): ReviewComment {
  checkBody(world, body);
  if (root.replyTo) throw invalid(['Replies to replies are not supported']);
  return lone(world, root.pull, { by, body, commit: root.commit, root });
}

function lone(
  world: World,
  pull: PullRequest,
  input: { by: Account; body: string; commit: string; anchor?: Anchor; root?: ReviewComment },
): ReviewComment {
  const { by, commit } = input;
  const review = addReview(world, pull, { by, body: '', event: 'COMMENT', commit, comments: [] });
  const comment = addComment(world, {
    review,
    by,
    body: input.body,
    anchor: input.anchor,
    replyTo: input.root,
  });
  announce(world, review, [comment]);
  return comment;
}

export function editReview(world: World, review: Review, by: Account, body: string): void {
  checkBody(world, body);
  const changes = { body: from(review.body) };
  change(review, world.now, { body, lastEditedAt: world.now, editor: by });
  change(review.pull, world.now, {});
  reviewEvent(world, review, 'edited', by, { changes });
}

export function dismissReview(world: World, review: Review, by: Account): void {
  if (!mayWrite(world, review.pull.repository, by) && by.type !== 'Bot')
    throw new Refusal(403, 'Must have write access to the repository.');
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw invalid([`Can not dismiss a ${review.state.toLowerCase()} pull request review`]);
  change(review, world.now, { state: 'DISMISSED' });
  change(review.pull, world.now, {});
  reviewEvent(world, review, 'dismissed', by);
}

export function editReviewComment(world: World, comment: ReviewComment, by: Account, body: string): void {
  checkBody(world, body);
  const changes = { body: from(comment.body) };
  change(comment, world.now, { body, lastEditedAt: world.now, editor: by });
  change(comment.pull, world.now, {});
  reviewCommentEvent(world, comment, 'edited', by, { changes });
}

export function deleteReviewComment(world: World, comment: ReviewComment, by: Account): void {
  change(comment, world.now, { deletedAt: world.now });
  change(comment.pull, world.now, {});
  reviewCommentEvent(world, comment, 'deleted', by);
}
