/** Reviews, tickets and explanations, pure: as of any instant, whatever the records hold. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';
import { waitsOf, metricsFrom } from '../../src/core/audit/metrics.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import {
  REVIEW_CAUSES,
  REVIEW_STATES,
  reviewFigures,
  reviewsOf,
  reviewsWithin,
  type ReviewEntry,
} from '../../src/core/audit/reviews.ts';
import { ticketIn } from '../../src/core/audit/ticket-names.ts';
import { ticketsIn } from '../../src/core/audit/tickets.ts';
import { parseReviewed } from '../../src/core/commands/parse-reviewed.ts';
import { incidentsIn } from '../../src/core/linked/find-incidents.ts';
import type { AuditRecord, Json, RecordKind } from '../../src/core/model/record.ts';

const START = Date.parse('2026-10-01T00:00:00.000Z');
const HOUR = 3_600_000;
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

const KINDS: readonly RecordKind[] = [
  'review-opened',
  'review-done',
  'emergency',
  'merged',
  'ticket',
  'evaluated',
];
const SOURCES = ['a', 'b', 'c', 'd'];
const hours = fc.integer({ min: 0, max: 400 });
const instant = fc.oneof(hours.map(at), fc.constantFrom('', 'soon', '2026-13-45', null, 7));
const anything = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constantFrom(...SOURCES));

const detail = fc.record(
  {
    cause: fc.oneof(fc.constantFrom(...REVIEW_CAUSES, 'other'), anything),
    due: instant,
    reviewDue: instant,
    saidAt: instant,
    of: fc.oneof({ arbitrary: fc.constantFrom(...SOURCES), weight: 4 }, { arbitrary: anything, weight: 1 }),
    incident: fc.constantFrom('INC-1', 'inc-1', 'INC-2', 3),
    incidents: fc.array(fc.constantFrom('INC-1', 'INC-2')),
    issue: fc.oneof(fc.integer(), anything),
    modelChanges: fc.oneof(fc.integer({ min: 0, max: 2 }), anything),
    key: fc.oneof(fc.constantFrom('github:acme/shop#1', 'jira:A-1'), anything),
    state: fc.constantFrom('open', 'closed', 'absent', 'x'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, Json>>;

const written = fc.record({
  kind: fc.constantFrom(...KINDS),
  hour: hours,
  source: fc.constantFrom(...SOURCES),
  pullRequest: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  repository: fc.integer({ min: 1, max: 2 }),
  details: detail,
});

const trail = fc.array(written, { maxLength: 40 }).map((all): readonly AuditRecord[] => {
  const sequences = new Map<number, number>();
  return all
    .toSorted((a, b) => a.hour - b.hour)
    .map(({ kind, hour, source, pullRequest, repository, details }, i) => {
      const sequence = (sequences.get(repository) ?? 0) + 1;
      sequences.set(repository, sequence);
      return {
        kind,
        source: `${source}${kind === 'review-done' ? `/${i}` : ''}`,
        repository: { id: repository, name: `acme/${repository}` },
        at: at(hour),
        sequence,
        previous: '',
        hash: '',
        details,
        ...(pullRequest === undefined ? {} : { pullRequest }),
      };
    });
});

const keyOf = (r: ReviewEntry): string => `${r.repository.id}/${r.record}`;
const options = { seed: 20_261_130, numRuns: 500 };

describe('reviews', () => {
  test('at any instant each is in exactly one state, and the figures add up to them', () => {
    fc.assert(
      fc.property(trail, hours, (records, hour) => {
        const reviews = reviewsOf(records, at(hour));
        expect(new Set(reviews.map(keyOf)).size).toBe(reviews.length);
        for (const { state } of reviews) expect(REVIEW_STATES).toContain(state);
        const figures = reviewFigures(reviews);
        let sum = 0;
        for (const cause of REVIEW_CAUSES)
          for (const state of REVIEW_STATES) {
            expect(figures[cause][state]).toBe(
              reviews.filter((r) => r.cause === cause && r.state === state).length,
            );
            sum += figures[cause][state];
          }
        expect(sum).toBe(reviews.length);
      }),
      options,
    );
  });

  test('as of an instant only what was on record then is known; asked later, the answer for then is the same', () => {
    fc.assert(
      fc.property(trail, hours, (records, hour) => {
        const known = records.filter((r) => r.at <= at(hour));
        expect(reviewsOf(records, at(hour))).toEqual(reviewsOf(known, at(hour)));
        expect(reviewsOf([...records].reverse(), at(hour))).toEqual(reviewsOf(records, at(hour)));
      }),
      options,
    );
  });

  test('no time undoes a review, and one that was due is overdue until it is done', () => {
    fc.assert(
      fc.property(trail, hours, hours, (records, one, other) => {
        const [before, after] = [Math.min(one, other), Math.max(one, other)];
        const later = new Map(reviewsOf(records, at(after)).map((r) => [keyOf(r), r]));
        for (const early of reviewsOf(records, at(before))) {
          const now = later.get(keyOf(early));
          if (early.done) expect(now?.done?.record).toBe(early.done.record);
          if (early.state === 'overdue') expect(['overdue', 'done', 'done-late']).toContain(now?.state);
          if (now?.state === 'due') expect(early.state).toBe('due');
        }
      }),
      options,
    );
  });

  test('two periods that meet have together what the whole has', () => {
    fc.assert(
      fc.property(trail, hours, hours, hours, (records, a, b, c) => {
        const [from = 0, middle = 0, to = 0] = [a, b, c].toSorted((x, y) => x - y);
        const reviews = reviewsOf(records, at(500));
        const within = (x: number, y: number) =>
          new Set(reviewsWithin(reviews, { from: at(x), to: at(y) }).map(keyOf));
        expect(new Set([...within(from, middle), ...within(middle, to)])).toEqual(within(from, to));
      }),
      options,
    );
  });

  test('metrics have the figures of the reviews that they are given', () => {
    fc.assert(
      fc.property(trail, hours, (records, hour) => {
        const period = { from: at(0), to: at(500) };
        const population = populationOf(records, period);
        const reviews = reviewsWithin(reviewsOf(records, at(hour)), period);
        const exceptions = exceptionsOf(population, records, at(hour));
        const waits = waitsOf(population.changes, records);
        const metrics = metricsFrom(population, exceptions, waits, reviews);
        expect(metrics.reviews).toEqual(reviewFigures(reviews));
        expect({ ...metrics, reviews: undefined }).toEqual({
          ...metricsFrom(population, exceptions, waits),
          reviews: undefined,
        });
      }),
      { ...options, numRuns: 100 },
    );
  });
});

test('of each ticket the last record counts, in whatever order they come', () => {
  fc.assert(
    fc.property(trail, (records) => {
      const tickets = ticketsIn(records);
      expect(ticketsIn([...records].reverse())).toEqual(tickets);
      for (const [place, { record }] of tickets)
        for (const other of records)
          if (other.kind === 'ticket' && `${other.repository.id} ${other.details['key'] as string}` === place)
            expect(other.sequence).toBeLessThanOrEqual(record);
    }),
    options,
  );
});

describe('names of tickets', () => {
  test.each([
    ['#12', 'github:acme/shop#12'],
    ['#12, and later', 'github:acme/shop#12'],
    ['Acme/Till#7', 'github:acme/till#7'],
    ['https://github.com/acme/shop/issues/12', 'github:acme/shop#12'],
    ['https://github.com/acme/shop/pull/12#issuecomment-1', 'github:acme/shop#12'],
    ['ABC-1', 'jira:ABC-1'],
    ['ABC-1: encrypt', 'jira:ABC-1'],
    ['https://jira.example.org/browse/ABC-1', 'jira:ABC-1'],
    ['https://x.example.org/jira/browse/ABC-1?focused=1', 'jira:ABC-1'],
  ])('%s', (written, key) => {
    expect(ticketIn(written, 'acme/shop')?.key).toBe(key);
  });

  test.each([
    '',
    'soon',
    '12',
    '#',
    '#0',
    '#12a',
    'abc-1',
    'ABC-0',
    'ABC-1-2',
    '../x#1',
    'http://jira.example.org/browse/ABC-1',
    'https://u:p@x.org/browse/ABC-1',
    'https://example.org/12',
  ])('not %j', (written) => {
    expect(ticketIn(written, 'acme/shop')).toBeUndefined();
  });

  test('whatever is written, it is a name or none, in short time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3_000 }), (written) => {
        const name = ticketIn(written, 'acme/shop');
        expect(name === undefined || name.key.length < 320).toBe(true);
      }),
      options,
    );
    expect(ticketIn('A'.repeat(1_000_000), 'acme/shop')).toBeUndefined();
  });
});

describe('what people write', () => {
  test('a review that was held, with who took part', () => {
    expect(
      parseReviewed('Done.\n\n/threatgate reviewed The queue is new; with @alice, @bob and @acme/security'),
    ).toEqual({
      kind: 'reviewed',
      statement: 'The queue is new; with @alice, @bob and @acme/security',
      attendees: ['alice', 'bob'],
    });
    expect(parseReviewed('> /threatgate reviewed quoted words of another')).toBeUndefined();
    expect(parseReviewed('```\n/threatgate reviewed in a block of code\n```')).toBeUndefined();
  });

  test.each([
    '/threatgate reviewed',
    '/threatgate reviewed ok',
    '/threatgate approve',
    '/threatgate reviewed One of them\n/threatgate reviewed Two of them',
    `/threatgate reviewed ${'x'.repeat(1_001)}`,
  ])('%j is wrong', (body) => {
    expect(parseReviewed(body)).toMatchObject({ kind: 'wrong' });
  });

  test('incidents that a pull request follows from', () => {
    expect(incidentsIn('Fixes it.\n\nIncident: INC-7\n- Incidents: #12, INC-7, OPS_3 later')).toEqual([
      'INC-7',
      '#12',
      'OPS_3',
    ]);
    expect(incidentsIn('No incident: nothing here')).toBeUndefined();
    expect(incidentsIn('<!-- Incident: INC-7 -->')).toBeUndefined();
    expect(incidentsIn('')).toBeUndefined();
  });
});
