import { addComment, deleteComment, editComment, mayEdit, react } from '../actions/comments.ts';
import {
  commentOnDiff,
  deleteReviewComment,
  editReviewComment,
  replyTo,
  type CommentInput,
} from '../actions/reviews.ts';
import {
  created,
  inRepository,
  ok,
  page,
  type Answer,
  type RepositoryCall,
  type Route,
} from '../http/call.ts';
import { issueCommentShape, reactionShape, reviewCommentShape } from '../shapes/conversation.ts';
import type { Account } from '../state/nouns.ts';
import { invalid } from '../state/refusal.ts';
import { allAsOf } from '../state/time.ts';
import { textOf, issueCommentIn, pullIn, reviewCommentIn, writer } from './lookup.ts';

interface DiffComment extends CommentInput {
  readonly commit_id?: string;
  readonly in_reply_to?: number;
}

function commentOnCode(call: RepositoryCall): Answer {
  const { live: pull } = pullIn(call);
  const input = call.body as DiffComment;
  const by = writer(call);
  if (input.in_reply_to === undefined) {
    const commit = input.commit_id ?? pull.headSha;
    return created(reviewCommentShape(call.world, commentOnDiff(call.world, pull, { ...input, by, commit })));
  }
  const root = call.world.reviewComments.get(input.in_reply_to);
  if (root?.pull !== pull || root.deletedAt !== undefined)
    throw invalid(['in_reply_to is not a comment of this pull request']);
  return created(reviewCommentShape(call.world, replyTo(call.world, root, by, input.body)));
}

function listOnCode(call: RepositoryCall): Answer {
  const { live } = pullIn(call);
  const comments = allAsOf(call.world.reviewCommentsOf(live), call.at).filter(
    (comment) => comment.review.state !== 'PENDING',
  );
  return page(call, comments, (comment) => reviewCommentShape(call.world, comment));
}

/** An app with write permission may change its own comments and, as people with write access may, those of others. */
function editor(call: RepositoryCall, author: Account): Account {
  const by = writer(call);
  if (call.caller.kind === 'user') mayEdit(call.world, call.repository, author, by);
  return by;
}

function editOnCode(call: RepositoryCall): Answer {
  const { live } = reviewCommentIn(call);
  editReviewComment(call.world, live, editor(call, live.author), textOf(call));
  return ok(reviewCommentShape(call.world, live));
}

function deleteOnCode(call: RepositoryCall): Answer {
  const { live } = reviewCommentIn(call);
  deleteReviewComment(call.world, live, editor(call, live.author));
  return { status: 204 };
}

function list(call: RepositoryCall): Answer {
  const { live } = pullIn(call, 'issue_number');
  const since = call.query['since'] === undefined ? 0 : Date.parse(call.query['since']);
  const comments = allAsOf(call.world.issueCommentsOf(live), call.at).filter(
    (comment) => comment.updatedAt >= since,
  );
  return page(call, comments, (comment) => issueCommentShape(call.world, comment));
}

function create(call: RepositoryCall): Answer {
  const { live } = pullIn(call, 'issue_number');
  const comment = addComment(call.world, live, writer(call), textOf(call));
  return created(issueCommentShape(call.world, comment));
}

function edit(call: RepositoryCall): Answer {
  const { live } = issueCommentIn(call);
  editComment(call.world, live, editor(call, live.author), textOf(call));
  return ok(issueCommentShape(call.world, live));
}

function remove(call: RepositoryCall): Answer {
  const { live } = issueCommentIn(call);
  deleteComment(call.world, live, editor(call, live.author));
  return { status: 204 };
}

function reactTo(call: RepositoryCall, subject: number): Answer {
  const { content } = call.body as { content: string };
  const { reaction, fresh } = react(call.world, subject, writer(call), content);
  return { status: fresh ? 201 : 200, body: reactionShape(call.world, reaction) };
}

const READ = ['pull_requests', 'read'] as const;
const WRITE = ['pull_requests', 'write'] as const;
const ON_CODE = '/pulls/comments/{comment_id}';
const COMMENT = '/issues/comments/{comment_id}';

export const COMMENT_ROUTES: readonly Route[] = [
  inRepository('GET', '/pulls/{pull_number}/comments', READ, listOnCode),
  inRepository('POST', '/pulls/{pull_number}/comments', WRITE, commentOnCode, { content: true }),
  inRepository('GET', ON_CODE, READ, (call) =>
    ok(reviewCommentShape(call.world, reviewCommentIn(call).then)),
  ),
  inRepository('PATCH', ON_CODE, WRITE, editOnCode),
  inRepository('DELETE', ON_CODE, WRITE, deleteOnCode),
  inRepository(
    'POST',
    `${ON_CODE}/reactions`,
    WRITE,
    (call) => reactTo(call, reviewCommentIn(call).live.id),
    { content: true },
  ),
  inRepository('GET', '/issues/{issue_number}/comments', READ, list),
  inRepository('POST', '/issues/{issue_number}/comments', WRITE, create, { content: true }),
  inRepository('GET', COMMENT, READ, (call) => ok(issueCommentShape(call.world, issueCommentIn(call).then))),
  inRepository('PATCH', COMMENT, WRITE, edit),
  inRepository('DELETE', COMMENT, WRITE, remove),
  inRepository('POST', `${COMMENT}/reactions`, WRITE, (call) => reactTo(call, issueCommentIn(call).live.id), {
    content: true,
  }),
];
