import { canonicalJson, digestOf } from '../core/digest.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { Broken } from './broken.ts';
import { Chain } from './chain.ts';
import { nameOf, type Chosen } from './choose-repositories.ts';
import { derive, rowsKept, type Derived, type Terms } from './derive.ts';
import { join } from './join-derived.ts';
import type { Question } from './question.ts';
import { requireBounded, type RepositoryEntry } from './package.ts';
import { pagesOf, type Ledger } from './read-ledger.ts';
import type { FileWriter } from './write-file.ts';

type Progress = Question['progress'];

/** The chains of the chosen repositories into one file, and what follows from them. */
export async function copyChains(
  ledger: Ledger,
  chosen: readonly Chosen[],
  terms: Terms,
  file: FileWriter,
  progress: Progress,
): Promise<{ readonly repositories: readonly RepositoryEntry[]; readonly derived: Derived }> {
  const repositories: RepositoryEntry[] = [];
  const parts: Derived[] = [];
  let [changes, rows] = [0, 0];
  for (const one of chosen) {
    const { entry, part } = await copyChain(ledger, one, terms, file, progress);
    repositories.push(entry);
    parts.push(part);
    changes += part.population.changes.length;
    rows += rowsKept(part);
    requireBounded('changes', changes);
    requireBounded('rows', rows);
  }
  return { repositories, derived: join(parts, terms) };
}

/** Checks the chain while it is copied: evidence of a broken one is none. */
async function copyChain(
  ledger: Ledger,
  { id, last }: Chosen,
  terms: Terms,
  file: FileWriter,
  progress: Progress,
): Promise<{ readonly entry: RepositoryEntry; readonly part: Derived }> {
  const chain = new Chain(id);
  const records: AuditRecord[] = [];
  let held = 0;
  for await (const page of pagesOf(ledger, id, last)) {
    for (const { text } of page) {
      records.push(chain.add(text, {}));
      held += text.length;
      await file.line(text);
    }
    requireBounded('records', held);
    progress(`${chain.name ?? ''}: ${records.length} of ${last} records`);
  }
  const name = chain.name ?? (await nameOf(ledger, id));
  return { entry: { id, name, records: records.length, head: chain.head }, part: derive(records, terms) };
}

/** Returns the texts of those that are `wanted`. */
export async function copyDocuments(
  ledger: Ledger,
  digests: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
  file: FileWriter,
  progress: Progress,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  let done = 0;
  for (const digest of [...digests].sort()) {
    const document = await ledger.document(digest);
    const where = `document ${digest}`;
    if (document === undefined) throw new Broken({ file: where }, 'A record names it, and it is not there.');
    if (digestOf(document.text) !== digest)
      throw new Broken({ file: where }, 'It has another content than its name says.');
    await file.line(canonicalJson({ digest, kind: document.kind, text: document.text }));
    if (wanted.has(digest)) texts.set(digest, document.text);
    if (++done % 100 === 0) progress(`${done} of ${digests.size} documents`);
  }
  return texts;
}
