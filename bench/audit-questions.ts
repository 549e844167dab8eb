/** What pages ask, from the ordinary to the worst that a viewer can ask for. */
import type { Page, Scope, TrailView } from '../src/core/model/view.ts';
import { FIRST, LAST, REPOSITORIES, repositoryOf } from './audit-ledger.ts';

export interface Question {
  readonly name: string;
  /** `n` counts up, so that not the same is asked twice in a row. */
  readonly ask: (view: TrailView, n: number) => Promise<unknown>;
  /** Work that grows with the population by its nature: shown, and not held against the bounds. */
  readonly grows?: true;
}

const ALL: Scope = { kind: 'all' };
const some = (from: number, count: number): Scope => ({
  kind: 'some',
  repositories: new Set(Array.from({ length: count }, (_, i) => repositoryOf((from + i) % REPOSITORIES).id)),
});
const ids = { big: repositoryOf(0).id, small: repositoryOf(7).id };

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
const YEAR = { from: '2026-01-01', to: '2027-01-01' };
const UNEVEN = { from: '2026-01-13', to: '2026-12-19' };
const MONTH = (n: number) => ({
  from: `2026-${String((n % 12) + 1).padStart(2, '0')}-05`,
  to: day(FIRST + ((n % 12) + 1) * 30.4 * 86_400_000 + 5 * 86_400_000),
});
const FIRST_PAGE = { after: undefined, most: 50 };
const at = (n: number): string => day(FIRST + ((n * 17) % 390) * 86_400_000);
const NOW = day(LAST);
const login = (n: number): string => `person-${(n * 13) % 300}`;
const CATEGORY = ['new-component', 'data-flow', 'exposure', 'logging-monitoring'];
const category = (n: number): string => CATEGORY[n % CATEGORY.length] ?? '';

/** A page from somewhere in the list: cursors are places, so that any will do. */
const from = (time: number, repository = 1e9): { after: string; most: number } => ({
  after: `${Math.floor(time)}.${repository}.1.0`,
  most: 50,
});
const somewhere = (n: number) => from(FIRST + (((n * 7919) % 1_000) / 1_000) * (LAST - FIRST));
const END = from(FIRST + 3 * 86_400_000);

const SCOPES: readonly (readonly [string, (n: number) => Scope])[] = [
  ['all', () => ALL],
  ['200 of 200', () => some(0, 200)],
  ['199, without the largest', () => some(1, 199)],
  ['100', (n) => some(n, 100)],
  ['20', (n) => some(n + 3, 20)],
  ['1 small', (n) => some(1 + (n % 199), 1)],
  ['1 large', () => some(0, 1)],
];

const byScope = (
  name: string,
  ask: (view: TrailView, scope: Scope, n: number) => Promise<unknown>,
): Question[] =>
  SCOPES.map(([who, scope]) => ({ name: `${name}; reads ${who}`, ask: (view, n) => ask(view, scope(n), n) }));

const all = (name: string, ask: (view: TrailView, n: number) => Promise<unknown>): Question => ({
  name,
  ask,
});

/** Follows a cursor that the page before gave. */
const second = async <T>(page: (after: string | undefined) => Promise<Page<T>>): Promise<unknown> =>
  page((await page(undefined)).next);

export const QUESTIONS: readonly Question[] = [
  ...byScope('changes of a year', (v, s) => v.changes(s, { period: YEAR }, FIRST_PAGE)),
  ...byScope('changes of an uneven period', (v, s) => v.changes(s, { period: UNEVEN }, FIRST_PAGE)),
  all('changes of a month', (v, n) => v.changes(ALL, { period: MONTH(n) }, FIRST_PAGE)),
  all('changes, a page in the middle', (v, n) => v.changes(ALL, { period: YEAR }, somewhere(n))),
  all('changes, the last page', (v) => v.changes(ALL, { period: YEAR }, END)),
  ...byScope('changes of a person', (v, s, n) =>
    v.changes(s, { period: YEAR, person: login(n) }, FIRST_PAGE),
  ),
  ...byScope('changes of a machine', (v, s) =>
    v.changes(s, { period: YEAR, person: 'renovate[bot]' }, FIRST_PAGE),
  ),
  ...byScope('changes of a category', (v, s, n) =>
    v.changes(s, { period: YEAR, category: category(n) }, FIRST_PAGE),
  ),
  ...byScope('bypasses of a person and a category', (v, s, n) =>
    v.changes(s, { period: UNEVEN, person: login(n), category: category(n), ways: ['bypassed'] }, FIRST_PAGE),
  ),
  ...byScope('counts of a year', (v, s) => v.counts(s, { period: YEAR })),
  ...byScope('counts of an uneven period', (v, s) => v.counts(s, { period: UNEVEN })),
  all('counts of a person', (v, n) => v.counts(ALL, { period: UNEVEN, person: login(n) })),
  all('counts of a category', (v, n) => v.counts(ALL, { period: UNEVEN, category: category(n) })),
  ...byScope('months', (v, s) => v.months(s, { period: YEAR }, NOW)),
  all('months of an uneven period', (v, n) => v.months(ALL, { period: UNEVEN }, at(n))),
  all('months of a repository', (v) => v.months(ALL, { period: YEAR, repository: ids.big }, NOW)),
  ...byScope('records', (v, s) => v.records(s, {}, FIRST_PAGE)),
  all('records, a page in the middle', (v, n) => v.records(ALL, { period: YEAR }, somewhere(n))),
  ...byScope('records of a person', (v, s, n) =>
    v.records(s, { person: login(n), period: YEAR }, FIRST_PAGE),
  ),
  ...byScope('emergencies and waivers', (v, s) =>
    v.records(s, { kinds: ['emergency', 'waived'], period: YEAR }, FIRST_PAGE),
  ),
  ...byScope('failures of a category', (v, s, n) =>
    v.records(s, { category: category(n), conclusion: 'failure', period: UNEVEN }, FIRST_PAGE),
  ),
  all('records of one repository and person', (v, n) =>
    v.records(ALL, { repository: ids.big, person: login(n) }, FIRST_PAGE),
  ),
  all('records of a pull request', (v, n) =>
    v.records(ALL, { pullRequest: 1 + (n % 9), repository: ids.small }, FIRST_PAGE),
  ),
  all('records of a pull request of any repository', (v, n) =>
    v.records(ALL, { pullRequest: 1 + (n % 9) }, FIRST_PAGE),
  ),
  all('a record', (v, n) => v.record(ALL, ids.small, 1 + (n % 30))),
  all('a change', (v, n) => v.change(ALL, ids.small, 1 + (n % 30))),
  all('a trail', (v, n) => v.trail(ALL, ids.big, 1 + (n % 100))),
  ...byScope('exceptions', (v, s) => v.exceptions(s, { period: YEAR }, NOW, FIRST_PAGE)),
  all('exceptions as of a day', (v, n) => v.exceptions(ALL, { period: UNEVEN }, at(n), FIRST_PAGE)),
  ...byScope('waivers', (v, s) => v.exceptions(s, { period: YEAR, kinds: ['waiver'] }, NOW, FIRST_PAGE)),
  ...byScope('overdue', (v, s) => v.exceptions(s, { period: YEAR, overdue: true }, NOW, FIRST_PAGE)),
  ...byScope('register now', (v, s) => v.register(s, {}, NOW, FIRST_PAGE)),
  ...byScope('register as of a day', (v, s, n) => v.register(s, {}, at(n), FIRST_PAGE)),
  all('register as of the first days', (v, n) =>
    v.register(ALL, {}, day(FIRST + (2 + (n % 3)) * 86_400_000), FIRST_PAGE),
  ),
  all('accepted risks', (v, n) => v.register(ALL, { kinds: ['accept'] }, at(n), FIRST_PAGE)),
  all('risks of an owner', (v, n) => v.register(ALL, { owner: `@${login(n)}` }, NOW, FIRST_PAGE)),
  all('register, the second page', (v, n) =>
    second((after) => v.register(ALL, {}, at(n), { after, most: 50 })),
  ),
  ...byScope('models as of a day', (v, s, n) => v.models(s, at(n), FIRST_PAGE)),
  ...byScope('repositories', (v, s) => v.repositories(s, FIRST_PAGE)),
  all('a repository by its name', (v, n) => v.repository(ALL, repositoryOf(n % REPOSITORIES).name)),
  ...byScope('freshness', (v, s) => v.freshness(s)),
  {
    ...all('a sample of a year', (v, n) => v.sample(ALL, { period: YEAR }, { size: 25, seed: `seed ${n}` })),
    grows: true,
  },
  {
    ...all('a sample of a category', (v, n) =>
      v.sample(ALL, { period: YEAR, category: 'exposure' }, { size: 25, seed: `seed ${n}` }),
    ),
    grows: true,
  },
];
