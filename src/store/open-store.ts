import { Kysely, sql } from 'kysely';
import { parseRecord } from '../core/ledger/chain.ts';
import type { Store } from '../review/store.ts';
import { postgresEngine, sqliteEngine } from './engine.ts';
import { accept, accepted, prune } from './intake.ts';
import { document, recordTexts } from './ledger.ts';
import { lookupsIn } from './lookups.ts';
import { migrate } from './migrations/migrate.ts';
import { queueOver } from './queue.ts';
import { apply } from './step.ts';
import type { Tables } from './tables.ts';
import type { Database } from './transaction.ts';

/** `postgres://…`, or the file of an embedded database; its folder is made when it is missing. */
export type Place = { readonly url: string } | { readonly file: string };

/** Opens the store and brings its tables up to this version. */
export async function openStore(place: Place): Promise<Store> {
  const engine = 'url' in place ? postgresEngine(place.url) : sqliteEngine(place.file);
  const database = { engine, queries: new Kysely<Tables>({ dialect: engine.dialect }) };
  try {
    await migrate(database.queries, engine.name);
  } catch (error) {
    await database.queries.destroy();
    throw error;
  }
  return storeOver(database);
}

function storeOver(database: Database): Store {
  const { queries } = database;
  return {
    queue: queueOver(database),
    accept: (deliveries, now) => accept(database, deliveries, now),
    accepted: (guids) => accepted(database, guids),
    apply: (lease, changes, now) => apply(database, lease, changes, now),
    ...lookupsIn(queries),
    records: async (query) => (await recordTexts(database, query)).map(parseRecord),
    recordTexts: (query) => recordTexts(database, query),
    document: (digest) => document(database, digest),
    prune: (before) => prune(database, before),
    ping: async () => {
      await sql`select 1 from installations limit 1`.execute(queries);
    },
    close: () => queries.destroy(),
  };
}
