import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { open, readdir, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../core/digest.ts';
import { UserError } from '../review/errors.ts';
import { Broken } from './broken.ts';
import { MANIFEST, readOnlyLine, SIGNATURE } from './package.ts';

/** Fingerprints of keys that the reader trusts, each with the file it was read from. */
export type TrustedKeys = ReadonlyMap<string, string>;

const MAKE_ONE = 'Make one with `threatgate evidence --new-key FILE`.';

/** SHA-256 over the public key in SPKI, in hexadecimal: what a key is told apart by. */
const fingerprintOf = (publicKey: KeyObject): string =>
  createHash('sha256').update(spkiOf(publicKey)).digest('hex');

/** The first 16 digits of a fingerprint, for people: short enough to be compared by eye, too short to decide by. */
export const idOf = (fingerprint: string): string => fingerprint.slice(0, 16);

export const keyIdOf = (publicKey: KeyObject): string => idOf(fingerprintOf(publicKey));

const spkiOf = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' });

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

export async function readKeyFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(unreadable(path));
}

/** Text of `manifest.sig`. */
export function signManifest(manifest: Uint8Array, key: KeyObject): string {
  const publicKey = createPublicKey(key);
  const content: z.input<typeof signatureFile> = {
    keyId: keyIdOf(publicKey),
    algorithm: 'Ed25519',
    publicKey: spkiOf(publicKey).toString('base64'),
    signature: sign(null, manifest, key).toString('base64'),
  };
  return `${canonicalJson(content)}\n`;
}

/** One spelling for each value: characters that a decoder would skip are no part of it. */
const base64 = z
  .string()
  .max(1_000)
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text);
const signatureFile = z.strictObject({
  keyId: z.string(),
  algorithm: z.literal('Ed25519'),
  publicKey: base64,
  signature: base64,
});

/** Fingerprint of the key that the manifest is signed with. Throws `Broken` when it is not. */
export function checkSignature(text: string, manifest: Uint8Array): string {
  const broken = (why: string): Broken => new Broken({ file: SIGNATURE }, why);
  const read = signatureFile.safeParse(readOnlyLine(SIGNATURE, text));
  if (!read.success) throw broken('It is not a signature as Threatgate writes it.');
  const key = publicKeyOf(Buffer.from(read.data.publicKey, 'base64'));
  if (key === undefined) throw broken('Its public key is not an Ed25519 key.');
  if (keyIdOf(key) !== read.data.keyId) throw broken('The id of its key is not the one of its public key.');
  if (!verify(null, manifest, key, Buffer.from(read.data.signature, 'base64')))
    throw broken(`The signature does not fit ${MANIFEST}: one of the two was altered.`);
  return fingerprintOf(key);
}

function publicKeyOf(spki: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && spkiOf(key).equals(spki) ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a key in a file for nobody else to read, and its public half in `FILE.pub`. Never takes the place of a file. */
export async function makeKey(file: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicFile = `${file}.pub`;
  const created: FileHandle[] = [];
  try {
    created.push(await open(publicFile, 'wx', 0o644), await open(file, 'wx', 0o600));
    await created[0]?.writeFile(publicKey.export({ type: 'spki', format: 'pem' }));
    await created[1]?.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UserError(
      taken ? `${file} or ${publicFile} is there already.` : `The key could not be written to ${file}.`,
      taken
        ? 'Name another file: a key that is written over can sign nothing any more.'
        : 'Check that the folder exists and that you may write there.',
      { cause },
    );
  } finally {
    await Promise.all(created.map((handle) => handle.close()));
  }
  return keyIdOf(publicKey);
}

const PEM = /-----BEGIN PUBLIC KEY-----[^-]{1,10000}-----END PUBLIC KEY-----/g;
const MOST_KEY_FILE = 1024 * 1024;

/** Public keys (SPKI PEM) of a file, which may hold several, or of all `.pem` and `.pub` files of a folder. */
export async function readTrustedKeys(path: string): Promise<TrustedKeys> {
  const trusted = new Map<string, string>();
  for (const file of await keyFiles(path))
    for (const [pem] of (await readFile(file, 'latin1').catch(unreadable(file))).matchAll(PEM)) {
      const key = ed25519Of(pem);
      if (key === undefined) throw new UserError(`${file} holds a key that is not an Ed25519 key.`, MAKE_ONE);
      trusted.set(fingerprintOf(key), file);
    }
  if (trusted.size > 0) return trusted;
  throw new UserError(
    `There is no public key in ${path}.`,
    'Name a PEM file that begins with “BEGIN PUBLIC KEY”, or a folder of such files.',
  );
}

async function keyFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(unreadable(path));
  if (!found.isDirectory()) {
    if (found.isFile() && found.size <= MOST_KEY_FILE) return [path];
    throw new UserError(`${path} is not a file with keys.`, 'Name a PEM file, or a folder of such files.');
  }
  const names = (await readdir(path).catch(unreadable(path))).filter((name) => /\.(?:pem|pub)$/.test(name));
  const files: string[] = [];
  for (const name of names.sort()) {
    const one = await stat(join(path, name)).catch(unreadable(join(path, name)));
    if (one.isFile() && one.size <= MOST_KEY_FILE) files.push(join(path, name));
  }
  return files;
}

function ed25519Of(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

const unreadable =
  (path: string) =>
  (cause: unknown): never => {
    throw new UserError(`${path} could not be read.`, 'Check the path and its permissions.', { cause });
  };
