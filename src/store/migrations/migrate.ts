import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { UserError } from '../../review/errors.ts';
import type { Engine } from '../engine.ts';
import type { Queries } from '../tables.ts';
import { postgresGuards } from './0001-guards-postgres.ts';
import { sqliteGuards } from './0001-guards-sqlite.ts';
import { tables } from './0001-tables.ts';
import { viewState } from './0002-view.ts';
import { accessTables } from './0003-sessions-and-invitations.ts';
import { rulesRead } from './0004-rules-read.ts';
import { postgresRemovalGuards, removalTables } from './0005-removals.ts';

/** In the order of their names. One that was released is never changed: databases out there have run it. */
function migrations(engine: Engine['name']): Record<string, Migration> {
  return {
    '0001-first': {
      up: async (db) => {
        await run(db, tables(engine));
        await run(db, engine === 'sqlite' ? sqliteGuards : postgresGuards(await currentSchema(db)));
      },
    },
    '0002-view': { up: (db) => run(db, viewState(engine)) },
    '0003-sessions-and-invitations': { up: (db) => run(db, accessTables(engine)) },
    '0004-rules-read': { up: (db) => run(db, rulesRead(engine)) },
    '0005-removals': {
      up: async (db) => {
        await run(db, removalTables(engine));
        if (engine === 'postgres') await run(db, postgresRemovalGuards(await currentSchema(db)));
      },
    },
  };
}

/**
 * Brings the database up to this version, all or nothing. Any number of processes may do so at once: one goes ahead, by an
 * advisory lock of PostgreSQL or the write lock of SQLite, and the others find nothing left to do.
 */
export async function migrate(db: Queries, engine: Engine['name']): Promise<void> {
  const ours = migrations(engine);
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(ours) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const newer = (await applied(db)).filter((name) => !(name in ours));
  if (newer.length === 0)
    throw error instanceof Error ? error : new Error('The migration failed.', { cause: error });
  throw new UserError(
    `The database was written by a newer version of Threatgate: it has ${newer.join(', ')}.`,
    'Run that version or a later one, or name another database.',
    { cause: error },
  );
}

async function applied(db: Queries): Promise<readonly string[]> {
  const known = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!known.some((table) => table.name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}

async function run(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function currentSchema(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
  return rows[0]?.schema ?? 'public';
}
