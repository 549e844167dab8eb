import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../core/digest.ts';
import { Broken } from './broken.ts';
import { base64, fingerprintOf, keyIdOf, publicKeyOf, spkiOf } from './keys.ts';
import { readOnlyLine } from './package.ts';
import { MANIFEST, SIGNATURE } from './parts.ts';

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

const signatureFile = z.strictObject({
  keyId: z.string(),
  algorithm: z.literal('Ed25519'),
  publicKey: base64,
  signature: base64,
});

/** Who signed something, by a key that came with it: whose that is has to be known from elsewhere. */
export interface Signer {
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
}

/** The key that the manifest is signed with. Throws `Broken` when it is not. */
export function checkSignature(text: string, manifest: Uint8Array): Signer {
  const broken = (why: string): Broken => new Broken({ file: SIGNATURE }, why);
  const read = signatureFile.safeParse(readOnlyLine(SIGNATURE, text));
  if (!read.success) throw broken('It is not a signature as Threatgate writes it.');
  const publicKey = publicKeyOf(read.data.publicKey);
  if (publicKey === undefined) throw broken('Its public key is not an Ed25519 key.');
  if (keyIdOf(publicKey) !== read.data.keyId)
    throw broken('The id of its key is not the one of its public key.');
  if (!verify(null, manifest, publicKey, Buffer.from(read.data.signature, 'base64')))
    throw broken(`The signature does not fit ${MANIFEST}: one of the two was altered.`);
  return { fingerprint: fingerprintOf(publicKey), publicKey };
}
