import { sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../core/digest.ts';
import { Broken, type Place } from './broken.ts';
import { base64, fingerprintOfPrivate } from './keys.ts';
import { readCanonical } from './package.ts';

/**
 * A signed text in the envelope that in-toto and others use (DSSE 1.0): what kind of text it is gets signed with it, so that
 * nobody can pass it off as another kind. One line; Ed25519 gives the same signature for the same text and key.
 */
export function sealed(payloadType: string, payload: string, keys: readonly KeyObject[]): string {
  const content: z.input<typeof shape> = {
    payloadType,
    payload: Buffer.from(payload, 'utf8').toString('base64'),
    signatures: keys.map((key) => ({
      keyid: fingerprintOfPrivate(key),
      sig: sign(null, signedBytes(payloadType, payload), key).toString('base64'),
    })),
  };
  return canonicalJson(content);
}

const shape = z.strictObject({
  payloadType: z.string().max(200),
  payload: base64,
  signatures: z
    .array(z.strictObject({ keyid: z.string().regex(/^[0-9a-f]{64}$/), sig: base64 }))
    .min(1)
    .max(10),
});

export interface Envelope {
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Opens an envelope of one kind, without looking at its signatures. Throws `Broken`. */
export function opened(payloadType: string, line: string, place: Place): Envelope {
  const read = shape.safeParse(readCanonical(place, line));
  if (!read.success) throw new Broken(place, 'It is not an envelope as Threatgate writes it.');
  if (read.data.payloadType !== payloadType)
    throw new Broken(place, `It is an envelope of another kind than ${payloadType}.`);
  const bytes = Buffer.from(read.data.payload, 'base64');
  const payload = bytes.toString('utf8');
  if (!Buffer.from(payload, 'utf8').equals(bytes)) throw new Broken(place, 'What it holds is not UTF-8.');
  return { payload, signatures: read.data.signatures };
}

/** Whether one of its signatures is by this key. */
export const isSignedBy = (
  payloadType: string,
  { payload, signatures }: Envelope,
  fingerprint: string,
  publicKey: KeyObject,
): boolean =>
  signatures.some(
    ({ keyid, sig }) =>
      keyid === fingerprint &&
      verify(null, signedBytes(payloadType, payload), publicKey, Buffer.from(sig, 'base64')),
  );

/** Lengths come first, so that no text can be read as another type with another text. */
export function signedBytes(payloadType: string, payload: string): Buffer {
  const [type, body] = [Buffer.from(payloadType, 'utf8'), Buffer.from(payload, 'utf8')];
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${body.length} `), body]);
}
