/** Databases with a long trail, filled past the service but through the guards. */
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { openStore } from '../src/store/open-store.ts';
import type { Place } from '../src/store/place.ts';
import { START } from '../src/core/ledger/chain.ts';
import { chainOf, REPOSITORIES, type LedgerRow } from './audit-ledger.ts';

const AT_ONCE = 2_000;

/** Writes the same trail to all places. */
export async function fill(places: readonly Place[], records: number): Promise<void> {
  const writers: Writer[] = [];
  for (const place of places) {
    await (await openStore(place)).close();
    writers.push('file' in place ? sqliteWriter(place.file) : await postgresWriter(place.url));
  }
  for (let number = 0; number < REPOSITORIES; number++) {
    let rows: LedgerRow[] = [];
    let begun = false;
    const flush = async (): Promise<void> => {
      for (const writer of writers) await writer.write(rows, !begun);
      begun = true;
      rows = [];
    };
    for (const row of chainOf(number, records)) {
      rows.push(row);
      if (rows.length >= AT_ONCE) await flush();
    }
    if (rows.length > 0) await flush();
  }
  for (const writer of writers) await writer.close();
}

interface Writer {
  /** Rows of one chain, and where it ends now. */
  write(rows: readonly LedgerRow[], isFirst: boolean): Promise<void>;
  close(): Promise<void>;
}

const COLUMNS = 'repository, sequence, previous, hash, kind, source, at, actor, pull_request, text';

function sqliteWriter(file: string): Writer {
  const database = new DatabaseSync(file);
  database.exec('pragma synchronous = off');
  const insert = database.prepare(`insert into records (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const begin = database.prepare('insert into chains values (?, ?, ?)');
  const end = database.prepare('update chains set sequence = ?, hash = ? where repository = ?');
  return {
    write: (rows, isFirst) => {
      const last = rows.at(-1);
      if (last === undefined) return Promise.resolve();
      database.exec('begin');
      if (isFirst) begin.run(last[0] ?? 0, START.sequence, START.hash);
      for (const row of rows) insert.run(...row);
      end.run(last[1] ?? 0, last[3] ?? '', last[0] ?? 0);
      database.exec('commit');
      return Promise.resolve();
    },
    close: () => {
      database.exec('analyze');
      database.close();
      return Promise.resolve();
    },
  };
}

async function postgresWriter(url: string): Promise<Writer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const types = ['bigint', 'bigint', 'text', 'text', 'text', 'text', 'text', 'text', 'bigint', 'text'];
  const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
  return {
    write: async (rows, isFirst) => {
      const last = rows.at(-1);
      if (last === undefined) return;
      await client.query('begin');
      if (isFirst) await client.query('insert into chains values ($1, $2, $3)', [last[0], 0, START.hash]);
      const columns = types.map((_, i) => rows.map((row) => row[i]));
      await client.query(`insert into records (${COLUMNS}) select * from unnest(${arrays})`, columns);
      await client.query('update chains set sequence = $1, hash = $2 where repository = $3', [
        last[1],
        last[3],
        last[0],
      ]);
      await client.query('commit');
    },
    close: async () => {
      await client.query('vacuum analyze');
      await client.end();
    },
  };
}

/** As autovacuum does in a while. */
export async function settle(place: Place): Promise<void> {
  if (!('url' in place)) return;
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  await client.query('vacuum analyze');
  await client.end();
}
