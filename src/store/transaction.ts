import type { Engine } from './engine.ts';
import type { Queries, Transaction } from './tables.ts';

export interface Database {
  readonly engine: Engine;
  readonly queries: Queries;
}

const MOST_TRIES = 10;

/**
 * All of it or nothing. A step may run again, and only what it returns may leave it. Statements see what others have
 * committed meanwhile, whatever the server's default: after a lock was waited for, what it protects is read afresh.
 */
export async function inTransaction<T>(
  { engine, queries }: Database,
  step: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await queries.transaction().setIsolationLevel('read committed').execute(step);
    } catch (error) {
      if (!engine.isConflict(error) || tries >= MOST_TRIES) throw error;
    }
}

/** Rows or keys per statement: far below what both engines allow as parameters. */
const CHUNK = 500;

export function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK);
}
