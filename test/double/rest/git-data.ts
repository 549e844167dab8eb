import { inRepository, ok, pageLinks, type Answer, type RepositoryCall, type Route } from '../http/call.ts';
import { commitShape, fileShape, gitCommitShape, gitRefShape } from '../shapes/commit.ts';
import { fullRepositoryShape, repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { allAsOf } from '../state/time.ts';
import { commitIn, commitNamed } from './lookup.ts';

function blob(call: RepositoryCall): Answer {
  const sha = call.params['file_sha'] ?? '';
  const bytes = call.repository.objects.blob(sha);
  if (!bytes) throw notFound();
  if (call.accept.includes('raw')) return { status: 200, raw: new Uint8Array(bytes) };
  return ok({
    sha,
    node_id: `B_${sha}`,
    size: bytes.length,
    url: `${repositoryUrl(call.world, call.repository)}/git/blobs/${sha}`,
    content: base64(bytes),
    encoding: 'base64',
  });
}

/** Broken into lines, as GitHub sends it. */
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/.{60}/g, '$&\n');

function tree(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const named = call.params['tree_sha'] ?? '';
  const type = repository.objects.typeOf(named);
  const sha = type === 'tree' ? named : commitNamed(call, named);
  if (sha === undefined) throw notFound();
  const root = type === 'tree' ? sha : repository.objects.commitAt(sha).tree;
  const recursive = call.query['recursive'] !== undefined;
  const all = repository.objects.tree(root).filter((item) => recursive || !item.path.includes('/'));
  const url = `${repositoryUrl(world, repository)}/git`;
  return ok({
    sha: root,
    url: `${url}/trees/${root}`,
    tree: all.slice(0, world.limits.treeEntries).map((item) => ({
      path: item.path,
      mode: item.mode,
      type: item.type,
      sha: item.oid,
      ...(item.size === undefined ? {} : { size: item.size }),
      ...(item.type === 'commit' ? {} : { url: `${url}/${item.type}s/${item.oid}` }),
    })),
    truncated: all.length > world.limits.treeEntries,
  });
}

function gitCommit(call: RepositoryCall): Answer {
  const commit = call.repository.objects.commit(call.params['commit_sha'] ?? '');
  if (!commit) throw notFound();
  return ok(gitCommitShape(call.world, call.repository, commit));
}

/** All refs whose names begin so, and never by pages. The heads of pull requests are refs as well. */
function matchingRefs(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const pulls = allAsOf(world.pullsOf(repository), call.at);
  const heads = pulls.map((pull): [string, string] => [`refs/pull/${pull.number}/head`, pull.headSha]);
  const matching = [...repository.refs, ...heads]
    .filter(([name]) => name.startsWith(`refs/${call.params['ref'] ?? ''}`))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return ok(matching.map(([name, oid]) => gitRefShape(world, repository, name, oid)));
}

function commit(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const oid = commitIn(call, call.params['ref'] ?? '');
  if (call.accept.includes('sha')) return { status: 200, raw: new TextEncoder().encode(oid) };
  const found = repository.objects.commitAt(oid);
  const [parent] = found.parents;
  const files = parent === undefined ? [] : repository.objects.diff(parent, oid);
  const total = (of: 'additions' | 'deletions') => files.reduce((sum, file) => sum + file[of], 0);
  return ok({
    ...commitShape(world, repository, found),
    stats: {
      additions: total('additions'),
      deletions: total('deletions'),
      total: total('additions') + total('deletions'),
    },
    files: files.slice(0, world.limits.compareFiles).map((file) => fileShape(world, repository, oid, file)),
  });
}

/** `base...head`; a side may name a fork: `owner:branch`. */
function compare(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const [left = '', right = ''] = (call.params['basehead'] ?? '').split('...');
  const [base, head] = [sideNamed(call, left), sideNamed(call, right)];
  if (base === undefined || head === undefined) throw notFound();
  const { objects } = repository;
  const mergeBase = objects.mergeBase(base, head);
  if (mergeBase === undefined) throw new Refusal(404, `No common ancestor between ${left} and ${right}.`);
  const ahead = objects.log(base, head);
  const behind = objects.log(head, base);
  const current = Math.max(Number(call.query['page'] ?? 1) || 1, 1);
  const paged = call.query['page'] !== undefined || call.query['per_page'] !== undefined;
  const size = paged
    ? Math.min(Number(call.query['per_page'] ?? 30) || 30, 100)
    : world.limits.compareCommits;
  const url = `${repositoryUrl(world, repository)}/compare/${left}...${right}`;
  const html = `${repositoryPage(world, repository)}/compare/${left}...${right}`;
  const shape = (oid: string) => commitShape(world, repository, objects.commitAt(oid));
  const files = current === 1 ? objects.diff(mergeBase, head).slice(0, world.limits.compareFiles) : undefined;
  const link = paged ? pageLinks(call.url, current, Math.max(Math.ceil(ahead.length / size), 1)) : '';
  return {
    status: 200,
    body: {
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: shape(base),
      merge_base_commit: shape(mergeBase),
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead.slice((current - 1) * size, current * size).map(shape),
      ...(files ? { files: files.map((file) => fileShape(world, repository, head, file)) } : {}),
    },
    ...(link === '' ? {} : { headers: { link } }),
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

function sideNamed(call: RepositoryCall, name: string): string | undefined {
  const [owner, branch] = name.split(':');
  if (branch === undefined) return commitNamed(call, name);
  const fork = [...call.world.repositories.values()].find(
    (each) => each.owner.login === owner && each.objects === call.repository.objects,
  );
  return fork && commitNamed({ ...call, repository: fork }, branch);
}

/** A file, or a folder's entries. Over one megabyte a file's content is left out. */
function contents(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const oid = commitNamed(call, call.query['ref'] ?? repository.defaultBranch);
  if (oid === undefined) throw new Refusal(404, `No commit found for the ref ${call.query['ref'] ?? ''}`);
  const path = (call.params['path'] ?? '').replace(/\/$/, '');
  const item = repository.objects.entry(oid, path);
  if (!item && path !== '') throw notFound();
  if (item?.type === 'blob' && call.accept.includes('raw'))
    return { status: 200, raw: new Uint8Array(repository.objects.blob(item.oid) ?? []) };
  if (item?.type === 'blob') return ok(contentShape(call, oid, path, true));
  const prefix = path === '' ? '' : `${path}/`;
  const entries = repository.objects
    .tree(oid)
    .filter((each) => each.path.startsWith(prefix) && !each.path.slice(prefix.length).includes('/'))
    .filter((each) => each.path !== path)
    .slice(0, 1000);
  return ok(entries.map((each) => contentShape({ ...call, world }, oid, each.path, false)));
}

function contentShape(call: RepositoryCall, commitOid: string, path: string, whole: boolean) {
  const { repository, world } = call;
  const item = repository.objects.entry(commitOid, path);
  const bytes = item?.type === 'blob' ? repository.objects.blob(item.oid) : undefined;
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  const self = `${repositoryUrl(world, repository)}/contents/${escaped}?ref=${commitOid}`;
  const html = `${repositoryPage(world, repository)}/blob/${commitOid}/${escaped}`;
  const git = `${repositoryUrl(world, repository)}/git/${item?.type === 'tree' ? 'trees' : 'blobs'}/${item?.oid ?? ''}`;
  const small = bytes !== undefined && bytes.length <= world.limits.contentsBytes;
  return {
    type: item?.type === 'tree' ? 'dir' : item?.type === 'commit' ? 'submodule' : 'file',
    size: bytes?.length ?? 0,
    name: path.split('/').at(-1) ?? path,
    path,
    sha: item?.oid ?? '',
    url: self,
    html_url: html,
    git_url: git,
    download_url: `${repositoryPage(world, repository)}/raw/${commitOid}/${escaped}`,
    _links: { self, git, html },
    ...(whole ? { encoding: small ? 'base64' : 'none', content: small ? base64(bytes) : '' } : {}),
  };
}

const READ = ['contents', 'read'] as const;

export const GIT_ROUTES: readonly Route[] = [
  inRepository('GET', '', ['metadata', 'read'], (call) =>
    ok(fullRepositoryShape(call.world, call.repository)),
  ),
  inRepository('GET', '/git/blobs/{file_sha}', READ, blob),
  inRepository('GET', '/git/trees/{tree_sha}', READ, tree),
  inRepository('GET', '/git/commits/{commit_sha}', READ, gitCommit),
  inRepository('GET', '/git/matching-refs/{ref}', READ, matchingRefs),
  inRepository('GET', '/compare/{basehead}', READ, compare),
  inRepository('GET', '/contents/{path}', READ, contents),
  // After the longer paths below `/commits`: a ref may hold slashes.
  inRepository('GET', '/commits/{ref}', READ, commit),
];
