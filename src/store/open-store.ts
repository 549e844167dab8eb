import { sql } from 'kysely';
import { parseRecord } from '../core/ledger/chain.ts';
import type { Store } from '../review/store.ts';
import { accept, accepted, prune } from './intake.ts';
import { document, recordTexts } from './ledger.ts';
import { lookupsIn } from './lookups.ts';
import { openDatabase } from './open-database.ts';
import type { Place } from './place.ts';
import { queueOver } from './queue.ts';
import { apply } from './step.ts';
import type { Database } from './transaction.ts';

/** Opens the store and brings its tables up to this version. */
export const openStore = async (place: Place): Promise<Store> => storeOver(await openDatabase(place));

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
