import { openRepository } from '../local/git-repository.ts';
import { UserError } from '../review/errors.ts';
import type { Hosting } from '../review/hosting.ts';
import type { Repository, Tree } from '../review/ports.ts';

/**
 * Reads commits and files from the checkout of the job where it has them, and asks GitHub for the rest. An id is the same
 * content wherever it comes from, so that the verdict is the same. Nothing of the checkout is executed.
 */
export async function withCheckout(hosting: Hosting, folder: string | undefined): Promise<Hosting> {
  const local = folder === undefined ? undefined : await open(folder);
  if (!local) return hosting;
  return { ...hosting, repository: (ref) => overlay(local, hosting.repository(ref)) };
}

async function open(folder: string): Promise<Repository | undefined> {
  try {
    return await openRepository(folder);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function overlay(local: Repository, remote: Repository): Repository {
  return {
    ...remote,
    tree: async (commit) => (await localTree(local, commit)) ?? remote.tree(commit),
    blobs: async (ids, limitBytes) => {
      const here = await local.blobs(ids, limitBytes);
      const absent = ids.filter((id) => isMissing(here.get(id)));
      const there = absent.length > 0 ? await remote.blobs(absent, limitBytes) : new Map<string, never>();
      return new Map([...here, ...there]);
    },
  };
}

const isMissing = (content: { readonly kind: string; readonly reason?: string } | undefined): boolean =>
  content === undefined || (content.kind === 'unreadable' && content.reason === 'missing');

async function localTree(local: Repository, commit: string): Promise<Tree | undefined> {
  try {
    const tree = await local.tree(await local.resolve(commit));
    return tree.complete ? tree : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
