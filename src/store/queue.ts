import { sql, type Expression, type SqlBool } from 'kysely';
import { LeaseLost, type Backlog, type Instant, type Lease, type Queue } from '../review/store.ts';
import { keyOf, type Subject, type Work } from '../review/work.ts';
import type { Transaction, WorkTable } from './tables.ts';
import { chunks, inTransaction, type Database } from './transaction.ts';

/**
 * One row per subject, with two counters: every event adds to `wanted`, and a finished look raises `done` to what was wanted
 * when it began. So an event during a look is never lost, and a hundred events are one look. A lease is a token and an
 * instant in the row; whoever has neither the token nor the time any more changes nothing.
 */
export function queueOver(database: Database): Queue {
  return {
    want: (work, now) => inTransaction(database, (tx) => want(tx, work, now)),
    claim: (token, now, until) => claim(database, token, now, until),
    renew: (lease, now, until) => settle(database, lease, now, { lease_until: until }),
    finish: (lease, now) =>
      settle(database, lease, now, {
        ...FREE,
        done: lease.wanted,
        attempts: 0,
        reason: null,
        since: now,
        next_at: now,
      }),
    postpone: (lease, now, at, reason, failed) =>
      settle(database, lease, now, {
        ...FREE,
        attempts: sql<number>`attempts + ${failed ? 1 : 0}`,
        next_at: at,
        reason,
      }),
    pause: (installation, until, reason) => pause(database, installation, until, reason),
    backlog: (now) => backlog(database, now),
    nextDue: () => nextDue(database),
  };
}

const FREE = { token: null, lease_until: null } as const;

/** Written out, as in the definition of the index that answers it. */
const isWaiting = sql<SqlBool>`wanted > done`;

/** In the order of the keys, so that two who ask for the same subjects wait for each other instead of blocking each other. */
export async function want(tx: Transaction, work: readonly Work[], now: Instant): Promise<void> {
  const asked = new Map<string, { work: Work; times: number }>();
  for (const one of work) {
    const key = keyOf(one);
    asked.set(key, { work: one, times: (asked.get(key)?.times ?? 0) + 1 });
  }
  const rows = [...asked]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { work: one, times }]) => ({
      key,
      installation: one.installation,
      subject: JSON.stringify(one.subject),
      wanted: times,
      done: 0,
      since: now,
      next_at: now,
      attempts: 0,
    }));
  for (const some of chunks(rows))
    await tx
      .insertInto('work')
      .values(some)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet({
          installation: sql`excluded.installation`,
          subject: sql`excluded.subject`,
          wanted: sql`work.wanted + excluded.wanted`,
          since: sql`case when work.wanted > work.done then work.since else excluded.since end`,
          // What is new ends a back-off. Limits are waited for by pausing the installation.
          next_at: sql`case when work.next_at < excluded.next_at then work.next_at else excluded.next_at end`,
        }),
      )
      .execute();
}

async function claim(
  database: Database,
  token: string,
  now: Instant,
  until: Instant,
): Promise<Lease | undefined> {
  const row = await inTransaction(database, (tx) =>
    tx
      .updateTable('work')
      .set({ token, lease_until: until })
      .where('key', '=', (query) =>
        query
          .selectFrom('work as due')
          .select('due.key')
          .where(isWaiting)
          .where('due.next_at', '<=', now)
          .where((is) => is.or([is('due.lease_until', 'is', null), is('due.lease_until', '<=', now)]))
          .where((is) =>
            is.not(
              is.exists(
                is
                  .selectFrom('installations')
                  .select('installations.id')
                  .whereRef('installations.id', '=', 'due.installation')
                  .where('installations.paused_until', '>', now),
              ),
            ),
          )
          .orderBy('due.since')
          .orderBy('due.key')
          .limit(1)
          .$if(database.engine.locksRows, (rows) => rows.forUpdate('due').skipLocked()),
      )
      .returning(['key', 'installation', 'subject', 'wanted', 'attempts', 'since'])
      .executeTakeFirst(),
  );
  if (row === undefined) return undefined;
  const { key, installation, subject, wanted, attempts, since } = row;
  const work = { installation, subject: JSON.parse(subject) as Subject };
  return { key, work, token, wanted, attempts, since };
}

type Settlement = { readonly [C in keyof WorkTable]?: WorkTable[C] | Expression<WorkTable[C]> };

/** Changes a row in the name of its lease. */
async function settle(database: Database, lease: Lease, now: Instant, values: Settlement): Promise<void> {
  const { numUpdatedRows } = await inTransaction(database, (tx) =>
    tx
      .updateTable('work')
      .set(values)
      .where('key', '=', lease.key)
      .where('token', '=', lease.token)
      .where('lease_until', '>', now)
      .executeTakeFirstOrThrow(),
  );
  if (numUpdatedRows === 0n) throw lost(lease);
}

/**
 * Makes sure that a lease is held until the end of the transaction. The subjects that it will ask for are locked with it, in
 * the order of their keys, as `want` does.
 */
export async function holdLease(
  tx: Transaction,
  { engine }: Database,
  lease: Lease,
  also: readonly Work[],
  now: Instant,
): Promise<void> {
  const keys = [...new Set([lease.key, ...also.map(keyOf)])];
  const rows = await tx
    .selectFrom('work')
    .select(['key', 'token', 'lease_until'])
    .where('key', 'in', keys)
    .orderBy('key')
    .$if(engine.locksRows, (query) => query.forUpdate())
    .execute();
  const ours = rows.find((row) => row.key === lease.key);
  if (ours?.token !== lease.token || ours.lease_until === null || ours.lease_until <= now) throw lost(lease);
}

function lost(lease: Lease): LeaseLost {
  return new LeaseLost(`The lease on ${lease.key} ran out.`);
}

/** Of two limits the longer one counts. */
async function pause(
  database: Database,
  installation: number,
  until: Instant,
  reason: string,
): Promise<void> {
  await inTransaction(database, (tx) =>
    tx
      .insertInto('installations')
      .values({ id: installation, paused_until: until, reason })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ paused_until: until, reason })
          .where('installations.paused_until', '<', until),
      )
      .execute(),
  );
}

async function backlog({ queries }: Database, now: Instant): Promise<Backlog> {
  const { waiting, leased, oldest } = await queries
    .selectFrom('work')
    .select(({ fn }) => [
      fn.count<number>('key').as('waiting'),
      fn.count<number>('key').filterWhere('lease_until', '>', now).as('leased'),
      fn.min<Instant | null>('since').as('oldest'),
    ])
    .where(isWaiting)
    .executeTakeFirstOrThrow();
  return { waiting: waiting - leased, leased, ...(oldest === null ? {} : { oldest }) };
}

async function nextDue({ engine, queries }: Database): Promise<Instant | undefined> {
  const greatest = sql.raw(engine.greatest);
  const { at } = await queries
    .selectFrom('work')
    .leftJoin('installations', 'installations.id', 'work.installation')
    .select(
      sql<Instant | null>`min(${greatest}(next_at, coalesce(lease_until, ''), coalesce(paused_until, '')))`.as(
        'at',
      ),
    )
    .where(isWaiting)
    .executeTakeFirstOrThrow();
  return at ?? undefined;
}
