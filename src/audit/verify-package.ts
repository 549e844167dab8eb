import { digestOf } from '../core/digest.ts';
import { START, type Head } from '../core/ledger/chain.ts';
import { WAYS } from '../core/model/audit.ts';
import { VERSION } from '../core/version.generated.ts';
import { UserError } from '../review/errors.ts';
import { Broken } from './broken.ts';
import { derive, join, rowsKept, speaksOfBefore, termsOf, type Derived } from './derive.ts';
import { informationSheet } from './information.ts';
import * as files from './package.ts';
import type { FileEntry, Manifest } from './package.ts';
import { filesIn, HostileFile, textOf } from './read-file.ts';
import type { Sheet } from './sheet.ts';
import { sheetsOf } from './sheets.ts';
import { checkSignature, idOf, type TrustedKeys } from './sign.ts';
import { verification, type Findings, type Verification } from './verification.ts';
import { chainsOf } from './verify-records.ts';

export interface Trust {
  /** Undefined: whoever signed it is named, and nobody is expected. */
  readonly keys: TrustedKeys | undefined;
  readonly requireSignature: boolean;
}

/**
 * Checks a package with nothing but itself. What is inside comes first and the digests of the files last, so that what was
 * altered is named by line and record where that can be said.
 */
export function verifyPackage(folder: string, shown: string, trust: Trust): Promise<Verification> {
  return verification(shown, 'package', async (findings) => {
    const names = await filesIn(folder);
    if (![files.MANIFEST, ...files.PARTS].some((name) => names.includes(name)))
      throw new UserError(
        `${shown} is not an evidence package.`,
        'Name the folder that `threatgate evidence` wrote, or a file with records.',
      );
    const manifest = await checkManifest(folder, names, trust, findings);
    const derived = await checkRecords(folder, manifest, findings);
    await checkDocuments(folder, manifest, derived.documents, findings);
    checkCounts(manifest, derived, findings);
    await checkSheets(folder, manifest, derived, findings);
    for (const entry of manifest.files)
      if (!files.PARTS.some((part) => part === entry.name)) await checkOther(folder, entry, manifest);
    findings.saw('files, by size and digest', manifest.files.length);
  });
}

async function checkManifest(
  folder: string,
  names: readonly string[],
  trust: Trust,
  findings: Findings,
): Promise<Manifest> {
  if (!names.includes(files.MANIFEST)) throw new Broken({ file: files.MANIFEST }, 'It is missing.');
  const bytes = await whole(folder, files.MANIFEST, files.MOST_MANIFEST);
  const manifest = files.readManifest(textOf(bytes, { file: files.MANIFEST }));
  findings.digest = manifest.digest;
  await checkSigner(folder, names, manifest, bytes, trust, findings);
  const listed = manifest.files.map((file) => file.name);
  const parts: readonly string[] = files.partsOf(manifest.query);
  for (const name of [...parts, ...listed])
    if (!names.includes(name)) throw new Broken({ file: name }, 'It is missing.');
  for (const name of files.PARTS)
    if (listed.includes(name) !== parts.includes(name))
      throw new Broken(
        { file: files.MANIFEST },
        parts.includes(name) ? `It does not name ${name}.` : `It names ${name}, and no sample was asked for.`,
      );
  if (listed.some((name, n) => n > 0 && name <= (listed[n - 1] ?? '')))
    throw new Broken({ file: files.MANIFEST }, 'Its files are not in order.');
  const known = new Set([...listed, files.MANIFEST, files.SIGNATURE]);
  const extra = names.find((name) => !known.has(name));
  if (extra !== undefined) throw new Broken({ file: extra }, 'The manifest does not know it.');
  const { from, to } = manifest.query;
  if (Date.parse(from) >= Date.parse(to))
    throw new Broken({ file: files.MANIFEST }, 'Its period ends before it begins.');
  return manifest;
}

async function checkSigner(
  folder: string,
  names: readonly string[],
  { signer }: Manifest,
  bytes: Buffer,
  { keys, requireSignature }: Trust,
  findings: Findings,
): Promise<void> {
  const broken = (why: string): Broken => new Broken({ file: files.SIGNATURE }, why);
  if (!names.includes(files.SIGNATURE)) {
    if (signer !== null) throw broken(`It is missing: the manifest says that key ${signer} signed it.`);
    if (requireSignature || keys !== undefined) throw broken('The package is not signed.');
    findings.signature = { state: 'none' };
    return;
  }
  const text = textOf(await whole(folder, files.SIGNATURE, 10_000), { file: files.SIGNATURE });
  const fingerprint = checkSignature(text, bytes);
  const keyId = idOf(fingerprint);
  if (keyId !== signer) throw broken(`Key ${keyId} signed it, and the manifest names ${signer ?? 'none'}.`);
  const from = keys?.get(fingerprint);
  findings.signature =
    from === undefined ? { state: 'unknown-key', keyId } : { state: 'trusted', keyId, from };
  findings.saw('signature', 1);
  if (keys !== undefined && from === undefined)
    throw broken(
      `Key ${keyId} signed it, which is none of those that are trusted (${[...keys.keys()].map(idOf).join(', ')}).`,
    );
  if (requireSignature && from === undefined)
    throw broken(`Key ${keyId} signed it, and nothing says whose that is: name trusted keys with --trust.`);
}

async function whole(folder: string, name: string, most: number): Promise<Buffer> {
  const file = await HostileFile.in(folder, name);
  try {
    return await file.all(most);
  } finally {
    await file.close();
  }
}

/** Reads a file to its end, and compares what was read with the manifest. */
async function reading<T>(
  folder: string,
  name: string,
  manifest: Manifest,
  look: (file: HostileFile) => Promise<T>,
): Promise<T> {
  const stated = manifest.files.find((file) => file.name === name) as FileEntry;
  const file = await HostileFile.in(folder, name);
  try {
    const seen = await look(file);
    const { bytes, sha256 } = file.sum();
    if (bytes !== stated.bytes)
      throw new Broken({ file: name }, `It has ${bytes} bytes, and the manifest says ${stated.bytes}.`);
    if (sha256 !== stated.sha256)
      throw new Broken({ file: name }, 'It does not have the digest that the manifest says.');
    return seen;
  } finally {
    await file.close();
  }
}

/** A file of which the manifest knows no more than its digest. */
function checkOther(folder: string, { name, bytes }: FileEntry, manifest: Manifest): Promise<void> {
  return reading(folder, name, manifest, async (file) => {
    let left = bytes;
    for await (const piece of file.pieces()) {
      left -= piece.length;
      if (left < 0) throw new Broken({ file: name }, 'It is longer than the manifest says.');
    }
  });
}

/** The chains from their beginnings, and whether they are those of the manifest. */
function checkRecords(folder: string, manifest: Manifest, findings: Findings): Promise<Derived> {
  const terms = termsOf(manifest);
  const stated = statedIn(manifest);
  const parts: Derived[] = [];
  return reading(folder, files.RECORDS, manifest, async (file) => {
    let [count, changes, rows] = [0, 0, 0];
    for await (const { chain, records } of chainsOf(file)) {
      const end = { name: chain.name ?? '', records: records.length, head: chain.head };
      const place = { file: files.RECORDS, repository: end.name };
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
      files.requireBounded('changes', changes);
      files.requireBounded('rows', rows);
    }
    const missing = stated[parts.length];
    if (missing !== undefined)
      throw new Broken({ file: files.RECORDS, repository: missing.name }, 'Its records are missing.');
    findings.repositories.push(...manifest.repositories);
    findings.saw('records, each chain from its beginning', count);
    return join(parts, terms);
  });
}

/** The repositories that have records. One that was asked for by name may have none yet. */
function statedIn({ repositories }: Manifest): Manifest['repositories'] {
  for (const [n, entry] of repositories.entries()) {
    if (n > 0 && entry.id <= (repositories[n - 1]?.id ?? 0))
      throw new Broken({ file: files.MANIFEST, repository: entry.name }, 'It is not in order of the ids.');
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
  const place = { file: files.RECORDS, repository: found.name };
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
      throw new Broken(
        { file: files.RECORDS, repository: name },
        'No population follows from these records.',
      );
    throw cause;
  }
}

function checkDocuments(
  folder: string,
  manifest: Manifest,
  expected: ReadonlySet<string>,
  findings: Findings,
): Promise<void> {
  const digests = [...expected].sort();
  return reading(folder, files.DOCUMENTS, manifest, async (file) => {
    let count = 0;
    for await (const { line, text } of file.lines()) {
      const place = { file: file.name, line };
      const { digest, kind, text: content, ...more } = files.readCanonical(place, text);
      if (
        typeof content !== 'string' ||
        Object.keys(more).length > 0 ||
        (kind !== 'verdict' && kind !== 'policy')
      )
        throw new Broken(place, 'It is not a document as Threatgate writes it.');
      if (digestOf(content) !== digest)
        throw new Broken(place, 'The document does not have the digest it states.');
      if (digest !== digests[count])
        throw new Broken(
          place,
          `No record names this document here; ${digests[count] ?? 'no other'} is expected.`,
        );
      count++;
    }
    if (count < digests.length)
      throw new Broken(
        { file: file.name, line: count + 1 },
        `The document ${digests[count] ?? ''}, which a record names, is missing.`,
      );
    findings.saw('documents, each named by a record', count);
  });
}

function checkCounts(manifest: Manifest, { population }: Derived, findings: Findings): void {
  for (const way of WAYS)
    if (manifest.counts[way] !== population.counts[way])
      throw new Broken(
        { file: files.MANIFEST },
        `It counts ${manifest.counts[way]} changes as ${way}, and ${population.counts[way]} follow from the records.${hint(manifest)}`,
      );
  findings.saw('changes, counted anew from the records', population.changes.length);
}

/** The information sheet is the last one: it speaks of the others, and whoever altered one of them altered it as well. */
async function checkSheets(
  folder: string,
  manifest: Manifest,
  derived: Derived,
  findings: Findings,
): Promise<void> {
  const sheets = sheetsOf(derived, termsOf(manifest));
  const all = [...sheets, informationSheet(manifest, derived, sheets)];
  const [comparable, others] = [
    all.filter((sheet) => isOurs(manifest) || !sheet.ofVersion),
    all.filter((sheet) => !isOurs(manifest) && sheet.ofVersion),
  ];
  let rows = 0;
  for (const sheet of comparable) {
    await checkSheet(folder, manifest, sheet);
    rows += sheet.rows;
  }
  findings.saw('rows of tables, each made anew', rows);
  for (const { name } of others)
    await checkOther(folder, manifest.files.find((file) => file.name === name) as FileEntry, manifest);
  if (others.length > 0)
    findings.saw(`files that only version ${manifest.tool.version} can make anew, by digest`, others.length);
}

/** Another version may tell the same in other words and columns. */
const isOurs = ({ tool }: Manifest): boolean => tool.version === VERSION;
const hint = (manifest: Manifest): string =>
  isOurs(manifest)
    ? ''
    : ` It was made by version ${manifest.tool.version}, and this is ${VERSION}: ask that one too.`;

function checkSheet(folder: string, manifest: Manifest, sheet: Sheet): Promise<void> {
  const { name, end, differs } = sheet;
  const expected = sheet.lines()[Symbol.iterator]();
  return reading(folder, name, manifest, async (file) => {
    const comparable = (): ((line: string) => string) =>
      isOurs(manifest) ? (line) => line : sheet.essence();
    const [theirs, ours] = [comparable(), comparable()];
    let last = 0;
    for await (const { line, text } of file.lines()) {
      const next = expected.next();
      const place = { file: name, line };
      if (end === '\r\n' && !text.endsWith('\r')) throw new Broken(place, 'Its line end is not CR LF.');
      if (next.done === true) throw new Broken(place, 'Nothing in the records stands behind this row.');
      const found = end === '\r\n' ? text.slice(0, -1) : text;
      if (theirs(found) !== ours(next.value))
        throw new Broken(place, `${differs(found, next.value)}${hint(manifest)}`);
      last = line;
    }
    if (expected.next().done !== true) throw new Broken({ file: name, line: last + 1 }, 'Rows are missing.');
  });
}
