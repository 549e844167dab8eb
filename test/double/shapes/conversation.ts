import { anchorNow } from '../state/pulls.ts';
import { associationOf } from '../state/people.ts';
import type { IssueComment, PullRequest, Reaction, Review, ReviewComment } from '../state/nouns.ts';
import { iso, isoOrNull } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { accountShape, nodeId } from './account.ts';
import { pullPage, pullUrl } from './pull.ts';
import { repositoryUrl } from './repository.ts';

export function reviewShape(world: World, review: Review) {
  const html = `${pullPage(world, review.pull)}#pullrequestreview-${review.id}`;
  const pull = pullUrl(world, review.pull);
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: accountShape(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(world, review.pull.repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(review.submittedAt === undefined ? {} : { submitted_at: iso(review.submittedAt) }),
    commit_id: review.commit,
  };
}

export function reviewCommentShape(world: World, comment: ReviewComment, pull: PullRequest = comment.pull) {
  const url = `${repositoryUrl(world, pull.repository)}/pulls/comments/${comment.id}`;
  const html = `${pullPage(world, pull)}#discussion_r${comment.id}`;
  const { anchor } = comment;
  const now = anchorNow(pull, comment.commit, anchor);
  const file = anchor.line === undefined;
  return {
    url,
    pull_request_review_id: comment.review.id,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: anchor.hunk,
    path: anchor.path,
    commit_id: now ? pull.headSha : comment.commit,
    original_commit_id: comment.commit,
    user: accountShape(world, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    html_url: html,
    pull_request_url: pullUrl(world, pull),
    author_association: associationOf(world, pull.repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl(world, pull) } },
    line: file ? null : (now?.line ?? null),
    original_line: anchor.line ?? null,
    side: anchor.side,
    start_line: now?.startLine ?? null,
    original_start_line: anchor.startLine ?? null,
    start_side: anchor.startSide ?? null,
    position: file ? 1 : (now?.position ?? null),
    original_position: anchor.position ?? 1,
    subject_type: file ? 'file' : 'line',
    ...(comment.replyTo ? { in_reply_to_id: comment.replyTo.id } : {}),
  };
}

export function issueCommentShape(world: World, comment: IssueComment) {
  const base = repositoryUrl(world, comment.pull.repository);
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${base}/issues/comments/${comment.id}`,
    html_url: `${pullPage(world, comment.pull)}#issuecomment-${comment.id}`,
    issue_url: `${base}/issues/${comment.pull.number}`,
    user: accountShape(world, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: associationOf(world, comment.pull.repository, comment.author),
    performed_via_github_app: null,
  };
}

export function reactionShape(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: accountShape(world, reaction.user),
    content: reaction.content,
    created_at: iso(reaction.at),
  };
}

/** A pull request as an `issue_comment` event has it: an issue that points to it. */
export function issueShape(world: World, pull: PullRequest) {
  return {
    url: `${repositoryUrl(world, pull.repository)}/issues/${pull.number}`,
    html_url: pullPage(world, pull),
    id: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.body ?? null,
    state: pull.state,
    user: accountShape(world, pull.author),
    draft: pull.draft,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: isoOrNull(pull.closedAt),
    pull_request: {
      url: pullUrl(world, pull),
      html_url: pullPage(world, pull),
      merged_at: isoOrNull(pull.mergedAt),
    },
  };
}
