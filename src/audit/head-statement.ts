import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../core/digest.ts';
import { Broken } from './broken.ts';
import { isSignedBy, opened, sealed } from './dsse.ts';
import { base64, fingerprintOf, idOf, publicKeyOf, spkiOf } from './keys.ts';
import { readOnlyLine } from './package.ts';
import type { Signer } from './sign.ts';

/** What ends of chains are signed as. */
export const HEADS_STATEMENT = 'application/vnd.threatgate.heads+json';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const statement = z.strictObject({
  schema: z.literal('1.0'),
  /** When the chains ended like that. */
  at: z.iso.datetime(),
  /** Of the key that signed it; null where nobody did. */
  publicKey: base64.nullable(),
  /** In order of the numbers of the repositories. */
  heads: z
    .array(
      z.strictObject({
        repository: z.strictObject({ id: z.int(), name: z.string().max(1_000) }),
        sequence: z.int().min(1),
        hash: digest,
      }),
    )
    .max(100_000),
});

export type HeadsStatement = z.output<typeof statement>;
export type StatedHead = HeadsStatement['heads'][number];

/** One line: an envelope with one signature, or the bare statement where there is no key. */
export function headsText(at: string, heads: readonly StatedHead[], key: KeyObject | undefined): string {
  const payload = canonicalJson({
    schema: '1.0',
    at,
    publicKey: key === undefined ? null : spkiOf(createPublicKey(key)).toString('base64'),
    heads,
  });
  return key === undefined ? payload : sealed(HEADS_STATEMENT, payload, [key]);
}

/** A statement with whoever signed it, if anybody did. Throws `Broken`. */
export function readHeads(
  text: string,
  file: string,
): { readonly statement: HeadsStatement; readonly signer: Signer | undefined } {
  const line = text.endsWith('\n') ? text : `${text}\n`;
  const isEnvelope = Object.hasOwn(readOnlyLine(file, line), 'payload');
  if (!isEnvelope) {
    const bare = statementIn(line.slice(0, -1), file);
    if (bare.publicKey !== null) throw new Broken({ file }, 'It names a key, and nobody signed it.');
    return { statement: bare, signer: undefined };
  }
  const envelope = opened(HEADS_STATEMENT, line.slice(0, -1), { file });
  const said = statementIn(envelope.payload, file);
  const publicKey = publicKeyOf(said.publicKey ?? '');
  if (publicKey === undefined) throw new Broken({ file }, 'Its public key is not an Ed25519 key.');
  const fingerprint = fingerprintOf(publicKey);
  if (!isSignedBy(HEADS_STATEMENT, envelope, fingerprint, publicKey))
    throw new Broken(
      { file },
      `The signature of key ${idOf(fingerprint)} does not fit: something was altered.`,
    );
  return { statement: said, signer: { fingerprint, publicKey } };
}

function statementIn(payload: string, file: string): HeadsStatement {
  try {
    const value: unknown = JSON.parse(payload);
    const read = statement.safeParse(value);
    if (read.success && canonicalJson(value) === payload) return read.data;
  } catch {
    // Said below.
  }
  throw new Broken({ file }, 'It is not a statement about ends of chains as Threatgate writes it.');
}
