import { PostgresDialect, type Dialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { escapeAll, unescapeRows } from './escaped-text.ts';

const BIGINT = 20;

/** Ids and counters are far below 2^53: numbers in both engines. */
const types = new pg.TypeOverrides();
types.setTypeParser(BIGINT, Number);

/** Whoever uses a connection that breaks gets the error, and the pool replaces it; unheard, the event ends the process. */
const REPLACED = (): void => undefined;

export function postgresDialect(url: string, access: 'read' | 'write'): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    ...(access === 'read' ? { options: '-c default_transaction_read_only=on' } : {}),
    application_name: 'threatgate',
    max: 10,
    keepAlive: true,
    // A server that does not answer is an error after a while, and a client that fell silent gives back its locks.
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  pool.on('error', REPLACED);
  return new PostgresDialect({ pool: escaping(pool) });
}

/** Every text passes `escaped-text.ts` on its way in and out. */
function escaping(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      const wrapped = known.get(client) ?? wrap(client);
      known.set(client, wrapped);
      return wrapped;
    },
  };
}

function wrap(client: pg.PoolClient): PostgresPoolClient {
  client.on('error', REPLACED);
  const query = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
    const result = await client.query<Record<string, unknown>>(text, escapeAll(parameters));
    unescapeRows(result.rows);
    return result;
  };
  return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) };
}
