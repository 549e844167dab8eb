import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';

import { populationOf } from '../../src/core/audit/population.ts';
import { registerOf } from '../../src/core/audit/register.ts';
import { sampleOf } from '../../src/core/audit/sample.ts';
import { WAYS, type ChangeEntry, type Period, type Population } from '../../src/core/model/audit.ts';
import { RECORD_KINDS, type AuditRecord } from '../../src/core/model/record.ts';
import { actor, ALWAYS, BANK, chain, SHOP, type Draft } from './records.ts';
import { metricsOf } from './whole.ts';

const DAY = 86_400_000;
const FIRST = Date.parse('2026-10-01T00:00:00Z');
const instant = fc
  .integer({ min: 0, max: 90 * 24 })
  .map((h) => new Date(FIRST + (h * DAY) / 24).toISOString());

/** Details that exist, each of them there or not, and now and then something else in its place. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
const details = fc.record(
  {
    mergedAt: maybe(instant),
    saidAt: maybe(instant),
    conclusion: maybe(fc.constantFrom('success', 'failure', 'action_required')),
    check: maybe(fc.constantFrom('success', 'failure', 'none')),
    applicable: maybe(fc.boolean()),
    mode: maybe(fc.constantFrom('enforce', 'observe')),
    title: maybe(fc.constant('a title')),
    branch: maybe(fc.constantFrom('main', 'release')),
    complete: maybe(fc.constant(false)),
    mergedElsewhere: maybe(fc.array(fc.nat(9), { maxLength: 2 })),
    decision: maybe(fc.constantFrom('approve', 'waive', 'command')),
    target: maybe(fc.record({ id: fc.constantFrom('id-alice', 'id-carol'), login: fc.constant('x') })),
    expires: maybe(instant),
    reviewDue: maybe(instant),
    of: maybe(fc.constantFrom('source/1', 'source/2')),
    question: maybe(fc.constantFrom('OBJ-I1', 'OBJ-T1')),
    answer: maybe(fc.constantFrom('accept', 'ticket', 'control', 'open')),
    from: maybe(instant),
    until: maybe(instant),
    policy: maybe(fc.record({ digest: fc.constant('sha256:p') })),
    tool: maybe(fc.record({ rules: fc.constant('7') })),
  },
  { requiredKeys: [] },
);

const draft: fc.Arbitrary<Draft> = fc
  .record(
    {
      kind: fc.oneof(
        fc.constantFrom(...RECORD_KINDS),
        fc.constantFrom('merged' as const, 'direct-push' as const, 'evaluated' as const),
      ),
      repository: fc.constantFrom(SHOP, BANK),
      at: instant,
      details: details as fc.Arbitrary<Draft['details'] & object>,
      pullRequest: fc.integer({ min: 1, max: 4 }),
      commit: fc.constantFrom('a', 'b', 'c'),
      digest: fc.constantFrom('sha256:1', 'sha256:2'),
      actor: fc.constantFrom(actor('alice'), actor('carol')),
      source: fc.constantFrom('source/1', 'source/2', 'source/3'),
    },
    { requiredKeys: ['kind', 'repository', 'at', 'details', 'source'] },
  )
  .map((d) => d as Draft);

/** What happens once, happens once: a pull request is merged, a commit pushed to a branch. */
const identity = (d: Draft): string =>
  d.kind === 'merged'
    ? `merged ${d.repository?.id ?? 0} ${d.pullRequest ?? JSON.stringify(d)}`
    : d.kind === 'direct-push'
      ? `pushed ${d.repository?.id ?? 0} ${d.commit ?? JSON.stringify(d)} ${JSON.stringify(d.details?.['branch'])}`
      : JSON.stringify(d);
const history: fc.Arbitrary<readonly AuditRecord[]> = fc
  .uniqueArray(draft, { maxLength: 40, selector: identity })
  .map((drafts) => chain(...drafts));
const period: fc.Arbitrary<Period> = fc
  .tuple(instant, instant)
  .map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));

const isDate = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
/** Said once more, as simply as can be. */
const happenedAt = ({ kind, at, details: d }: AuditRecord): string =>
  kind === 'merged' && isDate(d['mergedAt']) ? d['mergedAt'] : at;
const keys = (changes: readonly ChangeEntry[]): readonly string[] => changes.map((c) => c.id);

describe('the population', () => {
  test('every merge and push of the period is exactly one change, and there is none besides', () => {
    fc.assert(
      fc.property(history, period, (records, within) => {
        const expected = records
          .filter((r) => r.kind === 'merged' || r.kind === 'direct-push')
          .filter((r) => happenedAt(r) >= within.from && happenedAt(r) < within.to);
        const { changes } = populationOf(records, within);
        const count = (list: readonly { repository: { id: number } }[]): unknown =>
          [SHOP, BANK].map(({ id }) => list.filter((each) => each.repository.id === id).length);
        expect(count(changes)).toEqual(count(expected));
        expect(new Set(keys(changes)).size).toBe(expected.length);
        for (const record of expected)
          expect(
            changes.filter(
              (c) =>
                c.repository.id === record.repository.id &&
                c.at === happenedAt(record) &&
                c.records.includes(record.sequence) &&
                (c.way === 'direct-push') === (record.kind === 'direct-push'),
            ).length,
          ).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('counts add up to the changes', () => {
    fc.assert(
      fc.property(history, period, (records, within) => {
        const { changes, counts } = populationOf(records, within);
        expect(Object.keys(counts)).toEqual([...WAYS]);
        expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(changes.length);
        for (const way of WAYS) expect(counts[way]).toBe(changes.filter((c) => c.way === way).length);
      }),
    );
  });

  test('two periods that meet have together what the whole has', () => {
    fc.assert(
      fc.property(history, period, instant, (records, { from, to }, middle) => {
        fc.pre(from <= middle && middle <= to);
        const parts = [
          populationOf(records, { from, to: middle }),
          populationOf(records, { from: middle, to }),
        ];
        const whole = populationOf(records, { from, to });
        const sorted = (list: readonly object[]): readonly string[] =>
          list.map((x) => JSON.stringify(x)).sort();
        expect(sorted(parts.flatMap((p) => p.changes))).toEqual(sorted(whole.changes));
        // What was filled in or compared may concern both.
        const once = new Set(sorted(parts.flatMap((p) => p.notes)));
        expect([...once]).toEqual([...new Set(sorted(whole.notes))]);
      }),
    );
  });

  test('does not depend on how the repositories are put together', () => {
    fc.assert(
      fc.property(history, (records) => {
        const of = (id: number): readonly AuditRecord[] => records.filter((r) => r.repository.id === id);
        const whole = populationOf(records, ALWAYS);
        expect(populationOf([...of(BANK.id), ...of(SHOP.id)], ALWAYS)).toEqual(whole);
        const alone = [BANK, SHOP].flatMap(({ id }) => populationOf(of(id), ALWAYS).changes);
        expect(alone).toEqual(whole.changes);
      }),
    );
  });
});

test('the sample is a part of the right size, whatever the order, and ranked by the seed', () => {
  fc.assert(
    fc.property(
      history,
      fc.nat(30),
      fc.string(),
      fc.infiniteStream(fc.nat()),
      (records, size, seed, noise) => {
        const { changes } = populationOf(records, ALWAYS);
        const sample = sampleOf(changes, size, seed);
        expect(sample.length).toBe(Math.min(size, changes.length));
        expect(new Set(keys(sample)).size).toBe(sample.length);
        expect(changes.filter((c) => sample.includes(c))).toEqual(sample);
        const shuffled = changes
          .map((c) => [noise.next().value as number, c] as const)
          .sort(([a], [b]) => a - b)
          .map(([, c]) => c);
        expect(sampleOf(shuffled, size, seed)).toEqual(sample);
      },
    ),
  );
});

test('another seed draws another sample, and every change can be drawn', () => {
  const { changes } = populationOf(
    chain(...Array.from({ length: 10 }, (_, i): Draft => ({ kind: 'merged', pullRequest: i + 1 }))),
    ALWAYS,
  );
  const drawn = Array.from({ length: 200 }, (_, seed) => keys(sampleOf(changes, 2, `seed ${seed}`)));
  expect(new Set(drawn.map(String)).size).toBeGreaterThan(30);
  for (const { id } of changes) {
    const times = drawn.filter((ids) => ids.includes(id)).length;
    expect(times).toBeGreaterThan(15);
    expect(times).toBeLessThan(70);
  }
});

describe('everything else', () => {
  const everything = (records: readonly AuditRecord[], within: Period, at: string) => {
    const population = populationOf(records, within);
    const exceptions = exceptionsOf(population, records, at);
    return {
      population,
      exceptions,
      metrics: metricsOf(population, exceptions, records),
      register: registerOf(records, at),
    };
  };

  test('ties up with the population', () => {
    fc.assert(
      fc.property(history, period, instant, (records, within, at) => {
        const { population, exceptions, metrics } = everything(records, within, at);
        const { counts, changes }: Population = population;
        expect(exceptions.bypasses.length).toBe(counts.bypassed);
        expect(exceptions.pushes.length).toBe(counts['direct-push']);
        expect(exceptions.unexplained.length).toBe(counts.unexplained);
        for (const [list, way] of [
          [exceptions.emergencies, 'emergency'],
          [exceptions.waivers, 'waived'],
        ] as const)
          expect(new Set(list.filter((e) => e.letThrough).map((e) => e.change))).toEqual(
            new Set(keys(changes.filter((c) => c.way === way))),
          );
        expect(metrics.all.changes).toBe(changes.length);
        const sum = (of: (m: (typeof metrics.months)[number]) => number): number =>
          metrics.months.map(of).reduce((a, b) => a + b, 0);
        expect(sum((m) => m.changes)).toBe(changes.length);
        expect(sum((m) => m.coverage.numerator)).toBe(counts.gated);
        expect(sum((m) => m.triggered)).toBe(metrics.all.triggered);
        expect(sum((m) => m.overdueReviews)).toBe(metrics.all.overdueReviews);
        expect(sum((m) => m.toApproval.count)).toBe(metrics.all.toApproval.count);
      }),
    );
  });

  test('never throws: details missing or of another kind, dates that are none', () => {
    const anything = fc.record(
      {
        kind: fc.constantFrom(...RECORD_KINDS),
        repository: fc.constantFrom(SHOP, BANK),
        at: fc.oneof(instant, fc.string()),
        sequence: fc.nat(20),
        source: fc.string(),
        pullRequest: fc.nat(3),
        commit: fc.string(),
        digest: fc.string(),
        details: fc.oneof(details, fc.dictionary(fc.string(), fc.jsonValue()), fc.constant({})),
        actor: fc.constant(actor('alice')),
      },
      { requiredKeys: ['kind', 'repository', 'at', 'sequence', 'source', 'details'] },
    );
    const someTime = fc.record({ from: fc.oneof(instant, fc.string()), to: fc.oneof(instant, fc.string()) });
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 20 }),
        someTime,
        fc.oneof(instant, fc.string()),
        (list, within, at) => {
          const records = list as unknown as readonly AuditRecord[];
          const { population } = everything(records, within, at);
          expect(sampleOf(population.changes, 3, 'seed').length).toBeLessThanOrEqual(3);
          expect(Object.values(population.counts).reduce((a, b) => a + b, 0)).toBe(population.changes.length);
        },
      ),
    );
  });

  test('nothing changes what it was given', () => {
    fc.assert(
      fc.property(history, period, (records, within) => {
        const before = JSON.stringify(records);
        everything(records, within, within.to);
        expect(JSON.stringify(records)).toBe(before);
      }),
    );
  });
});
