import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import nock from 'nock';
import type { RequestInfo } from '../../src/github/client.ts';
import { createGitHub, type GitHubOptions } from '../../src/github/github.ts';
import type { Hosting } from '../../src/review/hosting.ts';

export const API = 'https://api.github.com';
export const INSTALLATION = 77;
export const TOKEN = `ghs_4711_${'a'.repeat(510)}`;
export const SHOP = { id: 1001, name: 'acme/shop' };
export const sha = (digit: string): string => digit.repeat(40);

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Our clock; GitHub's answers carry their own date. */
export const NOW = '2026-11-02T10:00:00.000Z';
/** GitHub's clock is five minutes ahead. */
export const THEIR_DATE = 'Mon, 02 Nov 2026 10:05:00 GMT';

export interface UnderTest {
  readonly app: ReturnType<typeof createGitHub>;
  readonly hosting: Hosting;
  readonly requests: RequestInfo[];
  readonly log: string[];
  readonly setNow: (at: string) => void;
}

export function github(options: Partial<GitHubOptions> = {}): UnderTest {
  const requests: RequestInfo[] = [];
  const log: string[] = [];
  let now = NOW;
  const say = (context: unknown, message: string) => void log.push(`${JSON.stringify(context)} ${message}`);
  const app = createGitHub({
    appId: 4711,
    privateKey,
    now: () => new Date(now),
    log: { info: say, warn: say, error: say },
    onRequest: (info) => requests.push(info),
    ...options,
  });
  return {
    app,
    hosting: app.installation(INSTALLATION),
    requests,
    log,
    setNow: (at) => {
      now = at;
    },
  };
}

/** Requests of the installation: right token, pinned version. */
export function asInstallation(token = TOKEN): nock.Scope {
  return nock(API, {
    reqheaders: { authorization: `token ${token}`, 'x-github-api-version': '2022-11-28' },
  }).defaultReplyHeaders({ date: THEIR_DATE, 'x-github-request-id': 'AB:1' });
}

/** Requests of the App itself: signed with its key. */
export function asApp(): nock.Scope {
  return nock(API, {
    reqheaders: {
      authorization: /^bearer [\w-]+\.[\w-]+\.[\w-]+$/,
      'x-github-api-version': '2022-11-28',
    },
  }).defaultReplyHeaders({ date: THEIR_DATE, 'x-github-request-id': 'AB:1' });
}

export function grantToken(token = TOKEN, expires = '2026-11-02T11:05:00Z'): nock.Scope {
  return asApp()
    .post(`/app/installations/${INSTALLATION}/access_tokens`)
    .reply(201, { token, expires_at: expires, permissions: {}, repository_selection: 'all' });
}

export interface SentQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Expects one query of this name; what was sent is in the list afterwards. */
export function onQuery(name: string, answer: object): readonly SentQuery[] {
  const sent: SentQuery[] = [];
  asInstallation()
    .post('/graphql', (body: SentQuery) => {
      // It is asked more than once whether a request is the expected one.
      const is = new RegExp(`^(?:query|mutation) ${name}\\(`).test(body.query);
      if (is) sent.splice(0, 1, body);
      return is;
    })
    .reply(200, answer);
  return sent;
}

/**
 * For the top of a test file: no request leaves the machine, every expected one has to come, and the next file in the same
 * process finds the network as it was.
 */
export function withoutNetwork(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    expect(pending).toEqual([]);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

export async function thrown(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof Error)) throw new Error(`expected an error, got ${JSON.stringify(error)}`);
  return error;
}
