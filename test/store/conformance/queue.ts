import { expect, test } from '@jest/globals';
import { LeaseLost } from '../../../src/review/store.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { at, claim, draft, pull } from '../samples.ts';

export function queues(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('whoever waits longest comes first', async () => {
    const { store } = await bench();
    await store.queue.want([pull(2)], at(10));
    await store.queue.want([pull(3), pull(1)], at(20));
    await store.queue.want([pull(2)], at(30));
    const order = [await claim(store.queue, 40), await claim(store.queue, 40), await claim(store.queue, 40)];
    expect(order.map(({ key, since }) => [key, since])).toEqual([
      ['pull/7/2', at(10)],
      ['pull/7/1', at(20)],
      ['pull/7/3', at(20)],
    ]);
  });

  test('what came during a look makes it due again, once', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    const lease = await claim(store.queue, 0);
    await store.queue.want([pull(1)], at(1));
    await store.queue.want([pull(1)], at(2));
    expect(await store.queue.claim('other', at(3), at(9))).toBeUndefined();
    await store.queue.finish(lease, at(5));
    const again = await claim(store.queue, 5);
    expect(again).toMatchObject({ key: 'pull/7/1', wanted: 3, since: at(5) });
    await store.queue.finish(again, at(6));
    expect(await store.queue.claim('other', at(99), at(100))).toBeUndefined();
    expect(await store.queue.nextDue()).toBeUndefined();
  });

  test('a lease that ran out goes to the next who asks, with everything that was wanted', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    const dead = await claim(store.queue, 0, 100);
    expect(await store.queue.claim('early', at(99), at(200))).toBeUndefined();
    expect(await claim(store.queue, 100)).toMatchObject({ key: dead.key, wanted: 1, since: at(0) });
  });

  test('whoever lost the lease changes nothing', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    const late = await claim(store.queue, 0, 100);
    const attempts = [
      () => store.queue.renew(late, at(100), at(200)),
      () => store.queue.finish(late, at(100)),
      () => store.queue.postpone(late, at(100), at(150), 'why', true),
      () => store.apply(late, { records: [draft('late')], want: [pull(2)] }, at(100)),
    ];
    // Run out, though nobody else has it.
    for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(LeaseLost);
    const next = await claim(store.queue, 100, 200);
    // Somebody else's, by the clock of the one who overslept as well.
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('pull/7/1');
    await expect(store.queue.finish(late, at(50))).rejects.toBeInstanceOf(LeaseLost);
    expect(await store.records({ repository: 7 })).toEqual([]);
    expect(await store.queue.backlog(at(150))).toEqual({ waiting: 0, leased: 1, oldest: at(0) });
    await store.queue.finish(next, at(150));
    await expect(store.queue.finish(next, at(151))).rejects.toBeInstanceOf(LeaseLost);
    await expect(store.apply({ ...next, key: 'pull/7/99' }, {}, at(151))).rejects.toBeInstanceOf(LeaseLost);
  });

  test('a lease can be prolonged while it is held', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    const lease = await claim(store.queue, 0, 100);
    await store.queue.renew(lease, at(99), at(300));
    expect(await store.queue.claim('other', at(299), at(400))).toBeUndefined();
    await store.apply(lease, {}, at(299));
    await store.queue.finish(lease, at(299));
  });

  test('a failure waits and counts; a wait for a limit only waits', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    await store.queue.postpone(await claim(store.queue, 0), at(1), at(50), 'GitHub answered 500', true);
    expect(await store.queue.nextDue()).toBe(at(50));
    expect(await store.queue.claim('early', at(49), at(99))).toBeUndefined();
    const second = await claim(store.queue, 50);
    expect(second).toMatchObject({ attempts: 1, since: at(0), wanted: 1 });
    await store.queue.postpone(second, at(51), at(60), 'secondary limit', false);
    const third = await claim(store.queue, 60);
    expect(third.attempts).toBe(1);
    await store.queue.finish(third, at(61));
    await store.queue.want([pull(1)], at(62));
    expect(await claim(store.queue, 62)).toMatchObject({ attempts: 0 });
  });

  test('something new ends a back-off but not its count', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    await store.queue.postpone(await claim(store.queue, 0), at(1), at(5_000), 'broken', true);
    await store.queue.want([pull(1)], at(10));
    expect(await store.queue.nextDue()).toBe(at(10));
    expect(await claim(store.queue, 10)).toMatchObject({ attempts: 1, wanted: 2, since: at(0) });
  });

  test('nothing of a paused installation is due, whatever comes', async () => {
    const { store } = await bench();
    await store.queue.want([pull(1)], at(0));
    await store.queue.pause(1, at(500), 'primary limit');
    await store.queue.pause(1, at(100), 'secondary limit');
    await store.queue.want([pull(1), pull(2)], at(10));
    expect(await store.queue.nextDue()).toBe(at(500));
    expect(await store.queue.claim('early', at(499), at(600))).toBeUndefined();
    await store.queue.want([pull(3, { installation: 2 })], at(20));
    expect(await store.queue.nextDue()).toBe(at(20));
    expect((await claim(store.queue, 20)).key).toBe('pull/7/3');
    expect((await claim(store.queue, 500)).key).toBe('pull/7/1');
    await store.queue.pause(1, at(900), 'again');
    expect(await store.queue.claim('early', at(899), at(999))).toBeUndefined();
  });

  test('it says how much waits, since when, and when to come back', async () => {
    const { store } = await bench();
    expect(await store.queue.backlog(at(0))).toEqual({ waiting: 0, leased: 0 });
    expect(await store.queue.nextDue()).toBeUndefined();
    await store.queue.want([pull(1)], at(5));
    await store.queue.want([pull(2), pull(3)], at(10));
    const lease = await claim(store.queue, 20, 100);
    expect(await store.queue.backlog(at(20))).toEqual({ waiting: 2, leased: 1, oldest: at(5) });
    // A lease that ran out is waiting again.
    expect(await store.queue.backlog(at(100))).toEqual({ waiting: 3, leased: 0, oldest: at(5) });
    await store.queue.finish(lease, at(30));
    expect(await store.queue.backlog(at(30))).toEqual({ waiting: 2, leased: 0, oldest: at(10) });
    await claim(store.queue, 30, 100);
    await claim(store.queue, 30, 200);
    expect(await store.queue.nextDue()).toBe(at(100));
  });

  test('a step asks for other subjects, and for its own again', async () => {
    const { store } = await bench();
    await store.queue.want([pull(2)], at(0));
    const lease = await claim(store.queue, 0);
    await store.apply(lease, { want: [pull(3), pull(2), pull(1)] }, at(1));
    expect((await claim(store.queue, 2)).key).toBe('pull/7/1');
    expect((await claim(store.queue, 2)).key).toBe('pull/7/3');
    await store.queue.finish(lease, at(3));
    expect(await claim(store.queue, 3)).toMatchObject({ key: 'pull/7/2', wanted: 2 });
  });
}
