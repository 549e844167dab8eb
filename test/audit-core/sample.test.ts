import { expect, test } from '@jest/globals';
import { populationOf } from '../../src/core/audit/population.ts';
import { rankOf, sampleOf } from '../../src/core/audit/sample.ts';
import { ALWAYS, chain, merged } from './records.ts';

const { changes } = populationOf(chain(...Array.from({ length: 9 }, (_, i) => merged(i + 1))), ALWAYS);
const ids = (size: number, seed: string): readonly string[] => sampleOf(changes, size, seed).map((c) => c.id);

test('can be drawn again by hand', () => {
  // printf 'audit 2026\0acme/shop#1' | sha256sum
  expect(rankOf('acme/shop#1', 'audit 2026')).toBe(
    '636b94e5bc10872dca3ee4de45411d1dc25a63b84ea65513c94e3fe7ea23f04d',
  );
  // The loop of src/core/audit/sample.ts over the nine ids, seed `audit 2026`, size 3.
  expect(ids(3, 'audit 2026')).toEqual(['acme/shop#2', 'acme/shop#5', 'acme/shop#7']);
});

test('a larger sample holds the smaller one, another seed another sample', () => {
  expect(ids(5, 'audit 2026')).toEqual(expect.arrayContaining([...ids(3, 'audit 2026')]));
  expect(ids(3, 'audit 2027')).not.toEqual(ids(3, 'audit 2026'));
});

test('any size is a size', () => {
  const length = (size: number): number => ids(size, 's').length;
  expect([0, -1, NaN, 0.9, 2.9, 9, 10, Infinity].map(length)).toEqual([0, 0, 0, 0, 2, 9, 9, 9]);
});
