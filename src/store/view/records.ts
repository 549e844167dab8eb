import { sql } from 'kysely';
import { recordsOf, trailOf } from '../../core/audit/view-lists.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Page, Paging, RecordFilter, Scope, TrailView } from '../../core/model/view.ts';
import type { ViewDatabase } from './database.ts';
import { inOrderOf, nameOf, recordsAt, spotOf, takenOf } from './bodies.ts';
import { readRecord, type StoredRecord } from './examine.ts';
import { listKey, shortWord } from './keys.ts';
import { EVER, placesOf, rangeOfPeriod, startOf } from './list-page.ts';
import { isWithin, maySee, reachOf } from './reach.ts';

type Methods = Pick<TrailView, 'records' | 'record' | 'trail' | 'document'>;

export function recordsIn(database: ViewDatabase): Methods {
  return {
    records: (scope, filter, paging) =>
      filter.pullRequest === undefined
        ? listed(database, scope, filter, paging)
        : ofPullRequest(database, scope, filter, filter.pullRequest, paging),
    record: async (scope, repository, sequence) => {
      if (!maySee(scope, repository) || !areNumbers(repository, sequence)) return undefined;
      return (await recordsAt(database, [[repository, sequence]])).get(nameOf([repository, sequence]));
    },
    trail: async (scope, repository, pullRequest) =>
      maySee(scope, repository) ? taken(database, await about(database, scope, repository, pullRequest)) : [],
    document: (scope, digest) => documentNamed(database, scope, digest),
  };
}

const areNumbers = (...numbers: readonly number[]): boolean => numbers.every(Number.isSafeInteger);

async function listed(
  database: ViewDatabase,
  scope: Scope,
  { period, repository, person, kinds, category, conclusion }: RecordFilter,
  paging: Paging,
): Promise<Page<AuditRecord>> {
  const page = await placesOf(
    database,
    {
      key: listKey('records', { person, category }),
      wants: ([kind, came]) =>
        (kinds === undefined || kinds.some((each) => shortWord(each) === kind)) &&
        (conclusion === undefined || (conclusion !== '' && shortWord(conclusion) === came)),
      reach: await reachOf(database, scope, repository),
      range: period === undefined ? EVER : rangeOfPeriod(period),
    },
    paging,
  );
  const found = await recordsAt(database, page.items.map(spotOf));
  return { ...page, items: inOrderOf(page.items, found) };
}

/** There are few about one pull request: they are looked at themselves. */
async function ofPullRequest(
  database: ViewDatabase,
  scope: Scope,
  filter: RecordFilter,
  pullRequest: number,
  paging: Paging,
): Promise<Page<AuditRecord>> {
  startOf(paging);
  const all = await taken(database, await about(database, scope, filter.repository, pullRequest));
  return recordsOf(trailOf(all, scope), filter, paging);
}

async function about(
  database: ViewDatabase,
  scope: Scope,
  repository: number | undefined,
  pullRequest: number,
): Promise<readonly AuditRecord[]> {
  if (!areNumbers(pullRequest, repository ?? 0)) return [];
  const { engine, queries } = database;
  const reach = await reachOf(database, scope, repository);
  const { rows } = await sql<StoredRecord & { repository: number }>`
    select r.repository, r.sequence, r.pull_request, r.text from view_repositories v
    cross join records r where r.repository = v.repository and r.pull_request = ${pullRequest}
      and ${isWithin(engine, 'v.repository', reach)}
    order by r.repository, r.sequence`.execute(queries);
  return rows.flatMap((row) => readRecord(row, row.repository) ?? []);
}

/** Without those that the tables do not have yet: every list tells of the same moment. */
async function taken(
  database: ViewDatabase,
  records: readonly AuditRecord[],
): Promise<readonly AuditRecord[]> {
  const ends = await takenOf(database, [...new Set(records.map((r) => r.repository.id))]);
  return records.filter((r) => r.sequence <= (ends.get(r.repository.id) ?? 0));
}

async function documentNamed(
  database: ViewDatabase,
  scope: Scope,
  digest: string,
): Promise<{ readonly kind: string; readonly text: string } | undefined> {
  const { engine, queries } = database;
  const reach = await reachOf(database, scope);
  const { rows } = await sql<{ kind: string; text: string }>`
    select d.kind, d.text from documents d where d.digest = ${digest} and exists (
      select 1 from view_documents v where v.digest = d.digest and ${isWithin(engine, 'v.repository', reach)})`.execute(
    queries,
  );
  return rows[0];
}
