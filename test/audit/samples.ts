import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writeManifest, type Manifest } from '../../src/audit/package.ts';
import { MANIFEST, SIGNATURE } from '../../src/audit/parts.ts';
import { signManifest } from '../../src/audit/sign.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { Actor, Json, RecordDraft, RecordKind } from '../../src/core/model/record.ts';
import type { Document } from '../../src/review/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';
import { temporaryFolder } from '../local/temporary-repository.ts';
import { anyLease, at, SHOP } from '../store/samples.ts';

/** Its id is lower than the other's and its name comes after it: the two orders differ. */
export const TILL = { id: 3, name: 'acme/till' };
export { SHOP };

export const ADA: Actor = { id: '12', login: 'ada', kind: 'user', role: 'write' };
export const EVE: Actor = { id: '13', login: 'eve', kind: 'user', role: 'approver (team acme/security)' };

export const document = (text: string, kind: Document['kind'] = 'verdict'): Document => ({
  digest: digestOf(text),
  kind,
  text,
});

export const RULES = document('{"organisation":"","repository":"mode: enforce\\n"}', 'policy');
const NEW_RULES = document('{"organisation":"","repository":"mode: observe\\n"}', 'policy');
/** Named by no record: a look may keep what it then does not need. */
const LOOSE = document('{"nobody":"names it"}');

export const verdictOf = (pull: number): Document => document(`{"title":"Zürich ✓","pull":${pull}}`);

interface Said {
  readonly at: string;
  readonly actor?: Actor;
  readonly details?: { readonly [key: string]: Json };
}

export function record(
  repository: typeof SHOP,
  kind: RecordKind,
  pull: number,
  { at, actor, details = {} }: Said,
): RecordDraft {
  return {
    kind,
    repository,
    at,
    source: `${kind}/${pull}/${at}`,
    ...(actor ? { actor } : {}),
    ...(pull > 0 ? { pullRequest: pull, commit: pull.toString(16).padStart(40, '0') } : {}),
    digest: digestOf(`delta of ${pull}`),
    details,
  };
}

/** One pull request from the verdict to the merge, on a day. */
function merged(repository: typeof SHOP, pull: number, day: string, decision?: RecordDraft): RecordDraft[] {
  const about = {
    document: verdictOf(pull).digest,
    conclusion: decision || pull % 2 === 0 ? 'success' : 'failure',
    applicable: decision !== undefined,
    title: decision ? 'Approved' : 'Nothing significant',
    author: { id: '12', login: 'ada', kind: 'user' },
    baseRef: 'main',
  };
  const more = {
    base: 'b'.repeat(40),
    mode: 'enforce',
    policy: { origin: '.threatgate/policy.yml', digest: RULES.digest },
    tool: { name: 'threatgate', version: '0.1.0', rules: 'r', catalogue: 'c' },
    facts: decision ? 1 : 0,
    categories: decision ? ['exposure'] : [],
    questions: [],
    doubts: [],
    linked: [],
  };
  return [
    record(repository, 'evaluated', pull, {
      at: `${day}T09:00:00.000Z`,
      details: { ...about, ...more, outcome: 'x' },
    }),
    ...(decision ? [decision] : []),
    record(repository, 'merged', pull, {
      at: `${day}T12:00:00.000Z`,
      actor: ADA,
      details: {
        ...about,
        mergedAt: `${day}T11:59:58Z`,
        mergeCommit: 'c'.repeat(40),
        check: about.conclusion,
      },
    }),
  ];
}

export const policyChanged = (repository: typeof SHOP, at: string, rules: Document): RecordDraft =>
  record(repository, 'policy-changed', 0, { at, details: { after: rules.digest, document: rules.digest } });

/** 2025 to 2027, so that 2026 has something before it and behind it. */
function story(): readonly RecordDraft[] {
  const approved = record(SHOP, 'approved', 2, {
    at: '2026-03-01T10:00:00.000Z',
    actor: EVE,
    details: { via: 'review', saidAt: '2026-03-01T09:59:00Z', statement: 'Fine.' },
  });
  const waived = record(SHOP, 'waived', 4, {
    at: '2026-04-01T10:00:00.000Z',
    actor: EVE,
    details: {
      via: 'comment',
      saidAt: '2026-04-01T09:59:00Z',
      reason: '=HYPERLINK("https://evil.example","x")',
      expires: '2026-12-01',
    },
  });
  return [
    policyChanged(SHOP, '2025-11-01T00:00:00.000Z', RULES),
    ...merged(SHOP, 1, '2025-12-01'),
    ...merged(SHOP, 2, '2026-03-01', approved),
    ...merged(SHOP, 4, '2026-04-01', waived),
    record(SHOP, 'direct-push', 0, {
      at: '2026-05-01T00:00:00.000Z',
      actor: ADA,
      details: { branch: 'main', author: 'Ada, "the" Lady', complete: true, forced: false },
    }),
    policyChanged(SHOP, '2026-06-01T00:00:00.000Z', NEW_RULES),
    ...merged(SHOP, 6, '2026-12-31').slice(0, 1),
    // Merged in the old year, and on record only in the new one.
    record(SHOP, 'merged', 6, {
      at: '2027-01-01T00:00:05.000Z',
      actor: ADA,
      details: {
        document: verdictOf(6).digest,
        conclusion: 'success',
        applicable: false,
        title: 'Nothing significant',
        author: { id: '12', login: 'ada', kind: 'user' },
        baseRef: 'main',
        mergedAt: '2026-12-31T23:59:59Z',
        mergeCommit: 'c'.repeat(40),
        check: 'success',
      },
    }),
    ...merged(SHOP, 8, '2027-02-01'),
    ...merged(TILL, 1, '2026-02-01'),
    ...merged(TILL, 2, '2026-07-01'),
  ];
}

/** A database as the service leaves it. */
export async function makeLedger(place: Place, records: readonly RecordDraft[] = story()): Promise<void> {
  const store = await openStore(place);
  const documents = [RULES, NEW_RULES, LOOSE, ...[1, 2, 4, 6, 8].map(verdictOf)];
  await store.apply(await anyLease(store), { records, documents }, at(0));
  await store.close();
}

/** Its bytes: test files that run in one process share this module, and not their folders. */
let made: Buffer | undefined;

/** A copy of that database for one test. */
export async function ledgerFile(): Promise<string> {
  const file = join(temporaryFolder(), 'threatgate.sqlite');
  if (made === undefined) {
    await makeLedger({ file });
    made = readFileSync(file);
  } else writeFileSync(file, made);
  return file;
}

/** One SQL statement past the guards, as the owner of the file can send it. */
export function alter(file: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(file);
  try {
    const triggers = database.prepare(`select name from sqlite_master where type = 'trigger'`).all();
    for (const { name } of triggers) database.exec(`drop trigger ${String(name)}`);
    for (const statement of statements) database.exec(statement);
  } finally {
    database.close();
  }
}

/** Every file of a folder, by name. */
export type Package = ReadonlyMap<string, Buffer>;

export function writePackage(files: Package): string {
  const folder = join(temporaryFolder(), 'package');
  mkdirSync(folder);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  return folder;
}

export const readPackage = (folder: string, names: readonly string[]): Package =>
  new Map(names.map((name) => [name, readFileSync(join(folder, name))]));

export function keyFile(folder: string): { readonly file: string; readonly publicFile: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const file = join(folder, 'key.pem');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(`${file}.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
  return { file, publicFile: `${file}.pub` };
}

/** As somebody would who understands the format: digests are made to fit, and the signature if there is one. */
export function forge(
  files: Package,
  name: string,
  bytes: Buffer | string,
  { over = {}, key }: { readonly over?: Partial<Manifest>; readonly key?: KeyObject } = {},
): Package {
  const content = Buffer.from(bytes);
  const old = contentOf(files.get(MANIFEST)?.toString('utf8') ?? '');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const { text } = writeManifest({
    ...old,
    files: old.files.map((file) => (file.name === name ? { ...file, bytes: content.length, sha256 } : file)),
    ...over,
  });
  const made = new Map([...files, [name, content], [MANIFEST, Buffer.from(text)]]);
  if (key !== undefined && files.has(SIGNATURE))
    made.set(SIGNATURE, Buffer.from(signManifest(Buffer.from(text), key)));
  return made;
}

/** What a manifest says, to be written anew. */
export function contentOf(text: string): Omit<Manifest, 'digest'> {
  const content = JSON.parse(text) as Manifest;
  Reflect.deleteProperty(content, 'digest');
  return content;
}
