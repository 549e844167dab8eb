import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Delivery } from '../../../src/review/work.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { at, claim, delivery, pull, pushed, SHOP } from '../samples.ts';

export function acceptsDeliveries(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('and tells new ones from known ones, within one call too', async () => {
    const { store } = await bench();
    expect(await store.accept([delivery('a'), delivery('b'), delivery('a')], at(0))).toEqual([
      'new',
      'new',
      'known',
    ]);
    expect(await store.accept([delivery('b'), delivery('c')], at(1))).toEqual(['known', 'new']);
    expect(await store.accept([], at(2))).toEqual([]);
    expect(await store.accepted(['a', 'c', 'd'])).toEqual(new Set(['a', 'c']));
    expect(await store.accepted([])).toEqual(new Set());
  });

  test('with their work: one subject, however many events', async () => {
    const { store } = await bench();
    await store.accept([delivery('a'), delivery('b'), delivery('c', { work: pull(2) })], at(5));
    await store.accept([delivery('d'), delivery('a')], at(6));
    const first = await claim(store.queue, 10);
    expect(first).toMatchObject({ key: 'pull/7/1', work: pull(1), wanted: 3, attempts: 0, since: at(5) });
    expect(await claim(store.queue, 10)).toMatchObject({ key: 'pull/7/2', wanted: 1, since: at(5) });
    expect(await store.queue.claim('t', at(10), at(20))).toBeUndefined();
  });

  test('and what a repository and an installation are called now', async () => {
    const { store } = await bench();
    await store.accept([delivery('a')], at(0));
    const renamed = pull(1, { repository: { id: SHOP.id, name: 'acme/store' }, installation: 9 });
    await store.accept([delivery('b', { work: renamed })], at(1));
    expect((await claim(store.queue, 2)).work).toEqual(renamed);
  });

  test('with their signals, oldest first, at their subject', async () => {
    const { store } = await bench();
    await store.accept(
      [
        delivery('b', { signals: [pushed('1'), pushed('2')] }),
        delivery('a', { signals: [pushed('3')] }),
        delivery('x', { work: pull(2), signals: [pushed('4')] }),
      ],
      at(0),
    );
    await store.accept([delivery('a', { signals: [pushed('3')] })], at(1));
    const waiting = await store.signals('pull/7/1');
    expect(waiting.map(({ guid, receivedAt, signal }) => ({ guid, receivedAt, signal }))).toEqual([
      { guid: 'b', receivedAt: at(0), signal: pushed('1') },
      { guid: 'b', receivedAt: at(0), signal: pushed('2') },
      { guid: 'a', receivedAt: at(0), signal: pushed('3') },
    ]);

    const lease = await claim(store.queue, 2);
    const elsewhere = (await store.signals('pull/7/2')).map(({ id }) => id);
    await store.apply(lease, { handled: [...waiting.slice(0, 2).map(({ id }) => id), ...elsewhere] }, at(3));
    expect((await store.signals('pull/7/1')).map(({ guid }) => guid)).toEqual(['a']);
    expect(await store.signals('pull/7/2')).toHaveLength(1);
  });

  test('all of a call or none of it', async () => {
    const { store } = await bench();
    const impossible = delivery('b', { work: pull(2, { installation: Number.NaN }) });
    const batch = [delivery('a', { signals: [pushed('1')] }), impossible];
    await expect(store.accept(batch, at(0))).rejects.toThrow();
    expect(await store.accepted(['a', 'b'])).toEqual(new Set());
    expect(await store.queue.backlog(at(0))).toEqual({ waiting: 0, leased: 0 });
    expect(await store.signals('pull/7/1')).toEqual([]);
    expect(await store.accept(batch.slice(0, 1), at(1))).toEqual(['new']);
  });

  test('in any number', async () => {
    const { store } = await bench();
    const many = Array.from({ length: 1_700 }, (_, n) =>
      delivery(`many ${n}`, { work: pull(n), signals: [pushed('1'), pushed('2')] }),
    );
    expect(new Set(await store.accept(many, at(0)))).toEqual(new Set(['new']));
    expect((await store.accepted(many.map(({ guid }) => guid))).size).toBe(1_700);
    expect((await store.queue.backlog(at(0))).waiting).toBe(1_700);
    expect(await store.signals('pull/7/1699')).toHaveLength(2);
    await store.prune(at(1));
    expect(await store.accepted(many.map(({ guid }) => guid))).toEqual(new Set());
    expect((await store.queue.backlog(at(1))).waiting).toBe(1_700);
  });

  test('with any text, and gives it back as it was', async () => {
    const { store, tamper } = await bench();
    const hostile = fc.string({
      unit: fc.constantFrom('\0', '\u001b', '0', 'd', '8', '\ud83d', '\ude00', '"', '\\', "'", 'é', '\u2028'),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostile, fc.string({ unit: 'binary' })), async (text) => {
        await tamper('delete from deliveries');
        await tamper('delete from work');
        await tamper('delete from signals');
        const work: Delivery['work'] = {
          installation: 1,
          subject: { kind: 'push', repository: { id: 7, name: text }, branch: text },
        };
        const odd = delivery(text, { event: text, action: text, work, signals: [pushed(text)] });
        expect(await store.accept([odd, odd], at(0))).toEqual(['new', 'known']);
        expect(await store.accepted([text])).toEqual(new Set([text]));
        const lease = await claim(store.queue, 0);
        expect(lease).toMatchObject({ key: `push/7/${text}`, work });
        expect((await store.signals(lease.key))[0]).toMatchObject({ guid: text, signal: pushed(text) });
        await store.queue.postpone(lease, at(1), at(2), text, true);
        await store.queue.pause(1, at(0), text);
      }),
      { numRuns: 40 },
    );
  });

  test('and forgets them when they are old, with the subjects that were served long ago', async () => {
    const { store } = await bench();
    await store.accept(
      [delivery('old'), delivery('waits', { work: pull(2), signals: [pushed('1')] })],
      at(0),
    );
    await store.queue.finish(await claim(store.queue, 10), at(20));
    await store.accept([delivery('new', { work: pull(3) })], at(30));

    await store.prune(at(20));
    expect(await store.accepted(['old', 'waits', 'new'])).toEqual(new Set(['new']));
    await store.queue.want([pull(1)], at(40));
    const leases = [await claim(store.queue, 50), await claim(store.queue, 50), await claim(store.queue, 50)];
    expect(leases.map(({ key, wanted }) => [key, wanted])).toEqual([
      ['pull/7/2', 1],
      ['pull/7/3', 1],
      ['pull/7/1', 2],
    ]);
    expect(await store.signals('pull/7/2')).toHaveLength(1);

    for (const lease of leases) await store.queue.finish(lease, at(60));
    await store.prune(at(61));
    expect(await store.signals('pull/7/2')).toEqual([]);
    await store.queue.want([pull(1)], at(70));
    expect(await claim(store.queue, 70)).toMatchObject({ key: 'pull/7/1', wanted: 1, since: at(70) });
  });
}
