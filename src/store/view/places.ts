import { sql, type RawBuilder } from 'kysely';
import type { Place } from '../../core/audit/view-paging.ts';
import { COUNT_BOUND } from '../../core/model/view.ts';
import type { ViewDatabase } from './database.ts';
import { isCounted, monthNumber, startOfMonth } from './keys.ts';
import { isWithin, type Reach } from './reach.ts';
import { isIn, tableOf } from './sql.ts';
import { countUpTo, sumOf, tallyOf, type Cell, type Range, type Tally } from './tally.ts';

/** Which part of a list is asked for, newest first. */
export interface Question {
  readonly key: string;
  readonly wants: (words: readonly string[]) => boolean;
  readonly reach: Reach;
  readonly range: Range;
}

/** The counts of a question by month, of what it wants alone. */
export async function askedTally(
  database: ViewDatabase,
  { key, wants, reach, range }: Question,
): Promise<Tally> {
  const tally = await tallyOf(database, key, reach, range);
  return { ...tally, cells: tally.cells.filter(({ words }) => wants(words)) };
}

/** Of all repositories together: it says in which months there is anything at all. */
export const overallTally = (database: ViewDatabase, question: Question): Promise<Tally> =>
  askedTally(database, { ...question, reach: { kind: 'all' } });

/**
 * The counts of the latest months up to an instant, with at least so many entries in them, or of all months. Where somebody
 * sees many repositories, a few months are enough, and the counts of each repository and month are many.
 */
export async function latestTally(
  database: ViewDatabase,
  question: Question,
  overall: Tally,
  before: number,
  enough: number,
): Promise<Tally> {
  const { reach, range } = question;
  if (reach.kind === 'all') return overall;
  const some = stretch(overall.cells, before, enough * 4);
  if (some.length === overall.cells.length) return askedTally(database, question);
  const months = some.map((cell) => cell.month);
  const part = {
    from: Math.max(range.from, startOfMonth(Math.min(...months))),
    to: Math.min(range.to, startOfMonth(Math.max(...months) + 1)),
  };
  const tally = await askedTally(database, { ...question, range: part });
  const begun = monthNumber(before);
  const sure = sumOf(tally.cells.filter(({ month }) => month < begun && isInside(month, range)));
  return sure >= enough ? tally : askedTally(database, question);
}

/** How many there are, counted no further than the bound: by whole months, and at the edges of the range one by one. */
export async function totalIn(database: ViewDatabase, question: Question, overall: Tally): Promise<number> {
  const { key, reach, range } = question;
  const isByMonth = reach.kind === 'all' || isCounted(key);
  const tally = isByMonth ? await latestTally(database, question, overall, range.to, COUNT_BOUND) : overall;
  const whole = tally.cells.filter(({ month }) => isByMonth && isInside(month, range));
  const rest = tally.cells.filter((cell) => !whole.includes(cell));
  const sure = sumOf(whole);
  if (tally.list === undefined || sure >= COUNT_BOUND) return sure;
  return sure + (await countUpTo(database, tally.list, rest, reach, range, COUNT_BOUND - sure));
}

const isInside = (month: number, { from, to }: Range): boolean =>
  from <= startOfMonth(month) && to >= startOfMonth(month + 1);

/** Lists of repositories that are merged for one page. */
const MOST_MERGED = 500;

/** The first places of a question from behind a place. */
export async function placesBehind(
  database: ViewDatabase,
  question: Question,
  overall: Tally,
  after: Place | undefined,
  most: number,
): Promise<readonly Place[]> {
  const { reach, range } = question;
  const asked = lastOf(after, range);
  const { list, cells } = await latestTally(database, question, overall, asked[0], most);
  const needed = stretch(cells, asked[0], most);
  if (list === undefined || needed.length === 0) return [];
  const months = needed.map((cell) => cell.month);
  const first = Math.max(range.from, startOfMonth(Math.min(...months)));
  // Nothing stands behind the last month that has anything: nothing is passed over there.
  const before = lastOf(asked, { from: first, to: startOfMonth(Math.max(...months) + 1) });
  const variants = [...new Set(needed.map((cell) => cell.variant))];
  const search = { list, before, from: first, most };
  if (reach.kind === 'all') return along(database, search, variants, undefined);
  if (!isDense(database, overall, needed, most)) {
    const strands = await strandsOf(database, question.key, list, reach, variants, needed);
    if (strands.length <= MOST_MERGED) return merged(database, search, strands);
  }
  return along(database, search, variants, reach);
}

/** Behind everything of the range, where no place is given. */
function lastOf(after: Place | undefined, { to }: Range): Place {
  return after !== undefined && after[0] < to ? after : [to, -1, -1, -1];
}

/** The latest months that have enough for a page; of the one in which it begins nobody knows how much is left. */
function stretch(cells: readonly Cell[], instant: number, most: number): readonly Cell[] {
  const begun = monthNumber(instant);
  const months = [...new Set(cells.map((cell) => cell.month))]
    .filter((month) => month <= begun)
    .sort((a, b) => b - a);
  const taken = new Set<number>();
  let sure = 0;
  for (const month of months) {
    taken.add(month);
    if (month < begun) sure += sumOf(cells.filter((cell) => cell.month === month));
    if (sure >= most) break;
  }
  return cells.filter((cell) => taken.has(cell.month));
}

/** Whether what may be seen stands so close together that the rest can be passed over. */
function isDense({ limits }: ViewDatabase, overall: Tally, needed: readonly Cell[], most: number): boolean {
  const months = new Set(needed.map((cell) => cell.month));
  const all = sumOf(overall.cells.filter(({ month }) => months.has(month)));
  return (most * all) / Math.max(1, sumOf(needed)) <= limits.passed;
}

interface Search {
  readonly list: number;
  readonly before: Place;
  readonly from: number;
  readonly most: number;
}

const ORDER = sql.raw('at desc, repository desc, record desc, part desc');
const PLACE = sql.raw('e.at, e.repository, e.record, e.part');

type PlaceRow = Record<'at' | 'repository' | 'record' | 'part', number>;
const placeOf = ({ at, repository, record, part }: PlaceRow): Place => [at, repository, record, part];

const behind = ({ from, before }: Search): RawBuilder<boolean> =>
  sql`e.at >= ${from} and e.at <= ${before[0]} and (e.at, e.repository, e.record, e.part)
    < (cast(${before[0]} as bigint), cast(${before[1]} as bigint), cast(${before[2]} as bigint), cast(${before[3]} as bigint))`;

/** Along the list of each variant, passing over what is out of reach. */
async function along(
  database: ViewDatabase,
  search: Search,
  variants: readonly number[],
  reach: Reach | undefined,
): Promise<readonly Place[]> {
  const { engine } = database;
  // The sign keeps SQLite from taking the other index.
  const visible = reach === undefined ? sql`true` : isWithin(engine, '+e.repository', reach);
  const strand = (variant: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select ${PLACE} from view_entries e where e.list = ${search.list} and e.variant = ${variant}
      and ${behind(search)} and ${visible}
    order by e.at desc, e.repository desc, e.record desc, e.part desc limit ${search.most}`;
  return unite(
    database,
    search.most,
    { variant: 'bigint' },
    variants.map((v) => [v]),
    (row) => strand(row === undefined ? sql`s.variant` : sql`${row[0]}`),
  );
}

/** Each repository by itself, and what comes of it put together. */
async function merged(
  database: ViewDatabase,
  search: Search,
  strands: readonly (readonly number[])[],
): Promise<readonly Place[]> {
  const strand = (repository: RawBuilder<unknown>, variant: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select ${PLACE} from view_entries e where e.list = ${search.list} and e.repository = ${repository}
      and e.variant = ${variant} and ${behind(search)}
    order by e.at desc, e.record desc, e.part desc limit ${search.most}`;
  return unite(database, search.most, { repository: 'bigint', variant: 'bigint' }, strands, (row) =>
    row === undefined ? strand(sql`s.repository`, sql`s.variant`) : strand(sql`${row[0]}`, sql`${row[1]}`),
  );
}

/** Terms of a compound statement that SQLite takes. */
const MOST_TERMS = 400;

/** The newest of several sorted strands: PostgreSQL by a lateral join, SQLite, which has none, by a union. */
async function unite(
  { engine, queries }: ViewDatabase,
  most: number,
  columns: Parameters<typeof tableOf>[2],
  strands: readonly (readonly number[])[],
  strand: (row: readonly number[] | undefined) => RawBuilder<unknown>,
): Promise<readonly Place[]> {
  if (engine.name === 'postgres') {
    const { rows } = await sql<PlaceRow>`select f.at, f.repository, f.record, f.part
      from ${tableOf(engine, 's', columns, strands)} cross join lateral (${strand(undefined)}) f
      order by ${ORDER} limit ${most}`.execute(queries);
    return rows.map(placeOf);
  }
  const found: Place[] = [];
  for (let from = 0; from < strands.length; from += MOST_TERMS) {
    const terms = strands.slice(from, from + MOST_TERMS).map((row) => sql`select * from (${strand(row)})`);
    const { rows } = await sql<PlaceRow>`select * from (${sql.join(terms, sql` union all `)})
      order by ${ORDER} limit ${most}`.execute(queries);
    found.push(...rows.map(placeOf));
  }
  return found.sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || b[3] - a[3]).slice(0, most);
}

/** Repositories and variants that have anything in the months that are needed. */
async function strandsOf(
  { engine, queries }: ViewDatabase,
  key: string,
  list: number,
  reach: Reach & { readonly kind: 'some' },
  variants: readonly number[],
  needed: readonly Cell[],
): Promise<readonly (readonly number[])[]> {
  const months = needed.map((cell) => cell.month);
  const [first, last] = [Math.min(...months), Math.max(...months)];
  const { rows } = await sql<{ repository: number; variant: number }>`
    select distinct c.repository, c.variant from ${
      isCounted(key)
        ? sql`view_counts c where c.n > 0 and c.month between ${first} and ${last}`
        : sql`view_entries c where c.at >= ${startOfMonth(first)} and c.at < ${startOfMonth(last + 1)}`
    }
      and c.list = ${list} and ${isIn(engine, 'c.repository', reach.repositories)}
      and ${isIn(engine, 'c.variant', variants)}
    limit ${MOST_MERGED + 1}`.execute(queries);
  return rows.map(({ repository, variant }) => [repository, variant]);
}
