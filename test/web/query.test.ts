import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FRAMEWORKS } from '../../src/core/audit/frameworks.ts';
import { WAYS } from '../../src/core/model/audit.ts';
import { CATEGORIES } from '../../src/core/model/fact.ts';
import { RECORD_KINDS } from '../../src/core/model/record.ts';
import { readQuery, writeQuery, type Read } from '../../src/web/query.ts';
import * as fields from '../../src/web/query-fields.ts';
import { asOfField, periodField, shownDay, SINCE, usualPeriods } from '../../src/web/query-time.ts';

const NOW = '2026-11-30T02:15:00.000Z';

const EVERYTHING = {
  period: periodField(NOW),
  at: asOfField(NOW),
  since: SINCE,
  repository: fields.REPOSITORY,
  person: fields.PERSON,
  owner: fields.OWNER,
  search: fields.SEARCH,
  ways: fields.WAY,
  kinds: fields.KIND,
  category: fields.CATEGORY,
  conclusion: fields.CONCLUSION,
  criterion: fields.CRITERION,
  pullRequest: fields.PULL_REQUEST,
  sample: fields.SAMPLE,
  overdue: fields.OVERDUE,
  after: fields.AFTER,
};
type Everything = {
  [K in keyof typeof EVERYTHING]: ReturnType<(typeof EVERYTHING)[K]['read']> extends Read<infer T>
    ? T
    : never;
};

const read = (query: string): Read<Everything> =>
  readQuery<Everything>(new URLSearchParams(query), EVERYTHING);

function valueOf(query: string): Everything {
  const result = read(query);
  if (!result.ok) throw new Error(result.problems.map((p) => p.message).join('\n'));
  return result.value;
}

const problemsOf = (query: string): readonly string[] => {
  const result = read(query);
  return result.ok ? [] : result.problems.map(({ name, message }) => `${name}: ${message}`);
};

describe('periods', () => {
  test.each([
    ['', '2025-12-01', '2026-12-01'],
    ['from=2026-03-01', '2026-03-01', '2026-12-01'],
    ['to=2026-03-01', '2025-03-01', '2026-03-01'],
    ['from=2026-01-01&to=2027-01-01', '2026-01-01', '2027-01-01'],
    ['from=+2026-01-01+&to=', '2026-01-01', '2026-12-01'],
    ['from=2026-01-01&from=2026-01-01&to=2026-01-02', '2026-01-01', '2026-01-02'],
    [
      'from=2026-01-01T00:00:00%2B01:00&to=2026-02-01T08:30Z',
      '2025-12-31T23:00:00.000Z',
      '2026-02-01T08:30:00.000Z',
    ],
    ['from=2016-02-29&to=2026-02-28', '2016-02-29', '2026-02-28'],
  ])('%s', (query, from, to) => {
    const { period } = valueOf(query);
    expect([shownDay(period.from), shownDay(period.to)]).toEqual([from, to]);
  });

  test('the default is twelve calendar months also on the last day of a long one', () => {
    const result = readQuery(new URLSearchParams(), { period: periodField('2026-03-31T23:59:59.999Z') });
    expect(result).toEqual({
      ok: true,
      value: { period: { from: '2025-04-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' } },
    });
  });

  test.each([
    [
      'from=2026-03-01&to=2026-02-01',
      'from: The period from 2026-03-01 to 2026-02-01 has nothing in it: it ends when "to" begins, so "from" has to be earlier. Write them the other way round, or a later "to".',
    ],
    [
      'from=2010-01-01&to=2026-01-01',
      'to: The period from 2010-01-01 to 2026-01-01 is longer than 10 years, the most that is shown at once. Write a "to" of 2020-01-01 at the latest.',
    ],
    [
      'from=2026-02-30',
      'from: "from" is "2026-02-30", which is in no calendar. Write a day like 2026-01-31, which begins at midnight UTC, or an instant with its zone like 2026-01-31T09:00:00Z.',
    ],
    [
      'to=next+week',
      'to: "to" is "next week", which is not a date. Write a day like 2026-01-31, which begins at midnight UTC, or an instant with its zone like 2026-01-31T09:00:00Z.',
    ],
    [
      'from=2026-02-01T09:00',
      'from: "from" is "2026-02-01T09:00", which lacks its zone. Write 2026-02-01T09:00Z if it is UTC.',
    ],
    [
      'from=1970-01-01',
      'from: "from" is "1970-01-01": nothing is on record then. Write a day from 2000-01-01 to 2100-01-01.',
    ],
    [
      'from=2026-01-01&from=2026-02-01',
      'from: "from" is there 2 times with different values. Write it once.',
    ],
  ])('%s is refused', (query, message) => {
    expect(problemsOf(query)).toEqual([message]);
  });

  test('both ends are told when both are wrong', () => {
    expect(problemsOf('from=x&to=y')).toHaveLength(2);
  });

  test('quarters and years add up', () => {
    const named = usualPeriods('2026-02-10T00:00:00.000Z').map(
      ({ name, period }) => `${name}: ${shownDay(period.from)} ${shownDay(period.to)}`,
    );
    expect(named).toEqual([
      'Q1 2026: 2026-01-01 2026-04-01',
      'Q4 2025: 2025-10-01 2026-01-01',
      '2026: 2026-01-01 2027-01-01',
      '2025: 2025-01-01 2026-01-01',
    ]);
  });
});

describe('instants', () => {
  test('a day means its end, nothing means now', () => {
    expect(valueOf('at=2026-03-15&since=2026-03-01').at).toBe('2026-03-15T23:59:59.999Z');
    expect(valueOf('at=2026-03-15&since=2026-03-01').since).toBe('2026-03-01T23:59:59.999Z');
    expect(valueOf('at=2026-03-15T12:00:00Z').at).toBe('2026-03-15T12:00:00.000Z');
    expect(valueOf('').at).toBe(NOW);
    expect(valueOf('').since).toBeUndefined();
  });
});

describe('filters', () => {
  test('are read', () => {
    expect(
      valueOf(
        'repository=acme/shop&person=@ada&way=waived&way=gated&kind=merged&category=exposure&criterion=cc8.1&conclusion=failure&pull=%2312&size=25&seed=our+words&overdue=yes',
      ),
    ).toMatchObject({
      repository: 'acme/shop',
      person: 'ada',
      ways: ['gated', 'waived'],
      kinds: ['merged'],
      category: 'exposure',
      criterion: 'CC8.1',
      conclusion: 'failure',
      pullRequest: 12,
      sample: { size: 25, seed: 'our words' },
      overdue: true,
    });
  });

  test.each([
    [
      'way=merged',
      /^way: "merged" is no way in which a change came in\. Write one of: gated, not-triggered, /,
    ],
    ['kind=bypass', /^kind: "bypass" is no kind of record\. Write one of: installed, /],
    ['category=danger', /^category: "danger" is no category\. Write one of: new-component, /],
    ['conclusion=neutral', /^conclusion: .* Write one of: success, action_required, failure\.$/],
    ['criterion=CC99', /^criterion: "CC99" is no control of the framework map\. .* like CC8\.1\.$/],
    ['repository=shop', /^repository: "shop" is not the name of a repository\. .* like acme\/shop\.$/],
    ['repository=a/b/c', /^repository: /],
    ['person=a+b', /^person: "a b" is not a login\./],
    ['pull=0', /^pull: "0" is not a pull request\. Write a whole number from 1 to 2147483647\.$/],
    ['pull=99999999999', /^pull: /],
    ['size=25', /^seed: A sample needs a seed/],
    ['seed=x', /^size: A seed draws nothing by itself/],
    [
      'size=501&seed=x',
      /^size: "501" is not a number of changes to draw\. Write a whole number from 1 to 500\.$/,
    ],
    ['size=5&seed=a%00b', /^seed: The seed has to be one line of text with at most 200 characters\.$/],
    ['overdue=true', /^overdue: "overdue" is "true"\. Write overdue=yes, or leave it out\.$/],
    ['after=%3Cscript%3E', /^after: This is no place in a list/],
    ['fom=2026-01-01', /^fom: Nothing here is called "fom"\. This page reads: from, to, at, /],
  ])('%s is refused', (query, message) => {
    const problems = problemsOf(query);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test('no two controls of the map share an id, so that an id is enough', () => {
    expect(new Set(FRAMEWORKS.map((c) => c.control.toLowerCase())).size).toBe(FRAMEWORKS.length);
  });
});

describe('properties', () => {
  const names = Object.values(EVERYTHING).flatMap((field) => field.names);
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      '2026-01-01',
      '2026-13-01',
      '9999-12-31T23:59:59-23:59',
      '+010000-01-01',
      '1',
      'NaN',
      'yes',
      'a/b',
    ),
  );

  test('whatever an address holds, it is read or refused with bounded messages', () => {
    const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), word), word);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
        const query = new URLSearchParams(pairs.map(([name, text]): [string, string] => [name, text]));
        const result = read(query.toString());
        if (result.ok) return;
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { message } of result.problems) expect(message.length).toBeLessThan(1_000);
      }),
      { seed: 5, numRuns: 2_000 },
    );
  });

  const instant = fc
    .date({ min: new Date('2001-01-01'), max: new Date('2089-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const later = fc.integer({ min: 1, max: 9 * 365 * 86_400_000 });
  const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(some, { nil: undefined });
  const anything: fc.Arbitrary<Everything> = fc.record({
    period: fc
      .tuple(
        fc.oneof(
          instant,
          instant.map((at) => `${at.slice(0, 10)}T00:00:00.000Z`),
        ),
        later,
      )
      .map(([from, ms]) => ({
        from,
        to: new Date(Date.parse(from) + ms).toISOString(),
      })),
    at: fc.oneof(
      instant,
      instant.map((at) => `${at.slice(0, 10)}T23:59:59.999Z`),
    ),
    since: maybe(instant),
    repository: maybe(fc.stringMatching(/^[\w.-]{1,30}\/[\w.-]{1,30}$/)),
    person: maybe(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}(?:\[bot\])?$/)),
    owner: maybe(fc.stringMatching(/^[a-zäöü@&=+#%]{1,20}$/)),
    search: maybe(fc.stringMatching(/^[\w&=+#%]{1,20}$/)),
    ways: fc.subarray([...WAYS]),
    kinds: fc.subarray([...RECORD_KINDS]),
    category: maybe(fc.constantFrom(...CATEGORIES)),
    conclusion: maybe(fc.constantFrom(...fields.CONCLUSIONS)),
    criterion: maybe(fc.constantFrom(...FRAMEWORKS.map((c) => c.control))),
    pullRequest: maybe(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
    sample: maybe(
      fc.record({
        size: fc.integer({ min: 1, max: fields.MOST_SAMPLE }),
        seed: fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 50 })
          .filter((s) => s === s.trim() && s.length <= 200 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(s)),
      }),
    ),
    overdue: fc.boolean(),
    after: maybe(fc.stringMatching(/^[\w.~+/=:@,-]{1,60}$/)),
  });

  test('what is written is read as the same', () => {
    fc.assert(
      fc.property(anything, (values) => {
        expect(valueOf(writeQuery<Everything>(EVERYTHING, values))).toEqual(values);
      }),
      { seed: 6, numRuns: 1_000 },
    );
  });
});
