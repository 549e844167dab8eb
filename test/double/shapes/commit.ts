import type { FileChange } from '../git/diff.ts';
import type { CommitObject, Signature } from '../git/commit.ts';
import { accountByEmail } from '../state/people.ts';
import type { Repository } from '../state/nouns.ts';
import { iso } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { accountShape } from './account.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';

const gitUser = (who: Signature) => ({ name: who.name, email: who.email, date: iso(who.at) });

const VERIFICATION = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

function attributed(world: World, email: string) {
  const account = accountByEmail(world, email);
  return account ? accountShape(world, account) : null;
}

export function commitShape(world: World, repository: Repository, commit: CommitObject) {
  const url = `${repositoryUrl(world, repository)}/commits/${commit.oid}`;
  const page = `${repositoryPage(world, repository)}/commit`;
  return {
    sha: commit.oid,
    node_id: `C_${commit.oid}`,
    commit: {
      author: gitUser(commit.author),
      committer: gitUser(commit.committer),
      message: commit.message,
      tree: {
        sha: commit.tree,
        url: `${repositoryUrl(world, repository)}/git/trees/${commit.tree}`,
      },
      url: `${repositoryUrl(world, repository)}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: VERIFICATION,
    },
    url,
    html_url: `${page}/${commit.oid}`,
    comments_url: `${url}/comments`,
    author: attributed(world, commit.author.email),
    committer: attributed(world, commit.committer.email),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(world, repository)}/commits/${sha}`,
      html_url: `${page}/${sha}`,
    })),
  };
}

export function gitCommitShape(world: World, repository: Repository, commit: CommitObject) {
  const url = `${repositoryUrl(world, repository)}/git`;
  const page = `${repositoryPage(world, repository)}/commit`;
  return {
    sha: commit.oid,
    node_id: `C_${commit.oid}`,
    url: `${url}/commits/${commit.oid}`,
    html_url: `${page}/${commit.oid}`,
    author: gitUser(commit.author),
    committer: gitUser(commit.committer),
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/${sha}`,
    })),
    verification: VERIFICATION,
  };
}

export function gitRefShape(world: World, repository: Repository, name: string, oid: string) {
  const url = `${repositoryUrl(world, repository)}/git`;
  const type = repository.objects.typeOf(oid) ?? 'commit';
  return {
    ref: name,
    node_id: `REF_${repository.id}_${name}`,
    url: `${url}/${encodeURI(name)}`,
    object: { sha: oid, type, url: `${url}/${type}s/${oid}` },
  };
}

export function simpleCommitShape(commit: CommitObject) {
  return {
    id: commit.oid,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: iso(commit.committer.at),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** One changed file; the patch is left out when GitHub would find it too large, and never for a binary. */
export function fileShape(world: World, repository: Repository, commit: string, file: FileChange) {
  const changes = file.additions + file.deletions;
  const { patchLines, patchBytes } = world.limits;
  const listed = changes <= patchLines && Buffer.byteLength(file.patch ?? '') <= patchBytes;
  const path = encodeURIComponent(file.path).replaceAll('%2F', '/');
  const page = repositoryPage(world, repository);
  return {
    sha: file.oid,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes,
    blob_url: `${page}/blob/${commit}/${path}`,
    raw_url: `${page}/raw/${commit}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${commit}`,
    ...(listed && file.patch !== undefined ? { patch: file.patch } : {}),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}
