import { Kysely } from 'kysely';
import type { Head } from '../core/ledger/chain.ts';
import { UserError } from '../review/errors.ts';
import type { Document } from '../review/store.ts';
import { document } from './ledger.ts';
import { postgresEngine, sqliteEngine } from './engine.ts';
import type { Place } from './place.ts';
import type { Queries, RecordTable, RemovalTable, Tables } from './tables.ts';

/** A record with the columns that repeat parts of it, as the database has them: for whoever compares them. */
export type RecordRow = Readonly<RecordTable>;

/** The records of a database, for reading alone: what an auditor opens. */
export interface Ledger {
  /** Ids, ascending: everything that has a record or a chain. */
  repositories(): Promise<readonly number[]>;
  /** Where the database says that the chain ends. */
  head(repository: number): Promise<Head | undefined>;
  /** Oldest first, behind a sequence number. */
  rows(repository: number, after: number, most: number): Promise<readonly RecordRow[]>;
  document(digest: string): Promise<Document | undefined>;
  /** In order of their digests, behind one of them. */
  documents(after: string, most: number): Promise<readonly Document[]>;
  /** Chains that were removed when their time was over, oldest first. */
  removals(): Promise<readonly Readonly<RemovalTable>[]>;
  close(): Promise<void>;
}

/** Unlike `openStore` it makes no database, no table and no change: it may be somebody else’s, or a copy. */
export async function openLedger(place: Place): Promise<Ledger> {
  const engine = 'url' in place ? postgresEngine(place.url, 'read') : sqliteEngine(place.file, 'read');
  const queries = new Kysely<Tables>({ dialect: engine.dialect });
  const known = new Set<string>();
  try {
    for (const { name } of await queries.introspection.getTables()) known.add(name);
    if (['records', 'chains', 'documents'].some((name) => !known.has(name)))
      throw new UserError(
        'This database holds no audit trail of Threatgate.',
        'Name the database that `threatgate serve` writes to.',
      );
  } catch (error) {
    await queries.destroy();
    throw error;
  }
  return {
    repositories: () => repositories(queries),
    head: (repository) =>
      queries
        .selectFrom('chains')
        .select(['sequence', 'hash'])
        .where('repository', '=', repository)
        .executeTakeFirst(),
    rows: (repository, after, most) =>
      queries
        .selectFrom('records')
        .selectAll()
        .where('repository', '=', repository)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(most)
        .execute(),
    document: (digest) => document({ engine, queries }, digest),
    documents: async (after, most) => {
      const query = queries.selectFrom('documents').selectAll().where('digest', '>', after);
      const rows = await query.orderBy('digest').limit(most).execute();
      return rows.map((row) => ({ ...row, kind: row.kind as Document['kind'] }));
    },
    removals: () =>
      // A database of an earlier version has no such table, and nothing was removed from it.
      known.has('removals')
        ? queries.selectFrom('removals').selectAll().orderBy('removed_at').orderBy('repository').execute()
        : Promise.resolve([]),
    close: () => queries.destroy(),
  };
}

async function repositories(queries: Queries): Promise<readonly number[]> {
  const [recorded, chained] = await Promise.all([
    queries.selectFrom('records').select('repository').distinct().execute(),
    queries.selectFrom('chains').select('repository').execute(),
  ]);
  return [...new Set([...recorded, ...chained].map((row) => row.repository))].sort((a, b) => a - b);
}
