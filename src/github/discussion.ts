import type { GivenReview, OwnComment, Remark } from '../review/hosting.ts';
import { accountOf, type Actor } from './accounts.ts';
import type { CommentNode, Lists, ReviewNode, ThreadComment } from './state-shapes.ts';

export interface Discussion {
  readonly remarks: readonly Remark[];
  readonly reviews: readonly GivenReview[];
  readonly ownComments: readonly OwnComment[];
  readonly discussionComplete: boolean;
}

/** Whoever the App is in discussions: a login that only the bot of this App can have. */
export interface Self {
  readonly login: string;
}

const STATES: Readonly<Record<ReviewNode['state'], GivenReview['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
};

/** Members of the owner and whoever was given access, at whatever level. */
const INSIDERS: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** What is ours is told by who wrote it, never by what it says: anybody can copy a marker. */
export function discussionOf(
  lists: Pick<Lists, 'reviews' | 'comments' | 'reviewThreads'>,
  self: Self,
): Discussion {
  const isOurs = ({ author }: { readonly author: Actor }) =>
    author?.__typename === 'Bot' && accountOf(author).login.toLowerCase() === self.login.toLowerCase();
  const replies = lists.reviewThreads.nodes.flatMap((thread) => thread.comments.nodes);
  const reviews = lists.reviews.nodes.filter((review) => !isOurs(review));
  const remarks = [
    ...lists.comments.nodes.filter((comment) => !isOurs(comment)).map((c) => remarkOf(c, 'comment')),
    ...reviews.filter((review) => review.state !== 'PENDING' && review.body !== '').map(reviewRemark),
    ...replies.filter((reply) => !isOurs(reply)).map(replyRemark),
  ];
  return {
    remarks: remarks.sort((x, y) => (x.at === y.at ? x.id - y.id : x.at < y.at ? -1 : 1)),
    reviews: reviews.map(givenReview),
    ownComments: replies.filter(isOurs).map(({ fullDatabaseId, body }) => ({ id: fullDatabaseId, body })),
    discussionComplete:
      [lists.reviews, lists.comments, lists.reviewThreads].every((list) => !list.pageInfo.hasPreviousPage) &&
      lists.reviewThreads.nodes.every(({ comments }) => comments.nodes.length === comments.totalCount),
  };
}

export function remarkOf(node: CommentNode, place: Remark['place']): Remark {
  return {
    id: node.fullDatabaseId,
    node: node.id,
    place,
    by: accountOf(node.author),
    at: node.createdAt,
    body: node.body,
    insider: INSIDERS.has(node.authorAssociation),
    edited: node.lastEditedAt !== null,
  };
}

function reviewRemark(node: ReviewNode): Remark {
  return { ...remarkOf(node, 'review'), at: node.submittedAt ?? node.createdAt };
}

function replyRemark(node: ThreadComment): Remark {
  const remark = remarkOf(node, 'review-comment');
  return node.replyTo === null ? remark : { ...remark, inReplyTo: node.replyTo.fullDatabaseId };
}

function givenReview(node: ReviewNode): GivenReview {
  return {
    id: node.fullDatabaseId,
    by: accountOf(node.author),
    state: STATES[node.state],
    at: node.submittedAt ?? node.createdAt,
    commit: node.commit?.oid,
  };
}
