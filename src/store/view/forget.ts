import { sql } from 'kysely';
import type { Transaction } from '../tables.ts';
import type { Database } from '../transaction.ts';
import { monthIn } from './sql.ts';
import { addCounts } from './written.ts';

/**
 * Everything about a repository whose chain was removed, or is another one than it was. That is rare: it goes through all
 * entries for it.
 */
export async function forget(tx: Transaction, { engine }: Database, repository: number): Promise<void> {
  const { rows } = await sql<{ list: number; month: number; variant: number; n: number }>`
    select e.list, ${monthIn(engine, 'e.at')} as month, e.variant, count(*) as n from view_entries e
    where e.repository = ${repository} group by e.list, ${monthIn(engine, 'e.at')}, e.variant`.execute(tx);
  await addCounts(
    tx,
    engine,
    rows.map(({ list, month, variant, n }) => [list, 0, month, variant, -n]),
  );
  for (const table of TABLES)
    await sql`delete from ${sql.raw(table)} where repository = ${repository}`.execute(tx);
}

const TABLES = [
  'view_entries',
  'view_counts',
  'view_changes',
  'view_emergencies',
  'view_outages',
  'view_answers',
  'view_models',
  'view_names',
  'view_called',
  'view_documents',
  'view_repositories',
] as const;
