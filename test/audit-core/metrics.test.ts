import { expect, test } from '@jest/globals';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';
import type { Metrics } from '../../src/core/audit/metrics.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import type { Period } from '../../src/core/model/audit.ts';
import { actor, NOVEMBER, chain, decided, evaluated, merged, pushed, type Draft } from './records.ts';
import { metricsOf } from './whole.ts';

function metrics(drafts: readonly Draft[], period: Period, at = '2027-01-01T00:00:00Z'): Metrics {
  const records = chain(...drafts);
  const population = populationOf(records, period);
  return metricsOf(population, exceptionsOf(population, records, at), records);
}

test('an emergency on which nothing rests is not overdue; the wait begins with the first verdict', () => {
  const digest = { digest: 'sha256:other' };
  const november = metrics(
    [
      evaluated(1, { conclusion: 'action_required' }),
      decided('emergency', 1, { reviewDue: '2026-12-10T00:00:00.000Z' }, digest),
      evaluated(1),
      decided('approved', 1, {}, { actor: actor('carol') }),
      merged(1),
    ],
    NOVEMBER,
  ).all;
  expect(november).toMatchObject({ changes: 1, overdueReviews: 0, toApproval: { count: 1, median: 180 } });
});

const WINTER: Period = { from: '2026-11-15T00:00:00Z', to: '2027-01-01T00:00:00Z' };
const quiet = { applicable: false };

const approvedAfter = (number: number, seconds: number, at: string): readonly Draft[] => {
  const first = new Date(Date.parse(at) - 60_000).toISOString();
  const saidAt = new Date(Date.parse(first) + seconds * 1000).toISOString();
  return [
    evaluated(number, { conclusion: 'action_required' }, { at: first }),
    evaluated(number, {}, { at: first }),
    decided('approved', number, { saidAt }, { at }),
    merged(number, { mergedAt: at }, { at }),
  ];
};

test('by month and in all', () => {
  const december = '2026-12-03T10:00:00.000Z';
  const { all, months } = metrics(
    [
      ...approvedAfter(1, 10, '2026-11-20T10:00:00.000Z'),
      evaluated(2, quiet, { at: '2026-11-21T10:00:00.000Z' }),
      merged(2, quiet),
      pushed('abc'),
      ...approvedAfter(3, 40, december),
      evaluated(4, {}, { at: december }),
      decided('emergency', 4, { reviewDue: '2026-12-10T00:00:00.000Z' }),
      merged(4),
      evaluated(5),
      merged(5),
      decided('bypassed', 5),
    ],
    WINTER,
  );
  expect(months.map((m) => [m.month, m.changes, m.triggered])).toEqual([
    ['2026-11', 3, 2],
    ['2026-12', 3, 3],
  ]);
  expect(months[0]).toMatchObject({
    coverage: { numerator: 1, denominator: 2 },
    bypass: { numerator: 1, denominator: 3 },
    emergency: { numerator: 0, denominator: 3 },
    toApproval: { count: 1, median: 10, p90: 10 },
    overdueReviews: 0,
  });
  expect(all).toMatchObject({
    changes: 6,
    triggered: 5,
    coverage: { numerator: 2, denominator: 5 },
    bypass: { numerator: 2, denominator: 6 },
    emergency: { numerator: 1, denominator: 6 },
    toApproval: { count: 2, median: 10, p90: 40 },
    overdueReviews: 1,
    lateReviews: 0,
  });
});

test('nothing is divided by zero, and a month without changes is a month', () => {
  const { all, months } = metrics([], { from: '2026-01-31', to: '2026-04-01' });
  expect(months.map((m) => m.month)).toEqual(['2026-01', '2026-02', '2026-03']);
  expect(all).toMatchObject({
    coverage: { numerator: 0, denominator: 0 },
    toApproval: { count: 0, median: undefined, p90: undefined },
  });
});

test('nearest rank: values that occurred, found by counting', () => {
  const drafts = Array.from({ length: 10 }, (_, i) =>
    approvedAfter(i + 1, (i + 1) * 3, `2026-12-0${i < 5 ? 1 : 2}T10:0${i % 5}:00.000Z`),
  ).flat();
  expect(metrics(drafts, WINTER).all.toApproval).toEqual({ count: 10, median: 15, p90: 27 });
});

test('only an approval that stood counts, and approved beforehand is approved at once', () => {
  const at = '2026-12-01T10:00:00.000Z';
  const waits = (...said: readonly Draft[]): unknown =>
    metrics([evaluated(1, {}, { at }), ...said, merged(1)], WINTER).all.toApproval.median;
  expect(waits(decided('approved', 1), decided('approval-ended', 1))).toBeUndefined();
  expect(waits(decided('approved', 1, {}, { digest: 'sha256:other' }))).toBeUndefined();
  expect(waits(decided('approved', 1, { saidAt: '2026-12-01T09:00:00Z' }))).toBe(0);
  expect(waits(decided('approved', 1, { saidAt: '2026-12-01T10:00:09.900Z' }))).toBe(9);
});
