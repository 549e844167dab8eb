import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** What a key is for: keys for different things have nothing in common. */
export type Purpose = 'session token' | 'login' | 'csrf';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `salt` is something that only whoever is meant has; without it the secret alone opens nothing. */
export function keyFor(purpose: Purpose, secret: string, salt = ''): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `threatgate ${purpose}`, 32));
}

/** AES-256-GCM: nonce, tag and ciphertext, in base64url. */
export function seal(text: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Undefined for what was not sealed with this key, or was altered. */
export function unseal(sealed: string, key: Buffer): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return undefined;
  }
}

/** 256 bits that nobody can guess, in 43 characters. */
export const randomId = (): string => randomBytes(32).toString('base64url');

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Belongs to one session, and is worth nothing in another. */
export const csrfOf = (id: string, secret: string): string =>
  createHmac('sha256', keyFor('csrf', secret)).update(id).digest('base64url');
