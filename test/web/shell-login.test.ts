import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { openShell, recordsOf, send, type Browser, type Shell } from './shell-bench.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await openShell();
  shell.setRecords(recordsOf(['acme/shop', 'acme/vault'].map((name) => ({ id: shell.idOf(name), name }))));
});
afterEach(() => shell.close());
afterAll(removeTemporaryFolders);

const HOUR = 3_600_000;
const whoAmI = async (browser: Browser): Promise<number> => (await browser.get('/audit')).status;
const cookieOf = (browser: Browser): string => browser.cookies.get('threatgate') ?? '';
const csrfOn = async (browser: Browser): Promise<string> =>
  /csrf=([\w-]+);/.exec((await browser.get('/audit')).body)?.[1] ?? '';

describe('logging in', () => {
  test('from a page through GitHub back to that page', async () => {
    const browser = shell.browser();
    const stranger = await browser.get('/audit/records?person=bob');
    expect(stranger.status).toBe(401);
    expect(stranger.body).toContain('href="/audit/login?to=%2Faudit%2Frecords%3Fperson%3Dbob"');
    const away = await browser.get('/audit/login?to=%2Faudit%2Frecords%3Fperson%3Dbob');
    expect(away.status).toBe(303);
    expect(String(away.headers['set-cookie'])).toMatch(
      /^threatgate-login=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    const back = shell.gh.control.authorise({ login: 'bob', url: away.headers.location ?? '' });
    const landed = await browser.get(back);
    expect([landed.status, landed.headers.location]).toEqual([303, '/audit/records?person=bob']);
    expect(landed.headers['set-cookie']?.[0]).toMatch(
      /^threatgate=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const page = await browser.get('/audit/records?person=bob');
    expect([page.status, page.body]).toEqual([
      200,
      expect.stringContaining(`${shell.url}/audit/records?person=bob`),
    ]);
    expect([...browser.cookies.keys()]).toEqual(['threatgate']);
  });

  test('on HTTPS the cookies are bound to the host and never go without it', async () => {
    const { cookiesOf, cookie } = await import('../../src/web/cookies.ts');
    expect(cookie(cookiesOf('https://gate.example.com'), 'session', 'x')).toBe(
      '__Host-threatgate=x; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
  });

  test('whoever says no, or comes back with nothing, is not logged in', async () => {
    const browser = shell.browser();
    const away = new URL((await browser.get('/audit/login')).headers.location ?? '');
    const state = away.searchParams.get('state') ?? '';
    const no = await browser.get(`/audit/callback?error=access_denied&state=${state}`);
    expect([no.status, no.body]).toEqual([403, expect.stringContaining('did not agree')]);
    expect(browser.cookies.size).toBe(0);
  });

  test('a login that began elsewhere, or too long ago, or with another state, is none', async () => {
    const victim = shell.browser();
    const attacker = shell.browser();
    const away = (await attacker.get('/audit/login')).headers.location ?? '';
    const back = shell.gh.control.authorise({ login: 'eve', url: away });
    expect((await victim.get(back)).status).toBe(400);
    await victim.get('/audit/login');
    expect((await victim.get(back)).status).toBe(400);
    expect(victim.cookies.size).toBe(0);

    const late = shell.browser();
    const url = (await late.get('/audit/login')).headers.location ?? '';
    const answer = shell.gh.control.authorise({ login: 'bob', url });
    shell.clock.at += 600_001;
    expect((await late.get(answer)).status).toBe(400);
  });

  test('a login is good for one session, even for whoever copied everything', async () => {
    const browser = shell.browser();
    const away = (await browser.get('/audit/login')).headers.location ?? '';
    const copied = new Map(browser.cookies);
    const back = shell.gh.control.authorise({ login: 'bob', url: away });
    expect((await browser.get(back)).status).toBe(303);
    const thief = shell.browser();
    for (const [name, value] of copied) thief.cookies.set(name, value);
    const replayed = await thief.get(back);
    expect([replayed.status, thief.cookies.size]).toEqual([403, 0]);
    // Not even with a fresh code, which GitHub would take.
    for (const [name, value] of copied) thief.cookies.set(name, value);
    const fresh = shell.gh.control.authorise({ login: 'bob', url: away });
    expect([(await thief.get(fresh)).status, thief.cookies.size]).toEqual([400, 0]);
  });

  test('each login makes a new id, and ends what the browser had before', async () => {
    const browser = await shell.logIn('bob');
    const first = cookieOf(browser);
    browser.cookies.set('threatgate', 'A'.repeat(43));
    expect(await whoAmI(browser)).toBe(401);
    browser.cookies.set('threatgate', first);
    await shell.logIn('bob', { browser });
    expect(cookieOf(browser)).not.toBe(first);
    const old = shell.browser();
    old.cookies.set('threatgate', first);
    expect([await whoAmI(browser), await whoAmI(old)]).toEqual([200, 401]);
  });

  test('what is no person is not let in', async () => {
    const { world } = shell.gh;
    const browser = shell.browser();
    const url = (await browser.get('/audit/login')).headers.location ?? '';
    const back = shell.gh.control.authorise({ login: 'bob', url });
    const code = new URL(back).searchParams.get('code') ?? '';
    const grant = world.grants.get(code);
    if (!grant) throw new Error('There is no such code.');
    world.grants.set(code, { ...grant, user: world.account('threatgate[bot]') });
    expect([(await browser.get(back)).status, browser.cookies.size]).toEqual([403, 0]);
  });

  test('too many in a minute are put off', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 61; i++) statuses.add((await send(`${shell.url}/audit/login`)).status);
    expect([...statuses]).toEqual([303, 429]);
    shell.clock.at += 60_000;
    expect((await send(`${shell.url}/audit/login`)).status).toBe(303);
  });

  test('nothing of it is in the log, and the token is not in the database', async () => {
    const browser = await shell.logIn('bob');
    await browser.get('/audit');
    const secrets = [shell.app.clientSecret, cookieOf(browser), ...shell.gh.world.tokens.keys()];
    for (const secret of secrets) expect(shell.lines.join('')).not.toContain(secret);
    expect(shell.lines.join('')).toContain('logged in');
    const { digest } = await import('../../src/web/seal.ts');
    const row = await shell.access.session(digest(cookieOf(browser)), '2026-11-02T10:00:00.000Z');
    expect(row?.token).toMatch(/^[\w-]{60,}$/);
    for (const token of shell.gh.world.tokens.keys()) expect(JSON.stringify(row)).not.toContain(token);
  });
});

test.each([
  '//evil.example.com/',
  'https://evil.example.com/audit',
  '/audit/../..//evil.example.com',
  '/audit\\@evil.example.com',
  '/auditevil',
  '/audit/%0d%0aset-cookie:%20a=b',
  '/audit/\u0000',
  'javascript:alert(1)',
  '/metrics',
  '/audit/../metrics',
  '/audit/logout',
  '/audit/callback?code=1',
  `/audit/${'x'.repeat(2_000)}`,
  '',
])('after a login nobody is sent to %j', async (to) => {
  const browser = shell.browser();
  const away = await browser.get(`/audit/login?to=${encodeURIComponent(to)}`);
  const back = shell.gh.control.authorise({ login: 'bob', url: away.headers.location ?? '' });
  const { location = '' } = (await browser.get(back)).headers;
  const there = new URL(location, shell.url);
  expect(there.origin).toBe(shell.url);
  expect(there.pathname).toMatch(/^\/audit(\/%0d%0aset-cookie:%20a=b)?$/);
});

describe('a session ends', () => {
  test('after an hour without a look, and after eight hours however busy', async () => {
    const idle = await shell.logIn('bob');
    const busy = await shell.logIn('bob');
    shell.clock.at += HOUR - 60_000;
    expect(await whoAmI(busy)).toBe(200);
    shell.clock.at += 60_000;
    expect([await whoAmI(busy), await whoAmI(idle)]).toEqual([200, 401]);
    for (let i = 0; i < 9; i++) {
      shell.clock.at += HOUR - 120_000;
      await whoAmI(busy);
    }
    expect(await whoAmI(busy)).toBe(401);
  });

  test('by logging out, for whoever has a copy as well; GET does not', async () => {
    const browser = await shell.logIn('bob');
    const copy = shell.browser();
    copy.cookies.set('threatgate', cookieOf(browser));
    expect((await browser.get('/audit/logout')).status).toBe(405);
    const out = await browser.post('/audit/logout', { csrf: await csrfOn(browser) });
    expect([out.status, out.headers.location, browser.cookies.size]).toEqual([303, '/audit', 0]);
    expect(await whoAmI(copy)).toBe(401);
  });

  test('when GitHub does not take the token any more, within five minutes', async () => {
    const browser = await shell.logIn('bob');
    expect(await whoAmI(browser)).toBe(200);
    shell.gh.control.revoke({ login: 'bob', app: shell.app });
    shell.clock.at += 5 * 60_000;
    const out = await browser.get('/audit');
    expect([out.status, out.body]).toEqual([
      401,
      expect.stringContaining('does not take your login any more'),
    ]);
    expect(browser.cookies.size).toBe(0);
  });
});

describe('cookies that are not ours', () => {
  test.each([
    ['made up', () => 'A'.repeat(43)],
    ['too short', (own: string) => own.slice(1)],
    ['altered', (own: string) => (own.startsWith('A') ? 'B' : 'A') + own.slice(1)],
    ['a digest of the real one', () => 'f'.repeat(64)],
    ['a path', () => '../../../etc/passwd'],
    ['nothing', () => ''],
  ])('%s', async (_, forge) => {
    const browser = await shell.logIn('bob');
    browser.cookies.set('threatgate', forge(cookieOf(browser)));
    expect(await whoAmI(browser)).toBe(401);
  });

  test('two of the same name are none', async () => {
    const browser = await shell.logIn('bob');
    const own = cookieOf(browser);
    const cookie = `threatgate=${'A'.repeat(43)}; threatgate=${own}`;
    expect((await send(`${shell.url}/audit`, { headers: { cookie } })).status).toBe(401);
    expect((await send(`${shell.url}/audit`, { headers: { cookie: `threatgate=${own}` } })).status).toBe(200);
  });

  test('one that another secret sealed opens nothing', async () => {
    const { createSessions } = await import('../../src/web/sessions.ts');
    const other = createSessions(shell.access, 'another secret, which is as long as the first one was');
    const now = new Date(shell.clock.at).toISOString();
    const made = await other.begin(
      { id: '1', login: 'ada', kind: 'user' },
      { token: 'ghu_1', expiresAt: undefined },
      'state',
      now,
    );
    const browser = shell.browser();
    browser.cookies.set('threatgate', made?.id ?? '');
    expect(await whoAmI(browser)).toBe(401);
    const { seal, keyFor } = await import('../../src/web/seal.ts');
    const forged = { state: 'S', verifier: 'v', to: '/audit', until: '2099-01-01T00:00:00.000Z' };
    browser.cookies.set('threatgate-login', seal(JSON.stringify(forged), keyFor('login', 'another secret')));
    expect((await browser.get('/audit/callback?code=abc&state=S')).status).toBe(400);
  });

  test('a header that is larger than any of ours is refused before it is read', async () => {
    const cookie = `threatgate=${'A'.repeat(20_000)}`;
    expect((await send(`${shell.url}/audit`, { headers: { cookie } })).status).toBe(431);
  });
});

describe('forms', () => {
  test('are taken from our own pages, with the token of the session', async () => {
    const browser = await shell.logIn('bob');
    const csrf = await csrfOn(browser);
    const done = await browser.post('/audit/exports', { csrf, from: '2026-01-01' });
    expect(done.status).toBe(303);
    expect(decodeURIComponent(done.headers.location ?? '')).toBe('/audit/records?took={"from":"2026-01-01"}');
  });

  test('and from nowhere else', async () => {
    const browser = await shell.logIn('bob');
    const other = await shell.logIn('bob');
    const csrf = await csrfOn(browser);
    const evil = 'https://evil.example.com';
    const cases: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
      [{}, {}],
      [{ csrf: '' }, {}],
      [{ csrf: await csrfOn(other) }, {}],
      [{ csrf: `${csrf}x` }, {}],
      [{ csrf }, { origin: evil, 'sec-fetch-site': 'cross-site' }],
      [{ csrf }, { origin: evil }],
      [{ csrf }, { origin: 'null' }],
      [{ csrf }, { 'sec-fetch-site': 'same-site' }],
      [{ csrf }, { 'sec-fetch-site': 'none' }],
    ];
    for (const [fields, headers] of cases)
      expect((await browser.post('/audit/exports', fields, headers)).status).toBe(403);
    const body = new URLSearchParams({ csrf }).toString();
    const silent = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await browser.send('/audit/exports', { method: 'POST', headers: silent, body })).status).toBe(
      403,
    );
  });

  test('of another kind, or too large, are refused', async () => {
    const browser = await shell.logIn('bob');
    const csrf = await csrfOn(browser);
    expect((await browser.post('/audit/exports', { csrf }, { 'content-type': 'text/plain' })).status).toBe(
      415,
    );
    expect((await browser.post('/audit/exports', { csrf, x: 'y'.repeat(70_000) })).status).toBe(413);
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`f${i}`, '']));
    expect((await browser.post('/audit/exports', { csrf, ...many })).status).toBe(400);
    expect((await shell.browser().post('/audit/exports', { csrf })).status).toBe(401);
    expect((await browser.post('/audit/logout', { csrf: 'x' })).status).toBe(403);
    expect(await whoAmI(browser)).toBe(200);
  });
});
