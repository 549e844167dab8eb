import { afterEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/review/store.ts';
import { withGroupCommit } from '../../src/store/group-commit.ts';
import { openStore } from '../../src/store/open-store.ts';
import { at, delivery, pull } from './samples.ts';

const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

/** A real store that notes how many deliveries each transaction had. */
async function counted(maxBatch: number): Promise<{ store: Store; grouped: Store; sizes: number[] }> {
  const inner = await openStore({ file: ':memory:' });
  const sizes: number[] = [];
  const store: Store = {
    ...inner,
    accept: (deliveries, now) => {
      sizes.push(deliveries.length);
      return inner.accept(deliveries, now);
    },
  };
  const grouped = withGroupCommit(store, { maxBatch });
  opened.push(grouped);
  return { store, grouped, sizes };
}

const impossible = (guid: string): ReturnType<typeof delivery> =>
  delivery(guid, { work: pull(2, { installation: Number.NaN }) });

describe('a group commit', () => {
  test('is one transaction for all who ask in one turn; each gets its own answer', async () => {
    const { grouped, sizes } = await counted(100);
    const answers = await Promise.all([
      grouped.accept([delivery('a'), delivery('b')], at(0)),
      grouped.accept([], at(0)),
      grouped.accept([delivery('b')], at(1)),
      grouped.accept([delivery('c'), delivery('a')], at(2)),
    ]);
    expect(answers).toEqual([['new', 'new'], [], ['known'], ['new', 'known']]);
    expect(sizes).toEqual([5]);
  });

  test('takes along who asks while another is under way', async () => {
    const { grouped, sizes } = await counted(100);
    const first = grouped.accept([delivery('a')], at(0));
    await new Promise(setImmediate);
    const later = [grouped.accept([delivery('b')], at(1)), grouped.accept([delivery('c')], at(2))];
    expect(await Promise.all([first, ...later])).toEqual([['new'], ['new'], ['new']]);
    expect(sizes).toEqual([1, 2]);
    expect(await grouped.accept([delivery('c')], at(3))).toEqual(['known']);
  });

  test('has a limit; whoever brings more than that goes alone', async () => {
    const { grouped, sizes } = await counted(3);
    const many = Array.from({ length: 5 }, (_, n) => delivery(`many ${n}`));
    const answers = await Promise.all([
      ...['a', 'b', 'c', 'd'].map((guid) => grouped.accept([delivery(guid)], at(0))),
      grouped.accept(many, at(0)),
      grouped.accept([delivery('e')], at(0)),
    ]);
    expect(answers.flat()).toEqual(Array(10).fill('new'));
    expect(sizes).toEqual([3, 1, 5, 1]);
  });

  test('one bad delivery fails alone', async () => {
    const { grouped, sizes } = await counted(100);
    const outcomes = await Promise.allSettled([
      grouped.accept([delivery('a')], at(0)),
      grouped.accept([delivery('b'), impossible('bad')], at(0)),
      grouped.accept([delivery('c')], at(0)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sizes).toEqual([4, 1, 2, 1]);
    expect(await grouped.accepted(['a', 'b', 'bad', 'c'])).toEqual(new Set(['a', 'c']));
    await expect(grouped.accept([impossible('bad')], at(0))).rejects.toThrow();
    expect(await grouped.accept([delivery('d')], at(0))).toEqual(['new']);
  });

  test('closes after it has answered everybody', async () => {
    const { grouped } = await counted(1);
    const asked = ['a', 'b', 'c'].map((guid) => grouped.accept([delivery(guid)], at(0)));
    opened.splice(0);
    await grouped.close();
    expect(await Promise.all(asked)).toEqual([['new'], ['new'], ['new']]);
  });
});
