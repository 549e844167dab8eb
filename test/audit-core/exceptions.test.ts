import { describe, expect, test } from '@jest/globals';
import { exceptionsOf, type Exceptions } from '../../src/core/audit/exceptions.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import type { Period } from '../../src/core/model/audit.ts';
import { actor, ALWAYS, chain, decided, evaluated, merged, pushed, type Draft } from './records.ts';

function exceptions(drafts: readonly Draft[], at: string, period: Period = ALWAYS): Exceptions {
  const records = chain(...drafts);
  return exceptionsOf(populationOf(records, period), records, at);
}

describe('emergencies', () => {
  const source = 'comment/7';
  const emergency = decided(
    'emergency',
    1,
    {
      incident: 'INC-7',
      reason: 'down',
      reviewDue: '2026-11-09T09:00:00.000Z',
      saidAt: '2026-11-02T09:01:00Z',
    },
    { source },
  );
  const reviewed = (at: string, details = {}): Draft =>
    decided('review-done', 1, { of: source, statement: 'fine', ...details }, { at, actor: actor('carol') });
  const stateAt = (at: string, ...more: readonly Draft[]): unknown =>
    exceptions([evaluated(1), emergency, merged(1), ...more], at).emergencies.map((e) => e.reviewState);

  test('who let what through, for which incident, and who reviewed it', () => {
    const story = [evaluated(1), emergency, merged(1), reviewed('2026-11-03T09:00:00.000Z')];
    expect(exceptions(story, '2026-12-01T00:00:00Z').emergencies).toEqual([
      {
        change: 'acme/shop#1',
        repository: { id: 1, name: 'acme/shop' },
        record: 2,
        by: actor('alice'),
        at: '2026-11-02T09:01:00Z',
        reason: 'down',
        letThrough: true,
        incident: 'INC-7',
        reviewDue: '2026-11-09T09:00:00.000Z',
        review: { record: 4, by: actor('carol'), at: '2026-11-03T09:00:00.000Z', statement: 'fine' },
        reviewState: 'done',
      },
    ]);
  });

  test('due, overdue, done, done late', () => {
    expect(stateAt('2026-11-09T09:00:00Z')).toEqual(['due']);
    expect(stateAt('2026-11-09T09:00:01Z')).toEqual(['overdue']);
    const late = reviewed('2026-11-10T00:00:00.000Z');
    expect(stateAt('2026-12-01T00:00:00Z', late)).toEqual(['done-late']);
    // What was recorded later was not known then.
    expect(stateAt('2026-11-09T12:00:00Z', late)).toEqual(['overdue']);
    // Recorded late, but said in time.
    const intime = reviewed('2026-11-10T00:00:00.000Z', { saidAt: '2026-11-09T08:00:00Z' });
    expect(stateAt('2026-12-01T00:00:00Z', intime)).toEqual(['done']);
    // The review of another emergency.
    expect(
      stateAt('2026-12-01T00:00:00Z', reviewed('2026-11-03T00:00:00.000Z', { of: 'comment/8' })),
    ).toEqual(['overdue']);
  });

  test('past the gate all the same', () => {
    const [found] = exceptions(
      [evaluated(1), emergency, merged(1), decided('bypassed', 1)],
      '2026-12-01T00:00:00Z',
    ).emergencies;
    expect(found).toMatchObject({ letThrough: false, reviewState: 'overdue' });
  });

  test('without a date, or for other content', () => {
    const other = decided('emergency', 1, {}, { digest: 'sha256:other' });
    expect(exceptions([evaluated(1), other, merged(1)], '2026-12-01T00:00:00Z').emergencies[0]).toMatchObject(
      { letThrough: false, reviewState: 'no-due-date', incident: undefined, reason: undefined },
    );
  });
});

test('waivers with their reason, and whether they still stand', () => {
  const waiver = (expires?: string): Draft => decided('waived', 1, { reason: 'the office moves', expires });
  const stateOf = (expires?: string): unknown =>
    exceptions([evaluated(1), waiver(expires), merged(1)], '2026-11-20T23:59:59Z').waivers.map((w) => ({
      reason: w.reason,
      letThrough: w.letThrough,
      state: w.state,
    }));
  const through = { reason: 'the office moves', letThrough: true };
  expect(stateOf('2026-11-20T23:59:59.999Z')).toEqual([{ ...through, state: 'standing' }]);
  expect(stateOf('2026-11-20T23:59:59.000Z')).toEqual([{ ...through, state: 'expired' }]);
  expect(stateOf()).toEqual([{ ...through, state: 'unlimited' }]);
  const [unheard] = exceptions([evaluated(1), waiver('2026-11-20'), merged(1)], '2026-11-01').waivers;
  expect(unheard?.state).toBe('standing');
  const ended = (...more: readonly Draft[]): unknown =>
    exceptions([evaluated(1), waiver(), ...more, merged(1)], '2026-12-01').waivers.map((w) => [
      w.letThrough,
      w.state,
    ]);
  expect(ended(decided('approval-ended', 1))).toEqual([[false, 'ended']]);
  expect(ended(decided('approved', 1))).toEqual([[false, 'ended']]);
  expect(ended(decided('approved', 1, {}, { actor: actor('carol') }))).toEqual([[true, 'unlimited']]);
});

test('bypasses, pushes and what nothing explains', () => {
  const found = exceptions(
    [
      evaluated(1),
      merged(1),
      decided('bypassed', 1, { reason: 'Merged while the check said failure.' }, { actor: actor('ada') }),
      pushed('abc', { mergedElsewhere: [4] }),
      pushed('def', { complete: false, forced: true }),
      merged(2),
      evaluated(3),
      merged(3),
    ],
    '2026-12-01T00:00:00Z',
  );
  expect(found.bypasses).toEqual([
    expect.objectContaining({
      change: 'acme/shop#1',
      record: 3,
      by: actor('ada'),
      reason: 'Merged while the check said failure.',
    }),
  ]);
  expect(found.pushes.map((p) => [p.change, p.record, p.branch, p.rewritten, p.mergedElsewhere])).toEqual([
    ['acme/shop@main:abc', 4, 'main', false, [4]],
    ['acme/shop@record-5', 5, 'main', true, []],
  ]);
  expect(found.unexplained).toEqual(['acme/shop#2']);
});

test('outages that overlap with the period, whenever they were recorded', () => {
  const outage = (from: string, until: string): Draft => ({
    kind: 'gate-outage',
    pullRequest: 1,
    at: until,
    details: { from, until },
  });
  const drafts = [
    outage('2026-10-31T22:00:00.000Z', '2026-10-31T23:00:00.000Z'),
    outage('2026-10-31T23:00:00.000Z', '2026-11-01T00:30:00.000Z'),
    outage('2026-11-30T23:00:00.000Z', '2026-12-01T00:30:00.000Z'),
    outage('2026-12-01T00:00:00.000Z', '2026-12-01T01:00:00.000Z'),
  ];
  const { outages } = exceptions(drafts, '2027-01-01', { from: '2026-11-01', to: '2026-12-01' });
  expect(outages).toEqual([
    {
      repository: { id: 1, name: 'acme/shop' },
      record: 2,
      pullRequest: 1,
      from: '2026-10-31T23:00:00.000Z',
      until: '2026-11-01T00:30:00.000Z',
    },
    expect.objectContaining({ record: 3 }),
  ]);
});
