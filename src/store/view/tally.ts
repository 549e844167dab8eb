import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../transaction.ts';
import { isCounted, monthNumber, startOfMonth, wordsOf } from './keys.ts';
import { isWithin, type Reach } from './reach.ts';
import { EARLIEST, integer, isIn, LATEST, monthIn } from './sql.ts';

/** From the first instant up to, not including, the second, in milliseconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How many entries of a list a month has, of one variant. */
export interface Cell {
  readonly month: number;
  readonly variant: number;
  readonly words: readonly string[];
  readonly n: number;
}

export interface Tally {
  /** Number of the list; undefined when nothing ever stood in it. */
  readonly list: number | undefined;
  readonly cells: readonly Cell[];
}

/** Of all months that the range touches, whole months: how much work a question is, and what it comes to but for the edges. */
export async function tallyOf(database: Database, key: string, reach: Reach, range: Range): Promise<Tally> {
  if (reach.kind === 'all') return tallied(database, key, range, sql`c.repository = 0`);
  const { repositories, others } = reach;
  if (repositories.length === 0) return NOTHING;
  const of = (some: readonly number[]): Promise<Tally> =>
    isCounted(key)
      ? tallied(database, key, range, isIn(database.engine, 'c.repository', some))
      : goneThrough(database, key, range, some);
  if (others === undefined) return of(repositories);
  const [all, without] = await Promise.all([
    tallied(database, key, range, sql`c.repository = 0`),
    of(others),
  ]);
  const less = new Map(without.cells.map((cell) => [`${cell.month} ${cell.variant}`, cell.n]));
  return {
    list: all.list,
    cells: all.cells
      .map((cell) => ({ ...cell, n: cell.n - (less.get(`${cell.month} ${cell.variant}`) ?? 0) }))
      .filter((cell) => cell.n > 0),
  };
}

interface CountRow {
  readonly list: number;
  readonly month: number;
  readonly variant: number;
  readonly key: string;
  readonly n: number;
}

const LIST = (key: string): RawBuilder<unknown> => sql`(select l.id from view_lists l where l.key = ${key})`;

/** `where`: which repositories `c` is about; under 0 stand all of them together. */
async function tallied(
  { queries }: Database,
  key: string,
  { from, to }: Range,
  where: RawBuilder<unknown>,
): Promise<Tally> {
  if (!(from < to)) return NOTHING;
  const { rows } = await sql<CountRow>`
    select t.list, t.month, t.variant, v.key, t.n from (
      select c.list, c.month, c.variant, cast(sum(c.n) as bigint) as n from view_counts c
      where c.list = ${LIST(key)} and ${where}
        and c.month between ${integer(monthNumber(from))} and ${integer(monthNumber(to - 1))}
      group by c.list, c.month, c.variant
    ) t join view_lists v on v.id = t.variant where t.n > 0`.execute(queries);
  return tallyFrom(rows);
}

/** The same of a list that is not counted by repository. */
async function goneThrough(
  { engine, queries }: Database,
  key: string,
  { from, to }: Range,
  repositories: readonly number[],
): Promise<Tally> {
  if (!(from < to)) return NOTHING;
  const month = monthIn(engine, 'e.at');
  const { rows } = await sql<CountRow>`
    select t.list, t.month, t.variant, v.key, t.n from (
      select e.list, ${month} as month, e.variant, count(*) as n from view_entries e
      where e.list = ${LIST(key)} and ${isIn(engine, 'e.repository', repositories)}
        and e.at >= ${startOfMonth(monthNumber(from))} and e.at < ${startOfMonth(monthNumber(to - 1) + 1)}
      group by e.list, ${month}, e.variant
    ) t join view_lists v on v.id = t.variant`.execute(queries);
  return tallyFrom(rows);
}

const NOTHING: Tally = { list: undefined, cells: [] };

const tallyFrom = (rows: readonly CountRow[]): Tally => ({
  list: rows[0]?.list,
  cells: rows.map(({ month, variant, key, n }) => ({ month, variant, words: wordsOf(key), n })),
});

/** The part of a month that is in a range; undefined when all of it is. */
function edgeOf(month: number, { from, to }: Range): Range | undefined {
  const [start, end] = [startOfMonth(month), startOfMonth(month + 1)];
  return from <= start && to >= end ? undefined : { from: Math.max(from, start), to: Math.min(to, end) };
}

/** Exactly: whole months as they were counted, and of the two at the edges what lies in the range. */
export async function countsIn(
  database: Database,
  { list, cells }: Tally,
  reach: Reach,
  range: Range,
): Promise<readonly Cell[]> {
  if (list === undefined) return [];
  const whole = cells.filter((cell) => edgeOf(cell.month, range) === undefined);
  const edges = new Set(cells.filter((cell) => !whole.includes(cell)).map((cell) => cell.month));
  const counted = await Promise.all(
    [...edges].map(async (month) => {
      const inside = cells.filter((cell) => cell.month === month);
      const counts = await countEntries(database, list, inside, reach, edgeOf(month, range) ?? range);
      return inside.flatMap((cell) => {
        const n = counts.get(cell.variant);
        return n === undefined ? [] : [{ ...cell, n }];
      });
    }),
  );
  return [...whole, ...counted.flat()];
}

async function countEntries(
  { engine, queries }: Database,
  list: number,
  cells: readonly Cell[],
  reach: Reach,
  { from, to }: Range,
): Promise<ReadonlyMap<number, number>> {
  const variants = cells.map((cell) => cell.variant);
  const { rows } = await sql<{ variant: number; n: number }>`
    select e.variant, count(*) as n from view_entries e
    where e.list = ${list} and ${isIn(engine, 'e.variant', variants)} and ${isWithin(engine, 'e.repository', reach)}
      and e.at >= ${from} and e.at < ${to}
    group by e.variant`.execute(queries);
  return new Map(rows.map((row) => [row.variant, row.n]));
}

/** How many entries of some months, as far as they lie in a range, there are, counted no further than is asked for. */
export async function countUpTo(
  { engine, queries }: Database,
  list: number,
  cells: readonly Cell[],
  reach: Reach,
  range: Range,
  most: number,
): Promise<number> {
  let count = 0;
  for (const { from, to } of stretchesOf(cells, range)) {
    if (count >= most) break;
    const variants = [...new Set(cells.map((cell) => cell.variant))];
    const { rows } = await sql<{ n: number }>`select count(*) as n from (
      select 1 as one from view_entries e
      where e.list = ${list} and ${isIn(engine, 'e.variant', variants)} and ${isWithin(engine, 'e.repository', reach)}
        and e.at >= ${from} and e.at < ${to} limit ${most - count}) f`.execute(queries);
    count += rows[0]?.n ?? 0;
  }
  return count;
}

/** Months that follow one another are one stretch. */
function stretchesOf(cells: readonly Cell[], range: Range): readonly Range[] {
  const months = [...new Set(cells.map((cell) => cell.month))].sort((a, b) => b - a);
  const stretches: { from: number; to: number }[] = [];
  for (const month of months) {
    const part = edgeOf(month, range) ?? { from: startOfMonth(month), to: startOfMonth(month + 1) };
    const last = stretches.at(-1);
    if (last?.from === part.to) last.from = part.from;
    else stretches.push(part);
  }
  return stretches;
}

export const sumOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.n, 0);

/** A range of instants that are dates. */
export const rangeOf = (from: number, to: number): Range => ({
  from: Math.max(from, EARLIEST),
  to: Math.min(to, LATEST),
});
