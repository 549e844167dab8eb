import { sql } from 'kysely';
import { parseRecord, type Head } from '../core/ledger/chain.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { sqliteGuards } from './migrations/0001-guards-sqlite.ts';
import type { RemovalTable, Transaction } from './tables.ts';
import { inTransaction, type Database } from './transaction.ts';

/** A chain whose time is over. */
export interface Removal {
  readonly repository: number;
  /** Where the chain ended when it was decided: one that has grown since is not removed. */
  readonly head: Head;
  /** Account that removes it, as `login (id)`, and digest of the package that has all of it. */
  readonly by: string;
  readonly archive: string;
  readonly at: string;
}

/** Asked again with the chain locked; throws when it has to be kept after all. */
export type Check = (records: readonly AuditRecord[]) => void;

/**
 * Takes away a chain, and the documents that nothing else names, and leaves a line that says so. All of it or nothing. It is
 * the only place where the guards of the database are set aside, and they stand again before anybody else sees the tables.
 */
export function removeChain(database: Database, removal: Removal, check: Check): Promise<RemovalTable> {
  return inTransaction(database, async (tx) => {
    const head = await tx
      .selectFrom('chains')
      .select(['sequence', 'hash'])
      .where('repository', '=', removal.repository)
      .$if(database.engine.locksRows, (query) => query.forUpdate())
      .executeTakeFirst();
    if (head?.hash !== removal.head.hash)
      throw new Error(`The chain of repository ${removal.repository} has changed meanwhile.`);
    const rows = await tx
      .selectFrom('records')
      .select('text')
      .where('repository', '=', removal.repository)
      .orderBy('sequence')
      .execute();
    const records = rows.map(({ text }) => parseRecord(text));
    check(records);
    const unnamed = await documentsOnlyOf(tx, records, removal.repository);
    const line = lineOf(records, removal, unnamed.length);
    await tx.insertInto('removals').values(line).execute();
    await withoutGuards(tx, database, async () => {
      await tx.deleteFrom('records').where('repository', '=', removal.repository).execute();
      await tx.deleteFrom('chains').where('repository', '=', removal.repository).execute();
      for (const digest of unnamed) await tx.deleteFrom('documents').where('digest', '=', digest).execute();
    });
    return line;
  });
}

function lineOf(
  records: readonly AuditRecord[],
  { by, archive, at, head }: Removal,
  documents: number,
): RemovalTable {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A chain without records is not removed.');
  return {
    repository: last.repository.id,
    name: last.repository.name,
    ...head,
    documents,
    first_at: first.at,
    last_at: last.at,
    removed_at: at,
    removed_by: by,
    archive,
  };
}

const DIGEST = /sha256:[0-9a-f]{64}/;

async function documentsOnlyOf(
  tx: Transaction,
  records: readonly AuditRecord[],
  repository: number,
): Promise<readonly string[]> {
  const named = new Set(
    records.flatMap(({ details: { document } }) =>
      typeof document === 'string' && DIGEST.test(document) ? [document] : [],
    ),
  );
  if (named.size === 0) return [];
  // The text of every other chain is looked through once: a removal is rare, and a document that is missed is lost.
  const others = await tx
    .selectFrom('records')
    .select('repository')
    .distinct()
    .where('repository', '<>', repository)
    .execute();
  for (const other of others) {
    const rows = await tx
      .selectFrom('records')
      .select('text')
      .where('repository', '=', other.repository)
      .execute();
    for (const { text } of rows) {
      const { document } = parseRecord(text).details;
      if (typeof document === 'string') named.delete(document);
    }
  }
  return [...named].sort();
}

/** Guards that stand in the way, by table. */
const GUARDS = { records: 'update_or_delete', documents: 'update_or_delete', chains: 'delete' } as const;

async function withoutGuards(
  tx: Transaction,
  { engine }: Database,
  remove: () => Promise<void>,
): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(tx);
  if (engine.name === 'postgres') {
    const each = async (change: 'disable' | 'enable always'): Promise<void> => {
      for (const [table, events] of Object.entries(GUARDS))
        await run(`alter table ${table} ${change} trigger guard_${events}`);
    };
    await each('disable');
    await remove();
    await each('enable always');
    return;
  }
  const tables = Object.keys(GUARDS);
  for (const table of tables) await run(`drop trigger ${table}_delete`);
  await remove();
  for (const guard of sqliteGuards)
    if (tables.some((table) => guard.startsWith(`create trigger ${table}_delete `))) await run(guard);
}
