import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as wait } from 'node:timers/promises';
import { verifyChain } from '../../../src/core/ledger/verify-chain.ts';
import type { AuditRecord } from '../../../src/core/model/record.ts';
import { keyOf } from '../../../src/review/work.ts';
import { LeaseLost, type Lease, type Store } from '../../../src/review/store.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { at, claim, delivery, draft, pull, pushed } from '../samples.ts';

const LEASE_MS = 60;
const SUBJECTS = 6;

/** Workers and events of one run: who holds what by the clock they share, and what was served. */
class Crowd {
  readonly asked = new Map<string, number>();
  readonly served = new Map<string, number>();
  readonly #heldUntil = new Map<string, number>();
  readonly #chance: () => number;
  readonly #start = performance.now();

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  #now(): number {
    return Math.floor(performance.now() - this.#start);
  }

  /** Events come in, some of them twice. */
  async ask(store: Store, name: string, events: number): Promise<void> {
    for (let n = 0; n < events; n++) {
      const work = pull(1 + Math.floor(this.#chance() * SUBJECTS));
      const event = delivery(`${name} ${n}`, { work });
      const [answer] = await store.accept([event], at(this.#now()));
      expect(answer).toBe('new');
      if (this.#chance() < 0.2) expect(await store.accept([event], at(this.#now()))).toEqual(['known']);
      this.asked.set(keyOf(work), (this.asked.get(keyOf(work)) ?? 0) + 1);
      if (this.#chance() < 0.3) await wait(this.#chance() * 4);
    }
  }

  async serve(store: Store, name: string, isOver: () => boolean): Promise<void> {
    for (let n = 0; ; n++) {
      const now = this.#now();
      const lease = await store.queue.claim(`${name} ${n}`, at(now), at(now + LEASE_MS));
      if (lease !== undefined) await this.#look(store, lease, now);
      else if (isOver() && (await store.queue.nextDue()) === undefined) return;
      else await wait(2);
    }
  }

  async #look(store: Store, lease: Lease, now: number): Promise<void> {
    // On a slow machine the answer may come when the lease is over already.
    if (this.#now() >= now + LEASE_MS) return;
    expect(this.#heldUntil.get(lease.key) ?? 0).toBeLessThanOrEqual(now);
    this.#heldUntil.set(lease.key, now + LEASE_MS);
    await wait(this.#chance() * 3);
    // Some die in the middle of it; their lease has to run out.
    if (this.#chance() < 0.08) return;
    const end = this.#now();
    if (end >= now + LEASE_MS) return;
    this.#heldUntil.set(lease.key, 0);
    try {
      if (this.#chance() < 0.15) {
        await store.queue.postpone(lease, at(end), at(end + 5), 'failed', true);
      } else {
        await store.queue.finish(lease, at(end));
        this.served.set(lease.key, Math.max(lease.wanted, this.served.get(lease.key) ?? 0));
      }
    } catch (error) {
      // Or it is over, and given to the next, before ours arrives.
      if (!(error instanceof LeaseLost) || this.#now() < now + LEASE_MS) throw error;
    }
  }
}

export function enduresConcurrency(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('no subject is held twice and no event is lost', async () => {
    const { store, open, tamper } = await bench();
    const stores = [store, await open(), await open()];
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.infiniteStream(fc.nat({ max: 999 }))), async (stream) => {
        for (const table of ['deliveries', 'work']) await tamper(`delete from ${table}`);
        const crowd = new Crowd(() => (stream.next().value as number) / 1000);
        const asking = stores.map((one, n) => crowd.ask(one, `asker ${n}`, 25));
        let over = false;
        const serving = [...stores, ...stores].map((one, n) => crowd.serve(one, `worker ${n}`, () => over));
        await Promise.all(asking);
        over = true;
        await Promise.all(serving);
        expect(crowd.served).toEqual(crowd.asked);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test('of one delivery that comes in everywhere at once, one is new', async () => {
    const { store, open } = await bench();
    const stores = [store, await open(), await open()];
    const batch = Array.from({ length: 40 }, (_, n) =>
      delivery(`d${n}`, { work: pull(1 + (n % 7)), signals: [pushed(`${n}`)] }),
    );
    const answers = await Promise.all(
      stores.flatMap((one) => [one.accept(batch, at(0)), one.accept(batch.toReversed(), at(0))]),
    );
    expect(answers.flat().filter((answer) => answer === 'new')).toHaveLength(40);
    const leases = await Promise.all(Array.from({ length: 7 }, () => claim(store.queue, 1)));
    expect(new Set(leases.map(({ key }) => key)).size).toBe(7);
    expect(leases.reduce((sum, { wanted }) => sum + wanted, 0)).toBe(40);
    expect(await store.signals('pull/7/1')).toHaveLength(6);
  });

  test('appenders of the same chains do not fork them, and ask for each other without a deadlock', async () => {
    const { store, open } = await bench();
    const stores = [store, await open(), await open(), await open()];
    await store.queue.want([pull(1), pull(2), pull(3), pull(4)], at(0));
    const leases = await Promise.all(stores.map(() => claim(store.queue, 0)));
    const written = await Promise.all(
      stores.map(async (one, who) => {
        const mine: AuditRecord[] = [];
        for (let n = 0; n < 25; n++) {
          const repository = n % 2 === 0 ? { id: 7, name: 'acme/shop' } : { id: 8, name: 'acme/other' };
          const records = [
            draft(`own ${who} ${n}`, { repository }),
            draft(`shared ${n}`),
            draft(`shared ${n}`, { repository: { id: 8, name: 'acme/other' } }),
          ];
          const others = [pull(4 - who), pull(1 + ((who + n) % 4)), pull(100 + n)];
          mine.push(...(await one.apply(leases[who] as Lease, { records, want: others }, at(1))));
        }
        return mine;
      }),
    );
    const stored = [...(await store.records({ repository: 7 })), ...(await store.records({ repository: 8 }))];
    expect(stored).toHaveLength(4 * 25 + 2 * 25);
    expect(new Set(written.flat().map(({ hash }) => hash))).toEqual(new Set(stored.map(({ hash }) => hash)));
    expect(written.flat()).toHaveLength(stored.length);
    for (const repository of [7, 8])
      expect(verifyChain(await store.recordTexts({ repository })).ok).toBe(true);
  });
}
