import { describe, expect, test } from '@jest/globals';
import type { RecordedChange } from '../../src/core/audit/reconciliation.ts';
import { renderJson, renderTerminal } from '../../src/reconcile/render.ts';
import { reconcile } from '../../src/core/audit/reconcile.ts';
import { walkBranch } from '../../src/reconcile/walk.ts';
import type { BranchCommit, Hosting } from '../../src/review/hosting.ts';

const REPOSITORY = { id: 1, name: 'acme/shop' };
const ASKED = {
  period: { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
  branch: 'main',
  marginMs: 86_400_000,
};

/** A branch of so many commits, one an hour, the newest of the end of March. */
const branchOf = (length: number): readonly BranchCommit[] =>
  Array.from({ length }, (_, i) => ({
    id: `c${length - i}`,
    by: undefined,
    at: new Date(Date.parse('2026-03-31T00:00:00Z') - i * 3_600_000).toISOString(),
    pullRequests: [],
  }));

/** Lists as GitHub's adapter does, and remembers what it was asked to end at. */
function hostingOf(commits: readonly BranchCommit[]) {
  const asked: (string | undefined)[] = [];
  const branchCommits: Hosting['branchCommits'] = (_, __, after, most) => {
    asked.push(after);
    const end = commits.findIndex((c) => c.id === after);
    const way = commits.slice(0, end < 0 ? undefined : end);
    const complete = way.length <= most && (after === undefined || end >= 0);
    return Promise.resolve({ tip: commits[0]?.id, commits: way.slice(0, most), complete });
  };
  return { asked, hosting: { branchCommits } as unknown as Hosting };
}

const change = (commit: string, at: string): RecordedChange => ({
  id: commit,
  record: 1,
  at,
  branch: 'main',
  pullRequest: undefined,
  commit,
  by: undefined,
  oneByOne: true,
});

describe('a walk', () => {
  test('ends at what was on record before the period, in one request', async () => {
    const { asked, hosting } = hostingOf(branchOf(900));
    const changes = [
      change('c5', '2026-02-10T00:00:00.000Z'),
      change('c50', '2026-02-20T00:00:00.000Z'),
      change('c60', '2026-02-28T12:00:00.000Z'),
    ];
    const { end, commits } = await walkBranch(hosting, REPOSITORY, changes, ASKED);
    expect([end, commits.length, commits.at(-1)?.id, asked]).toEqual(['record', 851, 'c50', ['c50']]);
  });

  test('looks for an older one where that one is gone', async () => {
    const { hosting } = hostingOf(branchOf(900));
    const changes = [change('c5', '2026-02-10T00:00:00.000Z'), change('gone', '2026-02-20T00:00:00.000Z')];
    const { end, commits } = await walkBranch(hosting, REPOSITORY, changes, ASKED);
    expect([end, commits.at(-1)?.id]).toEqual(['record', 'c5']);
  });

  test('goes to the first commit where nothing was on record before', async () => {
    const { hosting } = hostingOf(branchOf(900));
    const { end, commits, oldest } = await walkBranch(hosting, REPOSITORY, [], ASKED);
    expect([end, commits.length, oldest]).toEqual(['root', 900, commits.at(-1)?.at]);
  });

  test.each([[[]], [[change('gone', '2026-02-20T00:00:00.000Z')]]])(
    'ends at its bound, and says so',
    async (changes) => {
      const { hosting } = hostingOf(branchOf(10_500));
      const { commits, ...walk } = await walkBranch(hosting, REPOSITORY, changes, ASKED);
      expect([walk.end, commits.length]).toEqual(['bound', 10_000]);
      const found = reconcile(commits.slice(0, 0), [change('x', '2026-03-10T00:00:00.000Z')], {
        ...ASKED,
        now: '2026-06-01T00:00:00.000Z',
        presence: { since: undefined, away: [] },
        walk: { tip: walk.tip, complete: false },
        elsewhere: new Set(),
      });
      const answer = {
        repository: REPOSITORY,
        branch: 'main',
        period: ASKED.period,
        at: '2026-06-01T00:00:00.000Z',
        head: { sequence: 1_234, hash: 'sha256:x' },
        walk,
        walked: commits.length,
        found,
      };
      const text = renderTerminal(answer, { columns: 300, colour: false });
      expect(text).toContain(
        `10000 commits by first parents from c10500 down to one of ${walk.oldest ?? ''}, where the walk had to end`,
      );
      expect(text).toContain('✗ 1 on record, not compared');
      expect(text).toContain('the walk ended before the beginning of the period was reached for certain');
      expect(JSON.parse(renderJson(answer))).toMatchObject({
        walk: { complete: false },
        counts: { record: { unreached: 1 } },
      });
      const nothing = { ...answer, found: { ...found, unreached: [] } };
      expect(renderTerminal(nothing, { columns: 300, colour: false })).toContain(
        '✗ What could be compared is the same; the walk ended',
      );
    },
  );

  test('of a branch that is not there has nothing', async () => {
    const { hosting } = hostingOf([]);
    const early = [change('c5', '2026-02-10T00:00:00.000Z')];
    expect(await walkBranch(hosting, REPOSITORY, early, ASKED)).toMatchObject({
      tip: undefined,
      commits: [],
    });
  });
});

test('names of others are shown as text', () => {
  const hostile = '\u001b[2J\u202e\n::error::x ##[group]`';
  const by = { id: '1', login: hostile, kind: 'user' as const };
  const commit = { id: hostile, depth: 0, by, at: hostile, pullRequests: [] };
  const answer = {
    repository: { id: 1, name: hostile },
    branch: hostile,
    period: ASKED.period,
    at: '2026-06-01T00:00:00.000Z',
    head: { sequence: 1, hash: 'sha256:x' },
    walk: { tip: 'c1', end: 'root' as const, oldest: hostile },
    walked: 1,
    found: {
      matched: [],
      unrecorded: [{ commit, likely: 'push-not-seen' as const }],
      missing: [{ change: { ...change(hostile, hostile), by }, likely: 'not-found' as const }],
      unreached: [],
      outside: { commits: [], changes: [] },
      whole: false,
    },
  };
  for (const out of [renderTerminal(answer, { columns: 100, colour: false }), renderJson(answer)]) {
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).not.toMatch(/^\s*::/m);
    expect(out).not.toContain('##[');
  }
});
