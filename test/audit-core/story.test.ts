/** The long story of the ledger test, as an auditor sees it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exceptionsOf, type Exceptions } from '../../src/core/audit/exceptions.ts';

import { populationOf } from '../../src/core/audit/population.ts';
import { registerOf } from '../../src/core/audit/register.ts';
import type { Population } from '../../src/core/model/audit.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { git } from '../double/shared-git.ts';
import { serviceUnderTest, type ServiceUnderTest } from '../service/harness.ts';
import { REPO } from '../service/people.ts';
import { tellStory } from '../service/story.ts';
import { NOVEMBER } from './records.ts';
import { metricsOf } from './whole.ts';

let service: ServiceUnderTest;
let records: readonly AuditRecord[];
let population: Population;
let exceptions: Exceptions;
beforeAll(async () => {
  service = await serviceUnderTest({ git });
  await tellStory(service);
  records = await service.store.records({ repository: service.gh.world.repository(REPO).id });
  population = populationOf(records, NOVEMBER);
  exceptions = exceptionsOf(population, records, '2026-12-01T00:00:00Z');
}, 60_000);
afterAll(() => service.close());

const short = (text: string): string => text.replaceAll(/\b[0-9a-f]{40}\b/g, '<commit>');

test('every change of the story, and how it came in', () => {
  expect(population.changes.map((c) => short(`${c.id} ${c.way} by ${c.by?.login ?? '?'}: ${c.why}`))).toEqual(
    [
      'acme/shop#1 gated by bob: Green as it was merged: The model covers the change and it is approved.',
      'acme/shop#2 emergency by bob: Let through as an emergency (INC-7) by @alice: the shop is down and nobody is in.',
      'acme/shop@main:<commit> direct-push by ada: Pushed to main: no pull request brought it there.',
      'acme/shop#3 bypassed by ada: Merged while the check said failure: The model says the same as before.',
      'acme/shop@main:<commit> direct-push by ada: Pushed to main: no pull request brought it there.',
      'acme/shop@main:<commit> direct-push by ada: Pushed to main: no pull request brought it there.',
      expect.stringMatching(
        /^acme\/shop#4 not-triggered by bob: Nothing in it was significant by the written rules/,
      ),
      'acme/shop@main:<commit> direct-push by ada: Pushed to main: a pull request brought it to another branch (#4), none to this one.',
      'acme/shop@record-61 direct-push by ada: The history of main was rewritten, so that not every commit can be accounted for.',
    ],
  );
});

test('no record of a merge or push is missing, and nothing is left unexplained', () => {
  const kinds = records.filter((r) => r.kind === 'merged' || r.kind === 'direct-push');
  expect(population.changes.length).toBe(kinds.length);
  expect(population.counts.unexplained).toBe(0);
  for (const change of population.changes) {
    expect(change.branch).toMatch(/^(?:main|develop)$/);
    // Rewritten history has many authors.
    expect(change.author === undefined).toBe(change.id.includes('@record-'));
    if (change.pullRequest === undefined) continue;
    const { verdict } = change;
    expect(verdict).toMatchObject({ mode: 'enforce', facts: expect.any(Number) });
    for (const key of ['digest', 'document', 'policy', 'rules', 'catalogue'] as const)
      expect([key, verdict?.[key]]).toEqual([key, expect.any(String)]);
    expect(records.find((r) => r.sequence === verdict?.record)).toMatchObject({
      kind: 'evaluated',
      pullRequest: change.pullRequest,
      details: { document: verdict?.document },
    });
  }
});

test('its exceptions: an emergency that was reviewed, waivers that ended, a merge past the gate, an outage', () => {
  expect(exceptions.emergencies).toMatchObject([
    {
      change: 'acme/shop#2',
      incident: 'INC-7',
      letThrough: true,
      reviewState: 'done',
      by: { login: 'alice' },
    },
  ]);
  expect(exceptions.emergencies[0]?.review).toMatchObject({
    by: { login: 'carol' },
    statement: 'It was the only way in.',
  });
  expect(exceptions.waivers.map((w) => [w.change, w.letThrough, w.state, w.expires])).toEqual([
    ['acme/shop#2', false, 'ended', '2026-11-20T23:59:59.999Z'],
    ['acme/shop#3', false, 'ended', undefined],
  ]);
  expect(exceptions.bypasses).toMatchObject([{ change: 'acme/shop#3', by: { login: 'ada' } }]);
  expect(exceptions.pushes.map((p) => [p.rewritten, p.mergedElsewhere])).toEqual([
    [false, []],
    [false, []],
    [false, []],
    [false, [4]],
    [true, []],
  ]);
  expect(exceptions.outages).toMatchObject([{ pullRequest: 5 }]);
});

test('its figures', () => {
  expect(metricsOf(population, exceptions, records).all).toMatchObject({
    changes: 9,
    triggered: 8,
    coverage: { numerator: 1, denominator: 8 },
    bypass: { numerator: 6, denominator: 9 },
    emergency: { numerator: 1, denominator: 9 },
    toApproval: { count: 1 },
    overdueReviews: 0,
  });
});

test('its register: the risk that Bob accepted', () => {
  const { accepted, tickets, controls } = registerOf(records, '2026-12-01T00:00:00Z');
  expect({ tickets, controls }).toEqual({ tickets: [], controls: [] });
  expect(accepted).toMatchObject([
    {
      pullRequest: 1,
      owner: '@bob',
      text: 'exports are small and few',
      expires: '2027-03-01T23:59:59.999Z',
      validity: 'standing',
      state: 'merged',
      by: { login: 'bob', role: 'author' },
      catalogue: expect.any(String),
    },
  ]);
});
