import { openDatabase } from './open-database.ts';
import type { Place } from './place.ts';
import { removeChain, type Check, type Removal } from './remove-chain.ts';
import type { RemovalTable } from './tables.ts';

export type Removed = Readonly<RemovalTable>;

/** Whoever removes what has been kept for long enough; nobody else takes anything away. */
export interface Keeper {
  remove(removal: Removal, check: Check): Promise<Removed>;
  /** Oldest first. */
  removals(): Promise<readonly Removed[]>;
  close(): Promise<void>;
}

export async function openKeeper(place: Place): Promise<Keeper> {
  const database = await openDatabase(place);
  return {
    remove: (removal, check) => removeChain(database, removal, check),
    removals: () =>
      database.queries
        .selectFrom('removals')
        .selectAll()
        .orderBy('removed_at')
        .orderBy('repository')
        .execute(),
    close: () => database.queries.destroy(),
  };
}
