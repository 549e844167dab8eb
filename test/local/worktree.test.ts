import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../src/core/model/change.ts';
import { openRepository } from '../../src/local/git-repository.ts';
import { WORKTREE, withWorktree } from '../../src/local/worktree.ts';
import { UserError } from '../../src/review/errors.ts';
import {
  gitIn,
  removeTemporaryFolders,
  temporaryFolder,
  temporaryRepository,
} from './temporary-repository.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
/** Every file of the working tree with its content, as a change would see it. */
async function seen(dir: string, limit = 1_000_000): Promise<Record<string, string>> {
  const repository = withWorktree(await openRepository(dir));
  const { entries } = await repository.tree(WORKTREE);
  const blobs = await repository.blobs(
    entries.filter((e) => e.kind === 'file').map((e) => e.id),
    limit,
  );
  const show = (content: Content | undefined): string =>
    content?.kind === 'text'
      ? content.text
      : content?.kind === 'unreadable'
        ? `(${content.reason})`
        : '(none)';
  return Object.fromEntries(
    entries.map((e) => [e.path, e.kind === 'file' ? show(blobs.get(e.id)) : `(${e.kind})`]),
  );
}

test('tracked, staged, changed, untracked and deleted files; ignored ones are not there', async () => {
  const repo = temporaryRepository();
  repo.commit({
    'same.tf': 'same',
    'edited.tf': 'old',
    'gone.tf': 'x',
    'staged.tf': 'old',
    '.gitignore': '*.log\n',
  });
  repo.write({
    'edited.tf': 'new',
    'gone.tf': null,
    'staged.tf': 'new',
    'fresh/added.tf': 'fresh',
    'noise.log': 'noise',
  });
  repo.git('add', 'staged.tf');
  expect(await seen(repo.dir)).toEqual({
    '.gitignore': '*.log\n',
    'same.tf': 'same',
    'edited.tf': 'new',
    'staged.tf': 'new',
    'fresh/added.tf': 'fresh',
  });
});

test('a file that was only touched keeps its id, so it is no change', async () => {
  const repo = temporaryRepository();
  const commit = repo.commit({ 'a.tf': 'a' });
  utimesSync(join(repo.dir, 'a.tf'), new Date(0), new Date(0));
  const repository = withWorktree(await openRepository(repo.dir));
  const [before, after] = [await repository.tree(commit), await repository.tree(WORKTREE)];
  expect(after.entries[0]?.id).toBe(before.entries[0]?.id);
});

test('links are named, never followed, also when a folder became one', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'dir/secret.tf': 'inside', 'plain.tf': 'x' });
  const outside = temporaryFolder();
  writeFileSync(join(outside, 'secret.tf'), 'OUTSIDE');
  writeFileSync(join(outside, 'more.tf'), 'OUTSIDE');
  renameSync(join(repo.dir, 'dir'), join(outside, 'moved'));
  symlinkSync(outside, join(repo.dir, 'dir'));
  symlinkSync(join(outside, 'more.tf'), join(repo.dir, 'link.tf'));
  const files = await seen(repo.dir);
  expect(Object.values(files)).not.toContain('OUTSIDE');
  expect(files['link.tf']).toBe('(symlink)');
  expect(files['dir']).toBe('(symlink)');
  expect(files['plain.tf']).toBe('x');
});

test('large, binary and foreign things say what they are', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'a.tf': 'a' });
  repo.write({
    'big.tf': 'x'.repeat(2000),
    'huge.tf': Buffer.alloc(33 * 1024 * 1024, 'y'),
    'bin.tf': Buffer.from([0, 1]),
  });
  mkdirSync(join(repo.dir, 'nested'));
  gitIn(join(repo.dir, 'nested'), 'init', '--quiet');
  expect(await seen(repo.dir, 1000)).toEqual({
    'a.tf': 'a',
    'big.tf': '(too-large)',
    'huge.tf': '(too-large)',
    'bin.tf': '(binary)',
    nested: '(submodule)',
  });
});

test('a sparse checkout does not delete what it leaves out', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'in/a.tf': 'a', 'out/b.tf': 'b' });
  repo.git('sparse-checkout', 'set', 'in');
  expect(await seen(repo.dir)).toEqual({ 'in/a.tf': 'a', 'out/b.tf': 'b' });
});

test('run from a folder inside, it is still the whole tree', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'a.tf': 'a', 'deep/b.tf': 'b' });
  repo.write({ 'deep/c.tf': 'c' });
  expect(Object.keys(await seen(join(repo.dir, 'deep'))).sort()).toEqual(['a.tf', 'deep/b.tf', 'deep/c.tf']);
});

test('the base is where HEAD parted', async () => {
  const repo = temporaryRepository();
  const parting = repo.commit({ 'a.tf': 'a' });
  repo.git('checkout', '--quiet', '-b', 'topic');
  repo.commit({ 'b.tf': 'b' });
  const repository = withWorktree(await openRepository(repo.dir));
  expect(await repository.resolve(WORKTREE)).toBe(WORKTREE);
  expect(await repository.mergeBase('main', WORKTREE)).toBe(parting);
});

test('a bare repository has none', async () => {
  const dir = temporaryFolder();
  gitIn(dir, 'init', '--quiet', '--bare');
  const opened = await openRepository(dir);
  expect(() => withWorktree(opened)).toThrow(UserError);
});
