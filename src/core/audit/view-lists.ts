import type { ChangeEntry, Period, Way } from '../model/audit.ts';
import type { Account } from '../model/account.ts';
import type { AuditRecord } from '../model/record.ts';
import type {
  ChangeFilter,
  Freshness,
  MonthFigures,
  Page,
  Paging,
  RecordFilter,
  RepositorySummary,
  Scope,
} from '../model/view.ts';
import { isChange } from './change.ts';
import { text, texts } from './details.ts';
import { instantOf, isWithin, monthOf } from './instants.ts';
import { countsOf } from './population.ts';
import { happenedAt } from './rebuilt.ts';
import { indexTrails, type Trails } from './trails.ts';
import { cursorOf, newestFirst, placeIn, sizeOf, totalOf, type Place } from './view-paging.ts';
import {
  byName,
  exceptionRowsOf,
  namesOf,
  peopleOfChange,
  placedChange,
  waitCounts,
  waitOf,
  type PlacedChange,
} from './view-rows.ts';

/** The records that somebody may see, in order, and what follows from them whatever is asked. */
export interface Trail {
  readonly records: readonly AuditRecord[];
  readonly of: Trails;
  readonly repositories: readonly RepositorySummary[];
}

export function trailOf(all: readonly AuditRecord[], scope: Scope): Trail {
  const records = all
    .filter((r) => scope.kind === 'all' || scope.repositories.has(r.repository.id))
    .toSorted((a, b) => a.repository.id - b.repository.id || a.sequence - b.sequence);
  return { records, of: indexTrails(records), repositories: summariesOf(records) };
}

function summariesOf(records: readonly AuditRecord[]): readonly RepositorySummary[] {
  const summaries = [...Map.groupBy(records, (r) => r.repository.id).values()].flatMap((own) => {
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last) return [];
    const { repository, hash, at } = last;
    return [{ ...repository, records: own.length, head: hash, firstAt: first.at, lastAt: at }];
  });
  return summaries.sort(byName);
}

export function freshnessOf(records: readonly AuditRecord[]): Freshness {
  const latest = Math.max(...records.map((r) => instantOf(r.at)));
  return {
    shown: records.length,
    recorded: records.length,
    until: records.find((r) => instantOf(r.at) === latest)?.at,
    problems: [],
  };
}

export const placeOf = (record: AuditRecord, at: string, part = 0): Place => [
  instantOf(at),
  record.repository.id,
  record.sequence,
  part,
];

/** A list that is newest first, from behind a place. */
export function pageOf<T>(items: readonly T[], of: (item: T) => Place, paging: Paging): Page<T> {
  const after = paging.after === undefined ? undefined : toPlace(paging.after);
  const sorted = items
    .map((item) => ({ item, place: of(item) }))
    .sort((a, b) => newestFirst(a.place, b.place));
  const rest = after ? sorted.filter(({ place }) => newestFirst(after, place) < 0) : sorted;
  const shown = rest.slice(0, sizeOf(paging));
  const last = rest.length > shown.length ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ item }) => item),
    next: last && cursorOf(last.place),
    total: totalOf(items.length),
  };
}

function toPlace(cursor: string): Place {
  const [at, repository, record, part] = placeIn(cursor, 4) ?? [];
  if (at === undefined || repository === undefined || record === undefined || part === undefined)
    throw new RangeError('This is no place in a list.');
  return [at, repository, record, part];
}

/** A list in an order of its own, from behind the item that a cursor names. */
export function pageBehind<T>(
  sorted: readonly T[],
  all: readonly T[],
  named: (item: T) => readonly number[],
  order: (a: T, b: T) => number,
  paging: Paging,
): Page<T> {
  const after = paging.after;
  const last = after === undefined ? undefined : all.find((item) => cursorOf(named(item)) === after);
  if (after !== undefined && last === undefined) throw new RangeError('This is no place in a list.');
  const rest = last === undefined ? sorted : sorted.filter((item) => order(last, item) < 0);
  const items = rest.slice(0, sizeOf(paging));
  const end = rest.length > items.length ? items.at(-1) : undefined;
  return { items, next: end && cursorOf(named(end)), total: totalOf(sorted.length) };
}

export function repositories(trail: Trail, paging: Paging, search = ''): Page<RepositorySummary> {
  const wanted = search.toLowerCase();
  const found = trail.repositories.filter((r) => r.name.toLowerCase().includes(wanted));
  return pageBehind(found, trail.repositories, (r) => [r.id], byName, paging);
}

export const isOneOf = <T>(value: T, wanted: readonly T[] | undefined): boolean =>
  wanted === undefined || wanted.includes(value);

const isPerson = (people: readonly Account[], person: string | undefined): boolean =>
  person === undefined || namesOf(people).includes(person.toLowerCase());

export function recordsOf(trail: Trail, filter: RecordFilter, paging: Paging): Page<AuditRecord> {
  const { period, repository, person, kinds, category, conclusion, pullRequest } = filter;
  const found = trail.records.filter(
    (r) =>
      (period === undefined || isWithin(period, happenedAt(r))) &&
      (repository === undefined || r.repository.id === repository) &&
      isPerson(r.actor ? [r.actor] : [], person) &&
      isOneOf(r.kind, kinds) &&
      (category === undefined || texts(r.details['categories']).includes(category)) &&
      (conclusion === undefined || text(r.details['conclusion']) === conclusion) &&
      (pullRequest === undefined || r.pullRequest === pullRequest),
  );
  return pageOf(found, (r) => placeOf(r, happenedAt(r)), paging);
}

export function changesOf(trail: Trail, filter: ChangeFilter): readonly PlacedChange[] {
  const { period, repository, person, ways, category } = filter;
  return trail.records
    .filter((r) => isChange(r) && (repository === undefined || r.repository.id === repository))
    .map((r) => placedChange(r, trail.of(r)))
    .filter(
      ({ change }) =>
        isWithin(period, change.at) &&
        isPerson(peopleOfChange(change), person) &&
        isOneOf<Way>(change.way, ways) &&
        (category === undefined || (change.verdict?.categories.includes(category) ?? false)),
    );
}

const EVER: Period = { from: '0000-01-01T00:00:00.000Z', to: '9999-12-31T23:59:59.999Z' };

export function changeWith(trail: Trail, repository: number, record: number): ChangeEntry | undefined {
  const all = changesOf(trail, { period: EVER, repository });
  const own = all.find((c) => c.record.sequence === record);
  return (own ?? all.findLast((c) => c.change.records.includes(record)))?.change;
}

export function months(
  trail: Trail,
  filter: Pick<ChangeFilter, 'period' | 'repository'>,
  at: string,
): readonly MonthFigures[] {
  const { period, repository } = filter;
  const found = changesOf(trail, { period, ...(repository === undefined ? {} : { repository }) });
  const byMonth = Map.groupBy(found, ({ change }) => monthOf(change.at) ?? '');
  return [...byMonth.keys()].sort().map((month) => {
    const changes = byMonth.get(month) ?? [];
    const waits = changes.flatMap((c) => waitOf(c, trail.of(c.change)) ?? []);
    const rows = changes.flatMap((c) => exceptionRowsOf(c, trail.of(c.change), [], at));
    return {
      month,
      changes: changes.length,
      ways: countsOf(changes.map((c) => c.change)),
      waits: waitCounts(waits),
      overdue: rows.filter((r) => r.state === 'overdue' && r.details['letThrough'] === true).length,
    };
  });
}
