import { sql } from 'kysely';
import type { Transaction } from '../tables.ts';
import type { Database } from '../transaction.ts';
import type { Entry } from './derive.ts';
import { isCounted, monthNumber } from './keys.ts';
import { tableOf } from './sql.ts';

/** Numbers of lists and variants, which never change while the tables are there. */
export type Numbers = Map<string, number>;

/** The numbers of these keys; those that are new get one. */
export async function numbersOf(
  tx: Transaction,
  { engine }: Database,
  keys: Iterable<string>,
  known: Numbers,
  most: number,
): Promise<void> {
  // Before it is known what is missing: what this batch needs has to be there afterwards.
  if (known.size > most) known.clear();
  const missing = [...new Set(keys)].filter((key) => !known.has(key));
  if (missing.length === 0) return;
  const wanted = tableOf(
    engine,
    'wanted',
    { key: 'text' },
    missing.map((key) => [key]),
  );
  await sql`insert into view_lists (key) select wanted.key from ${wanted} where true on conflict do nothing`.execute(
    tx,
  );
  const found = await sql<{ id: number; key: string }>`
    select l.id, l.key from ${wanted} cross join view_lists l where l.key = wanted.key`.execute(tx);
  for (const { id, key } of found.rows) known.set(key, id);
}

/** An entry as it is stored: numbers in place of keys. */
export type Row = readonly [
  list: number,
  variant: number,
  at: number,
  repository: number,
  record: number,
  part: number,
  /** Whether it is counted for its repository, too. */
  counted: 0 | 1,
];

export function rowOf(entry: Entry, numbers: Numbers): Row {
  const { at, repository, record, part } = entry;
  const [list, variant] = [numbers.get(entry.list), numbers.get(entry.variant)];
  if (list === undefined || variant === undefined) throw new Error(`The list ${entry.list} has no number.`);
  return [list, variant, at, repository, record, part, isCounted(entry.list) ? 1 : 0];
}

const COLUMNS = {
  list: 'bigint',
  variant: 'bigint',
  at: 'bigint',
  repository: 'bigint',
  record: 'bigint',
  part: 'bigint',
} as const;

/** Rows of one statement: a statement on SQLite keeps its whole process. */
const AT_ONCE = 1_000;

/** Changes entries, and the counts with them. What is in both is left alone. */
export async function changeEntries(
  tx: Transaction,
  { engine }: Database,
  removed: readonly Row[],
  added: readonly Row[],
): Promise<void> {
  const [before, after] = [new Map(removed.map(named)), new Map(added.map(named))];
  const gone = [...before].filter(([name]) => !after.has(name)).map(([, row]) => row);
  const come = [...after].filter(([name]) => !before.has(name)).map(([, row]) => row);
  for (const rows of portions(gone))
    await sql`delete from view_entries where (list, variant, at, repository, record, part) in
      (select list, variant, at, repository, record, part from ${tableOf(engine, 'gone', COLUMNS, rows)})`.execute(
      tx,
    );
  // In the order of the key: neighbours are written together.
  for (const rows of portions(come.sort(inOrder)))
    await sql`insert into view_entries (list, variant, at, repository, record, part)
      select list, variant, at, repository, record, part from ${tableOf(engine, 'come', COLUMNS, rows)}`.execute(
      tx,
    );
  await count(tx, engine, gone, come);
}

const named = (row: Row): readonly [string, Row] => [row.join(), row];

function inOrder(a: Row, b: Row): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function* portions<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += AT_ONCE) yield rows.slice(from, from + AT_ONCE);
}

/** Of the month, by repository; all of them together are counted under 0. */
async function count(
  tx: Transaction,
  engine: Database['engine'],
  gone: readonly Row[],
  come: readonly Row[],
): Promise<void> {
  const cells = new Map<string, number[]>();
  const add = ([list, variant, at, repository, , , counted]: Row, n: number): void => {
    for (const each of counted === 1 ? [repository, 0] : [0]) {
      const cell = [list, each, monthNumber(at), variant];
      const known = cells.get(cell.join());
      if (known) known[4] = (known[4] ?? 0) + n;
      else cells.set(cell.join(), [...cell, n]);
    }
  };
  for (const row of gone) add(row, -1);
  for (const row of come) add(row, 1);
  await addCounts(
    tx,
    engine,
    [...cells.values()].filter((cell) => cell[4] !== 0),
  );
}

const COUNT = {
  list: 'bigint',
  repository: 'bigint',
  month: 'bigint',
  variant: 'bigint',
  n: 'bigint',
} as const;

export async function addCounts(
  tx: Transaction,
  engine: Database['engine'],
  changed: readonly (readonly number[])[],
): Promise<void> {
  for (const rows of portions(changed))
    await sql`insert into view_counts (list, repository, month, variant, n)
      select list, repository, month, variant, n from ${tableOf(engine, 'changed', COUNT, rows)} where true
      on conflict (list, repository, month, variant) do update set n = view_counts.n + excluded.n`.execute(
      tx,
    );
}
