import { coAuthors } from '../git/commit.ts';
import type { CommitObject, Signature } from '../git/commit.ts';
import type { TreeItem } from '../git/objects.ts';
import type { Repository } from '../state/nouns.ts';
import { accountByEmail } from '../state/people.ts';
import { commitsOf } from '../state/pulls.ts';
import { allAsOf, iso } from '../state/time.ts';
import { userOrNull } from './accounts.ts';
import { connection, type Context, type Paging } from './context.ts';
import { pullNode } from './pulls.ts';

function personNode(context: Context, who: Pick<Signature, 'name' | 'email'>, at: number) {
  return {
    name: who.name,
    email: who.email,
    date: iso(at),
    user: userOrNull(accountByEmail(context.world, who.email)),
  };
}

export function commitNode(context: Context, repository: Repository, commit: CommitObject) {
  const { objects } = repository;
  return {
    __typename: 'Commit',
    id: `C_${commit.oid}`,
    oid: commit.oid,
    message: commit.message,
    committedDate: iso(commit.committer.at),
    authoredDate: iso(commit.author.at),
    author: personNode(context, commit.author, commit.author.at),
    committer: personNode(context, commit.committer, commit.committer.at),
    tree: () => treeNode(context, repository, commit.tree),
    parents: (args: Paging) =>
      connection(commit.parents, args, 'parents', (oid) =>
        commitNode(context, repository, objects.commitAt(oid)),
      ),
    authors: (args: Paging) =>
      connection([commit.author, ...coAuthors(commit.message)], args, 'authors', (who) =>
        personNode(context, who, commit.author.at),
      ),
    history: (args: Paging) =>
      connection(objects.history(commit.oid), args, 'history', (oid) =>
        commitNode(context, repository, objects.commitAt(oid)),
      ),
    associatedPullRequests: (args: Paging) => {
      const pulls = allAsOf(context.world.pullsOf(repository), context.at).filter(
        (pull) => pull.mergeCommit === commit.oid || commitsOf(pull).includes(commit.oid),
      );
      return connection(pulls, args, 'associatedPullRequests', (pull) => pullNode(context, pull));
    },
  };
}

export const commitOrNull = (context: Context, repository: Repository, oid: string | undefined) => {
  const commit = oid === undefined ? undefined : repository.objects.commit(oid);
  return commit ? commitNode(context, repository, commit) : null;
};

/** `folder` is where the tree was found: a tree itself does not know. */
function treeNode(context: Context, repository: Repository, oid: string, folder = '') {
  return {
    __typename: 'Tree',
    id: `T_${oid}`,
    oid,
    entries: () =>
      repository.objects
        .tree(oid)
        .filter((item) => !item.path.includes('/'))
        .map((item) => entryNode(context, repository, { ...item, path: `${folder}${item.path}` })),
  };
}

function entryNode(context: Context, repository: Repository, item: TreeItem) {
  return {
    name: item.path.split('/').at(-1) ?? item.path,
    path: item.path,
    type: item.type,
    mode: parseInt(item.mode, 8),
    oid: item.oid,
    size: item.size ?? 0,
    object: () => objectNode(context, repository, item.oid, `${item.path}/`),
  };
}

function blobNode(context: Context, oid: string, bytes: Buffer) {
  const limit = context.world.limits.blobText;
  // Git's own guess at what is no text.
  const isBinary = bytes.subarray(0, 8000).includes(0);
  return {
    __typename: 'Blob',
    id: `B_${oid}`,
    oid,
    byteSize: bytes.length,
    isBinary,
    isTruncated: !isBinary && bytes.length > limit,
    text: isBinary ? null : wholeCharacters(bytes.subarray(0, limit)),
  };
}

/** A cut in the middle of a character drops its beginning. */
function wholeCharacters(bytes: Buffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}

export function objectNode(context: Context, repository: Repository, oid: string, folder = '') {
  const { objects } = repository;
  switch (objects.typeOf(oid)) {
    case 'commit':
      return commitOrNull(context, repository, oid);
    case 'tree':
      return treeNode(context, repository, oid, folder);
    case 'blob':
      return blobNode(context, oid, objects.blob(oid) ?? Buffer.alloc(0));
    default:
      return null;
  }
}

/** `<commit or ref>`, `<commit or ref>:<path>`; a missing path is null and no error. */
export function expressionNode(context: Context, repository: Repository, expression: string) {
  const colon = expression.indexOf(':');
  const name = colon < 0 ? expression : expression.slice(0, colon);
  const oid = namedObject(repository, name);
  if (oid === undefined) return null;
  if (colon < 0) return objectNode(context, repository, oid);
  const path = expression.slice(colon + 1).replace(/^\.?\/|\/$/g, '');
  if (path === '') {
    const commit = repository.objects.commit(oid);
    return treeNode(context, repository, commit?.tree ?? oid);
  }
  const item = repository.objects.entry(oid, path);
  return item ? objectNode(context, repository, item.oid, `${path}/`) : null;
}

function namedObject(repository: Repository, name: string): string | undefined {
  if (name === 'HEAD') return repository.refs.get(`refs/heads/${repository.defaultBranch}`);
  if (/^[0-9a-f]{40}$/.test(name)) return repository.objects.has(name) ? name : undefined;
  return [`refs/heads/${name}`, `refs/tags/${name}`, name]
    .map((ref) => repository.refs.get(ref))
    .find((oid) => oid !== undefined);
}

export function refNode(context: Context, repository: Repository, ref: string) {
  const oid = repository.refs.get(ref);
  if (oid === undefined) return null;
  const [, prefix = 'refs/', name = ref] = /^(refs\/(?:heads|tags)\/)(.*)$/.exec(ref) ?? [];
  return {
    id: `REF_${repository.id}_${name}`,
    name,
    prefix,
    target: () => objectNode(context, repository, oid),
  };
}
