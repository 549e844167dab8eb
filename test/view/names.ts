import { expect, test } from '@jest/globals';
import { viewOfRecords } from '../../src/core/audit/view-of-records.ts';
import type { Scope } from '../../src/core/model/view.ts';
import { draft } from '../store/samples.ts';
import { benches, catchUp, type EngineUnderTest } from './bench.ts';

const ALL: Scope = { kind: 'all' };
const only = (...ids: readonly number[]): Scope => ({ kind: 'some', repositories: new Set(ids) });

/** A repository gets another name, and another repository gets the one that it had. */
const STORY = [
  draft('a', { repository: { id: 1, name: 'Acme/Old' } }),
  draft('b', { repository: { id: 1, name: 'acme/new' } }),
  draft('c', { repository: { id: 2, name: 'acme/other' } }),
];
const TAKEN = [draft('d', { repository: { id: 2, name: 'acme/OLD' } })];

export function knowsFormerNames(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('a repository is found by a name that it had, unless another one has it now', async () => {
    const { view, append, records } = await bench();
    const found = async (name: string, scope = ALL): Promise<readonly (number | undefined)[]> =>
      Promise.all(
        [view, viewOfRecords(await records())].map(async (each) => (await each.repository(scope, name))?.id),
      );
    await append(STORY);
    await catchUp(view);
    expect(await found('acme/old')).toEqual([1, 1]);
    expect(await found('ACME/new')).toEqual([1, 1]);
    expect(await found('acme/none')).toEqual([undefined, undefined]);
    expect(await found('acme/old', only(2))).toEqual([undefined, undefined]);
    await append(TAKEN);
    await catchUp(view);
    expect(await found('acme/old')).toEqual([2, 2]);
    expect(await found('acme/old', only(1))).toEqual([1, 1]);
    expect(await found('acme/other')).toEqual([2, 2]);
  });
}
