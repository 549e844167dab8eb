import { afterAll, expect, test } from '@jest/globals';
import { removeTemporaryFolders, temporaryRepository } from '../local/temporary-repository.ts';
import { openedPull, pluck, read, scene } from './scene.ts';

afterAll(() => {
  removeTemporaryFolders();
});

const SHOP = '/repos/acme/shop';

test('compare: from the merge base, and how far apart', async () => {
  const { gh, api } = scene();
  const before = gh.control.tip('acme/shop', 'main');
  openedPull(gh);
  gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files: { m: 'm\n' } });
  const { body } = await api('GET', `${SHOP}/compare/main...feature`);
  expect(read(body, 'merge_base_commit', 'sha')).toBe(before);
  expect(['status', 'ahead_by', 'behind_by'].map((key) => read(body, key))).toEqual(['diverged', 1, 1]);
  expect(pluck(read(body, 'files'), 'filename')).toEqual(['added.txt', 'main.tf']);
  const second = await api('GET', `${SHOP}/compare/main...feature?page=2&per_page=1`);
  expect([read(second.body, 'commits'), read(second.body, 'files')]).toEqual([[], undefined]);
  expect((await api('GET', `${SHOP}/compare/main...nowhere`)).status).toBe(404);
});

test('compare reaches into a fork, whose commits the base repository can read', async () => {
  const { gh, api } = scene();
  gh.control.fork({ repo: 'acme/shop', owner: 'eve' });
  const sha = gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'x', files: { f: 'fork\n' } });
  gh.control.openPullRequest({ by: 'eve', repo: 'acme/shop', head: 'eve/shop:x' });
  const compared = await api('GET', `${SHOP}/compare/main...eve:x`);
  expect(pluck(read(compared.body, 'files'), 'filename')).toEqual(['f']);
  expect(read((await api('GET', `${SHOP}/commits/pull/1/head`)).body, 'sha')).toBe(sha);
  expect(read((await api('GET', `${SHOP}/git/commits/${sha}`)).body, 'author', 'email')).toBe(
    'eve@example.org',
  );
});

test('trees, whole and cut; blobs as base64 and raw; contents of a deep path', async () => {
  const { gh, api, token } = scene({ limits: { treeEntries: 3 } });
  const bytes = new Uint8Array([0, 255, 10, 13]);
  const files = { 'a/b/c.bin': bytes };
  gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files });
  const tip = gh.control.tip('acme/shop', 'main');
  const cut = await api('GET', `${SHOP}/git/trees/${tip}?recursive=1`);
  expect([pluck(read(cut.body, 'tree'), 'path'), read(cut.body, 'truncated')]).toEqual([
    ['README.md', 'a', 'a/b'],
    true,
  ]);
  const flat = await api('GET', `${SHOP}/git/trees/${tip}`);
  expect([pluck(read(flat.body, 'tree'), 'path'), read(flat.body, 'truncated')]).toEqual([
    ['README.md', 'a', 'main.tf'],
    false,
  ]);
  const found = await api('GET', `${SHOP}/contents/a/b/c.bin`);
  expect(Buffer.from(String(read(found.body, 'content')), 'base64')).toEqual(Buffer.from(bytes));
  const sha = String(read(found.body, 'sha'));
  const blob = await api('GET', `${SHOP}/git/blobs/${sha}`);
  expect([read(blob.body, 'size'), read(blob.body, 'encoding')]).toEqual([4, 'base64']);
  const raw = await gh.fetch(`https://api.github.com${SHOP}/git/blobs/${sha}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github.raw+json' },
  });
  expect(new Uint8Array(await raw.arrayBuffer())).toEqual(bytes);
  expect(pluck((await api('GET', `${SHOP}/contents/a`)).body, 'path')).toEqual(['a/b']);
  expect((await api('GET', `${SHOP}/contents/a/nothing`)).status).toBe(404);
});

test('a repository from disk brings its branches', async () => {
  const repository = temporaryRepository();
  const first = repository.commit({ 'a.txt': 'a\n' });
  repository.git('branch', 'other');
  repository.commit({ 'b.txt': 'b\n' });
  const { gh, api } = scene();
  gh.control.createRepository({ owner: 'acme', name: 'taken', from: { dir: repository.dir, by: 'ada' } });
  const branch = await api('GET', '/repos/acme/taken/branches/other');
  expect(read(branch.body, 'commit', 'sha')).toBe(first);
  expect(read((await api('GET', '/repos/acme/taken/commits/main')).body, 'stats', 'additions')).toBe(1);
});

test('what was pushed, by whom', async () => {
  const { gh, api } = scene();
  const old = gh.control.tip('acme/shop', 'main');
  gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files: { x: 'x\n' } });
  gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files: { y: 'y\n' }, onto: old });
  const { body } = await api('GET', `${SHOP}/activity?ref=main`);
  expect(pluck(body, 'activity_type')).toEqual(['force_push', 'push']);
  expect(pluck(body, 'actor', 'login')).toEqual(['ada', 'ada']);
});

test('the same commits again start no process', async () => {
  const play = async () => {
    const { gh, api } = scene();
    openedPull(gh);
    await api('GET', `${SHOP}/pulls/1/files`);
    await api('GET', `${SHOP}/compare/main...feature`);
    gh.control.merge({ repo: 'acme/shop', number: 1, by: 'ada', method: 'squash' });
    return gh.world.git.processes();
  };
  const cold = await play();
  expect(cold).toBeGreaterThan(0);
  expect(await play()).toBe(cold);
});
