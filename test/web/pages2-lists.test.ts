import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FRAMEWORKS } from '../../src/core/audit/frameworks.ts';
import type { RegisterRow } from '../../src/core/model/view.ts';
import { differencesOf } from '../../src/web/pages/register-changed.ts';
import { ask, textOf } from './pages2-context.ts';
import { sampleRecords, VAULT } from './pages2-sample.ts';

const YEAR = 'from=2026-01-01&to=2027-01-01';
const records = sampleRecords().filter((r) => r.repository.id !== VAULT.id);

/** Records that a page lists, by the links of its rows. */
const listed = (text: string): readonly string[] =>
  [
    ...text.matchAll(
      /href="\/audit\/([\w.-]+\/[\w.-]+)\/record\/(\d+)"><span class="visually-hidden">Record/g,
    ),
  ].map((m) => `${m[1] ?? ''}/${m[2] ?? ''}`);

const placeOf = (r: (typeof records)[number]): string => `${r.repository.name}/${r.sequence}`;

const nextOf = (text: string): string | undefined =>
  /href="\/audit([^"]*)" rel="next"/.exec(text)?.[1]?.replaceAll('&#38;', '&').replaceAll('&#61;', '=');

describe('records', () => {
  test('are all found, each once, page by page', async () => {
    const found: string[] = [];
    let address: string | undefined = `/records?${YEAR}`;
    let pages = 0;
    while (address !== undefined) {
      const text: string = await textOf(address);
      found.push(...listed(text));
      address = nextOf(text);
      pages += 1;
    }
    expect(pages).toBeGreaterThan(2);
    expect(found).toHaveLength(records.length);
    expect(new Set(found)).toEqual(new Set(records.map(placeOf)));
  });

  test.each([
    ['kind=waived', (r: (typeof records)[number]) => r.kind === 'waived'],
    [
      'kind=waived&kind=emergency',
      (r: (typeof records)[number]) => r.kind === 'waived' || r.kind === 'emergency',
    ],
    ['person=CAROL', (r: (typeof records)[number]) => r.actor?.login === 'carol'],
    ['person=id-carol', (r: (typeof records)[number]) => r.actor?.login === 'carol'],
    ['repository=acme/bank&kind=gate-outage', (r: (typeof records)[number]) => r.kind === 'gate-outage'],
    ['pull=5', (r: (typeof records)[number]) => r.pullRequest === 5],
    ['conclusion=failure', (r: (typeof records)[number]) => r.details['conclusion'] === 'failure'],
    ['criterion=17(1)(b)&kind=approved', (r: (typeof records)[number]) => r.kind === 'approved'],
    [
      'criterion=17(1)(b)&repository=acme/bank',
      (r: (typeof records)[number]) =>
        r.repository.id === 2 &&
        ['approved', 'approval-ended', 'decision-refused', 'review-done'].includes(r.kind),
    ],
  ])('%s', async (query, matches) => {
    const wanted = records.filter(matches).map(placeOf);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.length).toBeLessThanOrEqual(50);
    expect(new Set(listed(await textOf(`/records?${YEAR}&${query}`)))).toEqual(new Set(wanted));
  });

  test('of a kind that is no evidence for the control are none', async () => {
    expect(await textOf(`/records?${YEAR}&criterion=17(1)(b)&kind=merged`)).toContain('No record matches.');
  });

  test.each(['1', '1.2', '99.99.99.99', '1.2.3'])(
    'a place that no list gave is refused or empty: %s',
    async (after) => {
      for (const path of [
        '/records',
        '/population',
        '/exceptions',
        '/register',
        '/models',
        '/configuration',
      ]) {
        const answer = await ask(`${path}?after=${after}`);
        expect(answer.kind).toBe('page');
        expect(answer.kind === 'page' && [200, 400].includes(answer.status)).toBe(true);
      }
    },
  );
});

describe('exceptions', () => {
  test('what is overdue comes first', async () => {
    const text = await textOf(`/exceptions?${YEAR}`);
    const [overdue = '', all = ''] = text.split('id="all"');
    expect(overdue).toContain('Review overdue');
    expect(overdue).toContain('INC-35');
    expect(overdue).not.toContain('INC-11');
    expect(all).toContain('INC-11');
  });

  test('only what is overdue is listed when that is asked for', async () => {
    const text = await textOf(`/exceptions?${YEAR}&overdue=yes`);
    expect(text).toContain('INC-27');
    expect(text).not.toContain('INC-11');
    expect(text).not.toContain('Standing');
  });

  test('as of an earlier day, what was still to come was not overdue', async () => {
    const text = await textOf('/exceptions?from=2026-10-01&to=2026-11-01&at=2026-10-08');
    expect(text).toContain('Nothing is overdue as of');
    expect(text).toContain('Review due');
  });

  test('cause, impact and response are told where they are on record, and missed where they are not', async () => {
    const text = await textOf('/exceptions?from=2026-03-30&to=2026-03-31');
    expect(text).toContain('The check was red for an hour');
    expect(text).toContain('None: the bucket was empty');
    expect(text).toContain('Administrators may not bypass any more');
    expect(await textOf('/exceptions?from=2026-05-25&to=2026-05-26')).toContain('nobody gave one');
  });

  test('reviews of what stands already are there, overdue first', async () => {
    const reviews =
      (await textOf(`/exceptions?${YEAR}`)).split('id="reviews"')[1]?.split('id="all"')[0] ?? '';
    expect(reviews.indexOf('INC-90')).toBeLessThan(reviews.indexOf('as every 90 days'));
    expect(reviews).toContain('Review overdue');
    expect(reviews).toContain('Two threats were added.');
    expect(reviews).toContain('With <bdi>bob</bdi>, <bdi>carol</bdi>.');
    const before =
      (await textOf(`/exceptions?${YEAR}&at=2026-06-05`)).split('id="reviews"')[1]?.split('id="all"')[0] ??
      '';
    expect(before).toContain('Review due');
    expect(before).not.toContain('INC-90');
  });

  test('an empty period says so', async () => {
    const text = await textOf('/exceptions?from=2020-01-01&to=2020-02-01');
    expect(text).toContain('No exception matches.');
    expect(text).toContain('No review was to be held');
  });
});

describe('the register', () => {
  test('is as of a day', async () => {
    expect(await textOf('/register?at=2026-03-09')).toContain('1 answer<');
    expect(await textOf('/register?at=2026-03-08')).toContain('had been answered by');
  });

  test('a risk that ran out shows, and the one before had not', async () => {
    expect(await textOf('/register?at=2026-08-31&kind=accept')).not.toContain('Expired');
    expect(await textOf('/register?at=2026-09-01&kind=accept')).toContain('Expired');
  });

  test('says what was asked', async () => {
    expect(await textOf('/register?at=2026-11-01')).toContain('who can list keys and who can read objects');
  });

  test('compares with an earlier day', async () => {
    const text = await textOf('/register?at=2026-11-15&since=2026-06-30');
    expect(text).toContain('7 answers then, 15 answers later: 8 added, 3 changed, 0 ended.');
  });

  test('a day to compare with that is not before is refused', async () => {
    const answer = await ask('/register?at=2026-03-01&since=2026-03-01');
    expect(answer).toMatchObject({ kind: 'page', status: 400 });
    expect(answer.kind === 'page' && String(await answer.content)).toContain(
      'has to be before the day of the register',
    );
  });

  test('a day that is still to come is told to be', async () => {
    expect(await textOf('/register?at=2027-09-01')).toContain('is still to come');
  });

  const row = fc.record({
    repository: fc.constantFrom({ id: 1, name: 'acme/shop' }, { id: 2, name: 'acme/bank' }),
    question: fc.constantFrom('A', 'B', 'C'),
    record: fc.nat(3),
    validity: fc.constantFrom('standing' as const, 'expired' as const),
  });
  const rows = fc
    .uniqueArray(row, { selector: ({ repository, question }) => `${repository.id} ${question}` })
    .map((all): readonly RegisterRow[] =>
      all.map((each) => ({
        ...each,
        kind: 'accept',
        pullRequest: 1,
        address: 'x',
        scope: '',
        by: undefined,
        at: '',
        text: '',
        state: 'merged',
        owner: undefined,
        expires: undefined,
      })),
    );

  test('what was there and what changed is what is there', () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const differences = differencesOf(before, after);
        const of = (kind: string): readonly RegisterRow[] =>
          differences.filter((d) => d.kind === kind).map((d) => d.row);
        const key = ({ repository, question }: RegisterRow): string => `${repository.id} ${question}`;
        const gone = new Set([...of('ended'), ...of('changed')].map(key));
        const now = [...before.filter((r) => !gone.has(key(r))), ...of('added'), ...of('changed')];
        expect(new Set(now.map((r) => JSON.stringify(r)))).toEqual(
          new Set(after.map((r) => JSON.stringify(r))),
        );
        expect(differencesOf(after, after)).toEqual([]);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('controls', () => {
  test('every control leads to a search that the page of records takes', async () => {
    const text = await textOf('/controls?framework=all&from=2026-01-01&to=2026-07-01');
    const links = [...text.matchAll(/href="\/audit(\/records\?[^"]*criterion&#61;[^"]*)"/g)].map((m) =>
      (m[1] ?? '').replaceAll('&#38;', '&').replaceAll('&#61;', '='),
    );
    expect(links).toHaveLength(FRAMEWORKS.length);
    for (const address of links) {
      expect(address).toContain('from=2026-01-01&to=2026-07-01');
      expect(await ask(address)).toMatchObject({ kind: 'page', status: 200 });
    }
  });

  test('nothing is said to hold', async () => {
    expect(await textOf('/controls?framework=all')).not.toMatch(/compliant|required by|certif/i);
  });

  test('pages that are as of a day are as of the end of the period', async () => {
    const text = await textOf('/controls?from=2026-01-01&to=2026-07-01');
    expect(text).toContain('/audit/models?at&#61;2026-06-30#vendors');
  });

  test('a framework that is none of the map is refused', async () => {
    expect(await ask('/controls?framework=COBIT')).toMatchObject({ status: 400 });
  });
});
