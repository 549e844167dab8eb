import { describe, expect, test } from '@jest/globals';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import { compareTrees } from '../src/review/compare-trees.ts';
import { gather } from '../src/review/gather.ts';
import { memoryRepository } from './support/memory-repository.ts';

const tree = (files: Record<string, string>) => ({
  entries: Object.entries(files).map(([path, id]) => ({ path, id, kind: 'file' as const })),
  complete: true,
});

test('two listings tell what was added, removed and modified, in order of paths', () => {
  const changed = compareTrees(tree({ a: '1', b: '2', c: '3' }), tree({ d: '4', c: '3', b: '9' }));
  expect(changed.map((c) => `${c.status} ${c.path}`)).toEqual(['removed a', 'modified b', 'added d']);
});

describe('gathering', () => {
  const policy = BUILT_IN_POLICY;

  test('only what somebody reads is fetched; neighbours of a module come as context', async () => {
    const asked: string[] = [];
    const base = {
      'infra/main.tf': 'a = 1',
      'infra/variables.tf': 'b = 1',
      'other/x.tf': 'c = 1',
      'logo.png': 'p',
      'README.md': '# R',
    };
    const head = { ...base, 'infra/main.tf': 'a = 2', 'logo.png': 'q', 'README.md': '# S' };
    const real = memoryRepository(base, head);
    const repository = {
      ...real,
      blobs: (ids: readonly string[], limit: number) => (asked.push(...ids), real.blobs(ids, limit)),
    };
    const { change } = await gather(repository, 'base', 'head', policy);
    expect(change.files.map((f) => [f.path, f.head?.kind])).toEqual([
      ['README.md', 'unopened'],
      ['infra/main.tf', 'text'],
      ['logo.png', 'unopened'],
    ]);
    expect(change.context.map((f) => f.path)).toEqual(['infra/variables.tf']);
    expect(asked).toHaveLength(3);
  });

  test('a listing that was cut short is a doubt', async () => {
    const cut = { tree: () => Promise.resolve({ entries: [], complete: false }) };
    const { change } = await gather(memoryRepository({}, {}, cut), 'base', 'head', policy);
    expect(change.doubts.map((d) => [d.code, d.weight])).toEqual([['file-list-incomplete', 'doubt']]);
  });

  test('a blob that is not delivered is unreadable, never empty', async () => {
    const lost = { blobs: () => Promise.resolve(new Map()) };
    const { change } = await gather(
      memoryRepository({}, { 'main.tf': 'a = 1' }, lost),
      'base',
      'head',
      policy,
    );
    expect(change.files[0]?.head).toMatchObject({ kind: 'unreadable', reason: 'missing' });
  });

  test('other manifests of the tree tell what is known already', async () => {
    const files = { 'a/package.json': '{}', 'b/package.json': '{}', 'c/main.tf': 'a = 1', 'd/lib.rb': '' };
    const contextOf = async (over: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (
        await gather(memoryRepository(files, { ...files, ...over }), 'base', 'head', policy)
      ).change.context.map((f) => f.path);
    expect(await contextOf({ 'a/package.json': '{"name": "a"}' })).toEqual(['b/package.json']);
    expect(await contextOf({ 'c/main.tf': 'a = 2' })).toEqual([]);
  });

  test('context beyond the bound is a note that says how much was left out', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`infra/f${i}.tf`, `a = ${i}`]));
    const { change } = await gather(
      memoryRepository(many, { ...many, 'infra/new.tf': 'b = 1' }),
      'base',
      'head',
      policy,
      { contextFiles: 4, knownFiles: 9, modelFiles: 9 },
    );
    expect(change.context).toHaveLength(4);
    expect(change.doubts.map((d) => d.message)).toEqual([
      '5 unchanged files beside the changed ones were not read as context.',
    ]);
  });
});
