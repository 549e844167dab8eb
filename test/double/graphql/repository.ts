import { isHidden } from '../rest/lookup.ts';
import { nodeId } from '../shapes/account.ts';
import type { PullRequest, Repository } from '../state/nouns.ts';
import { allAsOf, asOf } from '../state/time.ts';
import { fullName } from '../state/world.ts';
import { actorNode } from './accounts.ts';
import { connection, GraphqlFault, requirePermission, type Context, type Paging } from './context.ts';
import { expressionNode, objectNode, refNode } from './git.ts';
import { issueOrPull, oneIssue } from './issues.ts';
import { pullNode, queueEntryNode } from './pulls.ts';

interface PullsArguments extends Paging {
  readonly states?: readonly string[] | null;
  readonly baseRefName?: string | null;
  readonly headRefName?: string | null;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | null;
}

export function repositoryNode(context: Context, repository: Repository): Record<string, unknown> {
  const branch = `refs/heads/${repository.defaultBranch}`;
  return {
    id: nodeId('R', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    owner: actorNode(repository.owner),
    isPrivate: repository.private,
    isFork: repository.fork !== undefined,
    isArchived: repository.archived ?? false,
    defaultBranchRef: () => withContents(context, repository, () => refNode(context, repository, branch)),
    object: ({ expression, oid }: { expression?: string | null; oid?: string | null }) =>
      withContents(context, repository, () =>
        typeof oid === 'string'
          ? objectNode(context, repository, oid)
          : expressionNode(context, repository, expression ?? ''),
      ),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      withContents(context, repository, () => {
        const names = [qualifiedName, `refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`];
        const found = names.find((name) => repository.refs.has(name));
        return found === undefined ? null : refNode(context, repository, found);
      }),
    pullRequest: ({ number }: { number: number }) => onePull(context, repository, number),
    issue: ({ number }: { number: number }) => oneIssue(context, repository, number),
    issueOrPullRequest: ({ number }: { number: number }) => issueOrPull(context, repository, number),
    pullRequests: (args: PullsArguments) => {
      requirePermission(context, 'pull_requests', repository);
      const pulls = chosenPulls(context, repository, args);
      return connection(pulls, args, 'pullRequests', (pull) => pullNode(context, pull));
    },
    mergeQueue: ({ branch: name }: { branch?: string | null }) => {
      requirePermission(context, 'merge_queues', repository);
      return queueNode(context, repository, name ?? repository.defaultBranch);
    },
  };
}

function withContents<T>(context: Context, repository: Repository, ask: () => T): T {
  requirePermission(context, 'contents', repository);
  return ask();
}

function onePull(context: Context, repository: Repository, number: number) {
  requirePermission(context, 'pull_requests', repository);
  const live = context.world.pullsOf(repository).find((pull) => pull.number === number);
  const then = live && !isHidden(context, live) ? asOf(live, context.at) : undefined;
  if (!then)
    throw new GraphqlFault('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
  return pullNode(context, then);
}

function chosenPulls(context: Context, repository: Repository, args: PullsArguments): PullRequest[] {
  const state = (pull: PullRequest) => (pull.mergedAt !== undefined ? 'MERGED' : pull.state.toUpperCase());
  const live = context.world.pullsOf(repository).filter((pull) => !isHidden(context, pull));
  const pulls = allAsOf(live, context.at)
    .filter((pull) => args.states?.includes(state(pull)) ?? true)
    .filter((pull) => typeof args.baseRefName !== 'string' || pull.baseRef === args.baseRefName)
    .filter((pull) => typeof args.headRefName !== 'string' || pull.headRef === args.headRefName);
  const { field, direction } = args.orderBy ?? { field: 'CREATED_AT', direction: 'ASC' };
  const key = (pull: PullRequest) => (field === 'UPDATED_AT' ? pull.updatedAt : pull.createdAt);
  const sign = direction === 'DESC' ? -1 : 1;
  return pulls.sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
}

function queueNode(context: Context, repository: Repository, branch: string) {
  if (!repository.rules.some((rules) => rules.branch === branch && rules.mergeQueue !== undefined))
    return null;
  const entries = repository.queue.filter((entry) => entry.base === branch);
  return {
    id: `MQ_${repository.id}`,
    entries: (args: Paging) =>
      connection(entries, args, 'entries', (entry) => queueEntryNode(context, entry)),
  };
}
