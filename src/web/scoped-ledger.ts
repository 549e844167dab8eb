import type { Ledger } from '../audit/read-ledger.ts';

/** A ledger that has these repositories and no others: what is made from it can neither hold nor name another one. */
export function scopedLedger(ledger: Ledger, repositories: ReadonlySet<number>): Ledger {
  return {
    ...ledger,
    repositories: async () => (await ledger.repositories()).filter((id) => repositories.has(id)),
    head: (id) => (repositories.has(id) ? ledger.head(id) : Promise.resolve(undefined)),
    rows: (id, after, most) => (repositories.has(id) ? ledger.rows(id, after, most) : Promise.resolve([])),
  };
}
