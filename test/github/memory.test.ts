import { expect, test } from '@jest/globals';
import { inParallel } from '../../src/github/parallel.ts';
import { remembered } from '../../src/github/memory.ts';

test('the least recently asked for goes first', () => {
  const memory = remembered<string>(10);
  memory.set('a', 'A', 4);
  memory.set('b', 'B', 4);
  expect(memory.get('a')).toBe('A');
  memory.set('c', 'C', 4);
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual(['A', undefined, 'C']);
});

test('what is put in again counts once; what is too large is not kept', () => {
  const memory = remembered<string>(10);
  memory.set('a', 'A', 6);
  memory.set('a', 'A2', 6);
  memory.set('b', 'B', 4);
  expect([memory.get('a'), memory.get('b')]).toEqual(['A2', 'B']);
  memory.set('a', 'A3', 11);
  expect([memory.get('a'), memory.get('b')]).toEqual([undefined, 'B']);
});

test('so many at the same time; after a failure nothing is started', async () => {
  let [active, most] = [0, 0];
  const done: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++active);
    await new Promise((next) => setTimeout(next, 2));
    active--;
    if (item === 5) throw new Error('five');
    done.push(item);
  };
  await inParallel([1, 2, 3, 4], 3, work);
  expect([most, done.toSorted()]).toEqual([3, [1, 2, 3, 4]]);
  await expect(inParallel([5, 6, 7, 8, 9, 10], 2, work)).rejects.toThrow('five');
  await new Promise((next) => setTimeout(next, 20));
  expect(done).not.toContain(8);
  await inParallel([], 3, work);
});
