import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Comparison, ListedCommit, RecordedChange } from '../../src/core/audit/reconciliation.ts';
import { presenceOf, reachOf, reconcile, recordedChanges } from '../../src/core/audit/reconcile.ts';
import { BANK, chain, merged, pushed } from '../audit-core/records.ts';

const DAY = 86_400_000;
const MARCH = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };
const ASKED: Comparison = {
  period: MARCH,
  branch: 'main',
  marginMs: DAY,
  now: '2026-06-01T00:00:00.000Z',
  presence: { since: '2026-01-01T00:00:00.000Z', away: [] },
  walk: { tip: 'c0', complete: true },
  elsewhere: new Set(),
};

const change = (record: number, over: Partial<RecordedChange> = {}): RecordedChange => ({
  id: `change ${record}`,
  record,
  at: '2026-03-10T00:00:00.000Z',
  branch: 'main',
  pullRequest: undefined,
  commit: `on record ${record}`,
  by: undefined,
  oneByOne: true,
  ...over,
});

const commit = (depth: number, over: Partial<ListedCommit> = {}): ListedCommit => ({
  id: `c${depth}`,
  depth,
  by: undefined,
  at: '2026-03-10T00:00:00Z',
  pullRequests: [],
  ...over,
});

const merge = (number: number, base = 'main') => ({ pullRequests: [{ number, merged: true, base }] });

describe('what belongs together', () => {
  test('the commit that a merge left, every commit of a rebased one, and a push', () => {
    const commits = [commit(0, merge(2)), commit(1, merge(2)), commit(2), commit(3)];
    const changes = [
      change(1, { commit: 'c3' }),
      change(2, { commit: 'c2', pullRequest: 1 }),
      change(3, { commit: 'c0', pullRequest: 2 }),
    ];
    const found = reconcile(commits, changes, ASKED);
    expect(found.matched.map((m) => m.commits)).toEqual([['c3'], ['c2'], ['c0', 'c1']]);
    expect(found.whole).toBe(true);
  });

  test('not by a pull request that is not merged, or went to another branch', () => {
    const commits = [
      commit(0, merge(1, 'release')),
      commit(1, { pullRequests: [{ number: 1, merged: false, base: 'main' }] }),
    ];
    const found = reconcile(commits, [change(1, { pullRequest: 1 })], ASKED);
    expect(found.unrecorded.map((u) => u.commit.id)).toEqual(['c1', 'c0']);
    expect(found.missing).toHaveLength(1);
    expect(found.whole).toBe(false);
  });

  test('a commit on record at another time is of that time', () => {
    const found = reconcile(
      [commit(0)],
      [change(1, { commit: 'c0', at: '2026-02-01T00:00:00.000Z' })],
      ASKED,
    );
    expect(found.outside.commits).toEqual([{ id: 'c0', at: '2026-03-10T00:00:00Z', why: 'on-record' }]);
    expect(found.outside.changes).toHaveLength(1);
    expect(found.whole).toBe(true);
  });
});

describe('a commit that is not on record', () => {
  const classOf = (
    at: string,
    {
      below,
      above,
      presence = ASKED.presence,
    }: { below?: string; above?: string; presence?: Comparison['presence'] } = {},
  ): string => {
    const commits = [commit(0), commit(1, { at }), commit(2)];
    const changes = [
      ...(above === undefined ? [] : [change(2, { commit: 'c0', at: above })]),
      ...(below === undefined ? [] : [change(1, { commit: 'c2', at: below })]),
    ];
    const { unrecorded, outside } = reconcile(commits, changes, { ...ASKED, presence });
    const left = unrecorded.find((u) => u.commit.id === 'c1');
    return left?.likely ?? outside.commits.find((c) => c.id === 'c1')?.why ?? 'dropped';
  };
  const [JAN, FEB, MAR, MAY] = ['01', '02', '03', '05'].map((m) => `2026-${m}-10T00:00:00.000Z`) as [
    string,
    string,
    string,
    string,
  ];

  test.each([
    ['is of the period by its date', MAR, {}, 'push-not-seen'],
    ['is within the margin', '2026-02-28T12:00:00Z', {}, 'push-not-seen'],
    ['is before it by its date', FEB, {}, 'before'],
    ['is after it by its date', MAY, {}, 'after'],
    ['lies in the future, which is no date', '2027-01-01T00:00:00Z', {}, 'push-not-seen'],
    ['has no date', 'yesterday', {}, 'push-not-seen'],
    ['was there before, by the record above', MAR, { above: FEB }, 'before'],
    ['came after, by the record below', MAR, { below: MAY }, 'after'],
    [
      'is older than what it stands on, so that its date is none',
      JAN,
      { below: FEB, above: MAR },
      'push-not-seen',
    ],
    ['came between what is on record, and says so', FEB, { below: JAN, above: MAR }, 'before'],
    ['is younger than what stands on it', '2026-05-20T00:00:00Z', { above: MAR }, 'push-not-seen'],
  ])('%s', (_, at, around, expected) => {
    expect(classOf(at, around)).toBe(expected);
  });

  test('probably is of the time when nobody was there', () => {
    const since = '2026-03-20T00:00:00.000Z';
    expect(classOf(MAR, { presence: { since, away: [] } })).toBe('before-installed');
    expect(classOf(MAR, { presence: { since: undefined, away: [] } })).toBe('before-installed');
    const away = [{ from: '2026-03-05T00:00:00.000Z', until: undefined }];
    expect(classOf(MAR, { presence: { since: JAN, away } })).toBe('while-away');
  });

  test('probably is a merge, or a part of a push that was recorded as a whole', () => {
    const bulk = change(1, { commit: 'c0', oneByOne: false });
    const found = reconcile([commit(0), commit(1), commit(2)], [bulk], ASKED);
    expect(found.unrecorded.map((u) => u.likely)).toEqual(['not-one-by-one', 'not-one-by-one']);
    expect(reconcile([commit(0, merge(4))], [], ASKED).unrecorded[0]?.likely).toBe('merge-not-seen');
  });
});

describe('a change that is not on the branch', () => {
  test.each([
    ['branch-gone', change(1), { walk: { tip: undefined, complete: true } }],
    ['no-commit', change(1, { commit: undefined }), {}],
    ['another-line', change(1), { elsewhere: new Set(['on record 1']) }],
    ['not-found', change(1), {}],
  ] as const)('%s', (likely, one, over) => {
    const found = reconcile([], [one], { ...ASKED, ...over });
    expect(found.missing.map((m) => m.likely)).toEqual([likely]);
    expect(found.whole).toBe(false);
  });

  test('rewritten, where that is on record after it', () => {
    const rewriting = (record: number): RecordedChange =>
      change(record, { commit: 'c0', oneByOne: false, at: '2026-03-12T00:00:00.000Z' });
    const likely = (record: number): unknown =>
      reconcile([commit(0)], [change(2), rewriting(record)], ASKED).missing[0]?.likely;
    expect([likely(3), likely(1)]).toEqual(['rewritten', 'not-found']);
  });

  test('is not called missing where the walk ended before', () => {
    const found = reconcile([], [change(1)], { ...ASKED, walk: { tip: 'x', complete: false } });
    expect(found).toMatchObject({ missing: [], unreached: [{ record: 1 }], whole: false });
  });
});

describe('from records', () => {
  test('the changes of one branch, with the commit that they left there', () => {
    const records = chain(
      merged(1, { mergeCommit: 'm1', mergedAt: '2026-11-02T08:00:00Z' }),
      merged(2, { mergeCommit: 'm2', baseRef: 'release' }),
      merged(3),
      pushed('p1'),
      pushed('p2', { complete: false, forced: true }),
    );
    expect(recordedChanges(records, 'main').map((c) => [c.record, c.commit, c.oneByOne])).toEqual([
      [1, 'm1', true],
      [3, undefined, true],
      [4, 'p1', true],
      [5, 'p2', false],
    ]);
    expect(recordedChanges(records, 'main')[0]).toMatchObject({ at: '2026-11-02T08:00:00Z', pullRequest: 1 });
  });

  test('when the gate was there', () => {
    const at = (day: number) => ({ at: `2026-11-0${day}T00:00:00.000Z` });
    const records = chain(
      { kind: 'installed', ...at(1) },
      { kind: 'uninstalled', ...at(2) },
      { kind: 'uninstalled', ...at(3) },
      { kind: 'installed', ...at(4) },
      { kind: 'gate-outage', details: { from: 'a', until: 'b' }, ...at(5) },
      { kind: 'uninstalled', ...at(6) },
    );
    expect(presenceOf(records)).toEqual({
      since: at(1).at,
      away: [
        { from: at(2).at, until: at(4).at },
        { from: 'a', until: 'b' },
        { from: at(6).at, until: undefined },
      ],
    });
    expect(presenceOf(chain({ kind: 'installed', repository: BANK })).away).toEqual([]);
  });
});

/** Any history against any trail: neither has to fit the other. */
const instant = fc
  .integer({ min: -80, max: 120 })
  .map((d) => new Date(Date.parse(MARCH.from) + d * DAY).toISOString());
const date = fc.oneof({ weight: 9, arbitrary: instant }, { weight: 1, arbitrary: fc.constant('no date') });
const anyCommits: fc.Arbitrary<readonly ListedCommit[]> = fc
  .array(
    fc.record({
      at: date,
      pullRequests: fc.array(
        fc.record({ number: fc.nat(5), merged: fc.boolean(), base: fc.constantFrom('main', 'x') }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 12 },
  )
  .map((all) => all.map((each, depth) => commit(depth, each)));
const anyChanges: fc.Arbitrary<readonly RecordedChange[]> = fc
  .array(
    fc.record({
      at: date,
      commit: fc.option(
        fc.nat(14).map((n) => `c${n}`),
        { nil: undefined },
      ),
      pullRequest: fc.option(fc.nat(5), { nil: undefined }),
      oneByOne: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((all) => all.map((each, i) => change(i + 1, each)));
const anyAsked: fc.Arbitrary<Comparison> = fc
  .record({
    complete: fc.boolean(),
    tip: fc.constantFrom(undefined, 'c0'),
    since: fc.option(instant, { nil: undefined }),
    away: instant,
  })
  .map(({ complete, tip, since, away }) => ({
    ...ASKED,
    walk: { tip, complete },
    presence: { since, away: [{ from: away, until: undefined }] },
  }));

describe('whatever there is', () => {
  test('every commit and every change is in one class, and in one only', () => {
    fc.assert(
      fc.property(anyCommits, anyChanges, anyAsked, (commits, changes, asked) => {
        const found = reconcile(commits, changes, asked);
        const ids = [
          ...new Set(found.matched.flatMap((m) => m.commits)),
          ...found.unrecorded.map((u) => u.commit.id),
          ...found.outside.commits.map((c) => c.id),
        ];
        expect(ids.sort()).toEqual(commits.map((c) => c.id).sort());
        const records = [
          ...found.matched.map((m) => m.change),
          ...found.missing.map((m) => m.change),
          ...found.unreached,
          ...found.outside.changes,
        ].map((c) => c.record);
        expect(records.sort((a, b) => a - b)).toEqual(changes.map((c) => c.record));
        expect(found.whole).toBe(
          asked.walk.complete &&
            found.unrecorded.length + found.missing.length + found.unreached.length === 0,
        );
      }),
    );
  });

  test('the order in which things are told does not matter', () => {
    const shuffled = <T>(arbitrary: fc.Arbitrary<readonly T[]>) =>
      arbitrary.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
      );
    fc.assert(
      fc.property(shuffled(anyCommits), shuffled(anyChanges), anyAsked, ([a, b], [x, y], asked) => {
        expect(reconcile(b, y, asked)).toEqual(reconcile(a, x, asked));
      }),
    );
  });

  test('a change that is matched is on the branch, by its commit or by its pull request', () => {
    fc.assert(
      fc.property(anyCommits, anyChanges, (commits, changes) => {
        for (const { change: c, commits: ids } of reconcile(commits, changes, ASKED).matched)
          for (const id of ids) {
            const numbers = commits
              .find((each) => each.id === id)
              ?.pullRequests.flatMap((p) => (p.merged && p.base === 'main' ? [p.number] : []));
            expect(c.commit === id || numbers?.includes(c.pullRequest ?? -1)).toBe(true);
          }
      }),
    );
  });
});

test('a walk ends at what was on record before the period, whatever the dates say', () => {
  const commits = [commit(0, { at: '1999-01-01T00:00:00Z' }), commit(1), commit(2), commit(3)];
  const early = change(1, { commit: 'c2', at: '2026-02-01T00:00:00.000Z' });
  expect(reachOf(commits, [early], ASKED)).toBe(3);
  expect(reachOf(commits, [{ ...early, at: '2026-02-28T12:00:00.000Z' }], ASKED)).toBeUndefined();
});
