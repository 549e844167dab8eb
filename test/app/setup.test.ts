import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readConfig } from '../../src/app/config.ts';
import { setUp, type SetupOptions } from '../../src/app/setup.ts';
import { createGitHubDouble, type GitHubDouble } from '../double/double.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

/** The double makes an RSA key for the App. */
let github: GitHubDouble;
let server: Awaited<ReturnType<GitHubDouble['listen']>>;
let stop: AbortController;
let ended: ReturnType<typeof setUp> | undefined;
let said: string[];

beforeEach(async () => {
  github = createGitHubDouble();
  github.control.createUser({ login: 'ada', email: 'ada@example.org' });
  github.control.createOrganisation({ login: 'acme', owners: ['ada'] });
  server = await github.listen();
  stop = new AbortController();
  ended = undefined;
  said = [];
});
afterEach(async () => {
  stop.abort();
  await ended?.catch(() => undefined);
  await server.close();
  github.dispose();
  removeTemporaryFolders();
});

const file = (): string => join(temporaryFolder(), 'threatgate.env');

/** Starts the setup; returns the address that it tells. */
async function begin(at: string, more: Partial<SetupOptions> = {}): Promise<string> {
  const told = Promise.withResolvers<string>();
  ended = setUp({
    host: '127.0.0.1',
    port: 0,
    apiUrl: `${server.url}/api/v3`,
    webUrl: server.url,
    organisation: 'acme',
    file: at,
    say: (text) => {
      said.push(text);
      const [url] = /http:\S+/.exec(text) ?? [];
      if (url !== undefined) told.resolve(url);
    },
    stop: stop.signal,
    ...more,
  });
  ended.catch((error: unknown) => told.reject(error));
  return told.promise;
}

const unescape = (html: string): string =>
  html
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

/** The form that goes to GitHub: where to, and with which manifest. */
async function form(url: string): Promise<{ action: string; manifest: Record<string, unknown> }> {
  const page = await fetch(`${url}/?service=${encodeURIComponent('https://gate.example.com/')}`);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' ${server.url};`);
  const action = unescape(/action="([^"]+)"/.exec(html)?.[1] ?? '');
  const manifest = unescape(/name="manifest" value="([^"]+)"/.exec(html)?.[1] ?? '');
  return { action, manifest: JSON.parse(manifest) as Record<string, unknown> };
}

test('from the first page to settings that the service starts with', async () => {
  const at = file();
  const url = await begin(at);
  expect(await (await fetch(url)).text()).toContain('Where will GitHub reach the service?');
  const { action, manifest } = await form(url);
  expect(action).toMatch(
    new RegExp(`^${server.url}/organizations/acme/settings/apps/new\\?state=[\\w-]{43}$`),
  );
  expect(manifest).toMatchObject({
    name: 'Threatgate',
    public: false,
    hook_attributes: { url: 'https://gate.example.com/api/github/webhooks', active: true },
    redirect_url: `${url}/setup/callback`,
    callback_urls: ['https://gate.example.com/audit/callback'],
    default_permissions: { checks: 'write', contents: 'read' },
  });

  const sent = await fetch(action, {
    method: 'POST',
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: 'manual',
  });
  const back = await fetch(sent.headers.get('location') ?? '');
  const shown = await back.text();
  expect([back.status, await ended]).toEqual([200, 'written']);

  expect(statSync(at).mode & 0o777).toBe(0o600);
  const written = readFileSync(at, 'utf8');
  expect(written).toMatch(
    /^APP_ID=\d+\nPRIVATE_KEY=[A-Za-z0-9+/=]+\nWEBHOOK_SECRET=\S+\nPUBLIC_URL=https:\/\/gate.example.com\nCLIENT_ID=\S+\nCLIENT_SECRET=\S+\nSESSION_SECRET=[\w-]{43}\n$/,
  );
  const settings = parseEnv(written);
  const reading = readConfig(settings, () => '');
  expect(reading).toMatchObject({
    kind: 'config',
    config: {
      webhookSecret: settings['WEBHOOK_SECRET'],
      login: { clientSecret: settings['CLIENT_SECRET'], sessionSecret: settings['SESSION_SECRET'] },
    },
  });
  const secrets = ['WEBHOOK_SECRET', 'PRIVATE_KEY', 'CLIENT_SECRET', 'SESSION_SECRET'].map(
    (s) => settings[s],
  );
  for (const secret of [...secrets, 'PRIVATE KEY']) expect(shown + said.join('')).not.toContain(secret);
  expect(shown).toContain(at);
  expect(said.join('')).toContain(`threatgate serve --env ${at}`);
});

test('a service below a path is registered without the pages, which need an origin to themselves', async () => {
  const at = file();
  const url = await begin(at);
  const page = await fetch(`${url}/?service=${encodeURIComponent('https://example.com/gate')}`);
  const html = await page.text();
  const sent = await fetch(unescape(/action="([^"]+)"/.exec(html)?.[1] ?? ''), {
    method: 'POST',
    body: new URLSearchParams({
      manifest: unescape(/name="manifest" value="([^"]+)"/.exec(html)?.[1] ?? ''),
    }),
    redirect: 'manual',
  });
  await fetch(sent.headers.get('location') ?? '');
  expect(await ended).toBe('written');
  expect(Object.keys(parseEnv(readFileSync(at, 'utf8')))).toEqual([
    'APP_ID',
    'PRIVATE_KEY',
    'WEBHOOK_SECRET',
  ]);
  expect(said.join('')).toContain('The pages for auditors are not set up');
});

describe('refused', () => {
  const callback = (url: string, query: string, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((done, fail) => {
      request(`${url}/setup/callback?${query}`, { headers }, (answer) =>
        done(answer.resume().statusCode ?? 0),
      )
        .on('error', fail)
        .end();
    });
  const codeFor = (): string =>
    github.control.createManifestCode({
      manifest: { name: 'Other', default_permissions: {} },
      owner: 'acme',
    });

  test('an answer without the state that was sent, or with another', async () => {
    const at = file();
    const url = await begin(at);
    const code = codeFor();
    for (const query of [`code=${code}`, `code=${code}&state=`, `code=${code}&state=${'x'.repeat(43)}`, ''])
      expect(await callback(url, query)).toBe(400);
    expect(readFileSync(at, 'utf8')).toBe('');
  });

  test('a page that has given its own name our address', async () => {
    const url = await begin(file());
    const { action } = await form(url);
    const state = new URL(action).searchParams.get('state') ?? '';
    expect(await callback(url, `code=${codeFor()}&state=${state}`, { host: 'evil.example.com' })).toBe(403);
  });

  test('a code that GitHub does not know, or that is none; then the right one still works', async () => {
    const url = await begin(file());
    const { action } = await form(url);
    const state = new URL(action).searchParams.get('state') ?? '';
    expect(await callback(url, `code=nothing&state=${state}`)).toBe(502);
    expect(await callback(url, `code=..%2f..%2fx&state=${state}`)).toBe(400);
    expect(await callback(url, `code=${codeFor()}&state=${state}`)).toBe(200);
    expect(await ended).toBe('written');
  });

  test.each(['javascript:alert(1)', 'gate.example.com', 'https://u:p@gate.example.com', ''])(
    'a service at %j: asked again',
    async (service) => {
      const url = await begin(file());
      const html = await (await fetch(`${url}/?service=${encodeURIComponent(service)}`)).text();
      expect(html).toContain('That is not an address');
      expect(html).not.toContain('manifest');
    },
  );

  test('other pages and methods', async () => {
    const url = await begin(file());
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test('a file that is there already: nothing is overwritten, and no App is made first', async () => {
    const at = file();
    writeFileSync(at, 'mine');
    await expect(begin(at)).rejects.toThrow('cannot be written');
    expect(readFileSync(at, 'utf8')).toBe('mine');
  });
});

test('told to stop, it leaves nothing behind', async () => {
  const at = file();
  await begin(at);
  expect(existsSync(at)).toBe(true);
  stop.abort();
  expect(await ended).toBe('stopped');
  expect(existsSync(at)).toBe(false);
});
