import { parseRecord, seal, START, type Head } from '../core/ledger/chain.ts';
import { digestOf } from '../core/digest.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { Document, RecordQuery } from '../review/store.ts';
import type { Transaction } from './tables.ts';
import { chunks, type Database } from './transaction.ts';

/**
 * Appends to the chains of the repositories that the drafts are about. What is there already, by repository, kind and source,
 * is left out. Two appenders of one chain come one after the other: its row in `chains` is locked until the transaction ends.
 */
export async function append(
  tx: Transaction,
  database: Database,
  drafts: readonly RecordDraft[],
): Promise<readonly AuditRecord[]> {
  const added: AuditRecord[] = [];
  const repositories = [...new Set(drafts.map((draft) => draft.repository.id))].sort((a, b) => a - b);
  for (const repository of repositories) {
    const head = await lockChain(tx, database, repository);
    const ours = drafts.filter((draft) => draft.repository.id === repository);
    added.push(...(await extend(tx, head, await withoutKnown(tx, repository, ours))));
  }
  return added;
}

async function lockChain(tx: Transaction, { engine }: Database, repository: number): Promise<Head> {
  const read = (): Promise<Head | undefined> =>
    tx
      .selectFrom('chains')
      .select(['sequence', 'hash'])
      .where('repository', '=', repository)
      .$if(engine.locksRows, (query) => query.forUpdate())
      .executeTakeFirst();
  const head = await read();
  if (head !== undefined) return head;
  await tx
    .insertInto('chains')
    .values({ repository, ...START })
    .onConflict((conflict) => conflict.column('repository').doNothing())
    .execute();
  return (await read()) ?? START;
}

/** What a record is about: at most one per repository has it. */
const about = ({ kind, source }: { readonly kind: string; readonly source: string }): string =>
  `${kind} ${source}`;

async function withoutKnown(
  tx: Transaction,
  repository: number,
  drafts: readonly RecordDraft[],
): Promise<readonly RecordDraft[]> {
  const known = new Set<string>();
  for (const some of chunks(drafts)) {
    const rows = await tx
      .selectFrom('records')
      .select(['kind', 'source'])
      .where('repository', '=', repository)
      .where('kind', 'in', [...new Set(some.map((draft) => draft.kind))])
      .where('source', 'in', [...new Set(some.map((draft) => draft.source))])
      .execute();
    for (const row of rows) known.add(about(row));
  }
  return drafts.filter((draft) => {
    const isNew = !known.has(about(draft));
    known.add(about(draft));
    return isNew;
  });
}

async function extend(
  tx: Transaction,
  start: Head,
  drafts: readonly RecordDraft[],
): Promise<readonly AuditRecord[]> {
  const first = drafts[0];
  if (first === undefined) return [];
  let head = start;
  const rows = drafts.map((draft) => {
    const previous = head.hash;
    const sealed = seal(draft, head);
    head = sealed.head;
    return {
      repository: draft.repository.id,
      ...head,
      previous,
      kind: draft.kind,
      source: draft.source,
      at: draft.at,
      actor: draft.actor?.id ?? null,
      pull_request: draft.pullRequest ?? null,
      text: sealed.text,
    };
  });
  for (const some of chunks(rows)) await tx.insertInto('records').values(some).execute();
  await tx.updateTable('chains').set(head).where('repository', '=', first.repository.id).execute();
  return rows.map((row) => parseRecord(row.text));
}

export async function recordTexts(
  { queries }: Database,
  { repository, pullRequest, kinds, from, most }: RecordQuery,
): Promise<readonly string[]> {
  let query = queries.selectFrom('records').select('text').where('repository', '=', repository);
  if (pullRequest !== undefined) query = query.where('pull_request', '=', pullRequest);
  if (kinds !== undefined) query = query.where('kind', 'in', kinds.length === 0 ? [''] : kinds);
  if (from !== undefined) query = query.where('sequence', '>=', from);
  if (most !== undefined) query = query.limit(most);
  return (await query.orderBy('sequence').execute()).map((row) => row.text);
}

/** Each once: the digest is the content. */
export async function keepDocuments(tx: Transaction, documents: readonly Document[]): Promise<void> {
  for (const { digest, kind, text } of documents) {
    if (digest !== digestOf(text)) throw new Error(`A document of another content is called ${digest}.`);
    const there = await tx
      .selectFrom('documents')
      .select('digest')
      .where('digest', '=', digest)
      .executeTakeFirst();
    if (there !== undefined) continue;
    await tx
      .insertInto('documents')
      .values({ digest, kind, text })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute();
  }
}

export async function document({ queries }: Database, digest: string): Promise<Document | undefined> {
  const row = await queries
    .selectFrom('documents')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, kind: row.kind as Document['kind'] };
}
