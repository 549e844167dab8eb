import { sql } from 'kysely';
import { instantOf } from '../../core/audit/instants.ts';
import { boundsOfOutage } from '../../core/audit/view-rows.ts';
import { text } from '../../core/audit/details.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Transaction } from '../tables.ts';
import type { Database } from '../transaction.ts';
import { knownAt } from './derive.ts';
import { shortWord } from './keys.ts';
import { EARLIEST, LATEST, tableOf } from './sql.ts';

/** By what else a record is found: outages, models, names of tickets and of what was explained, of its repository, documents. */
export async function writeFacets(
  tx: Transaction,
  { engine }: Database,
  records: readonly AuditRecord[],
): Promise<void> {
  const place = { repository: 'bigint', record: 'bigint' } as const;
  const insert = async (
    table: string,
    columns: Parameters<typeof tableOf>[2],
    rows: Parameters<typeof tableOf>[3],
  ): Promise<void> => {
    if (rows.length === 0) return;
    const names = sql.raw(Object.keys(columns).join(', '));
    await sql`insert into ${sql.raw(table)} (${names}) select ${names} from ${tableOf(engine, 'written', columns, rows)}
      where true on conflict do nothing`.execute(tx);
  };
  const of = (kind: string): readonly AuditRecord[] => records.filter((r) => r.kind === kind);
  const bound = (instant: number): number => Math.max(EARLIEST, Math.min(LATEST, instant));
  await insert(
    'view_outages',
    { ...place, at: 'bigint', since: 'bigint', until: 'bigint' },
    of('gate-outage').map((r) => {
      const { from, until } = boundsOfOutage(r);
      return [r.repository.id, r.sequence, instantOf(r.at), bound(from), bound(until)];
    }),
  );
  await insert(
    'view_models',
    { ...place, since: 'bigint' },
    of('model-recorded').map((r) => [r.repository.id, r.sequence, knownAt(r)]),
  );
  await insert(
    'view_names',
    { ...place, purpose: 'text', name: 'text' },
    records.flatMap((r) => {
      const name = text(r.details[r.kind === 'ticket' ? 'key' : 'of']);
      return (r.kind === 'ticket' || r.kind === 'exception-explained') && name !== undefined
        ? [[r.repository.id, r.sequence, r.kind, shortWord(name)]]
        : [];
    }),
  );
  const called = new Set(
    records.map((r) => JSON.stringify([r.repository.name.toLowerCase(), r.repository.id])),
  );
  await insert(
    'view_called',
    { name_key: 'text', repository: 'bigint' },
    [...called].map((each) => JSON.parse(each) as readonly [string, number]),
  );
  await insert(
    'view_documents',
    { digest: 'text', repository: 'bigint' },
    records.flatMap((r) => {
      const digest = r.details['document'];
      return typeof digest === 'string' && digest.length <= 100 ? [[digest, r.repository.id]] : [];
    }),
  );
}
