import type { Dialect } from 'kysely';
import { postgresDialect } from './postgres-dialect.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

/** Where the two databases differ; everything else is written once. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  readonly dialect: Dialect;
  /** Rows are locked one by one (`for update`). SQLite's writer has the whole database to itself. */
  readonly locksRows: boolean;
  /** The scalar function for the greatest of its arguments. */
  readonly greatest: 'greatest' | 'max';
  /** The transaction was given up in favour of another and may be tried again. */
  readonly isConflict: (error: unknown) => boolean;
}

/** `read`: nothing is made and nothing is changed, whatever is asked. */
export type Access = 'read' | 'write';

export function sqliteEngine(file: string, access: Access = 'write'): Engine {
  return {
    name: 'sqlite',
    dialect: sqliteDialect(file, access),
    locksRows: false,
    greatest: 'max',
    isConflict: () => false,
  };
}

/** Serialisation failure and deadlock. */
const CONFLICTS: ReadonlySet<unknown> = new Set(['40001', '40P01']);

export function postgresEngine(url: string, access: Access = 'write'): Engine {
  return {
    name: 'postgres',
    dialect: postgresDialect(url, access),
    locksRows: true,
    greatest: 'greatest',
    isConflict: (error) => CONFLICTS.has((error as { readonly code?: unknown } | null)?.code),
  };
}
