import { z } from 'zod';
import type { ReviewDraft } from '../core/report/review.ts';
import { Rejected } from '../review/hosting-errors.ts';
import type { Remark } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client, Query } from './client.ts';
import { id } from './shapes.ts';

const review = z.object({ id });

/** One review with all its comments. Which comments they became is read with the state at the next look. */
export async function postReview(
  client: Client,
  repository: RepositoryRef,
  number: number,
  head: string,
  draft: ReviewDraft,
): Promise<void> {
  const [owner, repo] = repository.name.split('/');
  await client.rest(review, 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
    owner,
    repo,
    pull_number: number,
    commit_id: head,
    event: 'COMMENT',
    body: draft.body,
    comments: draft.comments.map(({ path, line, body }) => ({ path, line, side: 'RIGHT', body })),
  });
}

export async function editReviewComment(
  client: Client,
  repository: RepositoryRef,
  comment: number,
  body: string,
): Promise<void> {
  const [owner, repo] = repository.name.split('/');
  const route = 'PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}';
  await client.rest(review, route, { owner, repo, comment_id: comment, body });
}

export type Reaction = '+1' | '-1' | 'eyes';

const CONTENTS: Readonly<Record<Reaction, string>> = { '+1': 'THUMBS_UP', '-1': 'THUMBS_DOWN', eyes: 'EYES' };

export const REACT: Query = {
  name: 'React',
  text: `mutation React($subject: ID!, $content: ReactionContent!) {
  addReaction(input: { subjectId: $subject, content: $content }) { clientMutationId }
}`,
};

/** GitHub answers the same to a reaction that is there already. */
export async function react(
  client: Client,
  repository: RepositoryRef,
  remark: Pick<Remark, 'id' | 'place' | 'node'>,
  content: Reaction,
): Promise<void> {
  const [owner, repo] = repository.name.split('/');
  if (remark.place === 'review') {
    // REST knows no reactions to reviews.
    if (remark.node === undefined) throw new Rejected('A reaction to a review needs its node id.');
    await client.graphql(z.unknown(), REACT, { subject: remark.node, content: CONTENTS[content] });
    return;
  }
  const route =
    remark.place === 'comment'
      ? 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions'
      : 'POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions';
  await client.rest(review, route, { owner, repo, comment_id: remark.id, content });
}
