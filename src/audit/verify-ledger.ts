import { digestOf } from '../core/digest.ts';
import { START, type Head } from '../core/ledger/chain.ts';
import { DOCUMENT_KINDS } from '../review/store.ts';
import { Broken } from './broken.ts';
import { derive, rowsKept, speaksOfBefore, termsOf, type Derived } from './derive.ts';
import { join } from './join-derived.ts';
import { readCanonical, requireBounded, type Manifest } from './package.ts';
import { DOCUMENTS, MANIFEST, RECORDS } from './parts.ts';
import { reading } from './stated-file.ts';
import type { Findings } from './verification.ts';
import { chainsOf } from './verify-records.ts';

/** The chains from their beginnings, and whether they are those of the manifest. */
export function checkRecords(folder: string, manifest: Manifest, findings: Findings): Promise<Derived> {
  const terms = termsOf(manifest);
  const stated = statedIn(manifest);
  const parts: Derived[] = [];
  return reading(folder, RECORDS, manifest, async (file) => {
    let [count, changes, rows] = [0, 0, 0];
    for await (const { chain, records } of chainsOf(file)) {
      const end = { name: chain.name ?? '', records: records.length, head: chain.head };
      const place = { file: RECORDS, repository: end.name };
      const entry = stated[parts.length];
      if (entry?.id !== chain.repository)
        throw new Broken(place, 'The manifest does not name this repository here.');
      requireEnd(entry, end);
      const last = records.at(-1);
      if (last && !speaksOfBefore(last, terms.period.to))
        throw new Broken({ ...place, sequence: last.sequence }, 'It is later than the period.');
      const part = safely(end.name, () => derive(records, terms));
      parts.push(part);
      count += records.length;
      changes += part.population.changes.length;
      rows += rowsKept(part);
      requireBounded('changes', changes);
      requireBounded('rows', rows);
    }
    const missing = stated[parts.length];
    if (missing !== undefined)
      throw new Broken({ file: RECORDS, repository: missing.name }, 'Its records are missing.');
    findings.repositories.push(...manifest.repositories);
    findings.saw('records, each chain from its beginning', count);
    return join(parts, terms);
  });
}

/** The repositories that have records. One that was asked for by name may have none yet. */
function statedIn({ repositories }: Manifest): Manifest['repositories'] {
  for (const [n, entry] of repositories.entries()) {
    if (n > 0 && entry.id <= (repositories[n - 1]?.id ?? 0))
      throw new Broken({ file: MANIFEST, repository: entry.name }, 'It is not in order of the ids.');
    if (entry.records === 0) requireEnd(entry, { name: entry.name, records: 0, head: START });
  }
  return repositories.filter((entry) => entry.records > 0);
}

interface End {
  readonly name: string;
  readonly records: number;
  readonly head: Head;
}

function requireEnd(stated: End, found: End): void {
  const place = { file: RECORDS, repository: found.name };
  if (stated.name !== found.name) throw new Broken(place, `The manifest calls it ${stated.name}.`);
  if (stated.records !== found.records)
    throw new Broken(place, `It has ${found.records} records, and the manifest says ${stated.records}.`);
  if (stated.head.sequence !== found.head.sequence || stated.head.hash !== found.head.hash)
    throw new Broken({ ...place, sequence: found.head.sequence }, 'The manifest names another last record.');
}

/** Records of somebody else may be sound by their hashes and still be nothing that we ever wrote. */
function safely(name: string, deriving: () => Derived): Derived {
  try {
    return deriving();
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError)
      throw new Broken({ file: RECORDS, repository: name }, 'No population follows from these records.');
    throw cause;
  }
}

/** Returns the texts of those that are `wanted`. */
export function checkDocuments(
  folder: string,
  manifest: Manifest,
  { expected, wanted }: { readonly expected: ReadonlySet<string>; readonly wanted: ReadonlySet<string> },
  findings: Findings,
): Promise<ReadonlyMap<string, string>> {
  const digests = [...expected].sort();
  return reading(folder, DOCUMENTS, manifest, async (file) => {
    const texts = new Map<string, string>();
    let count = 0;
    for await (const { line, text } of file.lines()) {
      const place = { file: file.name, line };
      const { digest, kind, text: content, ...more } = readCanonical(place, text);
      if (
        typeof content !== 'string' ||
        Object.keys(more).length > 0 ||
        !DOCUMENT_KINDS.some((known) => known === kind)
      )
        throw new Broken(place, 'It is not a document as Threatgate writes it.');
      if (digestOf(content) !== digest)
        throw new Broken(place, 'The document does not have the digest it states.');
      if (digest !== digests[count])
        throw new Broken(
          place,
          `No record names this document here; ${digests[count] ?? 'no other'} is expected.`,
        );
      if (wanted.has(digest)) texts.set(digest, content);
      count++;
    }
    if (count < digests.length)
      throw new Broken(
        { file: file.name, line: count + 1 },
        `The document ${digests[count] ?? ''}, which a record names, is missing.`,
      );
    findings.saw('documents, each named by a record', count);
    return texts;
  });
}
