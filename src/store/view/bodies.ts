import { sql } from 'kysely';
import type { Place } from '../../core/audit/view-paging.ts';
import type { ChangeEntry } from '../../core/model/audit.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Database } from '../transaction.ts';
import { readRecord, type StoredRecord } from './examine.ts';
import { isIn, tableOf } from './sql.ts';

/** Where a record stands. */
export type Spot = readonly [repository: number, record: number];

export const spotOf = ([, repository, record]: Place): Spot => [repository, record];

export const nameOf = ([repository, record]: Spot): string => `${repository}/${record}`;

const SPOT = { repository: 'bigint', record: 'bigint' } as const;

/** Records by where they stand; what cannot be read is not among them. */
export async function recordsAt(
  { engine, queries }: Database,
  spots: readonly Spot[],
): Promise<ReadonlyMap<string, AuditRecord>> {
  if (spots.length === 0) return new Map();
  const { rows } = await sql<StoredRecord & { repository: number }>`
    select r.repository, r.sequence, r.pull_request, r.text from ${tableOf(engine, 's', SPOT, spots)}
    cross join records r where r.repository = s.repository and r.sequence = s.record`.execute(queries);
  return new Map(
    rows.flatMap((row) => {
      const record = readRecord(row, row.repository);
      return record ? [[nameOf([row.repository, row.sequence]), record] as const] : [];
    }),
  );
}

export async function changesAt(
  { engine, queries }: Database,
  spots: readonly Spot[],
): Promise<ReadonlyMap<string, ChangeEntry>> {
  if (spots.length === 0) return new Map();
  const { rows } = await sql<{ repository: number; record: number; entry: string }>`
    select c.repository, c.record, c.entry from ${tableOf(engine, 's', SPOT, spots)}
    cross join view_changes c where c.repository = s.repository and c.record = s.record`.execute(queries);
  return new Map(rows.map((row) => [nameOf([row.repository, row.record]), entryOf(row.entry)]));
}

export function entryOf(text: string): ChangeEntry {
  return JSON.parse(text) as ChangeEntry;
}

/** Those that were found, in the order in which they were asked for. */
export function inOrderOf<T>(places: readonly Place[], found: ReadonlyMap<string, T>): readonly T[] {
  return places.flatMap((place) => found.get(nameOf(spotOf(place))) ?? []);
}

/** A pull request of a repository. */
export type Pull = readonly [repository: number, pullRequest: number];

/** What is on record about pull requests, of some kinds, oldest first. */
export async function trailsOf(
  { engine, queries }: Database,
  pulls: readonly Pull[],
  kinds: readonly string[],
): Promise<ReadonlyMap<string, readonly AuditRecord[]>> {
  if (pulls.length === 0) return new Map();
  const columns = { repository: 'bigint', pull: 'bigint' } as const;
  const { rows } = await sql<StoredRecord & { repository: number }>`
    select r.repository, r.sequence, r.pull_request, r.text from ${tableOf(engine, 's', columns, pulls)}
    cross join records r where r.repository = s.repository and r.pull_request = s.pull
      and r.kind in (${sql.join(kinds)}) order by r.repository, r.sequence`.execute(queries);
  return Map.groupBy(
    rows.flatMap((row) => readRecord(row, row.repository) ?? []),
    (r) => nameOf([r.repository.id, r.pullRequest ?? 0]),
  );
}

/** Records that are found by a name in them: what they explain, or the key of a ticket. */
export async function namedRecords(
  database: Database,
  purpose: 'exception-explained' | 'ticket',
  names: readonly (readonly [repository: number, name: string])[],
): Promise<readonly AuditRecord[]> {
  if (names.length === 0) return [];
  const { engine, queries } = database;
  const wanted = tableOf(engine, 's', { repository: 'bigint', name: 'text' }, names);
  const { rows } = await sql<{ repository: number; record: number }>`
    select distinct n.repository, n.record from ${wanted} cross join view_names n
    where n.repository = s.repository and n.purpose = ${purpose} and n.name = s.name
    order by n.repository, n.record`.execute(queries);
  const found = await recordsAt(
    database,
    rows.map((row) => [row.repository, row.record]),
  );
  return [...found.values()].sort((a, b) => a.repository.id - b.repository.id || a.sequence - b.sequence);
}

/** What of a chain is in the tables: a record behind it is not shown yet. */
export async function takenOf(
  { engine, queries }: Database,
  repositories: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await queries
    .selectFrom('view_repositories')
    .select(['repository', 'taken'])
    .where(isIn(engine, 'repository', repositories))
    .execute();
  return new Map(rows.map((row) => [row.repository, row.taken]));
}
