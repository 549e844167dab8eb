import { sql } from 'kysely';
import { newestFirst, sizeOf, type Place } from '../../core/audit/view-paging.ts';
import { exceptionRowsOf, outageRow } from '../../core/audit/view-rows.ts';
import {
  COUNT_BOUND,
  type ExceptionFilter,
  type ExceptionRow,
  type Page,
  type Paging,
  type TrailView,
} from '../../core/model/view.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { ViewDatabase } from './database.ts';
import { changesAt, namedRecords, nameOf, recordsAt, spotOf, trailsOf, type Pull } from './bodies.ts';
import { listKey, shortWord } from './keys.ts';
import { asOf, pageFrom, placesOf, rangeOfPeriod, startOf } from './list-page.ts';
import { isWithin, reachOf, type Reach } from './reach.ts';
import type { Range } from './tally.ts';

export function exceptionsIn(database: ViewDatabase): Pick<TrailView, 'exceptions'> {
  return {
    exceptions: async (scope, filter, at, paging) => {
      const instant = asOf(at);
      const reach = await reachOf(database, scope, filter.repository);
      const range = rangeOfPeriod(filter.period);
      const places = await (filter.overdue === true
        ? overduePlaces(database, filter, reach, range, instant, paging)
        : allPlaces(database, filter, reach, range, paging));
      return { ...places, items: await rowsAt(database, places.items, at) };
    },
  };
}

const wants = ({ kinds }: ExceptionFilter, kind: string | undefined): boolean =>
  kinds === undefined || kinds.some((each) => each === kind);

/** Exceptions of changes and outages are two lists, of which the first ones of both are the first ones. */
async function allPlaces(
  database: ViewDatabase,
  filter: ExceptionFilter,
  reach: Reach,
  range: Range,
  paging: Paging,
): Promise<Page<Place>> {
  const [after, size] = [startOf(paging), sizeOf(paging)];
  const question = {
    key: listKey('exceptions'),
    wants: ([kind]: readonly string[]) => wants(filter, kind),
    reach,
    range,
  };
  const [ofChanges, outages] = await Promise.all([
    placesOf(database, question, paging),
    wants(filter, 'outage')
      ? outagePlaces(database, reach, range, after, size + 1)
      : { places: [], count: 0 },
  ]);
  if (outages.count === 0) return ofChanges;
  const both = [...ofChanges.items, ...outages.places].sort(newestFirst);
  const page = pageFrom(both, size, ofChanges.total.count + outages.count);
  const isMore = both.length > size || ofChanges.next !== undefined;
  const last = page.items.at(-1);
  return { ...page, next: isMore && last ? last.join('.') : undefined };
}

type PlaceRow = Record<'at' | 'repository' | 'record' | 'part', number>;
const placeOf = ({ at, repository, record, part }: PlaceRow): Place => [at, repository, record, part];
const ORDER = sql.raw('at desc, repository desc, record desc, part desc');

const before = (after: Place | undefined) =>
  after === undefined
    ? sql`true`
    : sql`(at, repository, record, part) < (cast(${after[0]} as bigint), cast(${after[1]} as bigint),
        cast(${after[2]} as bigint), cast(${after[3]} as bigint))`;

/** Those that overlap with the period, which may have begun before it or gone on after it. */
async function outagePlaces(
  { engine, queries }: ViewDatabase,
  reach: Reach,
  { from, to }: Range,
  after: Place | undefined,
  most: number,
): Promise<{ readonly places: readonly Place[]; readonly count: number }> {
  const found = sql`select at, repository, record, 0 as part from view_outages
    where since < ${to} and until >= ${from} and ${isWithin(engine, 'repository', reach)}`;
  const [places, count] = await Promise.all([
    sql<PlaceRow>`select * from (${found}) f where ${before(after)} order by ${ORDER} limit ${most}`.execute(
      queries,
    ),
    sql<{ n: number }>`select count(*) as n from (${found} limit ${COUNT_BOUND}) f`.execute(queries),
  ]);
  return { places: places.rows.map(placeOf), count: count.rows[0]?.n ?? 0 };
}

/** Reviews of emergencies that were due before an instant and not done then. */
export const isOverdue = (at: number) => sql<boolean>`due < ${at} and (done is null or done > ${at})`;

async function overduePlaces(
  { engine, queries }: ViewDatabase,
  filter: ExceptionFilter,
  reach: Reach,
  { from, to }: Range,
  at: number,
  paging: Paging,
): Promise<Page<Place>> {
  const [after, size] = [startOf(paging), sizeOf(paging)];
  if (!wants(filter, 'emergency')) return pageFrom([], size, 0);
  const found = sql`select at, repository, record, part from view_emergencies
    where at >= ${from} and at < ${to} and ${isOverdue(at)} and ${isWithin(engine, '+repository', reach)}`;
  const [places, count] = await Promise.all([
    sql<PlaceRow>`select * from (${found}) f where ${before(after)} order by ${ORDER} limit ${size + 1}`.execute(
      queries,
    ),
    sql<{ n: number }>`select count(*) as n from (${found} limit ${COUNT_BOUND}) f`.execute(queries),
  ]);
  return pageFrom(places.rows.map(placeOf), size, count.rows[0]?.n ?? 0);
}

/** Records of a pull request that tell what became of an exception. */
const KINDS = [
  'approved',
  'approval-ended',
  'waived',
  'emergency',
  'decision-refused',
  'review-done',
  'merged',
  'bypassed',
] as const;

/** What stood at an instant is worked out of the records of the few changes that are shown. */
async function rowsAt(
  database: ViewDatabase,
  places: readonly Place[],
  at: string,
): Promise<readonly ExceptionRow[]> {
  const spots = places.map(spotOf);
  const [own, changes] = await Promise.all([recordsAt(database, spots), changesAt(database, spots)]);
  const records = [...own.values()];
  const [trails, explained] = await Promise.all([
    trailsOf(database, pullsOf(records), KINDS),
    namedRecords(
      database,
      'exception-explained',
      records.map((r) => [r.repository.id, shortWord(r.source)]),
    ),
  ]);
  return places.flatMap((place): readonly ExceptionRow[] => {
    const record = own.get(nameOf(spotOf(place)));
    const change = changes.get(nameOf(spotOf(place)));
    if (record === undefined) return [];
    const ours = explained.filter((r) => r.repository.id === record.repository.id);
    if (record.kind === 'gate-outage') return [outageRow(record, ours, at)];
    const trail =
      record.kind === 'merged'
        ? trails.get(nameOf([record.repository.id, record.pullRequest ?? 0]))
        : undefined;
    const rows = change ? exceptionRowsOf({ record, change }, trail ?? [], ours, at) : [];
    const row = rows[place[3]];
    return row ? [row] : [];
  });
}

const pullsOf = (records: readonly AuditRecord[]): readonly Pull[] => [
  ...new Map(
    records.flatMap(({ kind, repository, pullRequest }) =>
      kind === 'merged' && pullRequest !== undefined
        ? [[nameOf([repository.id, pullRequest]), [repository.id, pullRequest] as const] as const]
        : [],
    ),
  ).values(),
];
