import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, digestOf } from '../core/digest.ts';
import { Broken, type Place } from './broken.ts';
import { isSignedBy, opened, sealed, type Envelope } from './dsse.ts';
import { base64, fingerprintOf, fingerprintOfPrivate, idOf, publicKeyOf } from './keys.ts';

/** What a line of the history is signed as. */
export const KEY_STATEMENT = 'application/vnd.threatgate.key+json';
const START = `sha256:${'0'.repeat(64)}`;

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
const common = {
  schema: z.literal('1.0'),
  sequence: z.int().min(1),
  /** Digest of the line before: what is left out shows. */
  previous: z.string(),
  statedAt: instant,
};
const added = { publicKey: base64, validFrom: instant.optional(), validUntil: instant.optional() };

const statement = z.discriminatedUnion('kind', [
  /** Signed by the key itself. */
  z.strictObject({ ...common, kind: z.literal('first'), ...added }),
  /** Signed by both keys: the old one vouches for the new one, and the new one for having followed it. */
  z.strictObject({ ...common, kind: z.literal('rotated'), ...added, replaces: fingerprint }),
  /** Signed by the newest key, or by the key itself. Without `since` nothing that it ever signed counts. */
  z.strictObject({
    ...common,
    kind: z.literal('revoked'),
    fingerprint,
    since: instant.optional(),
    reason: z.string().min(1).max(1_000),
  }),
]);
export type KeyStatement = z.output<typeof statement>;

export interface KeyEntry {
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
  readonly validFrom: string | undefined;
  /** When it was to end from the beginning. */
  readonly validUntil: string | undefined;
  /** Which key followed it, and from when on; when that was stated. */
  replaced: { readonly by: string; readonly from: string; readonly statedAt: string } | undefined;
  revoked: { readonly since: string | undefined; readonly reason: string } | undefined;
}

/** Keys in the order in which they followed each other. */
export interface KeyHistory {
  readonly keys: readonly KeyEntry[];
  readonly lines: readonly string[];
}

const MOST_LINES = 10_000;

/** Reads and checks a whole history. Throws `Broken`. */
export function readHistory(text: string, file: string): KeyHistory {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Broken({ file, line: lines.length + 1 }, 'Its end is missing.');
  if (lines.length === 0) throw new Broken({ file }, 'There is no key in it.');
  if (lines.length > MOST_LINES) throw new Broken({ file }, 'It is longer than any history of keys.');
  const keys: KeyEntry[] = [];
  for (const [n, line] of lines.entries()) {
    const place = { file, line: n + 1 };
    const envelope = opened(KEY_STATEMENT, line, place);
    const said = statementIn(envelope, place);
    if (said.sequence !== n + 1 || said.previous !== (n === 0 ? START : digestOf(lines[n - 1] ?? '')))
      throw new Broken(place, 'It does not follow from the line before it.');
    apply(said, envelope, keys, place);
  }
  return { keys, lines };
}

function statementIn({ payload }: Envelope, place: Place): KeyStatement {
  try {
    const value: unknown = JSON.parse(payload);
    const read = statement.safeParse(value);
    if (read.success && canonicalJson(value) === payload) return read.data;
  } catch {
    // Said below.
  }
  throw new Broken(place, 'It is not a statement about a key as Threatgate writes it.');
}

function apply(said: KeyStatement, envelope: Envelope, keys: KeyEntry[], place: Place): void {
  const last = keys.at(-1);
  if ((said.kind === 'first') !== (last === undefined))
    throw new Broken(place, 'Only the first line may begin the history.');
  if (said.kind === 'revoked') {
    revoke(said, envelope, keys, place);
    return;
  }
  const publicKey = publicKeyOf(said.publicKey);
  if (publicKey === undefined) throw new Broken(place, 'Its public key is not an Ed25519 key.');
  const entry: KeyEntry = {
    fingerprint: fingerprintOf(publicKey),
    publicKey,
    validFrom: said.validFrom,
    validUntil: said.validUntil,
    replaced: undefined,
    revoked: undefined,
  };
  if (keys.some((key) => key.fingerprint === entry.fingerprint))
    throw new Broken(place, 'This key has its place further up.');
  requireSignature(envelope, entry, place);
  if (said.kind === 'rotated' && last) {
    const from = said.validFrom ?? said.statedAt;
    if (last.fingerprint !== said.replaces)
      throw new Broken(place, `It replaces another key than the last one, ${idOf(last.fingerprint)}.`);
    requireSignature(envelope, last, place);
    const refused = refusalOf(last, said.statedAt);
    if (refused !== undefined) throw new Broken(place, `It is vouched for by a key that may not: ${refused}`);
    last.replaced = { by: entry.fingerprint, from, statedAt: said.statedAt };
  }
  keys.push(entry);
}

function revoke(
  said: Extract<KeyStatement, { kind: 'revoked' }>,
  envelope: Envelope,
  keys: readonly KeyEntry[],
  place: Place,
): void {
  const entry = keys.find((key) => key.fingerprint === said.fingerprint);
  const last = keys.at(-1);
  if (!entry || !last) throw new Broken(place, 'It revokes a key that is not in this history.');
  if (entry.revoked) throw new Broken(place, 'That key is revoked already.');
  if (![entry, last].some((key) => signs(envelope, key)))
    throw new Broken(place, 'Neither the newest key nor the key itself signed it.');
  entry.revoked = { since: said.since, reason: said.reason };
}

const signs = (envelope: Envelope, key: KeyEntry): boolean =>
  isSignedBy(KEY_STATEMENT, envelope, key.fingerprint, key.publicKey);

function requireSignature(envelope: Envelope, key: KeyEntry, place: Place): void {
  if (!signs(envelope, key))
    throw new Broken(place, `There is no good signature of key ${idOf(key.fingerprint)}.`);
}

/** Why a signature of this key made at an instant does not count, as a sentence; undefined when it does. */
export function refusalOf(key: KeyEntry, at: string): string | undefined {
  const { fingerprint: whole, validFrom, validUntil, replaced, revoked } = key;
  const [id, then] = [idOf(whole), Date.parse(at)];
  const reached = (instant: string | undefined): instant is string =>
    instant !== undefined && !(then < Date.parse(instant));
  if (revoked && (revoked.since === undefined || reached(revoked.since)))
    return `Key ${id} was revoked${revoked.since === undefined ? '' : ` as of ${revoked.since}`}: ${revoked.reason}.`;
  if (validFrom !== undefined && then < Date.parse(validFrom))
    return `Key ${id} is valid from ${validFrom} on, and this is of ${at}.`;
  if (replaced && reached(replaced.from))
    return `Key ${id} was retired at ${replaced.from}, when key ${idOf(replaced.by)} followed it, and this is of ${at}.`;
  if (reached(validUntil)) return `Key ${id} expired at ${validUntil}, and this is of ${at}.`;
  return undefined;
}

type Said<K extends KeyStatement['kind']> = K extends unknown
  ? Omit<Extract<KeyStatement, { kind: K }>, 'schema' | 'sequence' | 'previous'>
  : never;

/** The history with one more line, checked as a reader would. */
export function extended(
  lines: readonly string[],
  said: Said<KeyStatement['kind']>,
  keys: readonly KeyObject[],
  file: string,
): KeyHistory {
  const last = lines.at(-1);
  const payload = canonicalJson({
    schema: '1.0',
    sequence: lines.length + 1,
    previous: last === undefined ? START : digestOf(last),
    ...said,
  });
  const signers = [...new Map(keys.map((key) => [fingerprintOfPrivate(key), key])).values()];
  return readHistory(`${[...lines, sealed(KEY_STATEMENT, payload, signers)].join('\n')}\n`, file);
}
