import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../review/errors.ts';

const MAKE_ONE = 'Make one with `threatgate key new FILE`.';

/** One spelling for each value: characters that a decoder would skip are no part of it. */
export const base64 = z
  .string()
  .max(64 * 1024 * 1024)
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text);

/** SHA-256 over the public key in SPKI, in hexadecimal: what a key is told apart by. */
export const fingerprintOf = (publicKey: KeyObject): string =>
  createHash('sha256').update(spkiOf(publicKey)).digest('hex');

const known = new WeakMap<KeyObject, string>();

/** Of the public half. A key that signs ten thousand statements is looked at once. */
export function fingerprintOfPrivate(key: KeyObject): string {
  const fingerprint = known.get(key) ?? fingerprintOf(createPublicKey(key));
  known.set(key, fingerprint);
  return fingerprint;
}

/** The first 16 digits of a fingerprint, for people: short enough to be compared by eye, too short to decide by. */
export const idOf = (fingerprint: string): string => fingerprint.slice(0, 16);

export const keyIdOf = (publicKey: KeyObject): string => idOf(fingerprintOf(publicKey));

export const spkiOf = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' });

/** The public key of an SPKI; undefined for what is none, or none of Ed25519, or spelt in another way. */
export function publicKeyOf(spki: string): KeyObject | undefined {
  const der = Buffer.from(spki, 'base64');
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && spkiOf(key).equals(der) ? key : undefined;
  } catch {
    return undefined;
  }
}

/** A private key as PEM, with `\n` for line ends or in base64, as it survives a variable. `from`: where it was found. */
export function readSigningKey(text: string, from: string): KeyObject {
  const unescaped = text.replaceAll('\\n', '\n').trim();
  const pem = unescaped.startsWith('-----') ? unescaped : Buffer.from(unescaped, 'base64').toString('utf8');
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Said below; the parser's own words could repeat a part of the key.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new UserError(`${from} is not an Ed25519 private key (PKCS#8 PEM without a passphrase).`, MAKE_ONE);
}

/** Of the file that was named, else of the variable; undefined where there is neither. */
export async function signingKey(
  file: string | undefined,
  variable: string,
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): Promise<KeyObject | undefined> {
  if (file !== undefined) return readSigningKey(await readKeyFile(resolve(cwd, file)), file);
  const text = env[variable]?.trim();
  return text === undefined || text === '' ? undefined : readSigningKey(text, variable);
}

export async function readKeyFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(unreadable(path));
}

export const unreadable =
  (path: string) =>
  (cause: unknown): never => {
    throw new UserError(`${path} could not be read.`, 'Check the path and its permissions.', { cause });
  };

/** Into a file for nobody else to read, and its public half into `FILE.pub`. Never takes the place of a file. */
export async function writeKey(file: string, privateKey: KeyObject): Promise<void> {
  const publicFile = `${file}.pub`;
  const created: [path: string, handle: FileHandle][] = [];
  try {
    created.push([publicFile, await open(publicFile, 'wx', 0o644)]);
    created.push([file, await open(file, 'wx', 0o600)]);
    await created[0]?.[1].writeFile(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
    await created[1]?.[1].writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  } catch (cause) {
    // Half a pair is of no use to anybody, and would stand in the way of the next try.
    for (const [path] of created) await rm(path, { force: true });
    const taken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UserError(
      taken ? `${file} or ${publicFile} is there already.` : `The key could not be written to ${file}.`,
      taken
        ? 'Name another file: a key that is written over can sign nothing any more.'
        : 'Check that the folder exists and that you may write there.',
      { cause },
    );
  } finally {
    await Promise.all(created.map(([, handle]) => handle.close()));
  }
}
