import { basename } from 'node:path';
import type { Content } from '../core/model/change.ts';
import { contentOf, missing, tooLarge } from '../review/content.ts';
import { UserError } from '../review/errors.ts';
import type { Repository, Tree, TreeEntry } from '../review/ports.ts';
import { runGit } from './git.ts';

/** The port over a local repository, with what the working-tree variant needs to know. */
export interface GitRepository extends Repository {
  /** Folder git is run in: the top of the work tree, or the git directory of a bare repository. */
  readonly root: string;
  readonly bare: boolean;
}

/**
 * Opens the repository that a folder belongs to: plain, bare, worktree or shallow, whoever owns it.
 * Throws `UserError` when there is none, or no git.
 */
export async function openRepository(dir: string): Promise<GitRepository> {
  const { root, bare } = await locate(dir);
  const git = (...args: readonly string[]) => runGit(root, args);
  return {
    name: await nameOf(root),
    root,
    bare,
    defaultBranch: () => findDefaultBranch(git),
    resolve: (revision) => resolveRevision(git, revision),
    mergeBase: (base, head) => findMergeBase(git, base, head),
    tree: oncePerCommit((commit) => listTree(git, commit)),
    blobs: (ids, limitBytes) => readBlobs(root, ids, limitBytes),
  };
}

/** The tree of a commit id never changes, and one evaluation asks for the same one more than once (base and policy). */
function oncePerCommit<T>(ask: (commit: string) => Promise<T>): (commit: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (commit) => {
    if (!OBJECT_ID.test(commit)) return ask(commit);
    const known = answers.get(commit) ?? ask(commit);
    answers.set(commit, known);
    return known;
  };
}

type Git = (...args: readonly string[]) => ReturnType<typeof runGit>;

async function locate(dir: string): Promise<{ root: string; bare: boolean }> {
  const asked = await runGit(dir, ['rev-parse', '--is-bare-repository', '--absolute-git-dir']);
  if (asked.code !== 0)
    throw new UserError(
      `There is no git repository at ${dir} (git says: ${lastLine(asked.stderr)}).`,
      'Run this inside a checkout, or name one with --repo DIR.',
    );
  const [bare, gitDir = dir] = lines(asked.stdout);
  if (bare === 'true') return { root: gitDir, bare: true };
  const top = await runGit(dir, ['rev-parse', '--show-toplevel']);
  // Inside `.git` itself there is no work tree to show; the objects are readable all the same.
  return top.code === 0 ? { root: lines(top.stdout)[0] ?? dir, bare: false } : { root: gitDir, bare: true };
}

/** `owner/name` as the hosting service knows it, so that every surface gives the same verdict; else the folder's name. */
async function nameOf(root: string): Promise<string> {
  const { code, stdout } = await runGit(root, ['config', '--get', 'remote.origin.url']);
  const remote = code === 0 ? (lines(stdout)[0] ?? '') : '';
  const hosted =
    /^(?:(?:https?|ssh|git):\/\/[^/]+\/|[^/@:]+@[^/:]+:\/?)([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(remote);
  return (
    hosted?.[1] ??
    (basename(root) === '.git' ? basename(root.slice(0, -5)) : basename(root).replace(/\.git$/, ''))
  );
}

async function findDefaultBranch(git: Git): Promise<string> {
  const tracked = await git('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD');
  const named = lines(tracked.stdout)[0];
  if (tracked.code === 0 && named) return named;
  const configured = lines((await git('config', '--get', 'init.defaultBranch')).stdout);
  for (const branch of ['main', 'master', ...configured])
    for (const ref of [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`])
      if ((await git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`)).code === 0)
        return ref.replace(/^refs\/(remotes|heads)\//, '');
  throw new UserError(
    'The default branch is not known: there is no origin/HEAD, main or master here.',
    'Name the branch that the change goes to with --base, for example --base develop.',
  );
}

const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

async function resolveRevision(git: Git, revision: string): Promise<string> {
  // A revision is an argument to git: it must not be readable as an option, whatever the version of git makes of it.
  if (revision === '' || revision.startsWith('-') || /[\u0000-\u001f\u007f]/.test(revision))
    throw new UserError(
      `${JSON.stringify(revision)} is not a revision.`,
      'Give a branch, a tag or a commit id; it cannot be empty or begin with a hyphen.',
    );
  for (const name of [revision, `refs/remotes/origin/${revision}`]) {
    const found = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
    const id = lines(found.stdout).at(-1);
    if (found.code === 0 && id && OBJECT_ID.test(id)) return id;
  }
  throw await unknownRevision(git, revision);
}

async function unknownRevision(git: Git, revision: string): Promise<UserError> {
  const any = await git('rev-list', '--max-count=1', '--all', 'HEAD', '--');
  if (any.code !== 0 || any.stdout.length === 0)
    return new UserError(
      'The repository has no commit yet.',
      'Commit something first; there is nothing to compare.',
    );
  return new UserError(
    `The revision ${revision} is not in this repository.`,
    `Check the spelling, or fetch it first: git fetch origin ${revision}`,
  );
}

async function findMergeBase(git: Git, base: string, head: string): Promise<string> {
  const [from, to] = await Promise.all([resolveRevision(git, base), resolveRevision(git, head)]);
  const found = await git('merge-base', from, to);
  const id = lines(found.stdout)[0];
  if (found.code === 0 && id && OBJECT_ID.test(id)) return id;
  const shallow = lines((await git('rev-parse', '--is-shallow-repository')).stdout)[0] === 'true';
  if (shallow)
    throw new UserError(
      `The history is too shallow to find where ${head} left ${base}.`,
      'Fetch the rest with `git fetch --unshallow`, or set `fetch-depth: 0` for actions/checkout.',
    );
  throw new UserError(
    `${base} and ${head} have no common history, so there is no change between them to judge.`,
    'Name another base with --base.',
  );
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = { '120000': 'symlink', '160000': 'submodule' };

async function listTree(git: Git, commit: string): Promise<Tree> {
  const id = OBJECT_ID.test(commit) ? commit : await resolveRevision(git, commit);
  const listed = await git('ls-tree', '-r', '-z', '--full-tree', id);
  const entries = split(listed.stdout).map((record) => {
    const tab = record.indexOf(9);
    const [mode = '', , blob = ''] = record.subarray(0, tab).toString('latin1').split(' ');
    const entry = { ...decodePath(record.subarray(tab + 1), KINDS[mode] ?? 'file'), id: blob };
    return entry.kind === 'file' && mode === '100755' ? { ...entry, executable: true } : entry;
  });
  // A tree object that is missing (a damaged or partial clone) ends the listing early, with what came before it.
  return { entries, complete: listed.code === 0 };
}

/** A path that is not UTF-8 cannot be named in a report or matched by a rule: shown with replacements, kind `unsafe`. */
export function decodePath(bytes: Buffer, kind: TreeEntry['kind']): Pick<TreeEntry, 'path' | 'kind'> {
  const path = bytes.toString('utf8');
  return { path, kind: Buffer.from(path, 'utf8').equals(bytes) ? kind : 'unsafe' };
}

/** Sizes first, then only the bytes that are wanted: a file over the limit is never read. */
async function readBlobs(
  root: string,
  ids: readonly string[],
  limitBytes: number,
): Promise<ReadonlyMap<string, Content>> {
  const unique = [...new Set(ids)];
  const contents = new Map<string, Content>(unique.map((id) => [id, missing(id)]));
  const wanted: string[] = [];
  for (const { id, type, size } of await blobSizes(
    root,
    unique.filter((id) => OBJECT_ID.test(id)),
  )) {
    if (type !== 'blob') continue;
    if (size > limitBytes) contents.set(id, tooLarge(size, limitBytes));
    else wanted.push(id);
  }
  for (const [id, bytes] of await blobBytes(root, wanted)) contents.set(id, contentOf(bytes));
  return contents;
}

interface Sized {
  readonly id: string;
  readonly type: string;
  readonly size: number;
}

/** In a partial clone git gives up at the first object it would have to fetch; that one is skipped and asked past. */
async function blobSizes(root: string, ids: readonly string[]): Promise<readonly Sized[]> {
  const sized: Sized[] = [];
  for (let from = 0; from < ids.length;) {
    const asked = ids.slice(from);
    const { stdout } = await runGit(root, ['cat-file', '--batch-check'], { input: `${asked.join('\n')}\n` });
    const answers = lines(stdout);
    for (const answer of answers) {
      const [id = '', type = '', size = '0'] = answer.split(' ');
      sized.push({ id, type, size: Number(size) });
    }
    from += answers.length < asked.length ? answers.length + 1 : asked.length;
  }
  return sized;
}

async function blobBytes(root: string, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  if (ids.length === 0) return found;
  const { stdout } = await runGit(root, ['cat-file', '--batch'], { input: `${ids.join('\n')}\n` });
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(10, at);
    if (end < 0) break;
    const [id = '', type = '', size = ''] = stdout.subarray(at, end).toString('latin1').split(' ');
    if (type === 'missing') {
      at = end + 1;
      continue;
    }
    const stop = end + 1 + Number(size);
    // Cut short: what is not whole stays `missing`.
    if (!Number.isInteger(stop) || stop > stdout.length) break;
    found.set(id, stdout.subarray(end + 1, stop));
    at = stop + 1;
  }
  return found;
}

/** NUL-terminated records. */
export function split(bytes: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const stop = end < 0 ? bytes.length : end;
    records.push(bytes.subarray(at, stop));
    at = stop + 1;
  }
  return records;
}

function lines(bytes: Buffer): readonly string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
