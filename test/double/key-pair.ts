import { generateKeyPairSync, sign } from 'node:crypto';

export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

let known: KeyPair | undefined;

/** One key for all apps of a process: making one takes a while. */
export function keyPair(): KeyPair {
  return (known ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }));
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** An app's own token, as an app makes it; `seconds` is how long it holds. */
export function appJwt(appId: number | string, at: Date, seconds = 540): string {
  const now = Math.floor(at.getTime() / 1000);
  const content = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ iss: appId, iat: now - 60, exp: now + seconds })}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), keyPair().privateKey).toString('base64url')}`;
}
