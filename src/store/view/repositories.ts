import { byName } from '../../core/audit/view-rows.ts';
import { cursorOf, sizeOf, totalOf } from '../../core/audit/view-paging.ts';
import type { Freshness, Page, Paging, RepositorySummary, Scope, TrailView } from '../../core/model/view.ts';
import type { ViewRepositoryTable } from './tables.ts';
import type { ViewDatabase } from './database.ts';
import { unknownPlace } from './list-page.ts';
import { isWithin, maySee, reachOf, type Reach } from './reach.ts';

type Methods = Pick<TrailView, 'repositories' | 'repository' | 'freshness'>;

export function repositoriesIn(database: ViewDatabase): Methods {
  return {
    repositories: async (scope, paging, search = '') => {
      const all = await summaries(database, await reachOf(database, scope));
      const wanted = search.toLowerCase();
      return pageOfNames(
        all.filter((r) => r.name.toLowerCase().includes(wanted)),
        all,
        paging,
      );
    },
    repository: async (scope, name) => {
      const key = name.toLowerCase();
      const { queries } = database;
      const rows = await queries
        .selectFrom('view_repositories')
        .selectAll()
        .where('shown', '>', 0)
        .where((or) =>
          or.or([
            or('name_key', '=', key),
            or(
              'repository',
              'in',
              queries.selectFrom('view_called').select('repository').where('name_key', '=', key),
            ),
          ]),
        )
        .execute();
      const known = rows
        .filter((row) => maySee(scope, row.repository))
        .map(summaryOf)
        .sort(byName);
      // Whoever has the name now comes before those who had it once.
      return known.find((r) => r.name.toLowerCase() === key) ?? known[0];
    },
    freshness: (scope) => freshness(database, scope),
  };
}

/** One row for each repository, in order of their names: there are as many as an organisation has, and no more. */
export async function summaries(
  { engine, queries }: ViewDatabase,
  reach: Reach,
): Promise<readonly RepositorySummary[]> {
  const rows = await queries
    .selectFrom('view_repositories')
    .selectAll()
    .where(isWithin(engine, 'repository', reach))
    .where('shown', '>', 0)
    .execute();
  return rows.map(summaryOf).sort(byName);
}

const summaryOf = (row: ViewRepositoryTable): RepositorySummary => ({
  id: row.repository,
  name: row.name,
  records: row.shown,
  head: row.head,
  firstAt: row.first_at,
  lastAt: row.last_at,
});

/** From behind the repository that the cursor names, by its number. */
export function pageOfNames<T extends { readonly id: number; readonly name: string }>(
  found: readonly T[],
  all: readonly { readonly id: number; readonly name: string }[],
  paging: Paging,
): Page<T> {
  const after = paging.after === undefined ? undefined : all.find((r) => cursorOf([r.id]) === paging.after);
  if (paging.after !== undefined && after === undefined) throw unknownPlace();
  const rest = after === undefined ? found : found.filter((r) => byName(after, r) < 0);
  const items = rest.slice(0, sizeOf(paging));
  const last = rest.length > items.length ? items.at(-1) : undefined;
  return { items, next: last && cursorOf([last.id]), total: totalOf(found.length) };
}

export async function freshness({ queries }: ViewDatabase, scope: Scope): Promise<Freshness> {
  const rows = await queries
    .selectFrom('chains')
    .leftJoin('view_repositories', 'view_repositories.repository', 'chains.repository')
    .select([
      'chains.repository',
      'sequence',
      'taken',
      'name',
      'latest',
      'latest_at',
      'problem',
      'problem_at',
    ])
    .execute();
  const visible = rows.filter((row) => maySee(scope, row.repository));
  const latest = visible.reduce(
    (a, b) => ((b.latest ?? -Infinity) > (a?.latest ?? -Infinity) ? b : a),
    visible[0],
  );
  return {
    shown: visible.reduce((sum, row) => sum + Math.min(row.taken ?? 0, row.sequence), 0),
    recorded: visible.reduce((sum, row) => sum + row.sequence, 0),
    until: latest?.latest_at ?? undefined,
    problems: visible.flatMap(({ repository, name, problem, problem_at: record }) =>
      problem === null || record === null
        ? []
        : [{ repository: { id: repository, name: name ?? '' }, record, why: problem }],
    ),
  };
}
