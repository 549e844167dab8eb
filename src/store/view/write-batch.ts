import { sql } from 'kysely';
import type { Head } from '../../core/ledger/chain.ts';
import { instantOf } from '../../core/audit/instants.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Transaction } from '../tables.ts';
import type { Database } from '../transaction.ts';
import {
  entriesOfAnswer,
  entriesOfRecord,
  type DerivedAnswer,
  type DerivedChange,
  type Entry,
} from './derive.ts';
import type { ViewDatabase } from './database.ts';
import type { Problem } from './examine.ts';
import { shortWord } from './keys.ts';
import { EARLIEST, isIn, tableOf } from './sql.ts';
import { writeFacets } from './write-facets.ts';
import { changeEntries, numbersOf, rowOf, type Numbers, type Row } from './written.ts';

/** What follows from some records of one repository. */
export interface Batch {
  readonly repository: number;
  readonly records: readonly AuditRecord[];
  readonly problem: Problem | undefined;
  readonly head: Head;
  /** Rows that were read, and up to where the chain is known to have nothing more. */
  readonly read: number;
  readonly seen: number;
  /** Of these everything is derived anew; null stands for answers on no pull request. */
  readonly pulls: readonly (number | null)[];
  readonly changes: readonly DerivedChange[];
  readonly answers: readonly DerivedAnswer[];
}

export async function writeBatch(
  tx: Transaction,
  database: ViewDatabase,
  numbers: Numbers,
  batch: Batch,
): Promise<void> {
  const { records, changes, answers } = batch;
  const old = await oldRows(tx, database, batch);
  const added: readonly Entry[] = [
    ...records.flatMap(entriesOfRecord),
    ...changes.flatMap((change) => change.entries),
    ...answers.flatMap(entriesOfAnswer),
  ];
  const ended = old.answers.flatMap(entriesOfAnswer);
  await numbersOf(tx, database, keysOf([...added, ...ended]), numbers, database.limits.kept);
  const rows = (entries: readonly Entry[]): readonly Row[] => entries.map((entry) => rowOf(entry, numbers));
  await changeEntries(tx, database, [...old.entries, ...rows(ended)], rows(added));
  await writeChanges(tx, database, changes, rows);
  await writeAnswers(tx, database, old.answers, answers);
  await writeFacets(tx, database, records);
  await writeRepository(tx, batch);
}

const keysOf = (entries: readonly Entry[]): ReadonlySet<string> =>
  new Set(entries.flatMap(({ list, variant }) => [list, variant]));

/** What was derived before from the pull requests of a batch. */
async function oldRows(
  tx: Transaction,
  { engine }: Database,
  { repository, pulls }: Batch,
): Promise<{ readonly entries: readonly Row[]; readonly answers: readonly DerivedAnswer[] }> {
  const numbered = pulls.filter((pull) => pull !== null);
  const changes = await tx
    .selectFrom('view_changes')
    .select(['record', 'at', 'entries'])
    .where('repository', '=', repository)
    .where(isIn(engine, 'pull_request', numbered))
    .execute();
  const isOurs = isIn(engine, 'pull_request', numbered);
  const answers = await tx
    .selectFrom('view_answers')
    .selectAll()
    .where('repository', '=', repository)
    .where(pulls.includes(null) ? sql<boolean>`(${isOurs} or pull_request is null)` : isOurs)
    .execute();
  return {
    entries: changes.flatMap(({ record, at, entries }) =>
      (JSON.parse(entries) as readonly (readonly [number, number, number, 0 | 1])[]).map(
        ([list, variant, part, counted]): Row => [list, variant, at, repository, record, part, counted],
      ),
    ),
    answers: answers.map(({ pull_request: pullRequest, kind, ...rest }) => ({
      ...rest,
      kind: kind as DerivedAnswer['kind'],
      pullRequest: pullRequest ?? undefined,
    })),
  };
}

async function writeChanges(
  tx: Transaction,
  { engine }: Database,
  changes: readonly DerivedChange[],
  rows: (entries: readonly Entry[]) => readonly Row[],
): Promise<void> {
  if (changes.length === 0) return;
  const columns = {
    repository: 'bigint',
    record: 'bigint',
    at: 'bigint',
    pull_request: 'bigint',
    id: 'text',
    entries: 'text',
    entry: 'text',
  } as const;
  const written = changes.map(({ repository, record, at, pullRequest, entry, entries }) => [
    repository,
    record,
    at,
    pullRequest ?? null,
    entry.id,
    JSON.stringify(
      rows(entries).map(([list, variant, , , , part, counted]) => [list, variant, part, counted]),
    ),
    JSON.stringify(entry),
  ]);
  await sql`insert into view_changes (repository, record, at, pull_request, id, entries, entry)
    select repository, record, at, pull_request, id, entries, entry from ${tableOf(engine, 'written', columns, written)}
    where true on conflict (repository, record) do update set
      at = excluded.at, pull_request = excluded.pull_request, id = excluded.id,
      entries = excluded.entries, entry = excluded.entry`.execute(tx);
  const emergencies = changes.flatMap(({ repository, record, at, emergencies: some }) =>
    some.map(({ part, letThrough, due, done }) => [
      repository,
      record,
      part,
      at,
      Number(letThrough),
      due ?? null,
      done ?? null,
    ]),
  );
  await sql`delete from view_emergencies where (repository, record) in (select repository, record from
    ${tableOf(
      engine,
      'gone',
      { repository: 'bigint', record: 'bigint' },
      changes.map((c) => [c.repository, c.record]),
    )})`.execute(tx);
  if (emergencies.length === 0) return;
  const all = { repository: 'bigint', record: 'bigint', part: 'bigint', at: 'bigint' } as const;
  const more = { let_through: 'bigint', due: 'bigint', done: 'bigint' } as const;
  await sql`insert into view_emergencies (repository, record, part, at, let_through, due, done)
    select repository, record, part, at, let_through, due, done
    from ${tableOf(engine, 'written', { ...all, ...more }, emergencies)}`.execute(tx);
}

async function writeAnswers(
  tx: Transaction,
  { engine }: Database,
  old: readonly DerivedAnswer[],
  answers: readonly DerivedAnswer[],
): Promise<void> {
  for (const { repository, record } of old)
    await tx
      .deleteFrom('view_answers')
      .where('repository', '=', repository)
      .where('record', '=', record)
      .execute();
  if (answers.length === 0) return;
  const numbers = { repository: 'bigint', record: 'bigint', since: 'bigint', until: 'bigint' } as const;
  const rest = { pull_request: 'bigint', kind: 'text', key: 'text', owner: 'text' } as const;
  const written = answers.map((a) => [
    a.repository,
    a.record,
    a.since,
    a.until,
    a.pullRequest ?? null,
    a.kind,
    a.key,
    a.owner === '' ? '' : shortWord(a.owner),
  ]);
  await sql`insert into view_answers (repository, record, since, until, pull_request, kind, key, owner)
    select repository, record, since, until, pull_request, kind, key, owner
    from ${tableOf(engine, 'written', { ...numbers, ...rest }, written)}`.execute(tx);
}

async function writeRepository(tx: Transaction, batch: Batch): Promise<void> {
  const { repository, records, problem, head, read, seen } = batch;
  const old = await tx
    .selectFrom('view_repositories')
    .selectAll()
    .where('repository', '=', repository)
    .executeTakeFirst();
  const last = records.at(-1);
  const latest = records.reduce<{ ms: number; at: string }>(
    (best, { at }) => (instantOf(at) > best.ms ? { ms: instantOf(at), at } : best),
    { ms: old?.latest ?? EARLIEST, at: old?.latest_at ?? '' },
  );
  const name = last?.repository.name ?? old?.name ?? '';
  const row = {
    repository,
    taken: head.sequence,
    seen,
    shown: (old?.shown ?? 0) + read,
    latest: latest.ms,
    latest_at: latest.at,
    name,
    name_key: name.toLowerCase(),
    head: head.hash,
    first_at: old?.first_at || (records[0]?.at ?? ''),
    last_at: last?.at ?? old?.last_at ?? '',
    problem_at: old?.problem_at ?? problem?.record ?? null,
    problem: old?.problem ?? problem?.why ?? null,
  };
  await tx
    .insertInto('view_repositories')
    .values(row)
    .onConflict((conflict) => conflict.column('repository').doUpdateSet(row))
    .execute();
}
