import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { localEntrance } from '../../src/web/local-entrance.ts';
import { ASSETS } from '../../src/web/layout/assets.ts';
import { assetPath } from '../../src/web/paths.ts';
import { receiver } from '../app/receiver.ts';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { openShell, recordsOf, send, type Browser, type Shell, type ShellOptions } from './shell-bench.ts';

const open: Shell[] = [];
const start = async (options: ShellOptions = {}): Promise<Shell> => {
  const shell = await openShell(options);
  open.push(shell);
  return shell;
};
afterEach(() => Promise.all(open.splice(0).map((shell) => shell.close())));
afterAll(removeTemporaryFolders);

describe('every answer', () => {
  let shell: Shell;
  let bob: Browser;
  beforeEach(async () => {
    shell = await start();
    bob = await shell.logIn('bob');
  });

  test.each([
    ['/audit', 200],
    ['/audit/', 200],
    ['/audit/records?x=1', 200],
    ['/audit/boom', 500],
    ['/audit/nowhere', 404],
    ['/audit/a/b/c/d', 404],
    ['/audit/acme/none', 404],
    ['/audit/download', 200],
    ['/audit/logout', 405],
    [`/audit/records?q=${'x'.repeat(4_000)}`, 414],
    ['/audit/%', 404],
    ['/audit/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/audit/..%2f..%2fmetrics', 404],
    ['/audit/acme%2Fshop/..%2f', 404],
    ['/audit/__proto__/constructor', 404],
    ['/audit//evil.example.com', 404],
  ])('%s: %i, with the headers that keep it safe', async (path, status) => {
    const {
      status: found,
      headers,
      body,
    } = await bob
      .send('', { headers: {} })
      .then(() =>
        send(shell.url + path, { headers: { cookie: `threatgate=${bob.cookies.get('threatgate') ?? ''}` } }),
      );
    expect(found).toBe(status);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(body).not.toMatch(/hunter2|node_modules|at file:/);
  });

  test('an error is in the log and nowhere else', async () => {
    await bob.get('/audit/boom');
    expect(shell.lines.join('')).toMatch(/hunter2.*a page could not be shown/);
  });

  test('HEAD is GET without a body, other methods are refused', async () => {
    const cookie = `threatgate=${bob.cookies.get('threatgate') ?? ''}`;
    const head = await send(`${shell.url}/audit/records`, { method: 'HEAD', headers: { cookie } });
    expect([head.status, head.body]).toEqual([200, '']);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const answer = await send(`${shell.url}/audit/exports`, { method, headers: { cookie } });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers.allow).toBe('GET, HEAD, POST');
    }
    expect(
      (await send(`${shell.url}/audit/records`, { method: 'POST', headers: { cookie } })).headers.allow,
    ).toBe('GET, HEAD');
  });

  test('a download is one, whatever is in it', async () => {
    const { headers, body } = await bob.get('/audit/download');
    expect([headers['content-type'], headers['content-disposition'], body]).toEqual([
      'text/csv',
      'attachment; filename="a.csv"',
      'a,b\n',
    ]);
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
  });

  test('addresses are ours, whatever a request calls us', async () => {
    const cookie = `threatgate=${bob.cookies.get('threatgate') ?? ''}`;
    const headers = { cookie, host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' };
    const { status, body } = await send(`${shell.url}/audit/records?a=b`, { headers });
    expect([status, body]).toEqual([200, expect.stringContaining(`<p>${shell.url}/audit/records?a=b</p>`)]);
    const away = await send(`${shell.url}/audit/login`, { headers });
    expect(new URL(away.headers.location ?? '').searchParams.get('redirect_uri')).toBe(
      `${shell.url}/audit/callback`,
    );
    expect((await send(`${shell.url}/audit`, { headers: { cookie, host: 'a b/../c' } })).status).toBe(400);
  });

  test('is counted by page and status, under no name that a stranger made up', async () => {
    for (const path of ['/audit', '/audit/acme/shop', '/audit/acme/vault', '/audit/a/b/c', '/audit/boom'])
      await bob.get(path);
    const metrics = await shell.metrics.registry.metrics();
    expect(metrics).toContain('threatgate_page_requests_total{page="/",status="200"} 1');
    expect(metrics).toContain('threatgate_page_requests_total{page="/:owner/:name",status="404"} 2');
    expect(metrics).toContain('threatgate_page_requests_total{page="other",status="404"} 1');
    expect(metrics).toContain('threatgate_page_requests_total{page="/boom",status="500"} 1');
    expect(metrics).not.toMatch(/page="[^"]*(?:shop|vault)/);
  });
});

test('what does not depend on who looks may be kept, under a name that changes with it', async () => {
  const shell = await start();
  for (const asset of ASSETS) {
    const { status, headers, body } = await send(`${shell.url}/audit${assetPath(asset)}`);
    expect([status, body]).toEqual([200, asset.text]);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toBe(`${asset.type}; charset=utf-8`);
  }
  expect((await send(`${shell.url}/audit/assets/pages.0000.css`)).status).toBe(401);
});

test('a stranger is not told which pages there are', async () => {
  const shell = await start();
  for (const path of ['/audit/acme/shop', '/audit/nowhere', '/audit/a/b/c'])
    expect((await send(shell.url + path)).status).toBe(401);
});

test('pages that take too long are given up, and keep nobody else waiting', async () => {
  const shell = await start({ timeoutMs: 50 });
  const [bob, eve] = [await shell.logIn('bob'), await shell.logIn('eve')];
  const slow = await Promise.all(Array.from({ length: 7 }, () => bob.get('/audit/slow')));
  expect(slow.map(({ status }) => status)).toEqual(Array(7).fill(503));
  expect((await bob.get('/audit/records')).status).toBe(200);
  // What is given up still works: whoever began so much has to wait for it to end, and nobody else has.
  expect((await bob.get('/audit/slow')).status).toBe(503);
  const refused = await bob.get('/audit/records');
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
  expect((await eve.get('/audit/records')).status).toBe(200);
});

test('where they are not set up, the pages say how to, and everything else is as before', async () => {
  const at = await receiver();
  try {
    for (const path of ['/audit', '/audit/', '/audit/acme/shop', '/audit/login']) {
      const answer = await send(at.url + path);
      expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
      expect(answer.body).toMatch(
        /PUBLIC_URL, CLIENT_ID, CLIENT_SECRET and SESSION_SECRET[^]*threatgate browse/,
      );
    }
    expect((await send(`${at.url}/auditor`)).status).toBe(404);
    expect((await send(`${at.url}/health`)).status).toBe(200);
  } finally {
    await at.close();
  }
});

describe('local mode', () => {
  const local = async (): Promise<Shell> => {
    const shell = await start({ entrance: localEntrance() });
    shell.setRecords(recordsOf([{ id: 1, name: 'acme/shop' }]));
    return shell;
  };

  test('shows everything to this machine, without a login', async () => {
    const { url } = await local();
    const { port } = new URL(url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      const { status, body } = await send(`${url}/audit`, { headers: { host } });
      expect([status, body]).toEqual([200, expect.stringContaining('acme/shop')]);
      expect(body).toContain('local local');
    }
    expect((await send(`${url}/audit/login`)).status).toBe(404);
  });

  test.each(['evil.example.com', '127.0.0.1.evil.example.com', 'localhost.evil.example.com:80', '10.0.0.1'])(
    'does not answer to %j, which a page elsewhere may have given our address',
    async (host) => {
      const { url } = await local();
      const { status, body } = await send(`${url}/audit`, { headers: { host } });
      expect([400, 421]).toContain(status);
      expect(body).not.toContain('acme/shop');
    },
  );

  test('takes forms of its own pages alone', async () => {
    const { url, browser } = await local();
    const csrf = /csrf=([\w-]+);/.exec((await send(`${url}/audit`)).body)?.[1] ?? '';
    expect((await browser().post('/audit/exports', { csrf })).status).toBe(303);
    expect((await browser().post('/audit/exports', { csrf: 'x' })).status).toBe(403);
    const evil = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' };
    expect((await browser().post('/audit/exports', { csrf }, evil)).status).toBe(403);
  });
});
