import { createHash } from 'node:crypto';
import { Octokit } from '@octokit/core';
import { z } from 'zod';
import type { Account } from '../core/model/account.ts';
import { VERSION } from '../core/version.generated.ts';
import type { Log } from '../review/deps.ts';
import { Refused, Unavailable } from '../review/hosting-errors.ts';
import { accountOfUser, simpleUser } from './accounts.ts';
import { addressesOf, boundedFetch, quietLog, type Fetch } from './bounded-fetch.ts';
import { createClient, type Client, type RequestInfo } from './client.ts';
import { misshapen, unreachable } from './errors.ts';
import { allPages } from './pages.ts';
import { id } from './shapes.ts';

export interface UserLoginOptions {
  readonly appId: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly baseUrl?: string;
  /** Where people see GitHub, and where they say yes: `https://github.com`. */
  readonly webUrl: string;
  readonly fetch?: Fetch;
  readonly now: () => Date;
  readonly log: Log;
  readonly onRequest?: (info: RequestInfo) => void;
  readonly timeoutMs?: number;
}

export interface Grant {
  readonly token: string;
  /** By our clock; undefined when GitHub gives it no end. */
  readonly expiresAt: string | undefined;
}

/** What somebody can read on GitHub, among the repositories with the App. Never more than that, perhaps less. */
export interface Readable {
  readonly repositories: ReadonlySet<number>;
  /** Sentences about what could not be listed. */
  readonly missing: readonly string[];
}

/** GitHub does not take the token any more: whoever it was for is logged out. */
export class TokenEnded extends Error {
  override readonly name = 'TokenEnded';
}

/** People who log in through the App, with tokens of their own that see what they see. */
export interface UserLogin {
  /** Where the browser is sent; `challenge` is the SHA-256 of the verifier, in base64url. */
  authorizeUrl(ask: {
    readonly state: string;
    readonly challenge: string;
    readonly redirectUri: string;
  }): string;
  /** The code works once. Throws `Refused` where GitHub does not take it, `Unavailable` where it does not answer. */
  exchange(code: string, verifier: string, redirectUri: string): Promise<Grant>;
  /** Throws `TokenEnded`. */
  account(token: string): Promise<Account>;
  /** Throws `TokenEnded`, and `Unavailable` or `RateLimited` where nothing at all could be listed. */
  readable(token: string): Promise<Readable>;
}

/** Pages of a hundred; an organisation with more is listed in part. */
const MOST = { installations: 5, repositories: 50 };

export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

export function createUserLogin(options: UserLoginOptions): UserLogin {
  const fetch = boundedFetch(options.fetch, options.timeoutMs ?? 15_000);
  const { clientId, webUrl } = options;
  return {
    authorizeUrl: ({ state, challenge, redirectUri }) => {
      const url = new URL(`${webUrl}/login/oauth/authorize`);
      const query = { client_id: clientId, redirect_uri: redirectUri, state, allow_signup: 'false' };
      const proof = { code_challenge: challenge, code_challenge_method: 'S256' };
      for (const [name, value] of Object.entries({ ...query, ...proof })) url.searchParams.set(name, value);
      return url.href;
    },
    exchange: (code, verifier, redirectUri) => exchange({ code, verifier, redirectUri }, fetch, options),
    account: (token) =>
      asUser(token, fetch, options, async (client) =>
        accountOfUser((await client.rest(simpleUser, 'GET /user')).value),
      ),
    readable: (token) => asUser(token, fetch, options, (client) => readable(client, options.appId)),
  };
}

const EXCHANGE = 'POST /login/oauth/access_token';

/** GitHub says no with status 200 and an `error`. */
const exchanged = z.union([
  z.object({
    access_token: z.string().min(1).max(1_000),
    token_type: z.string().regex(/^bearer$/i),
    expires_in: z.number().int().positive().optional(),
  }),
  z.object({ error: z.string() }),
]);

async function exchange(
  asked: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
  fetch: Fetch,
  { clientId, clientSecret, webUrl, now, onRequest }: UserLoginOptions,
): Promise<Grant> {
  const started = performance.now();
  const seen = (status: number): void =>
    onRequest?.({ route: EXCHANGE, status, kind: 'rest', durationMs: performance.now() - started });
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    code: asked.code,
    redirect_uri: asked.redirectUri,
    code_verifier: asked.verifier,
  });
  const headers = { accept: 'application/json', 'user-agent': `threatgate/${VERSION}` };
  const answer = await fetch(`${webUrl}/login/oauth/access_token`, {
    method: 'POST',
    body,
    headers,
    redirect: 'error',
  }).catch((error: unknown) => {
    seen(0);
    throw unreachable(EXCHANGE, error);
  });
  seen(answer.status);
  if (!answer.ok) throw new Unavailable(`${EXCHANGE}: answered ${answer.status}`);
  const read = exchanged.safeParse(await answer.json().catch(() => undefined));
  if (!read.success) throw misshapen({ label: EXCHANGE, headers: {} }, 'the answer');
  if ('error' in read.data) throw new Refused(`${EXCHANGE}: ${wordOf(read.data.error)}`);
  const { access_token: token, expires_in: seconds } = read.data;
  const expiresAt =
    seconds === undefined ? undefined : new Date(now().getTime() + seconds * 1000).toISOString();
  return { token, expiresAt };
}

/** `bad_verification_code` and the like; anything else is not repeated. */
const wordOf = (error: string): string => (/^[a-z_]{1,60}$/.test(error) ? error : 'refused');

/** A client that asks in somebody's name. A 401 is about the token, whatever was asked. */
async function asUser<T>(
  token: string,
  fetch: Fetch,
  options: UserLoginOptions,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const { baseUrl, graphqlUrl } = addressesOf(options);
  const quiet = quietLog(options.log);
  const octokit = new Octokit({
    auth: token,
    baseUrl,
    userAgent: `threatgate/${VERSION}`,
    request: { fetch, log: quiet },
    log: quiet,
  });
  const seen = { refusal: false };
  const renounce = (): Promise<boolean> => {
    seen.refusal = true;
    return Promise.resolve(false);
  };
  const client = createClient({
    access: { octokit: () => Promise.resolve(octokit), renounce },
    graphqlUrl,
    now: options.now,
    onRequest: options.onRequest,
  });
  try {
    return await ask(client);
  } catch (error) {
    throw seen.refusal ? new TokenEnded('GitHub does not take the token any more.', { cause: error }) : error;
  }
}

const installations = z.object({
  installations: z.array(
    z.object({
      id,
      app_id: id,
      suspended_at: z.string().nullish(),
      account: z.object({ login: z.string() }).nullish(),
    }),
  ),
});
const repositories = z.object({ repositories: z.array(z.object({ id })) });

async function readable(client: Client, appId: number): Promise<Readable> {
  const listed = await allPages(client, installations, (answer) => answer.installations, {
    route: 'GET /user/installations',
    most: MOST.installations,
  });
  const found = new Set<number>();
  const missing = listed.complete ? [] : ['You see more installations of the App than can be listed here.'];
  for (const one of listed.items) {
    if (one.app_id !== appId || typeof one.suspended_at === 'string') continue;
    const name = one.account?.login ?? `installation ${one.id}`;
    try {
      const { items, complete } = await allPages(client, repositories, (answer) => answer.repositories, {
        route: 'GET /user/installations/{installation_id}/repositories',
        parameters: { installation_id: one.id },
        most: MOST.repositories,
      });
      for (const repository of items) found.add(repository.id);
      if (!complete)
        missing.push(`${name} has more repositories than can be listed; the others are not shown.`);
    } catch (error) {
      // One organisation that wants a fresh sign-on, or is not answered for, takes nothing away from the others.
      if (error instanceof Refused && (await stillTaken(client))) {
        missing.push(`GitHub does not let you list the repositories of ${name}; they are not shown.`);
        continue;
      }
      throw error;
    }
  }
  return { repositories: found, missing };
}

/** A refusal may be about the token as a whole: then this one fails as well, and says so. */
async function stillTaken(client: Client): Promise<boolean> {
  await client.rest(z.unknown(), 'GET /user');
  return true;
}
