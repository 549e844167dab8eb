import type { DeleteResult } from 'kysely';
import type { Instant } from '../review/store.ts';
import { keyOf, type Delivery } from '../review/work.ts';
import { want } from './queue.ts';
import type { Transaction } from './tables.ts';
import { chunks, inTransaction, type Database } from './transaction.ts';

type Answer = 'new' | 'known';

/** A few statements per call, however many deliveries. */
export async function accept(
  database: Database,
  deliveries: readonly Delivery[],
  now: Instant,
): Promise<readonly Answer[]> {
  if (deliveries.length === 0) return [];
  const first = new Map<string, Delivery>();
  for (const delivery of deliveries) if (!first.has(delivery.guid)) first.set(delivery.guid, delivery);

  const unanswered = await inTransaction(database, async (tx) => {
    const guids = await insert(tx, [...first.values()], now);
    const added = [...first.values()].filter((delivery) => guids.has(delivery.guid));
    await want(
      tx,
      added.map((delivery) => delivery.work),
      now,
    );
    await leaveSignals(tx, added, now);
    return guids;
  });
  return deliveries.map(({ guid }) => (unanswered.delete(guid) ? 'new' : 'known'));
}

/** The GUIDs that were not there yet. */
async function insert(tx: Transaction, deliveries: readonly Delivery[], now: Instant): Promise<Set<string>> {
  const rows = deliveries
    .map(({ guid, event, action, work }) => ({ guid, event, action, key: keyOf(work), received_at: now }))
    .sort((a, b) => (a.guid < b.guid ? -1 : 1));
  const added = new Set<string>();
  for (const some of chunks(rows)) {
    const inserted = await tx
      .insertInto('deliveries')
      .values(some)
      .onConflict((conflict) => conflict.column('guid').doNothing())
      .returning('guid')
      .execute();
    for (const { guid } of inserted) added.add(guid);
  }
  return added;
}

async function leaveSignals(tx: Transaction, deliveries: readonly Delivery[], now: Instant): Promise<void> {
  const rows = deliveries.flatMap(({ guid, work, signals }) =>
    signals.map((signal) => ({
      key: keyOf(work),
      guid,
      received_at: now,
      signal: JSON.stringify(signal),
    })),
  );
  for (const some of chunks(rows)) await tx.insertInto('signals').values(some).execute();
}

export async function accepted(
  { queries }: Database,
  guids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of chunks(guids)) {
    const rows = await queries.selectFrom('deliveries').select('guid').where('guid', 'in', some).execute();
    for (const { guid } of rows) found.add(guid);
  }
  return found;
}

/** In small steps: deleting a month at once would keep everybody else waiting. */
export async function prune(database: Database, before: Instant): Promise<void> {
  const old = database.queries.selectFrom('deliveries').select('guid').where('received_at', '<', before);
  await inSteps(database, (tx, most) => tx.deleteFrom('deliveries').where('guid', 'in', old.limit(most)));
  // A served row has the instant of its last look in `since`.
  const served = database.queries
    .selectFrom('work')
    .select('key')
    .whereRef('wanted', '<=', 'done')
    .where('token', 'is', null)
    .where('since', '<', before);
  // Some signals wait for whoever may ask for them, and nobody does any more.
  await inSteps(database, (tx, most) => {
    const left = tx.selectFrom('signals').select('id').where('key', 'in', served).limit(most);
    return tx.deleteFrom('signals').where('id', 'in', left);
  });
  await inSteps(database, (tx, most) =>
    tx.deleteFrom('work').where('key', 'in', served.limit(most)).whereRef('wanted', '<=', 'done'),
  );
}

const STEP = 1_000;

async function inSteps(
  database: Database,
  deletion: (tx: Transaction, most: number) => { readonly executeTakeFirst: () => Promise<DeleteResult> },
): Promise<void> {
  for (let deleted = STEP; deleted >= STEP;)
    deleted = Number(
      (await inTransaction(database, (tx) => deletion(tx, STEP).executeTakeFirst())).numDeletedRows,
    );
}
