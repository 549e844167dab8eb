import type { AuditRecord } from '../core/model/record.ts';
import type {
  Changes,
  CheckRow,
  CommentRow,
  Instant,
  Lease,
  PullRequestRow,
  RepositoryRow,
} from '../review/store.ts';
import { append, keepDocuments } from './ledger.ts';
import { holdLease, want } from './queue.ts';
import { linkTarget, toCheck, toComment, toPullRequest, toRepository } from './rows.ts';
import type { Transaction } from './tables.ts';
import { chunks, inTransaction, type Database } from './transaction.ts';

/** Everything that one step of a worker changes, as long as its lease holds. */
export function apply(
  database: Database,
  lease: Lease,
  changes: Changes,
  now: Instant,
): Promise<readonly AuditRecord[]> {
  return inTransaction(database, async (tx) => {
    await holdLease(tx, database, lease, changes.want ?? [], now);
    await forgetSignals(tx, lease.key, changes.handled ?? []);
    if (changes.repository !== undefined) await putRepository(tx, changes.repository);
    if (changes.pullRequest !== undefined) await putPullRequest(tx, changes.pullRequest);
    for (const check of changes.checks ?? []) await putCheck(tx, check);
    for (const comment of changes.comments ?? []) await putComment(tx, comment);
    if (changes.shown !== undefined) await show(tx, changes.shown);
    await keepDocuments(tx, changes.documents ?? []);
    await want(tx, changes.want ?? [], now);
    return append(tx, database, changes.records ?? []);
  });
}

/** Only those that wait at the subject of the lease. */
async function forgetSignals(tx: Transaction, key: string, ids: readonly number[]): Promise<void> {
  for (const some of chunks(ids))
    await tx.deleteFrom('signals').where('key', '=', key).where('id', 'in', some).execute();
}

async function putRepository(tx: Transaction, row: RepositoryRow): Promise<void> {
  const values = toRepository(row);
  await tx
    .insertInto('repositories')
    .values(values)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

async function putPullRequest(tx: Transaction, row: PullRequestRow): Promise<void> {
  const values = toPullRequest(row);
  const { repository, number } = values;
  await tx
    .insertInto('pull_requests')
    .values(values)
    .onConflict((conflict) => conflict.columns(['repository', 'number']).doUpdateSet(values))
    .execute();
  await tx.deleteFrom('links').where('repository', '=', repository).where('number', '=', number).execute();
  const targets = new Set((JSON.parse(row.links) as readonly string[]).map(linkTarget));
  for (const target of targets) await tx.insertInto('links').values({ repository, number, target }).execute();
}

async function putCheck(tx: Transaction, row: CheckRow): Promise<void> {
  const values = toCheck(row);
  await tx
    .insertInto('checks')
    .values(values)
    .onConflict((conflict) => conflict.columns(['repository', 'head', 'subject']).doUpdateSet(values))
    .execute();
}

async function putComment(tx: Transaction, row: CommentRow): Promise<void> {
  const values = toComment(row);
  await tx
    .insertInto('comments')
    .values(values)
    .onConflict((conflict) => conflict.columns(['repository', 'number', 'component']).doUpdateSet(values))
    .execute();
}

async function show(
  tx: Transaction,
  { repository, number, shown }: NonNullable<Changes['shown']>,
): Promise<void> {
  await tx
    .insertInto('shown')
    .values({ repository: repository.id, number, ...shown })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
