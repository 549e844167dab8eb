import { createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../review/errors.ts';
import { Broken, whereOf } from './broken.ts';
import { readHistory, refusalOf, type KeyEntry, type KeyHistory } from './key-history.ts';
import { fingerprintOf, idOf, unreadable } from './keys.ts';

/** Whether a signature counts that a key made at some instant. */
export type Standing =
  /** `from`: the file that says so. */
  | { readonly state: 'trusted'; readonly from: string }
  | { readonly state: 'unknown' }
  /** Known, and not any more, or not yet; as a sentence. */
  | { readonly state: 'refused'; readonly why: string };

/** Keys that the reader trusts. */
export interface TrustedKeys {
  /** For messages. */
  readonly ids: readonly string[];
  standingOf(fingerprint: string, at: string): Standing;
}

const PEM = /-----BEGIN PUBLIC KEY-----[^-]{1,10000}-----END PUBLIC KEY-----/g;
const MOST_KEY_FILE = 1024 * 1024;
/** The name of a history in a folder of keys; named by itself it only has to end like that. */
const HISTORY = 'keys.jsonl';

/**
 * Public keys (SPKI PEM) and histories of keys, from files or folders. Where a public key is named, a history only says who
 * followed it, or came before it: it is handed over with the evidence, and must not be a reason to trust itself. A history
 * without any such key is trusted from its first key on.
 */
export async function readTrustedKeys(paths: readonly string[]): Promise<TrustedKeys> {
  const named = new Map<string, string>();
  const histories: { readonly file: string; readonly history: KeyHistory }[] = [];
  for (const path of paths)
    for (const file of await keyFiles(path)) {
      const text = await readFile(file, 'latin1').catch(unreadable(file));
      if (file.endsWith('.jsonl')) histories.push({ file, history: soundHistory(text, file) });
      else for (const key of keysIn(text, file)) named.set(key, file);
    }
  if (named.size === 0 && histories.length === 0)
    throw new UserError(
      `There is no public key in ${paths.join(', ')}.`,
      'Name a PEM file that begins with “BEGIN PUBLIC KEY”, a history of keys (keys.jsonl), or a folder of such files.',
    );
  return trust(named, histories);
}

function soundHistory(text: string, file: string): KeyHistory {
  try {
    return readHistory(Buffer.from(text, 'latin1').toString('utf8'), file);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new UserError(
      `The history of keys is broken at ${whereOf(error.place)}: ${error.why}`,
      'Get it from whoever makes it once more; nothing in it can be relied on.',
      { cause: error },
    );
  }
}

function trust(
  named: ReadonlyMap<string, string>,
  histories: readonly { readonly file: string; readonly history: KeyHistory }[],
): TrustedKeys {
  const from = new Map(named);
  const entries = new Map<string, KeyEntry>();
  for (const { file, history } of histories)
    for (const key of reachedIn(history, named)) {
      entries.set(key.fingerprint, key);
      if (!from.has(key.fingerprint)) from.set(key.fingerprint, file);
    }
  return {
    ids: [...from.keys()].map(idOf),
    standingOf: (fingerprint, at) => {
      const file = from.get(fingerprint);
      if (file === undefined) return { state: 'unknown' };
      const key = entries.get(fingerprint);
      const why = key && refusalOf(key, at);
      return why === undefined ? { state: 'trusted', from: file } : { state: 'refused', why };
    },
  };
}

/** Of the keys of a history those that follow from, or lead to, one that is trusted. */
function reachedIn({ keys }: KeyHistory, named: ReadonlyMap<string, string>): readonly KeyEntry[] {
  const reached = new Set(keys.filter((key, n) => (named.size === 0 ? n === 0 : named.has(key.fingerprint))));
  const follow = (key: KeyEntry | undefined, voucher: KeyEntry | undefined, at: string | undefined): void => {
    if (key && voucher && reached.has(voucher) && at !== undefined && !isRevoked(voucher, at))
      reached.add(key);
  };
  for (const [n, key] of keys.entries()) follow(keys[n + 1], key, key.replaced?.statedAt);
  for (let n = keys.length - 1; n > 0; n--) follow(keys[n - 1], keys[n], keys[n - 1]?.replaced?.statedAt);
  return [...reached];
}

/** A key that somebody else has may have vouched for anybody. */
const isRevoked = ({ revoked }: KeyEntry, at: string): boolean =>
  revoked !== undefined && (revoked.since === undefined || Date.parse(at) >= Date.parse(revoked.since));

function keysIn(text: string, file: string): readonly string[] {
  return [...text.matchAll(PEM)].map(([pem]) => {
    const key = ed25519Of(pem);
    if (key !== undefined) return fingerprintOf(key);
    throw new UserError(
      `${file} holds a key that is not an Ed25519 key.`,
      'Make one with `threatgate key new FILE`.',
    );
  });
}

async function keyFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(unreadable(path));
  if (!found.isDirectory()) {
    if (found.isFile() && found.size <= MOST_KEY_FILE) return [path];
    throw new UserError(`${path} is not a file with keys.`, 'Name a PEM file, or a folder of such files.');
  }
  const names = (await readdir(path).catch(unreadable(path))).filter(
    (name) => /\.(?:pem|pub)$/.test(name) || basename(name) === HISTORY,
  );
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
