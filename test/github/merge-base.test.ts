import { afterAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { provenMergeBase, type Listed } from '../../src/github/merge-base.ts';
import { removeTemporaryFolders, temporaryRepository } from '../local/temporary-repository.ts';
import {
  asInstallation,
  github,
  grantToken,
  sha,
  SHOP,
  thrown,
  withoutNetwork,
} from './github-under-test.ts';
import { NotThere } from '../../src/review/hosting-errors.ts';
import type { PullRequestState } from '../../src/review/hosting.ts';

withoutNetwork();
afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const listed = (over: Partial<Listed> & { tree?: Readonly<Record<string, readonly string[]>> }): Listed => ({
  head: 'h',
  commits: Object.entries(over.tree ?? {}).map(([id, parents]) => ({ id, parents, message: '', people: [] })),
  commitsComplete: true,
  changedFiles: 1,
  ...over,
});

describe('what the listed commits prove', () => {
  test('one way out of them', () => {
    expect(provenMergeBase(listed({ tree: { h: ['x'], x: ['b'] } }))).toBe('b');
    expect(provenMergeBase(listed({ tree: { h: ['x', 'y'], x: ['b'], y: ['b'] } }))).toBe('b');
  });

  test.each<[string, Listed]>([
    ['several ways out', listed({ tree: { h: ['x', 'b2'], x: ['b'] } })],
    ['no way out: unrelated histories', listed({ tree: { h: [] } })],
    ['a list that was cut short', listed({ tree: { h: ['b'] }, commitsComplete: false })],
    ['a list without the head', listed({ tree: { x: ['b'] } })],
    ['a list with strangers', listed({ tree: { h: ['b'], z: ['b'] } })],
    [
      'an exchanged base, which the list may not know yet',
      listed({ tree: { h: ['b'] }, baseChangedAt: '2026-01-01T00:00:00.000Z' }),
    ],
    ['no commits, but files', listed({ changedFiles: 1 })],
    ['a circle', listed({ tree: { h: ['h'] } })],
  ])('nothing is proven by %s', (_, state) => {
    expect(provenMergeBase(state)).toBeUndefined();
  });

  test('without a commit of its own the head is the merge base', () => {
    expect(provenMergeBase(listed({ changedFiles: 0 }))).toBe('h');
  });

  test('a history with ever more ways through it is walked once', () => {
    const tree = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [
        i === 0 ? 'h' : `c${i}`,
        [`c${i + 1}`, `c${Math.min(i + 2, 500)}`],
      ]),
    );
    expect(provenMergeBase(listed({ tree }))).toBe('c500');
  });
});

/** Parents by number; a commit has only earlier ones. */
const histories = fc
  .integer({ min: 2, max: 14 })
  .chain((size) =>
    fc.tuple(
      fc.tuple(
        ...Array.from({ length: size }, (_, i) =>
          i === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.nat(i - 1), { minLength: 0, maxLength: 3 }),
        ),
      ),
      fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { minLength: 6, maxLength: 6 }),
    ),
  );

test('in random histories a proof is what git says, and one exit is always proof', () => {
  let [proven, several] = [0, 0];
  const repo = temporaryRepository();
  fc.assert(
    fc.property(histories, ([parents, pairs]) => {
      const ids = built(repo.dir, parents);
      for (const [b, h] of pairs) {
        const [base, head] = [ids[b] ?? '', ids[h] ?? ''];
        const has = reachable(parents, b);
        const commits = [...reachable(parents, h)]
          .filter((i) => !has.has(i))
          .map((i) => ({
            id: ids[i] ?? '',
            parents: (parents[i] ?? []).map((p) => ids[p] ?? ''),
            message: '',
            people: [],
          }));
        const found = provenMergeBase(listed({ head, commits, changedFiles: commits.length }));
        const best = bestOf(repo.dir, base, head);
        const own = new Set(commits.map((c) => c.id));
        const exits = new Set(commits.flatMap((c) => c.parents.filter((p) => !own.has(p))));
        if (found === undefined) {
          several++;
          expect(exits.size).not.toBe(1);
        } else {
          proven++;
          expect(best).toEqual([found]);
        }
      }
    }),
    { numRuns: 60, seed: 20261102 },
  );
  // Both kinds have been seen, so that the comparison means something.
  expect(proven).toBeGreaterThan(100);
  expect(several).toBeGreaterThan(20);
});

function reachable(parents: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  const seen = new Set([from]);
  for (const at of seen) for (const parent of parents[at] ?? []) seen.add(parent);
  return seen;
}

function built(dir: string, parents: readonly (readonly number[])[]): readonly string[] {
  const script = parents.flatMap((of, i) => [
    'commit refs/heads/scratch',
    `mark :${i + 1}`,
    `committer Ada <ada@example.org> ${1_700_000_000 + i} +0000`,
    `data ${String(i).length}\n${i}`,
    ...(of.length === 0 ? [] : [`from :${(of[0] ?? 0) + 1}`]),
    ...of.slice(1).map((p) => `merge :${p + 1}`),
    'deleteall',
    '',
    'reset refs/heads/scratch',
    '',
  ]);
  const marks = parents.map((_, i) => `get-mark :${i + 1}\n`).join('');
  const input = `${script.join('\n')}\n${marks}`;
  return execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: dir, input, encoding: 'utf8' })
    .trim()
    .split('\n');
}

function bestOf(dir: string, base: string, head: string): readonly string[] {
  try {
    const out = execFileSync('git', ['merge-base', '--all', base, head], { cwd: dir, encoding: 'utf8' });
    return out.trim().split('\n');
  } catch {
    return [];
  }
}

describe('where nothing is proven, GitHub is asked', () => {
  const state = { repository: SHOP, base: sha('b'), ...listed({ head: sha('c'), commitsComplete: false }) };
  const compare = `/repos/acme/shop/compare/${sha('b')}...${sha('c')}`;
  const ask = () => asInstallation().get(compare).query({ per_page: '1', page: '2' });

  test('once per pair of commits, on the page without files', async () => {
    const { app, hosting } = github();
    grantToken();
    ask().reply(200, { merge_base_commit: { sha: sha('a') }, status: 'diverged' });
    expect(await hosting.mergeBase(state as unknown as PullRequestState)).toBe(sha('a'));
    expect(await app.installation(77).mergeBase(state as unknown as PullRequestState)).toBe(sha('a'));
    expect(await hosting.repository(SHOP).mergeBase(sha('b'), sha('c'))).toBe(sha('a'));
  });

  test('a branch moves: it is asked for again', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation()
      .get(`/repos/acme/shop/compare/release%2F1...${sha('c')}`)
      .query({ per_page: '1', page: '2' })
      .twice()
      .reply(200, { merge_base_commit: { sha: sha('a') } });
    await hosting.repository(SHOP).mergeBase('release/1', sha('c'));
    await hosting.repository(SHOP).mergeBase('release/1', sha('c'));
  });

  test('unrelated histories have none', async () => {
    const { hosting } = github();
    grantToken();
    ask().reply(404, { message: 'No common ancestor' });
    expect(await thrown(hosting.mergeBase(state as unknown as PullRequestState))).toBeInstanceOf(NotThere);
  });
});
