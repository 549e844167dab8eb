import { sql } from 'kysely';
import { WAIT_BOUNDS, type MonthFigures, type TrailView } from '../../core/model/view.ts';
import type { ViewDatabase } from './database.ts';
import { noCounts, wayOf } from './changes.ts';
import { isOverdue } from './exceptions.ts';
import { listKey, monthText } from './keys.ts';
import { asOf, rangeOfPeriod } from './list-page.ts';
import { isWithin, reachOf, type Reach } from './reach.ts';
import { monthIn } from './sql.ts';
import { countsIn, tallyOf, type Cell, type Range } from './tally.ts';

export function figuresIn(database: ViewDatabase): Pick<TrailView, 'months'> {
  return {
    months: async (scope, { period, repository }, at) => {
      const instant = asOf(at);
      const reach = await reachOf(database, scope, repository);
      const range = rangeOfPeriod(period);
      const counted = async (key: string): Promise<readonly Cell[]> =>
        countsIn(database, await tallyOf(database, key, reach, range), reach, range);
      const [changes, waits, overdue] = await Promise.all([
        counted(listKey('changes')),
        counted(listKey('waits')),
        overdueByMonth(database, reach, range, instant),
      ]);
      const months = [...new Set(changes.map((cell) => cell.month))].sort((a, b) => a - b);
      return months.map((month) => figuresOf(month, changes, waits, overdue.get(month) ?? 0));
    },
  };
}

function figuresOf(
  month: number,
  changes: readonly Cell[],
  waited: readonly Cell[],
  overdue: number,
): MonthFigures {
  const ways = noCounts();
  const waits = new Array<number>(WAIT_BOUNDS.length + 1).fill(0);
  let all = 0;
  for (const { words, n } of changes.filter((cell) => cell.month === month)) {
    const way = wayOf(words);
    if (way === undefined) continue;
    ways[way] += n;
    all += n;
  }
  for (const { words, n } of waited.filter((cell) => cell.month === month)) {
    const step = Number(words[0]);
    waits[step] = (waits[step] ?? 0) + n;
  }
  return { month: monthText(month), changes: all, ways, waits, overdue };
}

/** Of emergencies that let something through. There are few of them: they are gone through. */
async function overdueByMonth(
  { engine, queries }: ViewDatabase,
  reach: Reach,
  { from, to }: Range,
  at: number,
): Promise<ReadonlyMap<number, number>> {
  const month = monthIn(engine, 'at');
  const { rows } = await sql<{ month: number; n: number }>`
    select ${month} as month, count(*) as n from view_emergencies
    where at >= ${from} and at < ${to} and let_through = 1 and ${isOverdue(at)}
      and ${isWithin(engine, '+repository', reach)} group by ${month}`.execute(queries);
  return new Map(rows.map((row) => [row.month, row.n]));
}
