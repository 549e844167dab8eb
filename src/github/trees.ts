import { z } from 'zod';
import type { Tree, TreeEntry } from '../review/ports.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client } from './client.ts';
import type { Memory } from './memory.ts';
import { sha } from './shapes.ts';

const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.enum(['blob', 'tree', 'commit']),
      sha,
      size: z.number().int().nonnegative().optional(),
    }),
  ),
});

type Item = z.infer<typeof tree>['tree'][number];

/** The whole tree of a commit in one request; asked for once. */
export async function readTree(
  client: Client,
  repository: RepositoryRef,
  commit: string,
  memory: Memory,
): Promise<Tree> {
  const key = `${repository.id}/${commit}`;
  const known = memory.trees.get(key);
  if (known) return known;
  const [owner, repo] = repository.name.split('/');
  const { value } = await client.rest(tree, 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    owner,
    repo,
    tree_sha: commit,
    recursive: '1',
  });
  const read = { entries: value.tree.flatMap(entryOf), complete: !value.truncated };
  memory.trees.set(key, read, bytesOf(read));
  return read;
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = { '120000': 'symlink', '160000': 'submodule' };

function entryOf({ path, mode, type, sha: id, size }: Item): TreeEntry[] {
  if (type === 'tree') return [];
  const kind = isSafe(path) ? (KINDS[mode] ?? 'file') : 'unsafe';
  return [
    {
      path,
      id,
      kind,
      ...(kind === 'file' && mode === '100755' ? { executable: true } : {}),
      ...(size === undefined ? {} : { size }),
    },
  ];
}

/** JSON has no bytes: where a path was not UTF-8, its replacement characters are all that is left to tell. */
const isSafe = (path: string) => path.isWellFormed() && !path.includes('\uFFFD');

/** About what it takes in memory. */
const bytesOf = ({ entries }: Tree) => entries.reduce((sum, e) => sum + 200 + 2 * e.path.length, 100);
