import { z } from 'zod';
import { Unavailable } from '../review/hosting-errors.ts';
import type { BranchTip, OpenPullRequest, RepositoryState } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client, Query } from './client.ts';
import type { GraphqlError } from './errors.ts';
import { allPages } from './pages.ts';
import { concernsPolicy, ORGANISATION_POLICY, policyFile, POLICY_AT_HEAD } from './policy-file.ts';
import { defaultBranchOf } from './repository.ts';
import { id, instant, repositoryRef, sha } from './shapes.ts';
import { policyHolder } from './state-shapes.ts';
import { TEXT } from './texts.ts';

/** Pages of a hundred. */
const MOST = { repositories: 100, branches: 10, pullRequests: 10 };

const repositories = z.object({
  repositories: z.array(
    z.object({ id, full_name: z.string(), archived: z.boolean(), disabled: z.boolean() }),
  ),
});

/** Everything the installation covers. In an archived repository nothing changes, and nothing can be written. */
export async function listRepositories(client: Client): Promise<readonly RepositoryRef[]> {
  const { items, complete } = await allPages(client, repositories, (answer) => answer.repositories, {
    route: 'GET /installation/repositories',
    most: MOST.repositories,
  });
  if (!complete) throw new Unavailable('The installation covers more repositories than can be listed.');
  return items
    .filter((each) => !each.archived && !each.disabled)
    .map((each) => ({ id: each.id, name: each.full_name }));
}

const branches = z.array(z.object({ name: z.string(), commit: z.object({ sha }) }));

export async function protectedBranches(client: Client, ref: RepositoryRef): Promise<readonly BranchTip[]> {
  const [owner, repo] = ref.name.split('/');
  const { items } = await allPages(client, branches, (answer) => answer, {
    route: 'GET /repos/{owner}/{repo}/branches',
    parameters: { owner, repo, protected: true },
    most: MOST.branches,
  });
  return items.map(({ name, commit }) => ({ name, tip: commit.sha }));
}

const OPEN = `
    pullRequests(states: OPEN, first: 100, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor } nodes { number headRefOid baseRefName updatedAt }
    }`;

export const REPOSITORY: Query = {
  name: 'Repository',
  text: `query Repository($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId nameWithOwner defaultBranchRef { name target { oid } }
    ${POLICY_AT_HEAD}${OPEN}
  }${ORGANISATION_POLICY}
}${TEXT}`,
};

export const MORE_PULL_REQUESTS: Query = {
  name: 'MorePullRequests',
  text: `query MorePullRequests($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) { databaseId${OPEN}
  }
}`,
};

const openShape = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(z.object({ number: id, headRefOid: sha, baseRefName: z.string(), updatedAt: instant })),
});

const repositoryAnswer = z.object({
  repository: z
    .object({
      ...repositoryRef.shape,
      ...policyHolder.shape,
      defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: sha }) }).nullable(),
      pullRequests: openShape,
    })
    .nullable(),
  organisation: policyHolder.nullable(),
});

const moreAnswer = z.object({ repository: z.object({ databaseId: id, pullRequests: openShape }) });

/** Policies and open pull requests, newest first. Undefined when it is gone. */
export async function readRepository(
  client: Client,
  ref: RepositoryRef,
): Promise<RepositoryState | undefined> {
  const [owner, name] = ref.name.split('/');
  const { value, errors } = await client.graphql(repositoryAnswer, REPOSITORY, { owner, name }, bearable);
  const found = value.repository;
  if (found?.databaseId !== ref.id) return undefined;
  const open = await allOpen(client, ref, found.pullRequests);
  return {
    repository: { id: found.databaseId, name: found.nameWithOwner },
    defaultBranch: found.defaultBranchRef?.name ?? (await defaultBranchOf(client, ref)),
    defaultTip: found.defaultBranchRef?.target.oid,
    policy: await policyFile(client, found.nameWithOwner, 'repository', found.policy, errors),
    organisationPolicy: await policyFile(
      client,
      `${owner ?? ''}/.github`,
      'organisation',
      value.organisation?.policy ?? null,
      errors,
    ),
    ...open,
  };
}

const bearable = (error: GraphqlError): boolean =>
  concernsPolicy(error) ||
  (error.type === 'NOT_FOUND' && error.path?.[0] === 'repository' && error.path.length === 1);

async function allOpen(
  client: Client,
  ref: RepositoryRef,
  first: z.infer<typeof openShape>,
): Promise<Pick<RepositoryState, 'open' | 'complete'>> {
  const [owner, name] = ref.name.split('/');
  // A pull request that is opened meanwhile moves the others to later pages: by number each is there once.
  const open = new Map<number, OpenPullRequest>();
  let page = first;
  for (let read = 1; ; read++) {
    for (const { number, headRefOid, baseRefName, updatedAt } of page.nodes)
      open.set(number, { number, head: headRefOid, baseRef: baseRefName, updatedAt });
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage) return { open: [...open.values()], complete: true };
    if (read === MOST.pullRequests || endCursor === null)
      return { open: [...open.values()], complete: false };
    const more = await client.graphql(moreAnswer, MORE_PULL_REQUESTS, { owner, name, after: endCursor });
    if (more.value.repository.databaseId !== ref.id)
      throw new Unavailable('The repository changed while it was read.');
    page = more.value.repository.pullRequests;
  }
}
