import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createMetrics, type Metrics } from '../../src/app/metrics.ts';
import { runDue, startWorkers, type WorkerDeps, type Workers } from '../../src/app/worker.ts';
import { later } from '../../src/review/deps.ts';
import { Later, RateLimited, Refused, Unavailable } from '../../src/review/hosting-errors.ts';
import { LeaseLost, type Lease, type Store } from '../../src/review/store.ts';
import type { Work } from '../../src/review/work.ts';
import { openStore } from '../../src/store/open-store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { captureLog } from './receiver.ts';

let store: Store;
let clock: FakeClock;
let metrics: Metrics;
let capture: ReturnType<typeof captureLog>;
let workers: Workers | undefined;

beforeEach(async () => {
  store = await openStore({ file: join(temporaryFolder(), 'store.sqlite') });
  clock = fakeClock();
  metrics = createMetrics();
  capture = captureLog();
});
afterEach(async () => {
  const stopped = workers?.stop(0);
  await clock.advance(0);
  await stopped;
  workers = undefined;
  await store.close();
  removeTemporaryFolders();
});

const MINUTE = 60_000;

const pull = (number: number, installation = 31): Work => ({
  installation,
  subject: { kind: 'pull-request', repository: { id: 700, name: 'acme/orchard' }, number },
});
const want = (...work: readonly Work[]): Promise<void> => store.queue.want(work, clock.now());

function deps(look: WorkerDeps['look'], more: Partial<WorkerDeps> = {}): WorkerDeps {
  return {
    store,
    look,
    now: clock.now,
    sleep: clock.sleep,
    log: capture.log,
    metrics,
    name: 'here',
    concurrency: 2,
    leaseMs: 30_000,
    lookMs: 5 * MINUTE,
    ...more,
  };
}

function start(look: WorkerDeps['look'], more: Partial<WorkerDeps> = {}): Workers {
  return (workers = startWorkers(deps(look, more)));
}

/** A look that lasts until it is told to end, and what was looked at. */
function gate() {
  const looks: string[] = [];
  const open = new Map<string, () => void>();
  return {
    looks,
    look: ({ key }: Lease) =>
      new Promise<void>((done) => {
        looks.push(key);
        open.set(key, done);
      }),
    end: (key: string) => open.get(key)?.(),
  };
}

const outcomes = async (): Promise<Record<string, number>> =>
  Object.fromEntries((await metrics.looks.get()).values.map((v) => [String(v.labels.outcome), v.value]));

describe('the loop', () => {
  test('looks at what is there, and at what comes when it is woken', async () => {
    const looks: string[] = [];
    await want(pull(1));
    const at = start((lease) => Promise.resolve(void looks.push(lease.key)));
    await clock.settle();
    expect(looks).toEqual(['pull/700/1']);
    await want(pull(2));
    await clock.settle();
    expect(looks).toHaveLength(1);
    at.wake();
    await clock.settle();
    expect(looks).toEqual(['pull/700/1', 'pull/700/2']);
    expect(await store.queue.backlog(clock.now())).toEqual({ waiting: 0, leased: 0 });
    expect(await outcomes()).toEqual({ done: 2 });
  });

  test('finds within seconds what another machine accepted', async () => {
    const { look, looks } = gate();
    start(look);
    await clock.advance(MINUTE);
    await want(pull(1));
    await clock.advance(5_000);
    expect(looks).toEqual(['pull/700/1']);
  });

  test('looks at no more than its number at a time, and at one subject only once at a time', async () => {
    const { look, looks, end } = gate();
    await want(pull(1), pull(2), pull(3));
    start(look);
    await clock.settle();
    expect(looks).toEqual(['pull/700/1', 'pull/700/2']);
    await want(pull(1));
    workers?.wake();
    await clock.advance(1_000);
    expect(looks).toHaveLength(2);
    end('pull/700/1');
    await clock.settle();
    // What was asked during the look is looked at after it, behind what waited longer.
    expect(looks).toEqual(['pull/700/1', 'pull/700/2', 'pull/700/3']);
    end('pull/700/3');
    await clock.settle();
    expect(looks).toEqual(['pull/700/1', 'pull/700/2', 'pull/700/3', 'pull/700/1']);
  });

  test('is alive while it goes round, whatever the looks do', async () => {
    const at = start(() => new Promise(() => undefined), { concurrency: 1, lookMs: 3 * 60 * MINUTE });
    await want(pull(1));
    await clock.advance(60 * MINUTE);
    expect(at.alive()).toBe(true);
  });

  test('survives a store that does not answer, without hurry', async () => {
    let asked = 0;
    let down = true;
    const queue = {
      ...store.queue,
      claim: (...args: Parameters<Store['queue']['claim']>) => {
        asked++;
        return down ? Promise.reject(new Error('connection refused')) : store.queue.claim(...args);
      },
    };
    await want(pull(1));
    const looks: string[] = [];
    const at = start(({ key }) => Promise.resolve(void looks.push(key)), { store: { queue } });
    await clock.advance(10 * MINUTE);
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(40);
    expect(at.alive()).toBe(true);
    down = false;
    await clock.advance(MINUTE);
    expect(looks).toEqual(['pull/700/1']);
  });

  test('is not alive when the store hangs', async () => {
    const queue = { ...store.queue, claim: () => new Promise<never>(() => undefined) };
    const at = start(() => Promise.resolve(), { store: { queue } });
    await clock.advance(2 * MINUTE);
    expect(at.alive()).toBe(false);
    let isStopped = false;
    void at.stop(25_000).then(() => (isStopped = true));
    await clock.advance(25_000);
    expect(isStopped).toBe(true);
  });
});

describe('the lease', () => {
  test('is kept for as long as the look goes on, and let go afterwards', async () => {
    const { look, end } = gate();
    await want(pull(1));
    start(look);
    await clock.advance(3 * MINUTE);
    expect(await store.queue.claim('elsewhere', clock.now(), later(clock.now(), 1_000))).toBeUndefined();
    end('pull/700/1');
    await clock.settle();
    await want(pull(1));
    expect(await store.queue.claim('elsewhere', clock.now(), later(clock.now(), 1_000))).toMatchObject({
      key: 'pull/700/1',
    });
  });

  test('that was lost is dropped without a word to the queue', async () => {
    await want(pull(1));
    start(() => Promise.reject(new LeaseLost('pull/700/1 is held by somebody else')), { concurrency: 1 });
    await clock.settle();
    expect(await outcomes()).toEqual({ lost: 1 });
    expect(await store.queue.backlog(clock.now())).toMatchObject({ leased: 1 });
    await clock.advance(MINUTE);
    expect((await outcomes())['lost']).toBeGreaterThan(1);
  });

  test('a look that hangs is given up and made again', async () => {
    let looks = 0;
    await want(pull(1));
    start(() => (++looks === 1 ? new Promise(() => undefined) : Promise.resolve()));
    await clock.advance(4 * MINUTE);
    expect(looks).toBe(1);
    await clock.advance(2 * MINUTE);
    expect(looks).toBe(2);
    expect(await outcomes()).toEqual({ unavailable: 1, done: 1 });
  });
});

describe('what goes wrong', () => {
  const due = async (): Promise<number> => {
    const at = await store.queue.nextDue();
    return at === undefined ? Number.NaN : Date.parse(at) - Date.parse(clock.now());
  };
  const once = async (error: Error, work = pull(1)): Promise<void> => {
    await want(work);
    expect(await runDue(deps(() => Promise.reject(error)))).toBe(1);
  };

  test('a limit pauses the whole installation, counts as no failure, and nothing else waits', async () => {
    await want(pull(1), pull(2), pull(3, 32));
    const looks: string[] = [];
    const until = later(clock.now(), 10 * MINUTE);
    const attempts: number[] = [];
    start(
      (lease) => {
        looks.push(lease.key);
        attempts.push(lease.attempts);
        return lease.work.installation === 31 && clock.now() < until
          ? Promise.reject(new RateLimited('secondary limit', until))
          : Promise.resolve();
      },
      { concurrency: 1 },
    );
    await clock.advance(9 * MINUTE);
    expect(looks).toEqual(['pull/700/1', 'pull/700/3']);
    await clock.advance(2 * MINUTE);
    expect(looks.slice(2).sort()).toEqual(['pull/700/1', 'pull/700/2']);
    expect(attempts).toEqual([0, 0, 0, 0]);
    expect(await outcomes()).toEqual({ limited: 1, done: 3 });
    expect(await metrics.registry.getSingleMetricAsString('threatgate_rate_limit_waits_total')).toContain(
      ' 1',
    );
  });

  test('no answer: again after a while, twice as long each time, for ever', async () => {
    await once(new Unavailable('502'));
    const waits = [await due()];
    for (let i = 0; i < 14; i++) {
      await clock.advance(await due());
      expect(await runDue(deps(() => Promise.reject(new Unavailable('502'))))).toBe(1);
      waits.push(await due());
    }
    expect(waits[0]).toBeGreaterThanOrEqual(1_500);
    expect(waits[0]).toBeLessThanOrEqual(2_000);
    for (const [i, wait] of waits.entries()) {
      const full = Math.min(10 * MINUTE, 2_000 * 2 ** i);
      expect(wait).toBeGreaterThanOrEqual(full * 0.75);
      expect(wait).toBeLessThanOrEqual(full);
    }
    expect(await runDue(deps(() => Promise.resolve()))).toBe(0);
    await clock.advance(await due());
    expect(await runDue(deps(() => Promise.resolve()))).toBe(1);
    expect(await store.queue.nextDue()).toBeUndefined();
  });

  test('those who failed together do not come again together', async () => {
    const many = Array.from({ length: 20 }, (_, i) => pull(i + 1));
    await want(...many);
    const reasons: number[] = [];
    await runDue(deps(() => Promise.reject(new Unavailable('502'))));
    for (let ms = 1_500; ms <= 2_000; ms += 50) {
      await clock.advance(ms === 1_500 ? 1_500 : 50);
      reasons.push(await runDue(deps(() => Promise.resolve())));
    }
    expect(reasons.reduce((a, b) => a + b)).toBe(20);
    expect(reasons.filter((n) => n > 0).length).toBeGreaterThan(4);
  });

  test('too early to tell: again at the time that was named', async () => {
    await once(new Later('the lists lag behind', later(clock.now(), 5_000)));
    expect(await due()).toBe(5_000);
  });

  test('refused: much later, and an error in the log', async () => {
    await once(new Refused('403 Resource not accessible by integration'));
    expect(await due()).toBeGreaterThan(7 * MINUTE);
    expect(capture.entries()).toMatchObject([{ level: 'error', subject: 'pull/700/1', attempts: 0 }]);
    // What is new ends the wait: a permission that was given brings an event.
    await want(pull(1));
    expect(await runDue(deps(() => Promise.resolve()))).toBe(1);
  });

  test('a defect: logged with its place, counted, and tried again; never lost', async () => {
    await once(new TypeError('x is not a function'));
    expect(capture.entries()).toMatchObject([
      {
        level: 'error',
        subject: 'pull/700/1',
        attempts: 0,
        err: {
          type: 'TypeError',
          message: 'x is not a function',
          stack: expect.stringContaining('worker.test.ts'),
        },
      },
    ]);
    expect((await metrics.errors.get()).values).toMatchObject([{ labels: { where: 'look' }, value: 1 }]);
    expect(await due()).toBeLessThanOrEqual(2_000);
  });

  test('an outcome that cannot be stored: the lease runs out, and the subject is looked at again', async () => {
    let down = true;
    const queue = {
      ...store.queue,
      finish: (...args: Parameters<Store['queue']['finish']>) =>
        down ? Promise.reject(new Error('disk full')) : store.queue.finish(...args),
      renew: (...args: Parameters<Store['queue']['renew']>) =>
        down ? Promise.reject(new Error('disk full')) : store.queue.renew(...args),
    };
    let looks = 0;
    await want(pull(1));
    start(
      () => {
        looks++;
        return Promise.resolve();
      },
      { store: { queue } },
    );
    await clock.advance(20_000);
    expect(looks).toBe(1);
    down = false;
    await clock.advance(20_000);
    expect(looks).toBe(2);
    expect(await store.queue.nextDue()).toBeUndefined();
  });
});

describe('stopping', () => {
  test('claims nothing more, and waits for what is running', async () => {
    const { look, looks, end } = gate();
    await want(pull(1), pull(2));
    const at = start(look, { concurrency: 1 });
    await clock.settle();
    let left: number | undefined;
    void at.stop(25_000).then((n) => (left = n));
    await clock.advance(10_000);
    expect(left).toBeUndefined();
    end('pull/700/1');
    await clock.settle();
    expect(left).toBe(0);
    expect(looks).toEqual(['pull/700/1']);
    expect(await store.queue.backlog(clock.now())).toMatchObject({ waiting: 1, leased: 0 });
    expect(at.alive()).toBe(false);
  });

  test('does not wait for ever: what is left runs out with its lease', async () => {
    const { look } = gate();
    await want(pull(1));
    const at = start(look);
    await clock.settle();
    let left: number | undefined;
    void at.stop(25_000).then((n) => (left = n));
    await clock.advance(24_000);
    expect(left).toBeUndefined();
    await clock.advance(1_000);
    expect(left).toBe(1);
    await clock.advance(MINUTE);
    expect(await store.queue.claim('elsewhere', clock.now(), later(clock.now(), 1_000))).toMatchObject({
      key: 'pull/700/1',
    });
  });
});

describe('without timers', () => {
  test('everything that is due, in order, and nothing that is not', async () => {
    await want(pull(1));
    await clock.advance(1_000);
    await want(pull(2));
    const looks: string[] = [];
    const again = async ({ key }: Lease): Promise<void> => {
      looks.push(key);
      if (key === 'pull/700/1') await want(pull(3));
      if (looks.length < 3) throw new Unavailable('502');
    };
    expect(await runDue(deps(again))).toBe(3);
    expect(looks).toEqual(['pull/700/1', 'pull/700/2', 'pull/700/3']);
    expect(await runDue(deps(again))).toBe(0);
  });

  test('a look that always asks for itself is found', async () => {
    await want(pull(1));
    await expect(
      runDue(
        deps(() => want(pull(1))),
        50,
      ),
    ).rejects.toThrow('50 looks were made');
  });
});
