import { nodeId } from '../shapes/account.ts';
import { issuePage } from '../shapes/issue.ts';
import type { Issue, IssueRemark } from '../state/issues.ts';
import type { Repository } from '../state/nouns.ts';
import { associationOf } from '../state/people.ts';
import { allAsOf, asOf, iso, isoOrNull } from '../state/time.ts';
import { actorNode, actorOrNull } from './accounts.ts';
import { connection, GraphqlFault, requirePermission, type Context, type Paging } from './context.ts';
import { pullNode } from './pulls.ts';

export function oneIssue(context: Context, repository: Repository, number: number) {
  requirePermission(context, 'issues', repository);
  const live = context.world.issuesOf(repository).find((issue) => issue.number === number);
  const then = live && asOf(live, context.at);
  if (!then)
    throw new GraphqlFault('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
  return issueNode(context, then);
}

export function issueOrPull(context: Context, repository: Repository, number: number) {
  const pull = context.world.pullsOf(repository).find((each) => each.number === number);
  if (!pull) return oneIssue(context, repository, number);
  requirePermission(context, 'pull_requests', repository);
  return pullNode(context, pull);
}

function issueNode(context: Context, issue: Issue) {
  const { world, at } = context;
  return {
    __typename: 'Issue',
    id: nodeId('I', issue.id),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    url: issuePage(world, issue),
    author: actorNode(issue.author),
    createdAt: iso(issue.createdAt),
    updatedAt: iso(issue.updatedAt),
    closedAt: isoOrNull(issue.closedAt),
    labels: (args: Paging) =>
      connection(issue.labels, args, 'labels', (name) => ({ id: nodeId('LA', 1), name, color: 'ededed' })),
    assignees: (args: Paging) => connection(issue.assignees, args, 'assignees', actorNode),
    comments: (args: Paging) =>
      connection(allAsOf(world.remarksOf(issue), at), args, 'comments', (remark) =>
        remarkNode(context, remark),
      ),
    timelineItems: (args: Paging & { readonly itemTypes?: readonly string[] | null }) =>
      connection(issue.closedAt === undefined ? [] : [issue], args, 'timelineItems', (closed) => ({
        __typename: 'ClosedEvent',
        id: nodeId('CE', closed.id),
        createdAt: iso(closed.closedAt ?? 0),
        actor: actorOrNull(closed.closedBy),
        closer: closed.closer ? pullNode(context, closed.closer) : null,
      })),
  };
}

function remarkNode(context: Context, remark: IssueRemark) {
  return {
    id: nodeId('IC', remark.id),
    databaseId: remark.id,
    fullDatabaseId: String(remark.id),
    body: remark.body,
    author: actorNode(remark.author),
    authorAssociation: associationOf(context.world, remark.issue.repository, remark.author),
    editor: actorOrNull(remark.editor),
    createdAt: iso(remark.createdAt),
    updatedAt: iso(remark.updatedAt),
    lastEditedAt: isoOrNull(remark.lastEditedAt),
    includesCreatedEdit: remark.lastEditedAt !== undefined,
    isMinimized: false,
  };
}
