import { Kysely } from 'kysely';
import { postgresEngine, sqliteEngine } from './engine.ts';
import { migrate } from './migrations/migrate.ts';
import type { Place } from './place.ts';
import type { Tables } from './tables.ts';
import type { Database } from './transaction.ts';

/** Opens a database to write to it, makes it where there is none, and brings its tables up to this version. */
export async function openDatabase(
  place: Place,
  prepare: (database: Database) => Promise<void> = () => Promise.resolve(),
): Promise<Database> {
  const engine = 'url' in place ? postgresEngine(place.url) : sqliteEngine(place.file);
  const database: Database = { engine, queries: new Kysely<Tables>({ dialect: engine.dialect }) };
  try {
    await migrate(database.queries, engine.name);
    await prepare(database);
    return database;
  } catch (error) {
    await database.queries.destroy();
    throw error;
  }
}
