import { expect, test } from '@jest/globals';
import { metricsFrom, waitsOf } from '../../src/core/audit/metrics.ts';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';
import { packetsOf } from '../../src/core/audit/packet.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import { rankOf } from '../../src/core/audit/sample.ts';
import { actor, ALWAYS, BANK, chain, decided, evaluated, merged, pushed } from './records.ts';

const records = chain(
  evaluated(1),
  evaluated(1, {}, { repository: BANK }),
  decided('approved', 1, {}, { actor: actor('carol') }),
  merged(1),
  merged(1, {}, { repository: BANK }),
  pushed('abc'),
);
const population = populationOf(records, ALWAYS);

test('a packet has the records of its own change, each as it is found in its chain', () => {
  const packets = packetsOf(population.changes, records, 's');
  expect([...packets.keys()]).toEqual(population.changes);
  for (const [change, { rank, records: listed, decisions, document, ...rest }] of packets) {
    expect(rank).toBe(rankOf(change.id, 's'));
    expect(rest.change).not.toHaveProperty('records');
    expect(decisions).toEqual(change.decisions);
    expect(document).toBe(change.verdict?.document ?? null);
    expect(listed.map((r) => r.sequence)).toEqual(change.records);
    for (const one of listed)
      expect(records.filter((r) => r.repository.id === change.repository.id)).toContainEqual(
        expect.objectContaining(one),
      );
  }
  expect([...packets.values()].map((p) => p.records.length)).toEqual([2, 3, 1]);
});

test('of a change without a record there is a packet without any', () => {
  expect([...packetsOf(population.changes, [], 's').values()].map((p) => p.records)).toEqual([[], [], []]);
});

test('figures come from the waits, whoever found them', () => {
  const waits = waitsOf(population.changes, records);
  expect([...waits.values()]).toEqual([120]);
  const exceptions = exceptionsOf(population, records, ALWAYS.to);
  const of = (some: typeof waits): unknown => metricsFrom(population, exceptions, some).all.toApproval;
  expect(of(waits)).toEqual({ count: 1, median: 120, p90: 120 });
  expect(of(new Map())).toEqual({ count: 0, median: undefined, p90: undefined });
});
