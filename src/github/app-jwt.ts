import { sign } from 'node:crypto';

export type CreateJwt = (
  appId: number | string,
  timeDifference?: number,
) => Promise<{ readonly jwt: string; readonly expiresAt: string }>;

/** GitHub takes ten minutes at most; a clock that is a little ahead must not make the start lie in the future. */
const SECONDS = { before: 30, after: 540 };

/** What the App signs in with, by our clock: Octokit would ask the machine's. */
export function appJwt(privateKey: string, now: () => Date): CreateJwt {
  // In variables of the environment, lines are often ended by a written-out `\n`.
  const key = privateKey.replaceAll(String.raw`\n`, '\n');
  return (appId, timeDifference = 0) =>
    Promise.resolve().then(() => {
      const at = Math.floor(now().getTime() / 1000) + timeDifference;
      const claims = { iat: at - SECONDS.before, exp: at + SECONDS.after, iss: appId };
      const content = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
      const signature = sign('RSA-SHA256', Buffer.from(content), key).toString('base64url');
      return { jwt: `${content}.${signature}`, expiresAt: new Date(claims.exp * 1000).toISOString() };
    });
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
