import { expect, test } from '@jest/globals';
import type { Account } from '../../src/core/model/account.ts';
import {
  formerWriters,
  readMemory,
  withWriters,
  writeMemory,
  writersOf,
} from '../../src/review/pull-request/memory.ts';

const account = (id: number): Account => ({ id: String(id), login: `person-${id}`, kind: 'user' });

const written = (people: readonly (Account | undefined)[], baseRef = 'main') => ({
  baseRef,
  commits: [{ id: 'c', parents: [], message: 'm', people }],
});

const again = (memory: ReturnType<typeof readMemory>) => readMemory(writeMemory(memory));

test('who wrote a part of it stays, once for each base, by the name that was seen last', () => {
  const first = withWriters(readMemory(undefined), written([account(1), account(2), undefined]));
  const elsewhere = again(withWriters(first, written([account(3)], 'release')));
  const renamed = { ...account(1), login: 'renamed' };
  const last = again(withWriters(elsewhere, written([renamed])));
  expect(writersOf(last, 'main')).toEqual([renamed, account(2)]);
  expect(formerWriters(last, 'main').map((w) => w.id)).toEqual(['3']);
  expect(writersOf(last, 'release')).toEqual([account(3)]);
  expect(last.forgetful).toBeUndefined();
});

test('more people than can be kept: the first stay, and that some are missing is never forgotten', () => {
  const crowd = Array.from({ length: 1_001 }, (_, i) => account(i + 10));
  const first = withWriters(readMemory(undefined), written([account(1)]));
  const full = again(withWriters(first, written(crowd)));
  expect(full.writers).toHaveLength(1_000);
  expect(writersOf(full, 'main')[0]).toEqual(account(1));
  expect(again(withWriters(full, written([account(1)]))).forgetful).toBe(true);
});

test('a memory of earlier days is read; one of another shape is known to be lost', () => {
  const old = JSON.stringify({ pushers: [{ ...account(1), head: 'h' }], teams: [], heard: [] });
  expect(readMemory(old)).toMatchObject({ pushers: [{ id: '1' }], writers: [] });
  expect(readMemory(old).forgetful).toBeUndefined();
  expect(readMemory('{"pushers":"many"}').forgetful).toBe(true);
});

test('a commit that was rewritten away is what is remembered of its writer', () => {
  const at = (id: string) => ({
    baseRef: 'main',
    commits: [{ id, parents: [], message: 'm', people: [account(1)] }],
  });
  const first = withWriters(readMemory(undefined), at('one'));
  expect(
    withWriters(first, { baseRef: 'main', commits: [...at('one').commits, ...at('two').commits] }).writers,
  ).toMatchObject([{ commit: 'two' }]);
  expect(again(withWriters(first, at('two'))).writers).toMatchObject([{ commit: 'one' }]);
});
