import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readlink, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Content } from '../core/model/change.ts';
import { contentOf, missing, tooLarge } from '../review/content.ts';
import { UserError } from '../review/errors.ts';
import type { Repository, Tree, TreeEntry } from '../review/ports.ts';
import type { GitRepository } from './git-repository.ts';
import { decodePath, split } from './git-repository.ts';
import { runGit } from './git.ts';

/** The name under which the working tree stands where a commit id would. */
export const WORKTREE = 'worktree';

/** Files larger than this are not hashed to see whether they are unchanged: a changed time stamp counts as a change. */
const HASHED_BYTES = 32 * 1024 * 1024;

/**
 * The port with the working tree as head: tracked and untracked files that are not ignored, as they are on disk.
 * Links are never followed, and nothing outside the repository is read.
 */
export function withWorktree(repository: GitRepository): Repository {
  if (repository.bare)
    throw new UserError(
      'This repository is bare: it has no working tree.',
      'Leave --worktree out, or run this in a checkout with a working tree.',
    );
  const onDisk = new Map<string, string>();
  const inner = (revision: string): string => (revision === WORKTREE ? 'HEAD' : revision);
  return {
    name: repository.name,
    defaultBranch: () => repository.defaultBranch(),
    resolve: async (revision) => (revision === WORKTREE ? WORKTREE : repository.resolve(revision)),
    mergeBase: (base, head) => repository.mergeBase(inner(base), inner(head)),
    tree: (commit) => (commit === WORKTREE ? listWorktree(repository, onDisk) : repository.tree(commit)),
    blobs: async (ids, limitBytes) => {
      const stored = await repository.blobs(
        ids.filter((id) => !onDisk.has(id)),
        limitBytes,
      );
      const contents = new Map(stored);
      for (const id of ids) {
        const path = onDisk.get(id);
        if (path !== undefined) contents.set(id, await readContent(repository.root, path, id, limitBytes));
      }
      return contents;
    },
  };
}

interface Indexed {
  readonly entry: TreeEntry;
  /** Not checked out on purpose (sparse checkout): the index speaks for it. */
  readonly skipped: boolean;
}

async function listWorktree(repository: GitRepository, onDisk: Map<string, string>): Promise<Tree> {
  const { root } = repository;
  const [indexed, touched, untracked] = await Promise.all([
    git(root, 'ls-files', '-z', '-t', '-s'),
    git(root, 'diff-files', '-z', '--name-only', '--no-ext-diff', '--ignore-submodules=all'),
    git(root, 'ls-files', '-z', '-o', '--exclude-standard'),
  ]);
  const tracked = new Map<string, Indexed>();
  for (const record of split(indexed)) {
    const item = readIndexRecord(record);
    tracked.set(item.entry.path, item);
  }
  const dirty = new Set(split(touched).map((path) => path.toString('utf8')));
  const real = await realpath(root);
  const wordLength = [...tracked.values()][0]?.entry.id.length ?? 40;
  const look = (path: string) => readEntry(real, path, wordLength === 64 ? 'sha256' : 'sha1', onDisk);
  const entries: TreeEntry[] = [];
  for (const [path, { entry, skipped }] of tracked) {
    const fresh = dirty.has(path) && !skipped && entry.kind !== 'submodule' ? await look(path) : entry;
    if (fresh) entries.push(fresh);
  }
  for (const record of split(untracked)) {
    const { path, kind } = decodePath(record, 'file');
    const entry = kind === 'unsafe' ? { path, kind, id: path } : await look(path);
    if (entry) entries.push(entry);
  }
  return { entries, complete: true };
}

/** `H 100644 <id> 0\t<path>`; an unmerged path comes once for every side and is looked up on disk anyway. */
function readIndexRecord(record: Buffer): Indexed {
  const tab = record.indexOf(9);
  const [tag = '', mode = '', id = ''] = record.subarray(0, tab).toString('latin1').split(' ');
  const kind = mode === '120000' ? 'symlink' : mode === '160000' ? 'submodule' : 'file';
  return { entry: { ...decodePath(record.subarray(tab + 1), kind), id }, skipped: tag === 'S' };
}

/** A file as it is on disk, or undefined when it is gone. A folder here is another repository inside this one. */
async function readEntry(
  root: string,
  path: string,
  algorithm: 'sha1' | 'sha256',
  onDisk: Map<string, string>,
): Promise<TreeEntry | undefined> {
  if (path.endsWith('/')) return { path: path.slice(0, -1), kind: 'submodule', id: path };
  const full = join(root, path);
  if (!(await isInside(root, full))) return { path, kind: 'symlink', id: `outside:${path}` };
  const stat = await lstat(full).catch(() => undefined);
  if (!stat) return undefined;
  if (stat.isSymbolicLink())
    return { path, kind: 'symlink', id: blobId(Buffer.from(await readlink(full)), algorithm) };
  if (!stat.isFile()) return undefined;
  const bytes = stat.size > HASHED_BYTES ? undefined : await readFile(full);
  const id = bytes ? blobId(bytes, algorithm) : `unhashed:${stat.size}:${stat.mtimeMs}:${path}`;
  onDisk.set(id, path);
  return { path, kind: 'file', id, size: stat.size };
}

/** A tracked folder may have been replaced by a link: what lies behind it is not ours. */
async function isInside(root: string, full: string): Promise<boolean> {
  const parent = await realpath(dirname(full)).catch(() => undefined);
  return parent === undefined || parent === root || parent.startsWith(root.endsWith(sep) ? root : root + sep);
}

async function readContent(root: string, path: string, id: string, limitBytes: number): Promise<Content> {
  const full = join(await realpath(root), path);
  const stat = await lstat(full).catch(() => undefined);
  if (!stat?.isFile() || !(await isInside(await realpath(root), full))) return missing(id);
  if (stat.size > limitBytes) return tooLarge(stat.size, limitBytes);
  const bytes = await readFile(full);
  return bytes ? contentOf(bytes) : missing(id);
}

/** Opened without following a link, should the file have become one since it was looked at. */
async function readFile(full: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW);
    return await file.readFile();
  } catch {
    return undefined;
  }
}

/** What git would call these bytes, so that a file that was only touched is not a change. */
function blobId(bytes: Buffer, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Here git looks at files, so its own check of who owns them stays on. */
async function git(root: string, ...args: readonly string[]): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(root, args, { trusted: false });
  if (code === 0) return stdout;
  const foreign = stderr.includes('dubious ownership');
  throw new UserError(
    foreign
      ? 'The working tree belongs to somebody else, so git refuses to look at it.'
      : `The working tree could not be listed (git says: ${stderr.split('\n').at(-1) ?? ''}).`,
    foreign
      ? 'Trust it with `git config --global --add safe.directory <folder>`, or judge a commit instead of --worktree.'
      : 'Check that `git status` works here.',
  );
}
