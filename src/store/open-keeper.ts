import { Kysely } from 'kysely';
import { postgresEngine, sqliteEngine } from './engine.ts';
import { migrate } from './migrations/migrate.ts';
import type { Place } from './open-store.ts';
import { removeChain, type Check, type Removal } from './remove-chain.ts';
import type { RemovalTable, Tables } from './tables.ts';
import type { Database } from './transaction.ts';

export type Removed = Readonly<RemovalTable>;

/** Whoever removes what has been kept for long enough; nobody else takes anything away. */
export interface Keeper {
  remove(removal: Removal, check: Check): Promise<Removed>;
  /** Oldest first. */
  removals(): Promise<readonly Removed[]>;
  close(): Promise<void>;
}

export async function openKeeper(place: Place): Promise<Keeper> {
  const engine = 'url' in place ? postgresEngine(place.url) : sqliteEngine(place.file);
  const database: Database = { engine, queries: new Kysely<Tables>({ dialect: engine.dialect }) };
  try {
    await migrate(database.queries, engine.name);
  } catch (error) {
    await database.queries.destroy();
    throw error;
  }
  return {
    remove: (removal, check) => removeChain(database, removal, check),
    removals: () =>
      database.queries
        .selectFrom('removals')
        .selectAll()
        .orderBy('removed_at')
        .orderBy('repository')
        .execute(),
    close: () => database.queries.destroy(),
  };
}
