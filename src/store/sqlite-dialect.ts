import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { escapeAll, unescapeRows } from './escaped-text.ts';

/** How long a writer waits for the writers of other processes. */
const PATIENCE_MS = 10_000;
const STATEMENTS_KEPT = 500;

/** Kysely over Node's own SQLite: one connection, whose turns Kysely gives out one after the other. */
export function sqliteDialect(file: string, access: 'read' | 'write'): Dialect {
  return {
    createDriver: () => new SqliteDriver(() => (access === 'read' ? openToRead(file) : openDatabase(file))),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** SQLite can roll back changes of the schema, so that a migration happens under its write lock or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #open: () => DatabaseSync;
  #connection: SqliteConnection | undefined;

  constructor(open: () => DatabaseSync) {
    this.#open = open;
  }

  init(): Promise<void> {
    return new Promise((done) => {
      this.#connection = new SqliteConnection(this.#open());
      done();
    });
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection === undefined
      ? Promise.reject(new Error('The database is not open.'))
      : Promise.resolve(this.#connection);
  }

  /**
   * The write lock at once: a transaction that reads first and writes later could not go on if somebody else wrote. Before
   * it one turn of the event loop, or a row of transactions, which never wait for anything outside, would be all that runs.
   */
  async beginTransaction(): Promise<void> {
    await turn();
    await this.#connection?.run('begin immediate');
  }

  async commitTransaction(): Promise<void> {
    await this.#connection?.run('commit');
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection?.rollback();
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#connection?.close();
    this.#connection = undefined;
    return Promise.resolve();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  /** By their SQL, least recently used first. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = escapeAll(parameters) as SQLInputValue[];
    return this.#patiently(() => this.#execute<R>(sql, values));
  }

  streamQuery(): never {
    throw new Error('Nothing here is streamed.');
  }

  async run(sql: string): Promise<void> {
    await this.#patiently(() => this.#database.exec(sql));
  }

  /** After some failures, such as a full disk, SQLite has rolled back already. */
  async rollback(): Promise<void> {
    if (this.#database.isTransaction) await this.run('rollback');
  }

  close(): void {
    this.#database.close();
  }

  #execute<R>(sql: string, values: SQLInputValue[]): QueryResult<R> {
    const statement = this.#prepare(sql);
    if (statement.columns().length === 0)
      return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
    const rows = statement.all(...values);
    unescapeRows(rows);
    return { rows: rows as R[] };
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    for (const oldest of this.#statements.keys()) {
      if (this.#statements.size <= STATEMENTS_KEPT) break;
      this.#statements.delete(oldest);
    }
    return statement;
  }

  /**
   * SQLite's own waiting would stop the whole process, and with it a transaction of its own that is waited for. The pauses
   * are short and of any length, or a busy neighbour would always be quicker.
   */
  async #patiently<T>(step: () => T): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;)
      try {
        return step();
      } catch (error) {
        if (!isBusy(error) || this.#database.isTransaction || performance.now() > deadline) throw error;
        await wait(Math.random() * 4);
      }
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  const code = (error as { readonly errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' && (code & 0xff) === SQLITE_BUSY;
}

function openDatabase(file: string): DatabaseSync {
  const lasting = file !== ':memory:';
  if (lasting) createPrivately(file);
  const database = new DatabaseSync(file, { timeout: PATIENCE_MS, defensive: true });
  try {
    const mode = database.prepare('pragma journal_mode = wal').get()?.['journal_mode'];
    if (lasting && mode !== 'wal')
      throw new Error(`${file} is on a file system that SQLite cannot share memory on: use a local disk.`);
    // What is acknowledged survives a power cut, on macOS too; REPLACE does not pass the triggers by.
    database.exec(`
      pragma synchronous = full;
      pragma fullfsync = on;
      pragma foreign_keys = on;
      pragma recursive_triggers = on;
      pragma busy_timeout = 0;
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** As it is: not even how it keeps its journal is changed. SQLite may leave its two working files beside it, empty. */
const openToRead = (file: string): DatabaseSync =>
  new DatabaseSync(file, { readOnly: true, defensive: true, timeout: 0 });

/** The files that SQLite puts beside it get the same mode. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}
