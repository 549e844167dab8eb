import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Paging, Scope, TrailView } from '../../src/core/model/view.ts';
import { UserError } from '../../src/review/errors.ts';
import { benches, catchUp, type EngineUnderTest } from './bench.ts';
import { draft, REPOSITORIES } from './histories.ts';

const ALL: Scope = { kind: 'all' };
const AT = '2027-06-01';
const YEARS = { from: '2026-01-01', to: '2028-01-01' };

/** Each list, by its name. */
const lists = (view: TrailView, scope: Scope) => ({
  records: (paging: Paging) => view.records(scope, {}, paging),
  'records of a pull request': (paging: Paging) => view.records(scope, { pullRequest: 1 }, paging),
  changes: (paging: Paging) => view.changes(scope, { period: YEARS }, paging),
  exceptions: (paging: Paging) => view.exceptions(scope, { period: YEARS }, AT, paging),
  overdue: (paging: Paging) => view.exceptions(scope, { period: YEARS, overdue: true }, AT, paging),
  register: (paging: Paging) => view.register(scope, {}, AT, paging),
  models: (paging: Paging) => view.models(scope, AT, paging),
  repositories: (paging: Paging) => view.repositories(scope, paging),
});

export function refusesForgedPlaces(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('whatever is written in an address: an answer or a refusal that says what to do', async () => {
    const { view, append } = await bench();
    await append(fc.sample(draft, { numRuns: 60, seed: 1 }));
    await catchUp(view);
    const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(1, 2, 30, 4, 99));
    const forged = fc.oneof(
      fc.string(),
      fc.constantFrom('', "1' or '1'='1", '1e9.1.1.1', 'NaN.1.1.1', '1.1.1', '-1', '99999999999999999.1.1.1'),
      fc.array(number, { minLength: 1, maxLength: 5 }).map((numbers) => numbers.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(forged, async (after) => {
        for (const list of Object.values(lists(view, ALL))) {
          const page = await list({ after, most: 3 }).catch((error: unknown) => error);
          if (page instanceof Error) expect(page).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test('the place of an item that somebody may not see is refused, or tells nothing', async () => {
    const { view, append } = await bench();
    await append(fc.sample(draft, { numRuns: 200, seed: 2 }));
    await catchUp(view);
    const hidden = REPOSITORIES[0].id;
    const others: Scope = { kind: 'some', repositories: new Set(REPOSITORIES.slice(1).map((r) => r.id)) };
    const answers = (
      await view.register({ kind: 'some', repositories: new Set([hidden]) }, {}, AT, {
        after: undefined,
        most: 50,
      })
    ).items;
    expect(answers.length).toBeGreaterThan(0);
    for (const { record } of answers)
      await expect(view.register(others, {}, AT, { after: `${hidden}.${record}`, most: 5 })).rejects.toThrow(
        UserError,
      );
    for (const name of ['models', 'repositories'] as const)
      await expect(lists(view, others)[name]({ after: String(hidden), most: 5 })).rejects.toThrow(UserError);
  });

  test('an instant that is none is refused', async () => {
    const { view } = await bench();
    for (const at of ['', 'yesterday', '2026-13-01'])
      await expect(view.register(ALL, {}, at, { after: undefined, most: 5 })).rejects.toThrow(UserError);
  });
}
