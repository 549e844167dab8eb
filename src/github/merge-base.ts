import { z } from 'zod';
import type { PullRequestState } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client } from './client.ts';
import type { Remembered } from './memory.ts';
import { sha } from './shapes.ts';

export type Listed = Pick<
  PullRequestState,
  'head' | 'commits' | 'commitsComplete' | 'changedFiles' | 'baseChangedAt'
>;

/**
 * The merge base, where the listed commits alone prove it.
 *
 * GitHub lists S, the commits that the head has and the base has not. Call the parents of S that are not in S its boundary:
 * they are reachable from the head and not in S, so the base has them too, and each is a common ancestor. Conversely, every
 * path from the head to a common ancestor starts in S and ends outside of it, so it leaves S through the boundary: each
 * common ancestor is a boundary commit or an ancestor of one. With exactly one boundary commit, all common ancestors are it
 * and its ancestors: it is the one best, the merge base. With several, any of them may be, or another choice is as good.
 *
 * After the base was exchanged or rewritten, the list may still be that of the old one: then it proves nothing.
 */
export function provenMergeBase(listed: Listed): string | undefined {
  const { head, commits, commitsComplete, changedFiles, baseChangedAt } = listed;
  if (!commitsComplete || baseChangedAt !== undefined) return undefined;
  // Everything the head has, the base has: they meet at the head.
  if (commits.length === 0) return changedFiles === 0 ? head : undefined;
  const parentsOf = new Map(commits.map((commit) => [commit.id, commit.parents]));
  const boundary = new Set<string>();
  const reached = new Set<string>();
  for (let next: readonly string[] = [head]; next.length > 0;) {
    const inside = next.filter((id) => parentsOf.has(id) && !reached.has(id));
    for (const id of next) if (!parentsOf.has(id)) boundary.add(id);
    for (const id of inside) reached.add(id);
    next = [...new Set(inside)].flatMap((id) => parentsOf.get(id) ?? []);
  }
  // A listed commit that the head does not have belongs to another list than the one of the proof; so does a missing head.
  if (reached.size !== parentsOf.size || boundary.size !== 1) return undefined;
  return [...boundary][0];
}

const comparison = z.object({ merge_base_commit: z.object({ sha }) });

/** Merge base of two commits, asked for once: of ids it never changes. The second page has no files, only the answer. */
export async function askMergeBase(
  client: Client,
  repository: RepositoryRef,
  base: string,
  head: string,
  known: Remembered<string>,
): Promise<string> {
  const key = `${repository.id}/${base}/${head}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const [owner, repo] = repository.name.split('/');
  const { value } = await client.rest(comparison, 'GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${base}...${head}`,
    per_page: 1,
    page: 2,
  });
  const found = value.merge_base_commit.sha;
  if (isId(base) && isId(head)) known.set(key, found, key.length + found.length);
  return found;
}

const isId = (revision: string) => sha.safeParse(revision).success;
