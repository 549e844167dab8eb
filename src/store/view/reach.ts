import { sql, type RawBuilder } from 'kysely';
import type { Scope } from '../../core/model/view.ts';
import type { Engine } from '../engine.ts';
import type { Database } from '../transaction.ts';
import { isIn } from './sql.ts';

/** Repositories that a question is about: what the viewer may see, and of it what was asked for. */
export type Reach =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some';
      readonly repositories: readonly number[];
      /** The others that there are, where they are fewer: what all come to without these is the same. */
      readonly others: readonly number[] | undefined;
    };

/** Every query begins here: nothing is asked without a reach. */
export async function reachOf({ queries }: Database, scope: Scope, repository?: number): Promise<Reach> {
  if (repository !== undefined) return someOf(maySee(scope, repository) ? [repository] : []);
  if (scope.kind === 'all') return { kind: 'all' };
  const rows = await queries.selectFrom('view_repositories').select('repository').execute();
  const known = rows.map((row) => row.repository);
  const seen = known.filter((id) => scope.repositories.has(id));
  if (seen.length === known.length) return { kind: 'all' };
  const others = known.filter((id) => !scope.repositories.has(id));
  return others.length < seen.length ? { ...someOf(seen), others } : someOf(seen);
}

const someOf = (repositories: readonly number[]): Extract<Reach, { kind: 'some' }> => ({
  kind: 'some',
  repositories,
  others: undefined,
});

export const maySee = (scope: Scope, repository: number): boolean =>
  scope.kind === 'all' || scope.repositories.has(repository);

/** As a condition on a column. */
export function isWithin(engine: Engine, column: string, reach: Reach): RawBuilder<boolean> {
  return reach.kind === 'all' ? sql`true` : isIn(engine, column, reach.repositories);
}
