import { createPublicKey, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CATALOGUE_VERSION } from '../core/catalogue/catalogue.generated.ts';
import { RULES_VERSION, VERSION } from '../core/version.generated.ts';
import type { Chosen } from './choose-repositories.ts';
import { copyChains, copyDocuments } from './copy-ledger.ts';
import { modelsNeeded, termsOf, withModels, type Derived } from './derive.ts';
import { informationSheet } from './information.ts';
import type { Made, Question } from './question.ts';
import { keyIdOf } from './keys.ts';
import { SCHEMA, writeManifest, type FileEntry, type Manifest } from './package.ts';
import { DOCUMENTS, EXCEPTIONS, MANIFEST, RECORDS, REGISTER, SIGNATURE, STATEMENTS } from './parts.ts';
import type { Ledger } from './read-ledger.ts';
import type { Contents } from './rendering.ts';
import { renderingsOf } from './renderings.ts';
import type { Sheet } from './sheet.ts';
import { sheetsOf } from './sheets.ts';
import { signManifest } from './sign.ts';
import { signedStatements } from './statements.ts';
import { FileWriter } from './write-file.ts';

/** Writes every file of a package into an empty folder. */
export async function fillPackage(
  folder: string,
  ledger: Ledger,
  question: Question,
  chosen: readonly Chosen[],
): Promise<Made> {
  const { key, progress } = question;
  const head = headOf(question);
  const terms = termsOf(head);
  const { entry: records, value } = await written(folder, RECORDS, (file) =>
    copyChains(ledger, chosen, terms, file, progress),
  );
  const { repositories, derived: recorded } = value;
  const { entry: documents, value: texts } = await written(folder, DOCUMENTS, (file) =>
    copyDocuments(ledger, recorded.documents, modelsNeeded(recorded), file, progress),
  );
  const derived = withModels(recorded, texts);
  const stated = { ...head, counts: { ...derived.population.counts }, repositories: [...repositories] };
  const { entries, sheets } = await writeTables(folder, { ...stated, files: [records, documents] }, derived);
  const contents = { stated: { ...stated, files: entries }, derived, sheets };
  const manifest = {
    ...stated,
    files: inOrder([
      ...entries,
      ...(await writeRenderings(folder, contents, progress)),
      ...(await writeStatements(folder, derived, question)),
    ]),
  };
  const digest = await writeHead(folder, manifest, key);
  const rowsOf = (name: string): number => sheets.find((sheet) => sheet.name === name)?.rows ?? 0;
  return {
    manifest,
    digest,
    documents: derived.documents.size,
    exceptions: rowsOf(EXCEPTIONS),
    answers: rowsOf(REGISTER),
    drawn: derived.packets.size,
  };
}

/** The information sheet is the last one: it speaks of the others. */
async function writeTables(
  folder: string,
  stated: Omit<Manifest, 'digest'>,
  derived: Derived,
): Promise<{ readonly entries: FileEntry[]; readonly sheets: readonly Sheet[] }> {
  const sheets = sheetsOf(derived, termsOf(stated));
  const entries = [...stated.files];
  for (const sheet of sheets) entries.push(await writeSheet(folder, sheet));
  const information = informationSheet({ ...stated, files: inOrder(entries) }, derived, sheets);
  entries.push(await writeSheet(folder, information));
  return { entries: inOrder(entries), sheets: [...sheets, information] };
}

async function writeRenderings(
  folder: string,
  contents: Contents,
  progress: Question['progress'],
): Promise<readonly FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const { name, madeWith, pieces } of renderingsOf(contents)) {
    progress(`Making ${name}`);
    const versions = madeWith === undefined ? {} : { madeWith: await madeWith() };
    const { entry } = await written(folder, name, async (file) => {
      for await (const piece of pieces()) await file.piece(piece);
    });
    entries.push({ ...entry, ...versions });
  }
  return entries;
}

async function writeStatements(
  folder: string,
  derived: Derived,
  { key, progress }: Question,
): Promise<readonly FileEntry[]> {
  if (key === undefined) return [];
  progress(`Making ${STATEMENTS}`);
  const { entry } = await written(folder, STATEMENTS, async (file) => {
    for (const line of signedStatements(derived, key)) await file.line(line);
  });
  return [entry];
}

const inOrder = (entries: readonly FileEntry[]): FileEntry[] =>
  entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** What is known before anything is read. */
function headOf({
  period,
  repositories,
  sample,
  generatedAt,
  origin,
  key,
}: Question): Pick<Manifest, 'schema' | 'tool' | 'query' | 'generatedAt' | 'origin' | 'signer'> {
  return {
    schema: SCHEMA,
    tool: { name: 'threatgate', version: VERSION, rules: RULES_VERSION, catalogue: CATALOGUE_VERSION },
    query: {
      ...period,
      repositories: repositories ? [...repositories] : null,
      timeZone: 'UTC',
      sample: sample ?? null,
    },
    generatedAt,
    ...(origin ? { origin } : {}),
    signer: key === undefined ? null : keyIdOf(createPublicKey(key)),
  };
}

async function writeHead(
  folder: string,
  manifest: Omit<Manifest, 'digest'>,
  key: KeyObject | undefined,
): Promise<string> {
  const { text, digest } = writeManifest(manifest);
  await writeFile(join(folder, MANIFEST), text, { flag: 'wx', flush: true });
  if (key !== undefined)
    await writeFile(join(folder, SIGNATURE), signManifest(Buffer.from(text), key), {
      flag: 'wx',
      flush: true,
    });
  return digest;
}

/** Writes one file; an unfinished one is thrown away with the folder. */
async function written<T>(
  folder: string,
  name: string,
  write: (file: FileWriter) => Promise<T>,
): Promise<{ readonly entry: FileEntry; readonly value: T }> {
  const file = await FileWriter.open(folder, name);
  try {
    const value = await write(file);
    return { entry: await file.close(), value };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function writeSheet(folder: string, { name, lines, end }: Sheet): Promise<FileEntry> {
  const { entry } = await written(folder, name, async (file) => {
    for (const line of lines()) await file.line(line, end);
  });
  return entry;
}
