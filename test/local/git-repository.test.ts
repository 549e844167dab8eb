import { afterAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '../../src/local/git-repository.ts';
import { UserError } from '../../src/review/errors.ts';
import {
  gitIn,
  removeTemporaryFolders,
  temporaryFolder,
  temporaryRepository,
} from './temporary-repository.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const failure = async (promise: Promise<unknown>): Promise<UserError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

describe('opening', () => {
  test('from a folder deep inside, with the name of the top folder', async () => {
    const repo = temporaryRepository('payments');
    repo.commit({ 'a/b/c.tf': 'x' });
    const opened = await openRepository(join(repo.dir, 'a/b'));
    expect(opened.name).toBe('payments');
    expect((await opened.tree('HEAD')).entries.map((e) => e.path)).toEqual(['a/b/c.tf']);
  });

  test.each([
    ['https://github.com/acme/shop.git', 'acme/shop'],
    ['https://token:x@github.com/acme/shop', 'acme/shop'],
    ['git@github.com:acme/shop.git', 'acme/shop'],
    ['ssh://git@ghe.example:2222/acme/shop.git', 'acme/shop'],
    ['/srv/git/other.git', 'shop'],
    ['https://gitlab.example/group/sub/shop.git', 'shop'],
  ])('a remote %s names it %s', async (url, name) => {
    const repo = temporaryRepository();
    repo.git('remote', 'add', 'origin', url);
    expect((await openRepository(repo.dir)).name).toBe(name);
  });

  test('a folder that is no repository is the user’s to mend', async () => {
    const error = await failure(openRepository(temporaryFolder()));
    expect(error.message).toContain('no git repository');
    expect(error.remedy).toContain('--repo');
  });

  test('without git on the PATH it says so', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = temporaryFolder();
    try {
      expect((await failure(openRepository(temporaryFolder()))).message).toContain('Git was not found');
    } finally {
      process.env['PATH'] = path;
    }
  });

  test('variables that point git elsewhere are not obeyed', async () => {
    const [one, two] = [temporaryRepository('one'), temporaryRepository('two')];
    one.commit({ 'one.tf': '1' });
    two.commit({ 'two.tf': '2' });
    process.env['GIT_DIR'] = join(two.dir, '.git');
    try {
      expect((await (await openRepository(one.dir)).tree('HEAD')).entries.map((e) => e.path)).toEqual([
        'one.tf',
      ]);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  test('a repository’s own settings run nothing', async () => {
    const repo = temporaryRepository();
    repo.commit({ 'a.tf': 'x' });
    const trap = join(repo.dir, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch '${repo.dir}/sprung'\n`);
    chmodSync(trap, 0o755);
    repo.git('config', 'core.fsmonitor', trap);
    repo.git('config', 'core.pager', trap);
    repo.git('config', 'diff.external', trap);
    const opened = await openRepository(repo.dir);
    await opened.tree('HEAD');
    await opened.mergeBase('HEAD', 'HEAD');
    const { existsSync } = await import('node:fs');
    expect(existsSync(join(repo.dir, 'sprung'))).toBe(false);
  });
});

describe('revisions', () => {
  test('names, tags and remote branches resolve to commit ids', async () => {
    const repo = temporaryRepository();
    const first = repo.commit({ a: '1' });
    repo.git('tag', '-a', 'v1', '-m', 'one');
    repo.git('update-ref', 'refs/remotes/origin/release', first);
    const second = repo.commit({ a: '2' });
    const opened = await openRepository(repo.dir);
    expect(await opened.resolve('v1')).toBe(first);
    expect(await opened.resolve('release')).toBe(first);
    expect(await opened.resolve('HEAD')).toBe(second);
    expect(await opened.resolve(first.slice(0, 8))).toBe(first);
  });

  test.each(['--output=/tmp/x', '-h', '', 'a\nb', 'main\u0000'])(
    '%j is refused before git sees it',
    async (revision) => {
      const repo = temporaryRepository();
      repo.commit({ a: '1' });
      const error = await failure((await openRepository(repo.dir)).resolve(revision));
      expect(error.message).toContain('not a revision');
    },
  );

  test('an unknown one says how to get it, an empty repository that it is empty', async () => {
    const repo = temporaryRepository();
    expect((await failure((await openRepository(repo.dir)).resolve('HEAD'))).message).toContain(
      'no commit yet',
    );
    repo.commit({ a: '1' });
    expect((await failure((await openRepository(repo.dir)).resolve('nope'))).remedy).toContain(
      'git fetch origin nope',
    );
    expect((await failure((await openRepository(repo.dir)).resolve('main:a'))).message).toContain('main:a');
  });

  test('replaced objects do not change what a commit is', async () => {
    const repo = temporaryRepository();
    const first = repo.commit({ 'safe.tf': '1' });
    const second = repo.commit({ 'safe.tf': null, 'other.tf': '1' });
    repo.git('replace', second, first);
    const { entries } = await (await openRepository(repo.dir)).tree(second);
    expect(entries.map((e) => e.path)).toEqual(['other.tf']);
  });
});

describe('default branch', () => {
  test('origin/HEAD, then main, then master', async () => {
    const repo = temporaryRepository();
    const first = repo.commit({ a: '1' });
    const opened = await openRepository(repo.dir);
    expect(await opened.defaultBranch()).toBe('main');
    repo.git('branch', '--move', 'master');
    expect(await opened.defaultBranch()).toBe('master');
    repo.git('update-ref', 'refs/remotes/origin/trunk', first);
    repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
    expect(await opened.defaultBranch()).toBe('origin/trunk');
  });

  test('what the server has is preferred to a local branch that may be old', async () => {
    const repo = temporaryRepository();
    repo.git('update-ref', 'refs/remotes/origin/main', repo.commit({ a: '1' }));
    expect(await (await openRepository(repo.dir)).defaultBranch()).toBe('origin/main');
  });

  test('a configured name, else a question to the user', async () => {
    const repo = temporaryRepository();
    repo.commit({ a: '1' });
    repo.git('branch', '--move', 'develop');
    const opened = await openRepository(repo.dir);
    expect((await failure(opened.defaultBranch())).remedy).toContain('--base');
    repo.git('config', 'init.defaultBranch', 'develop');
    expect(await opened.defaultBranch()).toBe('develop');
  });
});

describe('merge base', () => {
  test('is where the branches parted', async () => {
    const repo = temporaryRepository();
    const parting = repo.commit({ a: '1' });
    repo.git('checkout', '--quiet', '-b', 'topic');
    repo.commit({ b: '1' });
    repo.git('checkout', '--quiet', 'main');
    repo.commit({ c: '1' });
    expect(await (await openRepository(repo.dir)).mergeBase('main', 'topic')).toBe(parting);
  });

  test('in a shallow clone it says how to fetch more', async () => {
    const repo = temporaryRepository();
    repo.commit({ a: '1' });
    repo.git('checkout', '--quiet', '-b', 'topic');
    repo.commit({ b: '1' });
    repo.git('checkout', '--quiet', 'main');
    repo.commit({ c: '1' });
    const clone = join(temporaryFolder(), 'shallow');
    gitIn(repo.dir, 'clone', '--quiet', '--depth=1', '--no-single-branch', `file://${repo.dir}`, clone);
    const error = await failure((await openRepository(clone)).mergeBase('origin/main', 'origin/topic'));
    expect(error.message).toContain('too shallow');
    expect(error.remedy).toContain('fetch-depth: 0');
  });

  test('without common history it says that', async () => {
    const repo = temporaryRepository();
    repo.commit({ a: '1' });
    repo.git('checkout', '--quiet', '--orphan', 'island');
    repo.commit({ b: '1' });
    expect((await failure((await openRepository(repo.dir)).mergeBase('main', 'island'))).message).toContain(
      'no common history',
    );
  });
});

describe('trees and blobs', () => {
  test('odd paths survive, what is no plain file is named as such', async () => {
    const repo = temporaryRepository();
    const odd = [
      'a "quoted" name.tf',
      'line\nend.tf',
      'tab\there.tf',
      'back\\slash.tf',
      'ünï/コード.tf',
      '-rf',
      ' lead',
    ];
    repo.write(Object.fromEntries(odd.map((path) => [path, path])));
    symlinkSync('/etc/passwd', join(repo.dir, 'link.tf'));
    repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    repo.git('add', '--all', '--', ...odd, 'link.tf');
    repo.git('commit', '--quiet', '-m', 'odd');
    const opened = await openRepository(repo.dir);
    const { entries, complete } = await opened.tree('HEAD');
    expect(complete).toBe(true);
    expect(
      entries
        .filter((e) => e.kind === 'file')
        .map((e) => e.path)
        .sort(),
    ).toEqual([...odd].sort());
    expect(entries.find((e) => e.path === 'link.tf')?.kind).toBe('symlink');
    expect(entries.find((e) => e.path === 'sub')?.kind).toBe('submodule');
    const files = entries.filter((e) => e.kind === 'file');
    const blobs = await opened.blobs(
      files.map((e) => e.id),
      1000,
    );
    for (const file of files) expect(blobs.get(file.id)).toEqual({ kind: 'text', text: file.path });
  });

  test('a path that is not UTF-8 is listed as unsafe', async () => {
    const repo = temporaryRepository();
    mkdirSync(join(repo.dir, 'x'));
    writeFileSync(
      Buffer.concat([Buffer.from(`${repo.dir}/x/bad`), Buffer.from([0xff, 0xfe]), Buffer.from('.tf')]),
      'x',
    );
    repo.commit({});
    const { entries } = await (await openRepository(repo.dir)).tree('HEAD');
    expect(entries).toMatchObject([{ path: 'x/bad\ufffd\ufffd.tf', kind: 'unsafe' }]);
  });

  test('content is text, or says why not', async () => {
    const repo = temporaryRepository();
    repo.commit({
      'plain.tf': 'a = 1\n',
      'bom.tf': '\ufeffa = 1\n',
      'empty.tf': '',
      'binary.tf': Buffer.from([97, 0, 98]),
      'latin.tf': Buffer.from([0x61, 0xe9]),
      'large.tf': Buffer.alloc(20 * 1024 * 1024, 'x'),
    });
    const opened = await openRepository(repo.dir);
    const { entries } = await opened.tree('HEAD');
    const blobs = await opened.blobs(
      entries.map((e) => e.id),
      1_000_000,
    );
    const of = (path: string) => blobs.get(entries.find((e) => e.path === path)?.id ?? '');
    expect(of('plain.tf')).toEqual({ kind: 'text', text: 'a = 1\n' });
    expect(of('bom.tf')).toEqual({ kind: 'text', text: 'a = 1\n' });
    expect(of('empty.tf')).toEqual({ kind: 'text', text: '' });
    expect(of('binary.tf')).toMatchObject({ kind: 'unreadable', reason: 'binary' });
    expect(of('latin.tf')).toMatchObject({ kind: 'unreadable', reason: 'not-utf8' });
    expect(of('large.tf')).toMatchObject({
      kind: 'unreadable',
      reason: 'too-large',
      detail: expect.stringContaining('20971520'),
    });
  });

  test('an id that is not there, is no id or is no file comes back as missing', async () => {
    const repo = temporaryRepository();
    const commit = repo.commit({ 'a.tf': 'a', 'b.tf': 'b' });
    const opened = await openRepository(repo.dir);
    const [a, b] = (await opened.tree('HEAD')).entries.map((e) => e.id);
    const ids = ['0'.repeat(40), a ?? '', 'no id\nat all', commit, b ?? ''];
    const blobs = await opened.blobs(ids, 1000);
    expect(ids.map((id) => blobs.get(id)?.kind)).toEqual([
      'unreadable',
      'text',
      'unreadable',
      'unreadable',
      'text',
    ]);
    expect(blobs.get(commit)).toMatchObject({ reason: 'missing' });
  });

  test('a clone without blobs is read as far as it goes, and fetches nothing', async () => {
    const repo = temporaryRepository();
    repo.commit({ 'a.tf': 'a', 'b.tf': 'b', 'c.tf': 'c' });
    repo.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(temporaryFolder(), 'partial');
    gitIn(repo.dir, 'clone', '--quiet', '--filter=blob:none', '--no-checkout', `file://${repo.dir}`, clone);
    const id = gitIn(clone, 'rev-parse', 'HEAD:b.tf');
    gitIn(clone, 'cat-file', 'blob', id);
    const opened = await openRepository(clone);
    const { entries, complete } = await opened.tree('origin/main');
    expect(complete).toBe(true);
    const blobs = await opened.blobs(
      entries.map((e) => e.id),
      1000,
    );
    expect(entries.map((e) => [e.path, blobs.get(e.id)?.kind])).toEqual([
      ['a.tf', 'unreadable'],
      ['b.tf', 'text'],
      ['c.tf', 'unreadable'],
    ]);
  });

  test('a bare repository and a second worktree give the same', async () => {
    const repo = temporaryRepository();
    const commit = repo.commit({ 'a.tf': 'a' });
    const bare = join(temporaryFolder(), 'mirror.git');
    gitIn(repo.dir, 'clone', '--quiet', '--bare', repo.dir, bare);
    const second = join(temporaryFolder(), 'second');
    repo.git('worktree', 'add', '--quiet', '--detach', second);
    const expected = await (await openRepository(repo.dir)).tree(commit);
    for (const dir of [bare, second, join(repo.dir, '.git')]) {
      const opened = await openRepository(dir);
      expect(await opened.tree(commit)).toEqual(expected);
      expect(opened.bare).toBe(dir !== second);
    }
    expect((await openRepository(bare)).name).toBe('mirror');
    expect((await openRepository(join(repo.dir, '.git'))).name).toBe('shop');
  });

  test('SHA-256 repositories work', async () => {
    const dir = temporaryFolder();
    gitIn(dir, 'init', '--quiet', '--object-format=sha256', '--initial-branch=main');
    writeFileSync(join(dir, 'a.tf'), 'a');
    gitIn(dir, 'add', 'a.tf');
    gitIn(dir, 'commit', '--quiet', '-m', 'x');
    const opened = await openRepository(dir);
    const [entry] = (await opened.tree(await opened.resolve('main'))).entries;
    expect(entry?.id).toHaveLength(64);
    expect((await opened.blobs([entry?.id ?? ''], 10)).get(entry?.id ?? '')).toEqual({
      kind: 'text',
      text: 'a',
    });
  });
});
