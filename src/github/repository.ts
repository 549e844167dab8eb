import { z } from 'zod';
import { NotThere } from '../review/hosting-errors.ts';
import type { Repository, Tree } from '../review/ports.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client, Query } from './client.ts';
import { readContents } from './contents.ts';
import type { Memory } from './memory.ts';
import { askMergeBase } from './merge-base.ts';
import { id, sha } from './shapes.ts';
import { readTree } from './trees.ts';

/** The port over one repository at GitHub. Forks share their objects with it, so that heads of forks are read here too. */
export function repositoryAt(client: Client, ref: RepositoryRef, memory: Memory): Repository {
  const listed: Tree[] = [];
  return {
    name: ref.name,
    defaultBranch: () => defaultBranchOf(client, ref),
    resolve: (revision) => resolveRevision(client, ref, revision),
    mergeBase: (base, head) => askMergeBase(client, ref, base, head, memory.mergeBases),
    async tree(commit) {
      const tree = await readTree(client, ref, commit, memory);
      listed.push(tree);
      return tree;
    },
    blobs: (ids, limitBytes) =>
      readContents(client, { repository: ref, ids, limitBytes, sizes: sizesIn(listed, ids) }, memory),
  };
}

function sizesIn(trees: readonly Tree[], ids: readonly string[]): ReadonlyMap<string, number> {
  const wanted = new Set(ids);
  return new Map(
    trees.flatMap(({ entries }) =>
      entries.flatMap((e): [string, number][] =>
        e.size !== undefined && wanted.has(e.id) ? [[e.id, e.size]] : [],
      ),
    ),
  );
}

const about = z.object({ id, default_branch: z.string() });

/** REST names it even where there is no commit yet. */
export async function defaultBranchOf(client: Client, ref: RepositoryRef): Promise<string> {
  const [owner, repo] = ref.name.split('/');
  const { value } = await client.rest(about, 'GET /repos/{owner}/{repo}', { owner, repo });
  if (value.id !== ref.id) throw new NotThere(`${ref.name} is another repository now`);
  return value.default_branch;
}

export const RESOLVE: Query = {
  name: 'Resolve',
  text: `query Resolve($owner: String!, $name: String!, $revision: String!) {
  repository(owner: $owner, name: $name) { object(expression: $revision) {
    __typename
    ... on Commit { oid }
    ... on Tag { target { __typename ... on Commit { oid } } }
  } }
}`,
};

const commit = z.object({ __typename: z.literal('Commit'), oid: sha });
const resolveAnswer = z.object({
  repository: z.object({
    object: z
      .union([
        commit,
        z.object({ __typename: z.literal('Tag'), target: commit }),
        z.object({ __typename: z.string() }),
      ])
      .nullable(),
  }),
});

async function resolveRevision(client: Client, ref: RepositoryRef, revision: string): Promise<string> {
  if (sha.safeParse(revision).success) return revision;
  const [owner, name] = ref.name.split('/');
  const { value } = await client.graphql(resolveAnswer, RESOLVE, { owner, name, revision });
  const found = value.repository.object;
  if (found && 'oid' in found) return found.oid;
  if (found && 'target' in found) return found.target.oid;
  throw new NotThere('Resolve: there is no such commit');
}
