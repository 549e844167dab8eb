import { sql } from 'kysely';
import { START, type Head } from '../../core/ledger/chain.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Transaction } from '../tables.ts';
import { inTransaction } from '../transaction.ts';
import type { ViewDatabase } from './database.ts';
import { answersIn, changeOfPush, changesIn, standsAlone } from './derive.ts';
import { examine, readRecord, type Examined, type StoredRecord } from './examine.ts';
import { forget } from './forget.ts';
import { VERSION } from './schema.ts';
import { isIn } from './sql.ts';
import { writeBatch, type Batch } from './write-batch.ts';
import type { Numbers } from './written.ts';

/** What a process remembers between its batches. */
export interface Memory {
  /** Which making of the tables the numbers are of. */
  made: number;
  readonly numbers: Numbers;
}

/**
 * Takes in some records of one repository, or forgets one whose chain was removed; false when there is nothing to do, or
 * another process is at it. Whatever a record says, what was derived from its pull request is derived anew.
 */
export async function takeIn(database: ViewDatabase, memory: Memory): Promise<boolean> {
  try {
    return await inTransaction(database, (tx) => takeNext(tx, database, memory));
  } catch (error) {
    // What was numbered in a transaction that was given up has no number.
    memory.made = -1;
    throw error;
  }
}

async function takeNext(tx: Transaction, database: ViewDatabase, memory: Memory): Promise<boolean> {
  if (!(await hold(tx, database, memory))) return false;
  const gone = await removedChain(tx);
  if (gone !== undefined) {
    await forget(tx, database, gone);
    return true;
  }
  const next = await nextChain(tx);
  if (next === undefined) return false;
  const made = memory.made;
  memory.made = -1;
  if (next.taken > 0 && !(await isStill(tx, next))) await forget(tx, database, next.repository);
  else await takeFrom(tx, database, memory.numbers, next);
  memory.made = made;
  return true;
}

/** One process at a time: whoever comes second has nothing to do. */
async function hold(tx: Transaction, { engine }: ViewDatabase, memory: Memory): Promise<boolean> {
  const state = await tx
    .selectFrom('view_state')
    .select(['version', 'made'])
    .where('id', '=', 1)
    .$if(engine.locksRows, (query) => query.forUpdate().skipLocked())
    .executeTakeFirst();
  if (state?.version !== VERSION) return false;
  if (state.made !== memory.made) memory.numbers.clear();
  memory.made = state.made;
  return true;
}

interface NextChain {
  readonly repository: number;
  /** Where the chain ends, and how far it was taken in. */
  readonly sequence: number;
  readonly tip: string;
  readonly taken: number;
  readonly head: string;
  readonly problem: string | null;
}

/** Of those that have grown the one of which least was taken in, so that each has its turn. */
async function nextChain(tx: Transaction): Promise<NextChain | undefined> {
  const { rows } = await sql<NextChain>`
    select c.repository, c.sequence, c.hash as tip, coalesce(v.taken, 0) as taken,
      coalesce(v.head, ${START.hash}) as head, v.problem
    from chains c left join view_repositories v on v.repository = c.repository
    where c.sequence > coalesce(v.seen, 0) order by taken, c.repository limit 1`.execute(tx);
  return rows[0];
}

async function removedChain(tx: Transaction): Promise<number | undefined> {
  const { rows } = await sql<{ repository: number }>`
    select v.repository from view_repositories v left join chains c on c.repository = v.repository
    where c.repository is null or c.sequence < v.taken order by v.repository limit 1`.execute(tx);
  return rows[0]?.repository;
}

/** Whether the chain is the one that was taken in, and not another one that was begun after it was removed. */
async function isStill(tx: Transaction, { repository, taken, head }: NextChain): Promise<boolean> {
  const last = await tx
    .selectFrom('records')
    .select('hash')
    .where('repository', '=', repository)
    .where('sequence', '=', taken)
    .executeTakeFirst();
  return last?.hash === head;
}

async function takeFrom(
  tx: Transaction,
  database: ViewDatabase,
  numbers: Numbers,
  next: NextChain,
): Promise<void> {
  const { repository, taken, head } = next;
  const rows = await tx
    .selectFrom('records')
    .select(['sequence', 'previous', 'hash', 'pull_request', 'text'])
    .where('repository', '=', repository)
    .where('sequence', '>', taken)
    .orderBy('sequence')
    .limit(database.limits.batch)
    .execute();
  const examined = examine(rows, repository, { sequence: taken, hash: head });
  const isAll = rows.length < database.limits.batch;
  await writeBatch(tx, database, numbers, {
    repository,
    ...examined,
    problem: examined.problem ?? (isAll ? problemAtEnd(next, examined.head) : undefined),
    read: rows.length,
    // Nothing more is there, even if the chain says so: it is looked at again when it has grown.
    seen: isAll ? Math.max(next.sequence, examined.head.sequence) : examined.head.sequence,
    ...(await derived(tx, database, repository, examined)),
  });
}

function problemAtEnd({ sequence, tip }: NextChain, head: Head): Examined['problem'] {
  if (head.sequence < sequence) return { record: head.sequence + 1, why: 'it is missing' };
  return head.sequence === sequence && head.hash !== tip
    ? { record: sequence, why: 'it is not the one with which the chain has to end' }
    : undefined;
}

/** Of every pull request that a new record is about, from its whole trail. */
async function derived(
  tx: Transaction,
  database: ViewDatabase,
  repository: number,
  { records, head }: Examined,
): Promise<Pick<Batch, 'pulls' | 'changes' | 'answers'>> {
  const pulls = [...new Set(records.flatMap((r) => r.pullRequest ?? []))];
  const trails = await trailsOf(tx, database, repository, pulls, records, head.sequence);
  const isLoose = records.some((r) => r.kind === 'answered' && r.pullRequest === undefined);
  const loose = isLoose ? await looseAnswers(tx, repository, head.sequence) : [];
  return {
    pulls: isLoose ? [...pulls, null] : pulls,
    changes: [...trails.flatMap(changesIn), ...records.filter(standsAlone).map(changeOfPush)],
    answers: [...trails, loose].flatMap(answersIn),
  };
}

async function trailsOf(
  tx: Transaction,
  { engine }: ViewDatabase,
  repository: number,
  pulls: readonly number[],
  fresh: readonly AuditRecord[],
  last: number,
): Promise<readonly (readonly AuditRecord[])[]> {
  if (pulls.length === 0) return [];
  const first = fresh[0]?.sequence ?? last;
  const rows = await tx
    .selectFrom('records')
    .select(['sequence', 'previous', 'hash', 'pull_request', 'text'])
    .where('repository', '=', repository)
    .where(isIn(engine, 'pull_request', pulls))
    .where('sequence', '<', first)
    .execute();
  const all = [...readable(rows, repository), ...fresh.filter((r) => r.pullRequest !== undefined)];
  return [...Map.groupBy(all, (r) => r.pullRequest).values()];
}

async function looseAnswers(
  tx: Transaction,
  repository: number,
  last: number,
): Promise<readonly AuditRecord[]> {
  const rows = await tx
    .selectFrom('records')
    .select(['sequence', 'previous', 'hash', 'pull_request', 'text'])
    .where('repository', '=', repository)
    .where('kind', '=', 'answered')
    .where('pull_request', 'is', null)
    .where('sequence', '<=', last)
    .execute();
  return readable(rows, repository);
}

function readable(rows: readonly StoredRecord[], repository: number): readonly AuditRecord[] {
  return rows.toSorted((a, b) => a.sequence - b.sequence).flatMap((row) => readRecord(row, repository) ?? []);
}
