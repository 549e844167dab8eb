import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../review/errors.ts';
import { Broken, whereOf } from './broken.ts';
import { extended, readHistory, refusalOf, type KeyHistory } from './key-history.ts';
import { fingerprintOf, idOf, readKeyFile, readSigningKey, spkiOf, writeKey } from './keys.ts';

/** Where the history lies when nobody says otherwise: beside the key. */
export const historyBeside = (keyFile: string): string => join(dirname(keyFile), 'keys.jsonl');

export interface Made {
  readonly keyId: string;
  readonly history: string;
}

interface Asked {
  /** Files to write, or to read. */
  readonly file: string;
  readonly history: string;
  readonly now: string;
}

/** A key, its public half, and a history that begins with it. Nothing is written over. */
export async function newKey({
  file,
  history,
  now,
  validUntil,
}: Asked & { readonly validUntil: string | undefined }): Promise<Made> {
  if ((await textOf(history)) !== undefined)
    throw new UserError(
      `${history} is there already.`,
      'A key that follows another one is made with `threatgate key rotate`; or name another history with --history.',
    );
  const key = generateKeyPairSync('ed25519').privateKey;
  const said = { kind: 'first', statedAt: now, validFrom: now, ...until(validUntil), ...half(key) } as const;
  const { lines } = extended([], said, [key], history);
  return keep(file, key, history, lines);
}

/**
 * The key that follows another one. A key that has no history yet gets one that begins with it, without a beginning of its
 * validity: what it signed before stays good.
 */
export async function rotateKey({
  file,
  history,
  now,
  after,
  validFrom,
  validUntil,
}: Asked & {
  readonly after: string;
  readonly validFrom: string | undefined;
  readonly validUntil: string | undefined;
}): Promise<Made & { readonly replaced: string }> {
  const old = readSigningKey(await readKeyFile(after), after);
  const text = await textOf(history);
  const before =
    text === undefined
      ? extended([], { kind: 'first', statedAt: now, ...half(old) }, [old], history)
      : sound(text, history);
  const last = before.keys.at(-1);
  const oldPrint = fingerprintOf(createPublicKey(old));
  if (last?.fingerprint !== oldPrint)
    throw new UserError(
      `${after} is key ${idOf(oldPrint)}, and the newest one of ${history} is ${idOf(last?.fingerprint ?? '')}.`,
      'Rotate from the newest key: each key vouches for the next one.',
    );
  const refused = refusalOf(last, now);
  if (refused !== undefined)
    throw new UserError(
      `${refused} It can vouch for nobody any more.`,
      'Begin another history with `threatgate key new`, and give the new public key to whoever has to trust it.',
    );
  const from = validFrom ?? now;
  const key = generateKeyPairSync('ed25519').privateKey;
  const said = {
    kind: 'rotated',
    statedAt: now,
    validFrom: from,
    ...until(validUntil),
    ...half(key),
    replaces: oldPrint,
  } as const;
  const { lines } = extended(before.lines, said, [old, key], history);
  return { ...(await keep(file, key, history, lines)), replaced: idOf(oldPrint) };
}

/** `id`: of the key that is not to be believed, or its beginning. Signed with the newest key, or the key itself. */
export async function revokeKey({
  file,
  history,
  now,
  id,
  since,
  reason,
}: Asked & {
  readonly id: string;
  readonly since: string | undefined;
  readonly reason: string;
}): Promise<Made> {
  const text = await textOf(history);
  if (text === undefined)
    throw new UserError(`There is no ${history}.`, 'Name the history of the key with --history.');
  const before = sound(text, history);
  const [entry, ...others] = before.keys.filter((key) => key.fingerprint.startsWith(id.toLowerCase()));
  if (entry === undefined || others.length > 0)
    throw new UserError(
      `${id} is ${entry === undefined ? 'none' : 'the beginning of several'} of the keys of ${history}.`,
      'Write the id as `threatgate key show` does.',
    );
  const by = readSigningKey(await readKeyFile(file), file);
  const said = {
    kind: 'revoked',
    statedAt: now,
    fingerprint: entry.fingerprint,
    ...(since === undefined ? {} : { since }),
    reason,
  } as const;
  const { lines } = checked(() => extended(before.lines, said, [by], history), history);
  await writeWhole(history, `${lines.join('\n')}\n`);
  return { keyId: idOf(entry.fingerprint), history };
}

/** What a reader of the history knows about each key at an instant. */
export async function showKeys(history: string, now: string): Promise<readonly string[]> {
  const text = await textOf(history);
  if (text === undefined) throw new UserError(`There is no ${history}.`, 'Name it with --history.');
  return sound(text, history).keys.map((key) => {
    const why = refusalOf(key, now);
    const { validFrom, validUntil } = key;
    const span = `from ${validFrom ?? 'the beginning'}${validUntil === undefined ? '' : ` until ${validUntil}`}`;
    return `${idOf(key.fingerprint)}  ${span}  ${why ?? 'valid'}`;
  });
}

const half = (key: KeyObject): { readonly publicKey: string } => ({
  publicKey: spkiOf(createPublicKey(key)).toString('base64'),
});

const until = (validUntil: string | undefined): { readonly validUntil?: string } =>
  validUntil === undefined ? {} : { validUntil };

const sound = (text: string, file: string): KeyHistory => checked(() => readHistory(text, file), file);

function checked(read: () => KeyHistory, file: string): KeyHistory {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new UserError(
      `${whereOf(error.place)}: ${error.why}`,
      `Nothing was written. Every line of ${file} has to be signed by who may say it.`,
      { cause: error },
    );
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`${file} could not be read.`, 'Check the path and its permissions.', {
      cause: error,
    });
  });
}

async function keep(file: string, key: KeyObject, history: string, lines: readonly string[]): Promise<Made> {
  await writeKey(file, key);
  try {
    await writeWhole(history, `${lines.join('\n')}\n`);
  } catch (error) {
    // A key that nobody vouches for would only be taken for one that counts.
    for (const path of [file, `${file}.pub`]) await rm(path, { force: true });
    throw error;
  }
  return { keyId: idOf(fingerprintOf(createPublicKey(key))), history };
}

/** All of it or nothing: beside its place first, and then under its name. */
async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  try {
    const handle = await open(beside, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    if (!taken) await rm(beside, { force: true });
    throw new UserError(
      taken ? `${beside} is there: somebody else is writing it.` : `${file} could not be written.`,
      taken
        ? 'Try again when they are done, or remove it when nobody is.'
        : 'Check that the folder exists and that you may write there.',
      { cause },
    );
  }
}
