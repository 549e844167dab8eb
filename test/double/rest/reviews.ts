import {
  dismissReview,
  editReview,
  submitReview,
  type CommentInput,
  type ReviewEvent,
} from '../actions/reviews.ts';
import { actor, inRepository, ok, page, type Answer, type RepositoryCall, type Route } from '../http/call.ts';
import { reviewCommentShape, reviewShape } from '../shapes/conversation.ts';
import { Refusal } from '../state/refusal.ts';
import { allAsOf } from '../state/time.ts';
import { textOf, pullIn, reviewIn, writer } from './lookup.ts';

/** A pending review is its author's alone. */
function list(call: RepositoryCall): Answer {
  const { live } = pullIn(call);
  const reviews = allAsOf(call.world.reviewsOf(live), call.at).filter(
    (review) => review.state !== 'PENDING' || review.author.id === actor(call.caller)?.id,
  );
  return page(call, reviews, (review) => reviewShape(call.world, review));
}

interface ReviewBody {
  readonly body?: string | null;
  readonly event?: ReviewEvent;
  readonly commit_id?: string;
  readonly comments?: readonly CommentInput[];
}

function create(call: RepositoryCall): Answer {
  const { live } = pullIn(call);
  const input = call.body as ReviewBody;
  const review = submitReview(call.world, live, {
    by: writer(call),
    body: input.body ?? '',
    event: input.event,
    commit: input.commit_id ?? live.headSha,
    comments: input.comments ?? [],
  });
  return ok(reviewShape(call.world, review));
}

function update(call: RepositoryCall): Answer {
  const { live } = reviewIn(call);
  const by = writer(call);
  if (live.author.id !== by.id) throw new Refusal(403, 'Only the author of a review may edit it.');
  editReview(call.world, live, by, textOf(call));
  return ok(reviewShape(call.world, live));
}

function dismiss(call: RepositoryCall): Answer {
  const { live } = reviewIn(call);
  dismissReview(call.world, live, writer(call));
  return ok(reviewShape(call.world, live));
}

function comments(call: RepositoryCall): Answer {
  const { live } = reviewIn(call);
  const own = call.world.reviewCommentsOf(live.pull).filter((comment) => comment.review.id === live.id);
  return page(call, allAsOf(own, call.at), (comment) => reviewCommentShape(call.world, comment));
}

const READ = ['pull_requests', 'read'] as const;
const WRITE = ['pull_requests', 'write'] as const;
const REVIEW = '/pulls/{pull_number}/reviews/{review_id}';

export const REVIEW_ROUTES: readonly Route[] = [
  inRepository('GET', '/pulls/{pull_number}/reviews', READ, list),
  inRepository('POST', '/pulls/{pull_number}/reviews', WRITE, create, { content: true }),
  inRepository('GET', REVIEW, READ, (call) => ok(reviewShape(call.world, reviewIn(call).then))),
  inRepository('PUT', REVIEW, WRITE, update),
  inRepository('PUT', `${REVIEW}/dismissals`, WRITE, dismiss),
  inRepository('GET', `${REVIEW}/comments`, READ, comments),
];
