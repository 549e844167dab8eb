import { sql } from 'kysely';
import type { TrailView } from '../../core/model/view.ts';
import type { ViewDatabase } from './database.ts';
import { nameOf, recordsAt } from './bodies.ts';
import { asOf } from './list-page.ts';
import { isWithin, reachOf } from './reach.ts';
import { pageOfNames, summaries } from './repositories.ts';

export function modelsIn(database: ViewDatabase): Pick<TrailView, 'models'> {
  const { engine, queries } = database;
  return {
    models: async (scope, at, paging, repository) => {
      const instant = asOf(at);
      const reach = await reachOf(database, scope, repository);
      const [names, { rows }] = await Promise.all([
        summaries(database, reach),
        sql<{ repository: number; record: number }>`
          select repository, max(record) as record from view_models
          where since <= ${instant} and ${isWithin(engine, 'repository', reach)} group by repository`.execute(
          queries,
        ),
      ]);
      const last = new Map(rows.map((row) => [row.repository, row.record]));
      const page = pageOfNames(
        names.filter((r) => last.has(r.id)),
        names,
        paging,
      );
      const spots = page.items.map(({ id }) => [id, last.get(id) ?? 0] as const);
      const found = await recordsAt(database, spots);
      return { ...page, items: spots.flatMap((spot) => found.get(nameOf(spot)) ?? []) };
    },
  };
}
