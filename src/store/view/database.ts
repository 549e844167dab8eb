import type { Database } from '../transaction.ts';

/** How much is done at a time. Others than these give the same answers, later. */
export interface Limits {
  /** Records that are taken in by one transaction: it has the only writer of SQLite for as long as that takes. */
  readonly batch: number;
  /** Transactions of one call of `refresh`. */
  readonly batches: number;
  /** Entries that may be passed over for one page, before repositories are asked one by one. */
  readonly passed: number;
  /** Numbers of lists that a process remembers. */
  readonly kept: number;
}

export const LIMITS: Limits = { batch: 100, batches: 10, passed: 2_000, kept: 50_000 };

export interface ViewDatabase extends Database {
  readonly limits: Limits;
}
