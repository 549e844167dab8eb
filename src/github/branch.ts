import { z } from 'zod';
import { NotThere } from '../review/hosting-errors.ts';
import type { BranchCommit, Hosting } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import { GIT_ACTOR, gitActor, personOf } from './accounts.ts';
import type { Client, Query } from './client.ts';
import { id, instant, sha } from './shapes.ts';

/** Pages of a hundred commits, those of merged branches among them: so many at least, and more where many are wanted. */
const MOST_PAGES = 10;
const pagesFor = (most: number): number => Math.max(MOST_PAGES, Math.ceil((2 * most) / 100));

export const HISTORY: Query = {
  name: 'History',
  text: `query History($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) { databaseId ref(qualifiedName: $branch) { target {
    __typename
    ... on Commit { oid history(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        oid committedDate author { ...GitActor } parents(first: 1) { nodes { oid } }
        associatedPullRequests(first: 5) { nodes { number merged baseRefName } }
      }
    } }
  } } }
}${GIT_ACTOR}`,
};

const historyNode = z.object({
  oid: sha,
  committedDate: instant,
  author: gitActor,
  parents: z.object({ nodes: z.array(z.object({ oid: sha })) }),
  associatedPullRequests: z
    .object({ nodes: z.array(z.object({ number: id, merged: z.boolean(), baseRefName: z.string() })) })
    .nullable(),
});

type HistoryNode = z.infer<typeof historyNode>;

const historyAnswer = z.object({
  repository: z.object({
    databaseId: id,
    ref: z
      .object({
        target: z.object({
          __typename: z.literal('Commit'),
          oid: sha,
          history: z.object({
            pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
            nodes: z.array(historyNode),
          }),
        }),
      })
      .nullable(),
  }),
});

export type Walked = Awaited<ReturnType<Hosting['branchCommits']>>;

/**
 * First parents from the tip down to `after`, `after` itself not included. GitHub lists everything that can be reached, by
 * date, so that the way is walked through its pages; a way that does not meet `after` within bounds is not complete.
 */
export async function branchCommits(
  client: Client,
  ref: RepositoryRef,
  branch: string,
  after: string | undefined,
  most: number,
): Promise<Walked> {
  const known = new Map<string, HistoryNode>();
  let walked: Walked = { tip: undefined, commits: [], complete: true };
  let cursor: string | null = null;
  for (let page = 0; page < pagesFor(most); page++) {
    const target: Target | undefined = await historyPage(client, ref, branch, cursor);
    // GitHub's cursors hold the commit that the list began with: what is pushed meanwhile is not in later pages.
    const tip = walked.tip ?? target?.oid;
    if (tip === undefined || !target) break;
    for (const node of target.history.nodes) known.set(node.oid, node);
    const way = firstParents(known, tip, after, most);
    walked = { tip, commits: way.commits.map(commitOf), complete: way.end === 'met' };
    const { hasNextPage, endCursor } = target.history.pageInfo;
    if (way.end !== 'unknown' || !hasNextPage || endCursor === null) break;
    cursor = endCursor;
  }
  return walked;
}

type Target = NonNullable<z.infer<typeof historyAnswer>['repository']['ref']>['target'];

async function historyPage(
  client: Client,
  ref: RepositoryRef,
  branch: string,
  after: string | null,
): Promise<Target | undefined> {
  const [owner, name] = ref.name.split('/');
  const variables = { owner, name, branch: `refs/heads/${branch}`, after };
  const { value } = await client.graphql(historyAnswer, HISTORY, variables);
  if (value.repository.databaseId !== ref.id)
    throw new NotThere(`History: ${ref.name} is another repository now`);
  return value.repository.ref?.target;
}

/** `met`: at `after`, or at the first commit of all when nothing was to be met. `unknown`: it is on a page not read yet. */
function firstParents(
  known: ReadonlyMap<string, HistoryNode>,
  tip: string,
  after: string | undefined,
  most: number,
): { readonly commits: readonly HistoryNode[]; readonly end: 'met' | 'too-many' | 'root' | 'unknown' } {
  const commits: HistoryNode[] = [];
  for (let at: string | undefined = tip; at !== after;) {
    const node: HistoryNode | undefined = at === undefined ? undefined : known.get(at);
    if (at === undefined) return { commits, end: 'root' };
    if (commits.length === most) return { commits, end: 'too-many' };
    if (!node) return { commits, end: 'unknown' };
    commits.push(node);
    at = node.parents.nodes[0]?.oid;
  }
  return { commits, end: 'met' };
}

function commitOf(node: HistoryNode): BranchCommit {
  return {
    id: node.oid,
    by: personOf(node.author),
    at: node.committedDate,
    pullRequests: (node.associatedPullRequests?.nodes ?? []).map(({ number, merged, baseRefName }) => ({
      number,
      merged,
      base: baseRefName,
    })),
  };
}

const comparison = z.object({ status: z.enum(['ahead', 'behind', 'diverged', 'identical']) });

/** Seen from the branch, one of its own commits is behind it, or its tip. The second page has no files to carry. */
export async function isOnBranch(
  client: Client,
  ref: RepositoryRef,
  ancestor: string,
  branch: string,
): Promise<boolean> {
  const [owner, repo] = ref.name.split('/');
  const { value } = await client.rest(comparison, 'GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${branch}...${ancestor}`,
    per_page: 1,
    page: 2,
  });
  return value.status === 'behind' || value.status === 'identical';
}
