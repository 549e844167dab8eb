import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { viewOfRecords } from '../../src/core/audit/view-of-records.ts';
import { WAYS } from '../../src/core/model/audit.ts';
import type { Scope, TrailView } from '../../src/core/model/view.ts';
import type { Limits } from '../../src/store/view/database.ts';
import { allPages, benches, catchUp, type EngineUnderTest } from './bench.ts';
import { DIGESTS, draft, instant, period, REPOSITORIES, scope, wholeMonths } from './histories.ts';

const ids = REPOSITORIES.map((r) => r.id);
const some = <T>(values: readonly T[]): fc.Arbitrary<T[] | undefined> =>
  fc.option(fc.subarray([...values]), { nil: undefined });
const perhaps = <T>(...values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const person = perhaps('ALICE', 'bob', '12', 'id-alice', 'carol', 'nobody');
const category = perhaps('exposure', 'data-flow', 'nothing');
const repository = perhaps(...ids, 99);

/** Filters without the parts that are undefined, as callers write them. */
const filter = <T extends object>(parts: {
  readonly [K in keyof T]-?: fc.Arbitrary<T[K] | undefined>;
}): fc.Arbitrary<T> =>
  fc
    .record(parts as Record<string, fc.Arbitrary<unknown>>)
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T);

const time = fc.oneof(period, fc.constant(wholeMonths));

export const question = fc.record({
  scope,
  at: instant,
  most: fc.integer({ min: 1, max: 6 }),
  records: filter<Parameters<TrailView['records']>[1]>({
    period: fc.option(time, { nil: undefined }),
    repository,
    person,
    kinds: some(['merged', 'evaluated', 'answered', 'waived'] as const),
    category,
    conclusion: perhaps('success', 'failure'),
    pullRequest: fc.oneof(fc.constant(undefined), fc.constant(undefined), perhaps(1, 2)),
  }),
  changes: filter<Parameters<TrailView['changes']>[1]>({
    period: time,
    repository,
    person,
    ways: some(WAYS),
    category,
  }),
  exceptions: filter<Parameters<TrailView['exceptions']>[1]>({
    period: time,
    repository,
    kinds: some(['emergency', 'waiver', 'outage', 'bypass', 'unexplained', 'direct-push'] as const),
    overdue: perhaps(true, false),
  }),
  register: filter<Parameters<TrailView['register']>[1]>({
    repository,
    kinds: some(['accept', 'ticket', 'control'] as const),
    owner: perhaps('@ADA', '@bob', 'not on record', 'x'.repeat(200)),
  }),
  search: perhaps('acme', 'TILL', 'x'),
  place: fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 0, max: 25 })),
  pull: fc.integer({ min: 1, max: 4 }),
  draw: fc.record({ size: fc.integer({ min: 0, max: 8 }), seed: fc.string({ maxLength: 8 }) }),
});
type Asked = typeof question extends fc.Arbitrary<infer T> ? T : never;

/** Everything that can be asked, by name: what it comes to may differ in nothing. */
export function answers(view: TrailView, q: Asked): Readonly<Record<string, () => Promise<unknown>>> {
  const { scope, at, most } = q;
  const paged =
    <T>(
      page: (paging: {
        after: string | undefined;
        most: number;
      }) => Parameters<typeof allPages<T>>[0] extends (after: string | undefined) => infer R ? R : never,
    ) =>
    () =>
      allPages<T>((after) => page({ after, most }));
  return {
    freshness: () => view.freshness(scope),
    repositories: paged((paging) => view.repositories(scope, paging, q.search)),
    repository: () => view.repository(scope, 'ACME/shop'),
    records: paged((paging) => view.records(scope, q.records, paging)),
    record: () => view.record(scope, ...q.place),
    changes: paged((paging) => view.changes(scope, q.changes, paging)),
    counts: () => view.counts(scope, q.changes),
    sample: () => view.sample(scope, q.changes, q.draw),
    change: () => view.change(scope, ...q.place),
    trail: () => view.trail(scope, q.place[0], q.pull),
    exceptions: paged((paging) => view.exceptions(scope, q.exceptions, at, paging)),
    register: paged((paging) => view.register(scope, q.register, at, paging)),
    models: paged((paging) => view.models(scope, at, paging, q.changes.repository)),
    months: () => view.months(scope, q.changes, at),
    documents: () => Promise.all(DIGESTS().map((digest) => view.document(scope, digest))),
  };
}

export const documents = DIGESTS()
  .slice(0, 2)
  .map((digest) => ({ digest, kind: 'verdict', text: digest.slice(0, 9) }));

/** A little at a time, and every way through the lists that a short trail would not need. */
export const SMALL: Limits = { batch: 7, batches: 2, passed: 0, kept: 5 };

/** Each run has a database of its own: what fails is told as it is, for a smaller one would take minutes to find. */
const QUICK = { endOnFailure: true } as const;

export function equalsTheReference(engine: EngineUnderTest, runs: number, limits?: Limits): void {
  const bench = benches(engine, limits);

  test('says what the records say, whatever is asked, however they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(draft, { maxLength: 30 }), fc.boolean()), { minLength: 1, maxLength: 4 }),
        fc.array(question, { minLength: 12, maxLength: 12 }),
        async (parts, questions) => {
          const { view, append, records, place } = await bench();
          for (const { digest, kind, text } of documents)
            await engine.tamper(place, `insert into documents values ('${digest}', '${kind}', '${text}')`);
          for (const [drafts, isRefreshed] of parts) {
            await append(drafts);
            if (isRefreshed) await catchUp(view);
          }
          await catchUp(view);
          const reference = viewOfRecords(await records(), documents);
          for (const asked of questions) await expectEqual(view, reference, asked);
        },
      ),
      { numRuns: runs, seed: 5, ...QUICK },
    );
  });

  test('shows nothing outside of what somebody may see, and everything that is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(draft, { minLength: 20, maxLength: 80 }),
        fc.array(question, { minLength: 6, maxLength: 6 }),
        async (drafts, questions) => {
          const { view, append, records, place } = await bench();
          for (const { digest, kind, text } of documents)
            await engine.tamper(place, `insert into documents values ('${digest}', '${kind}', '${text}')`);
          await append(drafts);
          await catchUp(view);
          const all = await records();
          for (const asked of questions) {
            // A view that never knew of anything else: whatever is shown, counted or hinted at is the same.
            const visible = all.filter((r) => isVisible(asked.scope, r.repository.id));
            const alone = viewOfRecords(visible, documents);
            const open = answers(alone, { ...asked, scope: { kind: 'all' } });
            for (const [name, ask] of Object.entries(answers(view, asked)))
              expect({ name, is: await ask() }).toEqual({ name, is: await open[name]?.() });
          }
        },
      ),
      { numRuns: runs, seed: 6, ...QUICK },
    );
  });
}

const isVisible = (scope: Scope, id: number): boolean => scope.kind === 'all' || scope.repositories.has(id);

async function expectEqual(view: TrailView, reference: TrailView, asked: Asked): Promise<void> {
  const expected = answers(reference, asked);
  for (const [name, ask] of Object.entries(answers(view, asked)))
    expect({ name, asked, is: await ask() }).toEqual({ name, asked, is: await expected[name]?.() });
}
