import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CATALOGUE_VERSION } from '../core/catalogue/catalogue.generated.ts';
import { canonicalJson, digestOf } from '../core/digest.ts';
import type { Period } from '../core/model/audit.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { RULES_VERSION, VERSION } from '../core/version.generated.ts';
import { UserError } from '../review/errors.ts';
import { Broken, whereOf } from './broken.ts';
import { Chain } from './chain.ts';
import {
  derive,
  join as joined,
  rowsKept,
  speaksOfBefore,
  termsOf,
  type Derived,
  type Terms,
} from './derive.ts';
import { informationSheet } from './information.ts';
import * as files from './package.ts';
import type { FileEntry, Manifest, RepositoryEntry } from './package.ts';
import { pagesOf, type Ledger } from './read-ledger.ts';
import type { Sheet } from './sheet.ts';
import { sheetsOf } from './sheets.ts';
import { keyIdOf, signManifest } from './sign.ts';
import { FileWriter } from './write-file.ts';

export interface Question {
  readonly period: Period;
  /** Names; undefined for all there are. */
  readonly repositories: readonly string[] | undefined;
  /** Undefined: nothing is drawn. */
  readonly sample: { readonly size: number; readonly seed: string } | undefined;
  /** Folder that does not exist yet, or is empty. */
  readonly output: string;
  readonly key: KeyObject | undefined;
  readonly generatedAt: string;
  /** Told what is being done, for a person who waits. */
  readonly progress: (text: string) => void;
}

export interface Made {
  readonly manifest: Omit<Manifest, 'digest'>;
  readonly digest: string;
  readonly documents: number;
  /** Rows of the files with exceptions, of the register, and of the sample. */
  readonly exceptions: number;
  readonly answers: number;
  readonly drawn: number;
}

/** Writes a package, all of it or nothing: beside its place first, and then under its name. */
export async function makePackage(ledger: Ledger, question: Question): Promise<Made> {
  const { output } = question;
  await requireFree(output);
  const chosen = await choose(ledger, question);
  const folder = await mkdtemp(join(dirname(output), `.${basename(output)}-`)).catch(notWritten(output));
  try {
    const made = await fill(folder, ledger, question, chosen);
    // An empty folder gives way; anything that came into it meanwhile stays, and the renaming fails.
    await rmdir(output).catch(() => undefined);
    await rename(folder, output).catch(notWritten(output));
    return made;
  } catch (error) {
    if (error instanceof Broken)
      throw new UserError(
        `The audit trail is broken at ${whereOf(error.place)}: ${error.why}`,
        'No evidence is made of it. `threatgate verify --database` tells more.',
        { cause: error },
      );
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const notWritten =
  (path: string) =>
  (cause: unknown): never => {
    throw new UserError(
      `${path} could not be written.`,
      'Check that the folder above it exists and that you may write there.',
      { cause },
    );
  };

async function requireFree(output: string): Promise<void> {
  const found = await stat(output).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return notWritten(output)(error);
  });
  if (found === undefined) return;
  if (found.isDirectory() && (await readdir(output).catch(notWritten(output))).length === 0) return;
  throw new UserError(
    `${output} is there already${found.isDirectory() ? ' and is not empty' : ' and is not a folder'}.`,
    'Name another folder with --output: evidence is never written over.',
  );
}

/** A repository of the question, and the last of its records that belongs to it; 0 for none. */
interface Chosen {
  readonly id: number;
  readonly last: number;
}

/** A first pass over the records: which repositories there are, and where the package ends in each. */
async function choose(
  ledger: Ledger,
  { period, repositories, progress }: Question,
): Promise<readonly Chosen[]> {
  const known = new Map<number, string>();
  const names = new Set(repositories?.map((name) => name.toLowerCase()));
  const chosen: Chosen[] = [];
  let inPeriod = false;
  for (const id of await ledger.repositories()) {
    const name = await nameOf(ledger, id);
    known.set(id, name);
    if (repositories !== undefined && !names.has(name.toLowerCase())) continue;
    progress(`Looking through ${name}`);
    let last = 0;
    for await (const page of pagesOf(ledger, id))
      for (const { sequence, text } of page) {
        const record = parsed(text);
        // What cannot be read is named with its place when it is checked.
        if (record !== undefined && !speaksOfBefore(record, period.to)) continue;
        last = sequence;
        inPeriod ||= record === undefined || !speaksOfBefore(record, period.from);
      }
    if (last > 0 || repositories !== undefined) chosen.push({ id, last });
  }
  requireKnown(repositories ?? [], [...known.values()]);
  if (inPeriod) return chosen;
  throw new UserError(
    `There is no record from ${period.from} to ${period.to}${repositories === undefined ? '' : ` in ${repositories.join(', ')}`}.`,
    'Check --from, --to and --database: a time without a single record is not evidence of a time without changes.',
  );
}

/** Its name in the last record: what it is called now. */
async function nameOf(ledger: Ledger, id: number): Promise<string> {
  const { sequence = 0 } = (await ledger.head(id)) ?? {};
  const [row] = await ledger.rows(id, sequence - 1, 1);
  return (row && parsed(row.text)?.repository.name) ?? `repository ${id}`;
}

/** The parts of a record that are needed before it is checked; undefined when it has not even these. */
function parsed(text: string): AuditRecord | undefined {
  try {
    const record = JSON.parse(text) as AuditRecord;
    return typeof record.at === 'string' &&
      typeof record.details === 'object' &&
      typeof record.repository.name === 'string'
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}

const MOST_NAMED = 20;

function requireKnown(asked: readonly string[], known: readonly string[]): void {
  const there = new Set(known.map((name) => name.toLowerCase()));
  const unknown = asked.find((name) => !there.has(name.toLowerCase()));
  if (unknown === undefined) return;
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : '';
  const names = [...known].sort().slice(0, MOST_NAMED).join(', ');
  throw new UserError(
    `There is no record of a repository ${JSON.stringify(unknown)}.`,
    known.length === 0 ? 'The database has no records at all.' : `There are records of ${names}${more}.`,
  );
}

async function fill(
  folder: string,
  ledger: Ledger,
  question: Question,
  chosen: readonly Chosen[],
): Promise<Made> {
  const { key, progress } = question;
  const head = headOf(question);
  const terms = termsOf(head);
  const repositories: RepositoryEntry[] = [];
  const parts: Derived[] = [];
  let [changes, rows] = [0, 0];
  const records = await written(folder, files.RECORDS, async (file) => {
    for (const one of chosen) {
      const { entry, part } = await copyChain(ledger, one, terms, file, progress);
      repositories.push(entry);
      parts.push(part);
      changes += part.population.changes.length;
      rows += rowsKept(part);
      files.requireBounded('changes', changes);
      files.requireBounded('rows', rows);
    }
  });
  const derived = joined(parts, terms);
  const documents = await written(folder, files.DOCUMENTS, (file) =>
    copyDocuments(ledger, derived.documents, file, progress),
  );
  const sheets = sheetsOf(derived, terms);
  const entries: FileEntry[] = [records, documents];
  for (const sheet of sheets) entries.push(await writeSheet(folder, sheet));
  const stated = {
    ...head,
    counts: { ...derived.population.counts },
    repositories,
    files: entries.sort(byName),
  };
  const information = informationSheet(stated, derived, sheets);
  const all = [...entries, await writeSheet(folder, information)].sort(byName);
  const manifest: Omit<Manifest, 'digest'> = { ...stated, files: all };
  const digest = await writeHead(folder, manifest, key);
  const rowsOf = (name: string): number => sheets.find((sheet) => sheet.name === name)?.rows ?? 0;
  return {
    manifest,
    digest,
    documents: derived.documents.size,
    exceptions: rowsOf(files.EXCEPTIONS),
    answers: rowsOf(files.REGISTER),
    drawn: derived.packets.size,
  };
}

const byName = (a: FileEntry, b: FileEntry): number => (a.name < b.name ? -1 : 1);

/** What is known before anything is read. */
function headOf({
  period,
  repositories,
  sample,
  generatedAt,
  key,
}: Question): Pick<Manifest, 'schema' | 'tool' | 'query' | 'generatedAt' | 'signer'> {
  return {
    schema: files.SCHEMA,
    tool: { name: 'threatgate', version: VERSION, rules: RULES_VERSION, catalogue: CATALOGUE_VERSION },
    query: {
      ...period,
      repositories: repositories ? [...repositories] : null,
      timeZone: 'UTC',
      sample: sample ?? null,
    },
    generatedAt,
    signer: key === undefined ? null : keyIdOf(createPublicKey(key)),
  };
}

async function writeHead(
  folder: string,
  manifest: Omit<Manifest, 'digest'>,
  key: KeyObject | undefined,
): Promise<string> {
  const { text, digest } = files.writeManifest(manifest);
  await writeFile(join(folder, files.MANIFEST), text, { flag: 'wx', flush: true });
  if (key !== undefined)
    await writeFile(join(folder, files.SIGNATURE), signManifest(Buffer.from(text), key), {
      flag: 'wx',
      flush: true,
    });
  return digest;
}

async function written(
  folder: string,
  name: string,
  write: (file: FileWriter) => Promise<void>,
): Promise<FileEntry> {
  const file = await FileWriter.open(folder, name);
  try {
    await write(file);
    return await file.close();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

const writeSheet = (folder: string, { name, lines, end }: Sheet): Promise<FileEntry> =>
  written(folder, name, async (file) => {
    for (const line of lines()) await file.line(line, end);
  });

/** Checks the chain while it is copied: evidence of a broken one is none. */
async function copyChain(
  ledger: Ledger,
  { id, last }: Chosen,
  terms: Terms,
  file: FileWriter,
  progress: Question['progress'],
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
    files.requireBounded('records', held);
    progress(`${chain.name ?? ''}: ${records.length} of ${last} records`);
  }
  const name = chain.name ?? (await nameOf(ledger, id));
  return { entry: { id, name, records: records.length, head: chain.head }, part: derive(records, terms) };
}

async function copyDocuments(
  ledger: Ledger,
  digests: ReadonlySet<string>,
  file: FileWriter,
  progress: Question['progress'],
): Promise<void> {
  let done = 0;
  for (const digest of [...digests].sort()) {
    const document = await ledger.document(digest);
    const where = `document ${digest}`;
    if (document === undefined) throw new Broken({ file: where }, 'A record names it, and it is not there.');
    if (digestOf(document.text) !== digest)
      throw new Broken({ file: where }, 'It has another content than its name says.');
    await file.line(canonicalJson({ digest, kind: document.kind, text: document.text }));
    if (++done % 100 === 0) progress(`${done} of ${digests.size} documents`);
  }
}
