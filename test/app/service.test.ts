import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { entry } from '../cli/command-line.ts';
import { createGitHubDouble, type GitHubDouble } from '../double/double.ts';
import { keyPair } from '../double/key-pair.ts';
import { readRegistration } from '../../src/app/manifest.ts';
import { openStore } from '../../src/store/open-store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import * as on from './payloads.ts';
import { headersFor, post, SECRET, sign } from './receiver.ts';

/** Processes are started, and the machine may be busy. */
let github: GitHubDouble;
let api: Awaited<ReturnType<GitHubDouble['listen']>>;
let appId: number;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  github = createGitHubDouble();
  const { control } = github;
  control.createUser({ login: 'ada', email: 'ada@example.org' });
  control.createOrganisation({ login: 'acme', owners: ['ada'] });
  const { default_permissions: permissions, default_events: events } = readRegistration();
  appId = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions,
    events,
  }).id;
  api = await github.listen();
});
afterAll(async () => {
  await api.close();
  github.dispose();
});

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  removeTemporaryFolders();
});

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The next line of the log with this message. */
  readonly line: (message: string) => Promise<Record<string, unknown>>;
  readonly ended: Promise<number | null>;
}

function start(env: Record<string, string>, ...args: readonly string[]): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'serve', ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      APP_ID: String(appId),
      PRIVATE_KEY: keyPair().privateKey,
      WEBHOOK_SECRET: SECRET,
      GITHUB_API_URL: `${api.url}/api/v3`,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const line = async (message: string): Promise<Record<string, unknown>> => {
    for (let i = 0; i < 600; i++) {
      const found = out
        .split('\n')
        .filter((l) => l.startsWith('{') && l.endsWith('}'))
        .map((l) => JSON.parse(l) as Record<string, unknown>)
        .find((l) => l['msg'] === message);
      if (found) return found;
      if (child.exitCode !== null) break;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw new Error(`It never said "${message}".\n${out}\n${err}`);
  };
  return { child, out: () => out, err: () => err, line, ended };
}

async function ready(url: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if ((await fetch(`${url}/ready`)).ok) return;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error('It never became ready.');
}

const deliver = (url: string, guid: string): Promise<{ readonly status: number; readonly body: string }> => {
  const body = JSON.stringify(on.pullRequest('opened'));
  const headers = headersFor('pull_request', body, {
    'x-github-delivery': guid,
    'x-github-hook-installation-target-id': String(appId),
  });
  return post(`${url}/api/github/webhooks`, headers, [body]);
};

describe('the process', () => {
  test('listens, becomes ready, takes deliveries, and stops when it is told to', async () => {
    const service = start({});
    const { url, database } = await service.line('listening');
    expect(database).toBe('SQLite');
    await ready(String(url));
    expect(await deliver(String(url), 'guid-0001')).toMatchObject({
      status: 202,
      body: '{"status":"accepted"}\n',
    });
    expect(await deliver(String(url), 'guid-0001')).toMatchObject({
      status: 202,
      body: '{"status":"known"}\n',
    });
    const body = JSON.stringify(on.push());
    const forged = headersFor('push', body, {
      'x-hub-signature-256': sign(body, 'development'),
      'x-github-hook-installation-target-id': String(appId),
    });
    expect(await post(`${String(url)}/api/github/webhooks`, forged, [body])).toMatchObject({ status: 401 });
    const metrics = await (await fetch(`${String(url)}/metrics`)).text();
    expect(metrics).toContain('threatgate_deliveries_total{event="pull_request",outcome="accepted"} 1');
    expect(metrics).toContain('process_resident_memory_bytes');
    expect(metrics).toMatch(/threatgate_github_requests_total\{route="GET \/app",status="200"\} \d/);
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    await expect(fetch(`${String(url)}/health`)).rejects.toThrow();
    expect(service.out()).toMatch(/"msg":"stopping"[^]*"msg":"stopped"/);
    expect(service.err()).toBe('');
    for (const secret of [SECRET, 'PRIVATE KEY', keyPair().privateKey.slice(100, 150)])
      expect(service.out()).not.toContain(secret);
    const store = await openStore({ file: join(folder, 'data/threatgate.sqlite') });
    expect([...(await store.accepted(['guid-0001']))]).toEqual(['guid-0001']);
    await store.close();
  });

  test('what it accepted is there after it was killed', async () => {
    const first = start({});
    const { url } = await first.line('listening');
    await ready(String(url));
    await deliver(String(url), 'guid-0002');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start({});
    const again = await second.line('listening');
    await ready(String(again['url']));
    expect(await deliver(String(again['url']), 'guid-0002')).toMatchObject({ body: '{"status":"known"}\n' });
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });
});

describe('does not start', () => {
  test('without a webhook secret: says what to do, with code 2', async () => {
    const service = start({ WEBHOOK_SECRET: '' });
    expect(await service.ended).toBe(2);
    expect(service.err()).toBe(
      [
        'Threatgate cannot start: a setting is wrong.',
        '  WEBHOOK_SECRET is not set.',
        '    → Set it to the secret of the App’s webhook. Without it anybody could send events, so nothing is served.',
        '',
      ].join('\n'),
    );
    expect(service.out()).toBe('');
  });

  test('with a key that GitHub does not take', async () => {
    const service = start({ APP_ID: '999999' });
    expect(await service.ended).toBe(2);
    expect(service.err()).toContain('GitHub does not accept the key of the App.\n  → Check that APP_ID');
  });

  test('with a folder that cannot be written to', async () => {
    const service = start({ DATA_DIR: '/dev/null/data' });
    expect(await service.ended).toBe(2);
    expect(service.err()).toContain('The database in /dev/null/data cannot be opened');
  });

  test('on an address that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((go) => other.once('listening', go));
    const service = start({}, '--port', String((other.address() as AddressInfo).port));
    expect(await service.ended).toBe(2);
    expect(service.err()).toContain('The address cannot be listened on (EADDRINUSE)');
    other.close();
  });

  test('the setup, with settings that it needs and that are wrong', async () => {
    const service = start({ PORT: 'x', APP_ID: '' }, '--setup');
    expect(await service.ended).toBe(2);
    expect(service.err()).toMatch(/a setting is wrong[^]*PORT is not a whole number/);
  });

  test('with settings that cannot be read', async () => {
    const service = start({}, '--env', 'nowhere.env');
    expect(await service.ended).toBe(2);
    expect(service.err()).toContain('nowhere.env cannot be read');
  });
});

test('without an answer from GitHub it starts, and takes no deliveries until it knows who it is', async () => {
  let isDown = true;
  const flaky = createServer((request, response) => {
    if (isDown) return void response.writeHead(502).end();
    void fetch(api.url + (request.url ?? ''), {
      headers: { authorization: request.headers.authorization ?? '' },
    }).then(async (answer) =>
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((go) => flaky.once('listening', go));
  const { port } = flaky.address() as AddressInfo;
  const service = start({ GITHUB_API_URL: `http://127.0.0.1:${port}/api/v3` });
  const url = String((await service.line('listening'))['url']);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({
    status: 'not ready',
    why: 'GitHub has not told yet who we are',
  });
  expect(await deliver(url, 'guid-0003')).toMatchObject({ status: 503 });
  isDown = false;
  await ready(url);
  expect(await deliver(url, 'guid-0003')).toMatchObject({ status: 202, body: '{"status":"accepted"}\n' });
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  flaky.closeAllConnections();
  flaky.close();
});

test('the setup needs no settings, and leaves nothing behind when it is told to stop', async () => {
  const service = start({ APP_ID: '', PRIVATE_KEY: '', WEBHOOK_SECRET: '' }, '--setup');
  for (let i = 0; i < 200 && !service.out().includes('Open http'); i++)
    await new Promise((go) => setTimeout(go, 50));
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(service.out()) ?? [];
  expect(await (await fetch(url)).text()).toContain('Where will GitHub reach the service?');
  service.child.kill('SIGINT');
  expect(await service.ended).toBe(2);
  expect(readdirSync(folder)).toEqual([]);
});
