import { digestOf } from '../core/digest.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { Broken } from './broken.ts';
import { Chain } from './chain.ts';
import { documentOf } from './derive.ts';
import { pagesOf, type Ledger, type RecordRow } from './read-ledger.ts';
import { verification, type Findings, type Verification } from './verification.ts';

const PAGE = 100;

/** Where a document is named first. */
type Named = Map<string, { readonly repository: string; readonly sequence: number }>;

/** Every record of a database, from the beginning of each chain, and every document. The service may go on writing. */
export function verifyDatabase(ledger: Ledger, shown: string): Promise<Verification> {
  return verification(shown, 'database', async (findings) => {
    const named: Named = new Map();
    let count = 0;
    for (const id of await ledger.repositories()) count += await checkChain(ledger, id, named, findings);
    findings.saw('records, each chain from its beginning', count);
    findings.saw('documents, each with the digest it is called by', await checkDocuments(ledger, named));
    const removals = await ledger.removals();
    if (removals.length > 0) findings.removed = removals.map(removalOf);
  });
}

type Removal = Awaited<ReturnType<Ledger['removals']>>[number];

const removalOf = (line: Removal): NonNullable<Verification['removed']>[number] => ({
  name: line.name,
  records: line.sequence,
  hash: line.hash,
  at: line.removed_at,
  by: line.removed_by,
  archive: line.archive,
});

async function checkChain(ledger: Ledger, id: number, named: Named, findings: Findings): Promise<number> {
  const before = await ledger.head(id);
  const chain = new Chain(id);
  let hashThen: string | undefined;
  for await (const page of pagesOf(ledger, id))
    for (const row of page) {
      const record = chain.add(row.text, {});
      compareColumns(row, record);
      if (row.sequence === before?.sequence) hashThen = row.hash;
      const document = documentOf(record);
      if (document !== undefined && !named.has(document))
        named.set(document, { repository: record.repository.name, sequence: record.sequence });
    }
  const { sequence } = chain.head;
  const repository = chain.name ?? `repository ${id}`;
  const after = await ledger.head(id);
  if (before === undefined || after === undefined)
    throw new Broken({ repository }, 'Its chain is not in the table of chains.');
  // Records that came meanwhile are behind the first reading of the head and not behind the second.
  if (before.sequence > 0 && hashThen !== before.hash)
    throw new Broken(
      { repository, sequence: before.sequence },
      'The chain is said to end with another record than there is.',
    );
  if (sequence > after.sequence)
    throw new Broken({ repository, sequence }, 'It stands behind the end of its chain.');
  if (sequence > 0) findings.repositories.push({ id, name: repository, records: sequence, head: chain.head });
  return sequence;
}

/** The columns are what queries look for: one that tells another story would hide a record. */
function compareColumns(row: RecordRow, record: AuditRecord): void {
  const stated: Omit<RecordRow, 'text'> = {
    repository: record.repository.id,
    sequence: record.sequence,
    previous: record.previous,
    hash: record.hash,
    kind: record.kind,
    source: record.source,
    at: record.at,
    actor: record.actor?.id ?? null,
    pull_request: record.pullRequest ?? null,
  };
  for (const [column, value] of Object.entries(stated))
    if (row[column as keyof RecordRow] !== value)
      throw new Broken(
        { repository: record.repository.name, sequence: record.sequence },
        `Its column ${column} says something else than the record itself.`,
      );
}

async function checkDocuments(ledger: Ledger, named: Named): Promise<number> {
  let after = '';
  let count = 0;
  for (;;) {
    const page = await ledger.documents(after, PAGE);
    for (const { digest, text } of page) {
      if (digestOf(text) !== digest)
        throw new Broken(
          { file: `document ${digest}`, ...named.get(digest) },
          'It has another content than its name says.',
        );
      named.delete(digest);
      after = digest;
    }
    count += page.length;
    if (page.length === 0) break;
  }
  for (const [digest, place] of named)
    throw new Broken({ file: `document ${digest}`, ...place }, 'The record names it, and it is not there.');
  return count;
}
