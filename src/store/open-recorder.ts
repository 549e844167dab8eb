import { parseRecord } from '../core/ledger/chain.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { Document, RecordQuery } from '../review/store.ts';
import type { RepositoryRef } from '../review/work.ts';
import { append, document, keepDocuments, recordTexts } from './ledger.ts';
import { openDatabase } from './open-database.ts';
import type { Place } from './place.ts';
import type { Queries } from './tables.ts';
import { inTransaction } from './transaction.ts';

/**
 * The audit trail for whoever adds to it without working in the queue: commands of an administrator. The service may go on
 * beside it, as each chain is locked while it grows, and what is on record already is not written again.
 */
export interface Recorder {
  /** All of it or nothing, documents first. Returns what was new, in the order of the drafts of each repository. */
  append(drafts: readonly RecordDraft[], documents?: readonly Document[]): Promise<readonly AuditRecord[]>;
  /** Oldest first. */
  records(query: RecordQuery): Promise<readonly AuditRecord[]>;
  document(digest: string): Promise<Document | undefined>;
  /** Everything with a record, by number, each with the name in its last record. */
  repositories(): Promise<readonly RepositoryRef[]>;
  close(): Promise<void>;
}

/** Makes the database or its tables where they are missing: who wants one that is there already looks first. */
export async function openRecorder(place: Place): Promise<Recorder> {
  const database = await openDatabase(place);
  return {
    append: (drafts, documents = []) =>
      inTransaction(database, async (tx) => {
        await keepDocuments(tx, documents);
        return append(tx, database, drafts);
      }),
    records: async (query) => (await recordTexts(database, query)).map(parseRecord),
    document: (digest) => document(database, digest),
    repositories: () => named(database.queries),
    close: () => database.queries.destroy(),
  };
}

async function named(queries: Queries): Promise<readonly RepositoryRef[]> {
  const rows = await queries
    .selectFrom('records')
    .innerJoin('chains', (join) =>
      join
        .onRef('chains.repository', '=', 'records.repository')
        .onRef('chains.sequence', '=', 'records.sequence'),
    )
    .select('records.text')
    .orderBy('records.repository')
    .execute();
  return rows.map((row) => parseRecord(row.text).repository);
}
