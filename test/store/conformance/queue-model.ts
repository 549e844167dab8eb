import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LeaseLost, type Lease, type Store } from '../../../src/review/store.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { at, delivery, pull } from '../samples.ts';

/** What the queue should be, without a database. */
class Model {
  readonly rows = new Map<number, Row>();
  readonly pauses = new Map<number, number>();

  want(subject: number, now: number): void {
    const row = this.rows.get(subject) ?? { ...EMPTY };
    if (row.wanted === row.done) row.since = now;
    row.wanted++;
    row.nextAt = Math.min(row.nextAt, now);
    this.rows.set(subject, row);
  }

  claim(token: string, now: number, until: number): { subject: number; row: Row } | undefined {
    const due = [...this.rows]
      .filter(([subject, row]) => row.wanted > row.done && this.dueAt(subject, row) <= now)
      .sort(([a, x], [b, y]) => x.since - y.since || a - b)[0];
    if (due === undefined) return undefined;
    const [subject, row] = due;
    row.token = token;
    row.leaseUntil = until;
    return { subject, row };
  }

  held(lease: Lease, now: number): Row | undefined {
    const row = this.rows.get(subjectOf(lease));
    return row?.token === lease.token && row.leaseUntil > now ? row : undefined;
  }

  /** When it is due if nothing happens. */
  dueAt(subject: number, row: Row): number {
    return Math.max(row.nextAt, row.leaseUntil, this.pauses.get(installationOf(subject)) ?? 0);
  }

  waiting(): [number, Row][] {
    return [...this.rows].filter(([, row]) => row.wanted > row.done);
  }
}

interface Row {
  wanted: number;
  done: number;
  since: number;
  nextAt: number;
  attempts: number;
  token: string | undefined;
  leaseUntil: number;
}

const EMPTY: Row = {
  wanted: 0,
  done: 0,
  since: 0,
  nextAt: Infinity,
  attempts: 0,
  token: undefined,
  leaseUntil: -Infinity,
};

const installationOf = (subject: number): number => subject % 2;
const workOf = (subject: number): Lease['work'] => pull(subject, { installation: installationOf(subject) });
const subjectOf = (lease: Lease): number => Number(lease.key.split('/')[2]);

type Action =
  | { readonly do: 'want' | 'accept' | 'apply'; readonly subjects: readonly number[] }
  | { readonly do: 'claim' | 'renew' | 'pause' | 'wait'; readonly ms: number }
  | { readonly do: 'postpone'; readonly ms: number; readonly failed: boolean }
  | { readonly do: 'finish' };

/** `nth`: which of the leases that were ever given, so that stale ones are used too. */
type Step = Action & { readonly nth: number };

const ms = fc.integer({ min: 0, max: 60 });
const subjects = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('want' as const, 'accept' as const), subjects }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), ms }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('postpone' as const), ms, failed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('apply' as const), subjects }) },
);
const steps = fc.array(
  fc.tuple(action, fc.nat({ max: 5 })).map(([one, nth]): Step => ({ ...one, nth })),
  { minLength: 5, maxLength: 40 },
);

/** The same steps on the model and on stores that share a database. */
class Run {
  readonly #model = new Model();
  readonly #stores: readonly Store[];
  readonly #leases: Lease[] = [];
  #now = 0;
  #count = 0;

  constructor(stores: readonly Store[]) {
    this.#stores = stores;
  }

  async take(step: Step): Promise<void> {
    const store = this.#stores[this.#count++ % this.#stores.length] as Store;
    await this.#act(store, step);
    const waiting = this.#model.waiting();
    const leased = waiting.filter(([, row]) => row.leaseUntil > this.#now).length;
    expect(await store.queue.backlog(at(this.#now))).toEqual({
      waiting: waiting.length - leased,
      leased,
      ...(waiting.length === 0 ? {} : { oldest: at(Math.min(...waiting.map(([, row]) => row.since))) }),
    });
    const due = Math.min(...waiting.map(([subject, row]) => this.#model.dueAt(subject, row)));
    expect(await store.queue.nextDue()).toBe(due === Infinity ? undefined : at(due));
  }

  async #act(store: Store, step: Step): Promise<void> {
    const now = this.#now;
    switch (step.do) {
      case 'wait':
        this.#now += step.ms;
        return;
      case 'want':
        await store.queue.want(step.subjects.map(workOf), at(now));
        for (const subject of step.subjects) this.#model.want(subject, now);
        return;
      case 'accept':
        await store.accept(
          step.subjects.map((subject, n) => delivery(`${this.#count} ${n}`, { work: workOf(subject) })),
          at(now),
        );
        for (const subject of step.subjects) this.#model.want(subject, now);
        return;
      case 'pause': {
        const installation = step.nth % 2;
        await store.queue.pause(installation, at(now + step.ms), 'limit');
        const longest = Math.max(now + step.ms, this.#model.pauses.get(installation) ?? 0);
        this.#model.pauses.set(installation, longest);
        return;
      }
      case 'claim':
        return this.#claim(store, now + step.ms);
      case 'renew':
      case 'finish':
      case 'postpone':
      case 'apply': {
        const lease = this.#leases.at(-1 - step.nth);
        if (lease !== undefined) await this.#use(store, lease, step);
      }
    }
  }

  async #claim(store: Store, until: number): Promise<void> {
    const token = `token ${this.#count}`;
    const lease = await store.queue.claim(token, at(this.#now), at(until));
    const expected = this.#model.claim(token, this.#now, until);
    expect(lease && { subject: subjectOf(lease), ...lease }).toEqual(
      expected && {
        subject: expected.subject,
        key: `pull/7/${expected.subject}`,
        work: workOf(expected.subject),
        token,
        wanted: expected.row.wanted,
        attempts: expected.row.attempts,
        since: at(expected.row.since),
      },
    );
    if (lease !== undefined) this.#leases.push(lease);
  }

  async #use(store: Store, lease: Lease, step: Step): Promise<void> {
    const now = this.#now;
    const row = this.#model.held(lease, now);
    const done = this.#send(store, lease, step).then(
      () => true,
      (error: unknown) => (error instanceof LeaseLost ? false : Promise.reject(error as Error)),
    );
    expect(await done).toBe(row !== undefined);
    if (row === undefined) return;
    if (step.do === 'apply') for (const subject of step.subjects) this.#model.want(subject, now);
    if (step.do === 'renew') row.leaseUntil = now + step.ms;
    if (step.do === 'finish')
      Object.assign(row, { done: lease.wanted, attempts: 0, since: now, nextAt: now, ...FREE });
    if (step.do === 'postpone')
      Object.assign(row, { attempts: row.attempts + (step.failed ? 1 : 0), nextAt: now + step.ms, ...FREE });
  }

  async #send(store: Store, lease: Lease, step: Step): Promise<void> {
    const { queue } = store;
    const now = at(this.#now);
    if (step.do === 'finish') await queue.finish(lease, now);
    if (step.do === 'renew') await queue.renew(lease, now, at(this.#now + step.ms));
    if (step.do === 'postpone') await queue.postpone(lease, now, at(this.#now + step.ms), 'why', step.failed);
    if (step.do === 'apply') await store.apply(lease, { want: step.subjects.map(workOf) }, now);
  }
}

const FREE = { token: undefined, leaseUntil: -Infinity };

export function queuesLikeItsModel(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('whatever happens, in whatever order, over three connections', async () => {
    const { store, open, tamper } = await bench();
    const stores = [store, await open(), await open()];
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        for (const table of ['deliveries', 'work', 'installations']) await tamper(`delete from ${table}`);
        const run = new Run(stores);
        for (const step of all) await run.take(step);
      }),
      { numRuns: 50 },
    );
  });
}
