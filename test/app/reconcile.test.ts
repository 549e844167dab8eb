import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createMetrics, type Metrics } from '../../src/app/metrics.ts';
import { makeRound, RECONCILER, ROUNDS, type ReconcileDeps } from '../../src/app/reconcile.ts';
import { createRedelivery } from '../../src/app/redelivery.ts';
import { dueRepositories } from '../../src/app/sweep-plan.ts';
import { runDue } from '../../src/app/worker.ts';
import { later } from '../../src/review/deps.ts';
import { NotThere, RateLimited } from '../../src/review/hosting-errors.ts';
import type { PastDelivery } from '../../src/review/hosting.ts';
import type { RepositoryRow, Store } from '../../src/review/store.ts';
import { keyOf, type Work } from '../../src/review/work.ts';
import { openStore } from '../../src/store/open-store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { captureLog } from './receiver.ts';

const MINUTE = 60_000;
const INTERVAL = 10 * MINUTE;
const TICK = INTERVAL / ROUNDS;

let store: Store;
let clock: FakeClock;
let metrics: Metrics;
let capture: ReturnType<typeof captureLog>;
let failed: PastDelivery[];
let asked: { since: string[]; again: string[]; lists: number };

beforeEach(async () => {
  store = await openStore({ file: join(temporaryFolder(), 'store.sqlite') });
  clock = fakeClock();
  metrics = createMetrics();
  capture = captureLog();
  failed = [];
  asked = { since: [], again: [], lists: 0 };
});
afterEach(async () => {
  await store.close();
  removeTemporaryFolders();
});

const hosting: ReconcileDeps['hosting'] = {
  failedDeliveries: (since) => {
    asked.since.push(since);
    return Promise.resolve(failed.filter((f) => f.at >= since));
  },
  redeliver: (id) => {
    asked.again.push(id);
    return Promise.resolve();
  },
  installations: () => {
    asked.lists++;
    return Promise.resolve([
      { id: 31, suspended: false },
      { id: 32, suspended: true },
    ]);
  },
};

const machine = (more: Partial<ReconcileDeps['hosting']> = {}): ReconcileDeps => ({
  store,
  hosting: { ...hosting, ...more },
  now: clock.now,
  log: capture.log,
  metrics,
  redelivery: createRedelivery(),
  intervalMs: INTERVAL,
});

/** A tick of one machine; returns what else was looked at. */
async function tick(deps: ReconcileDeps = machine()): Promise<readonly string[]> {
  const looks: string[] = [];
  await store.queue.want([RECONCILER], clock.now());
  await runDue({
    store,
    look: async (lease) => {
      if (lease.key === keyOf(RECONCILER)) return makeRound(lease, deps);
      looks.push(lease.key);
      return sweep(lease.work, lease);
    },
    now: clock.now,
    log: capture.log,
    metrics,
    name: 'here',
    leaseMs: 30_000,
  });
  return looks.sort();
}

/** What a sweep does, as far as it matters here. */
async function sweep({ subject }: Work, lease: Parameters<Store['apply']>[0]): Promise<void> {
  if (subject.kind !== 'repository') return;
  const row = await store.repository(subject.repository.id);
  if (row) await store.apply(lease, { repository: { ...row, sweptAt: clock.now() } }, clock.now());
}

const row = (id: number, more: Partial<RepositoryRow> = {}): RepositoryRow => ({
  repository: { id, name: `acme/r${id}` },
  installation: 31,
  active: true,
  protectedBranches: '[]',
  tips: '{}',
  ...more,
});

async function know(...rows: readonly RepositoryRow[]): Promise<void> {
  await store.queue.want([{ installation: 9, subject: { kind: 'installation' } }], clock.now());
  const lease = await store.queue.claim('setup', clock.now(), later(clock.now(), 1_000));
  if (!lease) throw new Error('no lease');
  for (const repository of rows) await store.apply(lease, { repository }, clock.now());
  await store.queue.finish(lease, clock.now());
}

const delivery = (guid: string, minutesAgo: number, event = 'pull_request'): PastDelivery => ({
  id: `id-${guid}-${minutesAgo}`,
  guid,
  event,
  at: later(clock.now(), -minutesAgo * MINUTE),
});

describe('failed deliveries', () => {
  test('those that matter and were not accepted are asked for again', async () => {
    await store.accept(
      [{ guid: 'stored', event: 'push', action: '', work: RECONCILER, signals: [] }],
      clock.now(),
    );
    failed = [
      delivery('lost', 5),
      delivery('stored', 6, 'push'),
      delivery('star', 7, 'star'),
      delivery('older', 60),
    ];
    await tick();
    expect(asked.again.sort()).toEqual(['id-lost-5', 'id-older-60']);
    expect((await metrics.redeliveries.get()).values).toMatchObject([
      { labels: { outcome: 'requested' }, value: 2 },
    ]);
  });

  test('the first time since GitHub remembers, then since the last round, with an overlap', async () => {
    const began = clock.now();
    await tick();
    await clock.advance(TICK);
    await tick();
    expect(asked.since).toEqual([later(began, -3 * 24 * 60 * MINUTE), later(began, -30 * MINUTE)]);
  });

  test('after an outage, since the last round that was made, even by another machine', async () => {
    const began = clock.now();
    await tick();
    await clock.advance(8 * 60 * MINUTE);
    await tick(machine());
    expect(asked.since[1]).toBe(later(began, -30 * MINUTE));
  });

  test('a round that failed is made again, over the same time', async () => {
    await tick();
    await clock.advance(TICK);
    await tick(
      machine({
        failedDeliveries: () => Promise.reject(new RateLimited('limit', later(clock.now(), MINUTE))),
      }),
    );
    await clock.advance(2 * TICK);
    await tick();
    expect(asked.since[1]).toBe(later(clock.now(), -30 * MINUTE - 3 * TICK));
    expect((await metrics.rounds.get()).values.map((v) => [v.labels.outcome, v.value])).toEqual([
      ['done', 2],
      ['failed', 1],
    ]);
  });

  test('one that GitHub does not have any more does not stand in the way of the others', async () => {
    failed = [delivery('gone', 5), delivery('lost', 6)];
    const redeliver = (id: string): Promise<void> =>
      id.includes('gone') ? Promise.reject(new NotThere('404')) : hosting.redeliver(id);
    await tick(machine({ redeliver }));
    expect(asked.again).toEqual(['id-lost-6']);
    expect((await metrics.rounds.get()).values).toMatchObject([{ labels: { outcome: 'done' } }]);
  });

  test('one that we refuse ourselves does not come for ever', async () => {
    const deps = machine();
    const redeliver = (id: string): Promise<void> => {
      asked.again.push(id);
      // It fails again at once, and is listed anew.
      failed.unshift({ ...delivery('malformed', -0.1), id: `again-${asked.again.length}` });
      return Promise.resolve();
    };
    failed = [delivery('malformed', 1)];
    for (let i = 0; i < 70; i++) {
      await tick({ ...deps, hosting: { ...hosting, redeliver } });
      await clock.advance(i < 40 ? TICK : INTERVAL);
    }
    expect(asked.again).toHaveLength(5);
    expect(capture.entries().filter((e) => e['level'] === 'error')).toMatchObject([
      { guid: 'malformed', event: 'pull_request' },
    ]);
  });
});

describe('one round, however many machines', () => {
  test('of two that ask at the same tick, one makes it', async () => {
    const [one, two] = [machine(), machine()];
    await tick(one);
    await tick(two);
    expect(asked.since).toHaveLength(1);
    await clock.advance(TICK);
    await tick(two);
    await tick(one);
    expect(asked.since).toHaveLength(2);
  });

  test('it leaves nothing waiting, and stands for no repository', async () => {
    await tick();
    expect(await store.queue.backlog(clock.now())).toEqual({ waiting: 0, leased: 0 });
    expect((await store.repositories()).filter((r) => r.active)).toEqual([]);
  });
});

describe('the sweep', () => {
  test('comes to every active repository within the interval, again and again, and spreads out', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => i + 1);
    await know(...ids.map((id) => row(id)), row(99, { active: false }), row(50, { installation: 33 }));
    const swept = new Map<string, string[]>();
    const perTick: number[] = [];
    for (let i = 0; i < 3 * ROUNDS; i++) {
      const looks = (await tick()).filter((key) => key.startsWith('repository/'));
      for (const key of looks) swept.set(key, [...(swept.get(key) ?? []), clock.now()]);
      perTick.push(looks.length);
      await clock.advance(TICK);
    }
    expect([...swept.keys()].sort()).toEqual([...ids, 50].map((id) => `repository/${id}`).sort());
    for (const at of swept.values())
      for (const [i, instant] of at.entries()) {
        const before = i === 0 ? '2026-02-01T00:00:00.000Z' : (at[i - 1] ?? '');
        expect(Date.parse(instant) - Date.parse(before)).toBeLessThanOrEqual(INTERVAL);
      }
    expect(Math.max(...perTick)).toBeLessThanOrEqual(4);
  });

  test('takes no more than its share of the budget from an installation with thousands', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => row(i + 1));
    const at = clock.now();
    expect(dueRepositories(many, at, INTERVAL, ROUNDS)).toHaveLength(12);
    expect(dueRepositories(many, at, MINUTE, ROUNDS)).toHaveLength(1);
  });

  test('whoever waited longest comes first', () => {
    const at = clock.now();
    const rows = [
      row(1, { sweptAt: later(at, -9 * MINUTE) }),
      row(2, { sweptAt: later(at, -11 * MINUTE) }),
      row(3),
      row(4, { sweptAt: later(at, -1 * MINUTE) }),
    ];
    const order = (all: readonly RepositoryRow[]): readonly string[] =>
      dueRepositories(all, at, INTERVAL, ROUNDS).map((w) => keyOf(w));
    expect(order(rows)).toEqual(['repository/3']);
    expect(order(rows.filter((r) => r.repository.id !== 3))).toEqual(['repository/2']);
    expect(order(rows.slice(3))).toEqual([]);
  });

  test('installations are looked at hourly: those that are there, and those that only we think are there', async () => {
    await know(row(1), row(2, { installation: 77 }), row(3, { installation: 78, active: false }));
    const looks = async (): Promise<readonly string[]> =>
      (await tick()).filter((key) => key.startsWith('installation/'));
    expect(await looks()).toEqual(['installation/31', 'installation/77']);
    for (let i = 0; i < 58; i++) {
      await clock.advance(MINUTE);
      expect(await looks()).toEqual([]);
    }
    await clock.advance(2 * MINUTE);
    expect(await looks()).toEqual(['installation/31', 'installation/77']);
    expect(asked.lists).toBe(2);
  });

  test('what was served long ago is forgotten', async () => {
    await store.accept(
      [{ guid: 'old', event: 'push', action: '', work: RECONCILER, signals: [] }],
      clock.now(),
    );
    await clock.advance(9 * 24 * 60 * MINUTE);
    await tick();
    expect((await store.accepted(['old'])).size).toBe(1);
    await clock.advance(2 * 24 * 60 * MINUTE);
    await tick();
    expect((await store.accepted(['old'])).size).toBe(0);
  });
});
