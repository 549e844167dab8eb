import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { challengeOf, createUserLogin, TokenEnded, type UserLogin } from '../../src/github/user-login.ts';
import { Refused, Unavailable } from '../../src/review/hosting-errors.ts';
import { createGitHubDouble, type GitHubDouble } from '../double/double.ts';
import { keyPair } from '../double/key-pair.ts';
import { createGitStore } from '../double/git/store.ts';
import type { App } from '../double/state/nouns.ts';

const CALLBACK = 'https://gate.example.com/audit/callback';
const VERIFIER = 'v'.repeat(43);
const git = createGitStore();
afterAll(() => git.remove());

let gh: GitHubDouble;
let app: App;
let login: UserLogin;
let at: number;
let routes: string[];
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeEach(() => {
  at = Date.parse('2026-11-02T10:00:00Z');
  gh = createGitHubDouble({ now: () => new Date(at), git });
  const { control } = gh;
  for (const name of ['ada', 'bob', 'eve']) control.createUser({ login: name });
  control.createOrganisation({ login: 'acme', owners: ['ada'], members: ['bob'] });
  control.createOrganisation({ login: 'other', owners: ['eve'] });
  app = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions: { contents: 'read' },
    events: [],
    callbackUrls: [CALLBACK],
  });
  routes = [];
  login = loginOf({});
});

function loginOf(more: { clientSecret?: string; fetch?: typeof fetch }): UserLogin {
  return createUserLogin({
    appId: app.id,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    webUrl: 'https://github.com',
    fetch: gh.fetch,
    now: () => new Date(at),
    log: quiet,
    onRequest: ({ route, status }) => routes.push(`${route} ${status}`),
    ...more,
  });
}

const authorise = (as: string, verifier = VERIFIER): URL => {
  const url = login.authorizeUrl({
    state: 'S',
    challenge: challengeOf(verifier),
    redirectUri: CALLBACK,
  });
  return new URL(gh.control.authorise({ login: as, url }));
};
const codeFor = (as: string): string => authorise(as).searchParams.get('code') ?? '';
const tokenFor = async (as: string): Promise<string> =>
  (await login.exchange(codeFor(as), VERIFIER, CALLBACK)).token;
const idOf = (name: string): number => gh.world.repository(name).id;

describe('logging in', () => {
  test('GitHub is asked with state and challenge, and the code buys a token that ends', async () => {
    const url = new URL(login.authorizeUrl({ state: 'S', challenge: 'C', redirectUri: CALLBACK }));
    expect(url.origin + url.pathname).toBe('https://github.com/login/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: app.clientId,
      redirect_uri: CALLBACK,
      state: 'S',
      allow_signup: 'false',
      code_challenge: 'C',
      code_challenge_method: 'S256',
    });
    const back = authorise('bob');
    expect(back.searchParams.get('state')).toBe('S');
    const grant = await login.exchange(back.searchParams.get('code') ?? '', VERIFIER, CALLBACK);
    expect(grant.expiresAt).toBe('2026-11-02T18:00:00.000Z');
    const { id } = gh.world.account('bob');
    expect(await login.account(grant.token)).toEqual({ id: String(id), login: 'bob', kind: 'user' });
    expect(routes).toEqual(['POST /login/oauth/access_token 200', 'GET /user 200']);
  });

  test('a code works once, and only with what it was asked for with', async () => {
    const code = codeFor('bob');
    await login.exchange(code, VERIFIER, CALLBACK);
    await expect(login.exchange(code, VERIFIER, CALLBACK)).rejects.toThrow(Refused);
    await expect(login.exchange(codeFor('bob'), 'w'.repeat(43), CALLBACK)).rejects.toThrow(
      'bad_verification_code',
    );
    await expect(login.exchange(codeFor('bob'), VERIFIER, 'https://evil.example.com/')).rejects.toThrow(
      Refused,
    );
    await expect(
      loginOf({ clientSecret: 'x'.repeat(40) }).exchange(codeFor('bob'), VERIFIER, CALLBACK),
    ).rejects.toThrow('incorrect_client_credentials');
    const late = codeFor('bob');
    at += 600_001;
    await expect(login.exchange(late, VERIFIER, CALLBACK)).rejects.toThrow(Refused);
  });

  test.each([
    ['a page', () => new Response('<html>', { status: 200 }), Unavailable],
    ['an outage', () => new Response('', { status: 502 }), Unavailable],
    ['nothing', () => Promise.reject(new TypeError('fetch failed')), Unavailable],
    ['half a token', () => Response.json({ access_token: '' }), Unavailable],
    ['an error with a text', () => Response.json({ error: '<script>' }), Refused],
  ])('%s is no token', async (_, answer, error) => {
    const broken = loginOf({ fetch: async () => answer() });
    const failure: unknown = await broken.exchange('code', VERIFIER, CALLBACK).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(error);
    expect(String(failure)).not.toMatch(/<script>|<html>/);
  });
});

describe('what somebody can read', () => {
  beforeEach(() => {
    const { control } = gh;
    for (const name of ['shop', 'vault', 'site'])
      control.createRepository({ owner: 'acme', name, private: name !== 'site' });
    control.createRepository({
      owner: 'other',
      name: 'secret',
      private: true,
      collaborators: { bob: 'read' },
    });
    control.createRepository({ owner: 'other', name: 'hidden', private: true });
    control.install({ app, on: 'acme', repositories: ['acme/shop', 'acme/site'] });
  });

  test('repositories with the App, where they have a role', async () => {
    const installation = gh.control.install({ app, on: 'other' });
    const of = async (as: string): Promise<number[]> => [
      ...(await login.readable(await tokenFor(as))).repositories,
    ];
    expect(await of('bob')).toEqual([idOf('acme/shop'), idOf('acme/site'), idOf('other/secret')]);
    expect(await of('eve')).toEqual([idOf('other/secret'), idOf('other/hidden')]);
    gh.control.suspendInstallation(installation, 'eve');
    expect(await of('bob')).toEqual([idOf('acme/shop'), idOf('acme/site')]);
  });

  test('another app’s installations do not count', async () => {
    const other = gh.control.createApp({
      name: 'Other',
      owner: 'other',
      publicKey: keyPair().publicKey,
      permissions: {},
      events: [],
      callbackUrls: [],
    });
    gh.control.install({ app: other, on: 'other' });
    const token = gh.control.createUserToken('bob', other);
    expect([...(await login.readable(token)).repositories]).toEqual([]);
  });

  test('all pages are read', async () => {
    for (let i = 0; i < 120; i++)
      gh.control.createRepository({ owner: 'other', name: `r${i}`, private: true });
    gh.control.install({ app, on: 'other' });
    const { repositories, missing } = await login.readable(await tokenFor('eve'));
    expect([repositories.size, missing]).toEqual([122, []]);
  });

  test('a token that ended or was taken back is told from anything else', async () => {
    const token = await tokenFor('bob');
    gh.control.revoke({ login: 'bob', app });
    await expect(login.readable(token)).rejects.toThrow(TokenEnded);
    await expect(login.account(token)).rejects.toThrow(TokenEnded);
    const second = await tokenFor('bob');
    at += 8 * 3_600_000;
    await expect(login.readable(second)).rejects.toThrow(TokenEnded);
    const third = await tokenFor('bob');
    gh.faults = { request: () => ({ when: 'before', answer: 502 }) };
    await expect(login.readable(third)).rejects.toThrow(Unavailable);
  });

  test('an installation that is not answered for fails the whole, one that is refused narrows it', async () => {
    gh.control.install({ app, on: 'other' });
    const token = await tokenFor('bob');
    const refusing = loginOf({
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        const other = [...gh.world.installations.values()].find((i) => i.account.login === 'other');
        return url.includes(`/user/installations/${other?.id}/`)
          ? Response.json(
              { message: 'Resource protected by organization SAML enforcement.' },
              { status: 403 },
            )
          : gh.fetch(input, init);
      },
    });
    const { repositories, missing } = await refusing.readable(token);
    expect([...repositories]).toEqual([idOf('acme/shop'), idOf('acme/site')]);
    expect(missing).toEqual(['GitHub does not let you list the repositories of other; they are not shown.']);
    gh.faults = {
      request: ({ route }) =>
        route.includes('{installation_id}') ? { when: 'before', answer: 502 } : undefined,
    };
    await expect(login.readable(token)).rejects.toThrow(Unavailable);
  });
});
