import { entriesOf } from '../actions/queue.ts';
import { nodeId } from '../shapes/account.ts';
import { pullPage } from '../shapes/pull.ts';
import { associationOf } from '../state/people.ts';
import { commitsOf, filesOf } from '../state/pulls.ts';
import type { PullRequest, QueueEntry } from '../state/nouns.ts';
import { allAsOf, iso, isoOrNull } from '../state/time.ts';
import { actorNode, actorOrNull } from './accounts.ts';
import { connection, type Context, type Paging } from './context.ts';
import { issueCommentNode, reviewNode, threadsOf, visibleReviews } from './conversation.ts';
import { commitNode, commitOrNull } from './git.ts';
import { repositoryNode } from './repository.ts';

interface ReviewsArguments extends Paging {
  readonly states?: readonly string[] | null;
  readonly author?: string | null;
}

interface TimelineArguments extends Paging {
  readonly itemTypes?: readonly string[] | null;
}

/** Of a pull request's history only this is kept: when it was last pointed at another base. */
function baseChanges(pull: PullRequest, { itemTypes }: TimelineArguments): readonly number[] {
  const wanted = itemTypes?.includes('BASE_REF_CHANGED_EVENT') ?? true;
  return wanted && pull.baseChangedAt !== undefined ? [pull.baseChangedAt] : [];
}

/** `pull` as it was at the moment the request looks at; its conversation is looked up live and cut to that moment. */
export function pullNode(context: Context, pull: PullRequest) {
  return {
    ...plainFields(context, pull),
    ...connections(context, pull),
  };
}

function plainFields(context: Context, pull: PullRequest) {
  const { world } = context;
  const { repository } = pull;
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    databaseId: pull.id,
    number: pull.number,
    state: pull.mergedAt !== undefined ? 'MERGED' : pull.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.mergedAt !== undefined,
    mergedAt: isoOrNull(pull.mergedAt),
    createdAt: iso(pull.createdAt),
    updatedAt: iso(pull.updatedAt),
    closedAt: isoOrNull(pull.closedAt),
    title: pull.title,
    body: pull.body ?? '',
    lastEditedAt: isoOrNull(pull.lastEditedAt),
    editor: actorOrNull(pull.editor),
    changedFiles: () => filesOf(pull).files.length,
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    isCrossRepository: pull.headRepository !== repository,
    author: actorNode(pull.author),
    authorAssociation: () => associationOf(world, repository, pull.author),
    mergedBy: actorOrNull(pull.mergedBy),
    mergeCommit: () => commitOrNull(context, repository, pull.mergeCommit),
    // A fork may be gone by now.
    headRepository: () =>
      [...world.repositories.values()].includes(pull.headRepository)
        ? repositoryNode(context, pull.headRepository)
        : null,
    baseRepository: () => repositoryNode(context, repository),
    repository: () => repositoryNode(context, repository),
    url: pullPage(world, pull),
    mergeQueueEntry: () => {
      const entry = repository.queue.find((each) => each.pull.id === pull.id);
      return entry ? queueEntryNode(context, entry) : null;
    },
  };
}

function connections(context: Context, pull: PullRequest) {
  const { world, at } = context;
  const { objects } = pull.repository;
  return {
    commits: (args: Paging) =>
      connection(commitsOf(pull), args, 'commits', (oid) => ({
        id: `PRC_${pull.id}_${oid}`,
        commit: commitNode(context, pull.repository, objects.commitAt(oid)),
      })),
    reviews: (args: ReviewsArguments) => {
      const reviews = visibleReviews(context, pull).filter(
        (review) =>
          (args.states?.includes(review.state) ?? true) &&
          (typeof args.author !== 'string' || review.author.login === args.author),
      );
      return connection(reviews, args, 'reviews', (review) => reviewNode(context, review));
    },
    comments: (args: Paging) =>
      connection(allAsOf(world.issueCommentsOf(pull), at), args, 'comments', (comment) =>
        issueCommentNode(context, comment),
      ),
    reviewThreads: (args: Paging) =>
      connection(threadsOf(context, pull), args, 'reviewThreads', (each) => each),
    timelineItems: (args: TimelineArguments) =>
      connection(baseChanges(pull, args), args, 'timelineItems', (at) => ({
        __typename: 'BaseRefChangedEvent',
        id: nodeId('BRCE', pull.id),
        createdAt: iso(at),
      })),
  };
}

export function queueEntryNode(context: Context, entry: QueueEntry) {
  const { repository } = entry.pull;
  return {
    id: nodeId('MQE', entry.id),
    position: entriesOf(entry.pull).indexOf(entry) + 1,
    state: 'AWAITING_CHECKS',
    enqueuedAt: iso(entry.at),
    enqueuer: actorNode(entry.by),
    headCommit: () => commitOrNull(context, repository, entry.headSha),
    baseCommit: () => commitOrNull(context, repository, entry.baseSha),
    pullRequest: () => pullNode(context, entry.pull),
  };
}
