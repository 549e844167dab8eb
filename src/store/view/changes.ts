import { hash } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import { sampleOf } from '../../core/audit/sample.ts';
import { WAYS, type ChangeEntry, type Way } from '../../core/model/audit.ts';
import type { ChangeFilter, TrailView } from '../../core/model/view.ts';
import type { ViewDatabase } from './database.ts';
import { changesAt, entryOf, inOrderOf, spotOf, type Spot } from './bodies.ts';
import { listKey } from './keys.ts';
import { placesOf, rangeOfPeriod } from './list-page.ts';
import { askedTally, type Question } from './places.ts';
import { isWithin, maySee, reachOf } from './reach.ts';
import { countsIn } from './tally.ts';

type Methods = Pick<TrailView, 'changes' | 'counts' | 'sample' | 'change'>;

export function changesIn(database: ViewDatabase): Methods {
  return {
    changes: async (scope, filter, paging) => {
      const question = await questionOf(database, scope, filter);
      const page = await placesOf(database, question, paging);
      const found = await changesAt(database, page.items.map(spotOf));
      return { ...page, items: inOrderOf(page.items, found) };
    },
    counts: async (scope, filter) => {
      const question = await questionOf(database, scope, filter);
      const tally = await askedTally(database, question);
      const counts = noCounts();
      for (const { words, n } of await countsIn(database, tally, question.reach, question.range)) {
        const way = wayOf(words);
        if (way !== undefined) counts[way] += n;
      }
      return counts;
    },
    sample: async (scope, filter, { size, seed }) => {
      const question = await questionOf(database, scope, filter);
      const drawn = await draw(database, question, Math.max(0, Math.floor(size)), seed);
      return sampleOf([...(await changesAt(database, drawn)).values()], size, seed);
    },
    change: async (scope, repository, record) =>
      maySee(scope, repository) ? changeWith(database, repository, record) : undefined,
  };
}

export const wayOf = ([word]: readonly string[]): Way | undefined => WAYS.find((way) => way === word);

export const noCounts = (): Record<Way, number> =>
  Object.fromEntries(WAYS.map((way) => [way, 0])) as Record<Way, number>;

async function questionOf(
  database: ViewDatabase,
  scope: Parameters<TrailView['changes']>[0],
  { period, repository, person, ways, category }: ChangeFilter,
): Promise<Question> {
  return {
    key: listKey('changes', { person, category }),
    wants: ([word]) => ways === undefined || ways.some((way) => way === word),
    reach: await reachOf(database, scope, repository),
    range: rangeOfPeriod(period),
  };
}

/** Ids that are ranked between two turns of the event loop. */
const AT_ONCE = 5_000;

/**
 * Where the changes with the smallest ranks are. A rank depends on the seed, so that every change of the population has to be
 * ranked, each time: the one question whose work grows with its answer's population. It goes through them in portions and
 * keeps no more than twice what is drawn.
 */
async function draw(
  database: ViewDatabase,
  question: Question,
  size: number,
  seed: string,
): Promise<readonly Spot[]> {
  const { list, cells } = await askedTally(database, question);
  if (list === undefined || size === 0) return [];
  let kept: { readonly rank: string; readonly spot: Spot }[] = [];
  const keepLowest = (): void => {
    kept = kept.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).slice(0, size);
  };
  let bound = '~';
  for (const variant of new Set(cells.map((cell) => cell.variant)))
    for await (const rows of idsOf(database, list, variant, question)) {
      for (const { id, repository, record } of rows) {
        const rank = hash('sha256', `${seed}\0${id}`);
        if (rank <= bound) kept.push({ rank, spot: [repository, record] });
      }
      if (kept.length < size * 2) continue;
      keepLowest();
      bound = kept.at(-1)?.rank ?? bound;
    }
  keepLowest();
  return kept.map(({ spot }) => spot);
}

interface IdRow {
  readonly at: number;
  readonly repository: number;
  readonly record: number;
  readonly id: string;
}

async function* idsOf(
  { engine, queries }: ViewDatabase,
  list: number,
  variant: number,
  { reach, range }: Question,
): AsyncGenerator<readonly IdRow[]> {
  const inReach = isWithin(engine, '+e.repository', reach);
  let last = { at: range.from, repository: -1, record: -1 };
  for (;;) {
    const { rows } = await sql<IdRow>`
      select e.at, e.repository, e.record, c.id from (
        select e.at, e.repository, e.record from view_entries e
        where e.list = ${list} and e.variant = ${variant} and e.at < ${range.to} and e.at >= ${last.at}
          and (e.at, e.repository, e.record) >
            (cast(${last.at} as bigint), cast(${last.repository} as bigint), cast(${last.record} as bigint))
          and ${inReach}
        order by e.at, e.repository, e.record limit ${AT_ONCE}
      ) e cross join view_changes c where c.repository = e.repository and c.record = e.record
      order by e.at, e.repository, e.record`.execute(queries);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    if (rows.length < AT_ONCE) return;
    last = end;
    await new Promise(setImmediate);
  }
}

/** The change of which a record is the merge or the push; else the last one of the pull request that it is about. */
async function changeWith(
  { queries }: ViewDatabase,
  repository: number,
  record: number,
): Promise<ChangeEntry | undefined> {
  if (!Number.isSafeInteger(repository) || !Number.isSafeInteger(record)) return undefined;
  const find = async (which: RawBuilder<unknown>): Promise<ChangeEntry | undefined> => {
    const { rows } = await sql<{ entry: string }>`select c.entry from view_changes c
      where c.repository = ${repository} and ${which} order by c.record desc limit 1`.execute(queries);
    return rows[0] && entryOf(rows[0].entry);
  };
  const own = await find(sql`c.record = ${record}`);
  if (own !== undefined) return own;
  const found = await find(sql`c.pull_request = (select r.pull_request from records r
    where r.repository = ${repository} and r.sequence = ${record})`);
  return found?.records.includes(record) === true ? found : undefined;
}
