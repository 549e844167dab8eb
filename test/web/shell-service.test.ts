import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { readRegistration } from '../../src/app/manifest.ts';
import { SECRET } from '../app/receiver.ts';
import { entry } from '../cli/command-line.ts';
import { createGitHubDouble, type GitHubDouble } from '../double/double.ts';
import { keyPair } from '../double/key-pair.ts';
import type { App } from '../double/state/nouns.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { Browser } from './shell-bench.ts';

const SESSION_SECRET = randomBytes(32).toString('base64url');
let gh: GitHubDouble;
let api: Awaited<ReturnType<GitHubDouble['listen']>>;
let app: App;
let origin: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  gh = createGitHubDouble();
  const { control } = gh;
  for (const login of ['ada', 'bob']) control.createUser({ login });
  control.createOrganisation({ login: 'acme', owners: ['ada'], members: ['bob'] });
  control.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'README.md': 'shop' } });
  origin = `http://127.0.0.1:${await freePort()}`;
  const { default_permissions: permissions, default_events: events } = readRegistration();
  app = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    ...{ permissions, events },
    callbackUrls: [`${origin}/audit/callback`],
  });
  control.install({ app, on: 'acme' });
  api = await gh.listen();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await api.close();
  gh.dispose();
  removeTemporaryFolders();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((go) => server.once('listening', go));
  const { port } = server.address() as AddressInfo;
  await new Promise((go) => server.close(go));
  return port;
}

interface Running {
  readonly out: () => string;
  readonly ended: Promise<number | null>;
  readonly stop: () => void;
}

async function serve(env: Readonly<Record<string, string>>): Promise<Running> {
  const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'serve'], {
    cwd: temporaryFolder(),
    env: {
      PATH: process.env['PATH'],
      APP_ID: String(app.id),
      PRIVATE_KEY: keyPair().privateKey,
      WEBHOOK_SECRET: SECRET,
      GITHUB_API_URL: `${api.url}/api/v3`,
      PORT: new URL(origin).port,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let [out, err] = ['', ''];
  started.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise<number | null>((done) => started.once('exit', done));
  await new Promise<void>((go, fail) => {
    started.once('exit', () => fail(new Error(err + out)));
    started.stdout.on('data', (text: Buffer) => {
      out += text.toString();
      if (out.includes('"msg":"listening"')) go();
    });
  });
  return { out: () => out, ended, stop: () => started.kill('SIGTERM') };
}

test('the service shows its pages to whoever logs in with GitHub, and ends cleanly', async () => {
  const { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } = app;
  const running = await serve({ PUBLIC_URL: origin, CLIENT_ID, CLIENT_SECRET, SESSION_SECRET });
  const bob = new Browser(origin);
  expect((await bob.get('/audit')).status).toBe(401);
  const away = (await bob.get('/audit/login?to=%2Faudit%2Frepositories')).headers.location ?? '';
  expect(away).toMatch(new RegExp(`^${api.url}/login/oauth/authorize\\?client_id=`));
  const chosen = await fetch(`${away}&login=bob`, { redirect: 'manual' });
  const landed = await bob.get(chosen.headers.get('location') ?? '');
  expect([landed.status, landed.headers.location]).toEqual([303, '/audit/repositories']);
  const page = await bob.get('/audit/repositories');
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('<bdi>bob</bdi>')]);
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  expect(metrics).toContain('threatgate_page_requests_total{page="/callback",status="303"} 1');
  expect(metrics).toContain(
    'threatgate_github_requests_total{route="GET /user/installations",status="200"} 1',
  );
  running.stop();
  expect(await running.ended).toBe(0);
  const secrets = [SESSION_SECRET, CLIENT_SECRET, ...bob.cookies.values(), ...gh.world.tokens.keys()];
  for (const secret of secrets) expect(running.out()).not.toContain(secret);
});

test('half of the settings is a mistake that is named', async () => {
  await expect(serve({ PUBLIC_URL: origin, CLIENT_ID: app.clientId })).rejects.toThrow(
    /CLIENT_SECRET is not set, and PUBLIC_URL and CLIENT_ID are[^]*SESSION_SECRET is not set/,
  );
});
