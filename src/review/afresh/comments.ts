import { markerOf, type ReviewDraft } from '../../core/report/review.ts';
import type { PullRequestState } from '../hosting.ts';
import type { CommentRow } from '../store.ts';

const MARKER = new RegExp(markerOf('([0-9a-f]{16})'));

/**
 * Comments of ours that stand there: who wrote them tells that they are ours, and the marker which component they are about.
 * Whoever could forge one can run workflows of this repository, and nothing rests on what it says.
 */
export function ownRows({ repository, number, ownComments }: PullRequestState): readonly CommentRow[] {
  return ownComments.flatMap(({ id, body }) => {
    const component = MARKER.exec(body)?.[1];
    return component === undefined
      ? []
      : [{ repository, number, component, comment: id, state: 'open' as const }];
  });
}

/** What of a review does not stand there yet; undefined when all of it does. */
export function unposted(
  review: ReviewDraft | undefined,
  rows: readonly CommentRow[],
): ReviewDraft | undefined {
  const standing = new Set(rows.map((r) => r.component));
  const comments = review?.comments.filter((c) => !standing.has(c.component)) ?? [];
  return review && comments.length > 0 ? { ...review, comments } : undefined;
}
