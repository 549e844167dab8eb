import { describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { readConfig, type Config, type Problem } from '../../src/app/config.ts';
import { describeProblems } from '../../src/app/serve.ts';
import { webUrlOf } from '../../src/github/web-address.ts';
import { VARIABLES } from '../../src/app/variables.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const SECRET = 'a long random text of mine';
const needed = { APP_ID: '4242', PRIVATE_KEY: pem, WEBHOOK_SECRET: SECRET };

const noFile = (): string => {
  throw new Error('ENOENT');
};
const read = (env: Record<string, string | undefined>, readFile: (path: string) => string = noFile) =>
  readConfig({ ...needed, ...env }, readFile);
const config = (env: Record<string, string | undefined>, readFile?: (path: string) => string): Config => {
  const reading = read(env, readFile);
  if (reading.kind === 'problems') throw new Error(describeProblems(reading.problems));
  return reading.config;
};
const problems = (env: Record<string, string | undefined>): readonly Problem[] => {
  const reading = read(env);
  return reading.kind === 'problems' ? reading.problems : [];
};

test('what is needed is enough', () => {
  expect(config({})).toEqual({
    appId: 4242,
    privateKey: pem,
    webhookSecret: SECRET,
    dataDir: './data',
    host: '127.0.0.1',
    port: 3000,
    logLevel: 'info',
    apiUrl: 'https://api.github.com',
    reconcileMinutes: 10,
    workers: 4,
  });
});

test('everything can be set, and an empty value is none', () => {
  expect(
    config({
      DATABASE_URL: 'postgres://gate:pw@db.example.com/gate',
      DATA_DIR: '/data',
      HOST: '::',
      PORT: '0',
      LOG_LEVEL: 'WARN',
      GITHUB_API_URL: 'https://github.example.com/api/v3/',
      GHE_HOST: '',
      RECONCILE_MINUTES: '5',
      WORKERS: ' 8 ',
    }),
  ).toMatchObject({
    databaseUrl: 'postgres://gate:pw@db.example.com/gate',
    dataDir: '/data',
    host: '::',
    port: 0,
    logLevel: 'warn',
    apiUrl: 'https://github.example.com/api/v3',
    reconcileMinutes: 5,
    workers: 8,
  });
});

const PAGES = {
  PUBLIC_URL: 'https://gate.example.com/',
  CLIENT_ID: 'Iv23li0000000000001042',
  CLIENT_SECRET: 'c'.repeat(40),
  SESSION_SECRET: 'hunter2 and a long random text of mine',
};

describe('the pages', () => {
  test('are set up with four settings; the address alone is good for links', () => {
    expect(config(PAGES)).toMatchObject({
      publicUrl: 'https://gate.example.com',
      login: {
        clientId: PAGES.CLIENT_ID,
        clientSecret: PAGES.CLIENT_SECRET,
        sessionSecret: PAGES.SESSION_SECRET,
      },
    });
    const linked = config({ PUBLIC_URL: 'http://127.0.0.1:3000' });
    expect([linked.publicUrl, linked.login]).toEqual(['http://127.0.0.1:3000', undefined]);
  });

  test.each(Object.keys(PAGES))('without %s, the others are a mistake', (name) => {
    const found = problems({ ...PAGES, [name]: undefined });
    expect(found.map((p) => p.name)).toEqual([name]);
    expect(describeProblems(found)).toMatch(/is not set, and .* are.*\n.*or only PUBLIC_URL, or none/);
  });

  test.each([
    [{ JIRA_URL: 'https://jira.example.com' }, 'JIRA_TOKEN is not set, and JIRA_URL is', 'both of them'],
    [
      { JIRA_URL: 'http://localhost', JIRA_TOKEN: 'hunter2hunter2' },
      'JIRA_URL is not an https address',
      'https://',
    ],
    [{ PUBLIC_URL: 'http://gate.example.com' }, 'PUBLIC_URL is not the address of a server', 'https://'],
    [{ PUBLIC_URL: 'https://gate.example.com/gate' }, 'PUBLIC_URL is not the address', 'without a path'],
    [{ PUBLIC_URL: 'https://u:hunter2@gate.example.com' }, 'PUBLIC_URL is not the address', 'https://'],
    [{ PUBLIC_URL: 'https://gate.example.com/#hunter2' }, 'PUBLIC_URL is not the address', 'https://'],
    [{ ...PAGES, CLIENT_ID: 'hunter2 x' }, 'CLIENT_ID is not a client id', 'App’s page'],
    [{ ...PAGES, CLIENT_SECRET: 'hunter2' }, 'CLIENT_SECRET has fewer than 16', 'client secret'],
    [{ ...PAGES, SESSION_SECRET: 'hunter2' }, 'SESSION_SECRET has fewer than 32', 'long random text'],
    [{ ...PAGES, SESSION_SECRET: 'ab'.repeat(20) }, 'SESSION_SECRET repeats a few', 'long random text'],
  ])('%#: %s', (env, message, remedy) => {
    const found = problems(env);
    expect(found).toHaveLength(1);
    const text = describeProblems(found);
    expect(text).toContain(`  ${message}`);
    expect(text).toContain(remedy);
    expect(text).not.toContain('hunter2');
  });
});

test('an Enterprise Server is named by its host or by its API', () => {
  expect(config({ GHE_HOST: 'github.example.com' }).apiUrl).toBe('https://github.example.com/api/v3');
  expect(config({ GITHUB_API_URL: 'http://127.0.0.1:4000' }).apiUrl).toBe('http://127.0.0.1:4000');
});

test.each([
  ['https://api.github.com', 'https://github.com'],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
  ['https://github.example.com:8443/api/v3', 'https://github.example.com:8443'],
])('of %s, people see %s', (apiUrl, webUrl) => {
  expect(webUrlOf(apiUrl)).toBe(webUrl);
});

describe('the private key', () => {
  const oneLine = pem.replaceAll('\n', '\\n');
  test.each([
    ['as it is', pem],
    ['with escaped line ends', oneLine],
    ['with escaped line ends, quoted', `"${oneLine}"`],
    ['in base64', Buffer.from(pem).toString('base64')],
    [
      'in base64 with line ends',
      Buffer.from(pem)
        .toString('base64')
        .replace(/(.{76})/g, '$1\n'),
    ],
    ['as PKCS #8', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('%s', (_, PRIVATE_KEY) => {
    expect(config({ PRIVATE_KEY }).privateKey).toMatch(/^-----BEGIN (RSA )?PRIVATE KEY-----\n[^]+-----\n$/);
  });

  test('in a file', () => {
    const files = (path: string): string => (path === '/run/key.pem' ? pem : noFile());
    expect(config({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/run/key.pem' }, files).privateKey).toBe(pem);
  });

  test.each([
    [{ PRIVATE_KEY: undefined }, 'PRIVATE_KEY is not set'],
    [
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/nowhere' },
      'PRIVATE_KEY_PATH names a file that cannot be read',
    ],
    [{ PRIVATE_KEY_PATH: '/run/key.pem' }, 'PRIVATE_KEY_PATH is set together with PRIVATE_KEY'],
    [{ PRIVATE_KEY: 'hunter2hunter2' }, 'PRIVATE_KEY is not an RSA private key'],
    [{ PRIVATE_KEY: pem.slice(0, 400) }, 'PRIVATE_KEY is not an RSA private key'],
    [
      {
        PRIVATE_KEY: generateKeyPairSync('ed25519')
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      },
      'PRIVATE_KEY is not an RSA private key',
    ],
  ])('%#: %s', (env, message) => {
    const text = describeProblems(problems(env));
    expect(text).toContain(message);
    expect(text).toContain('→ ');
    expect(text).not.toMatch(/hunter2|MII/);
  });
});

describe('what is wrong is named, with what to do, and never repeated', () => {
  test.each([
    [{ WEBHOOK_SECRET: undefined }, 'WEBHOOK_SECRET is not set', 'nothing is served'],
    [{ WEBHOOK_SECRET: '   ' }, 'WEBHOOK_SECRET is not set', 'nothing is served'],
    [{ WEBHOOK_SECRET: 'development' }, 'WEBHOOK_SECRET is a word that everybody knows', 'long random text'],
    [{ WEBHOOK_SECRET: 'hunter2hunter2' }, 'WEBHOOK_SECRET has fewer than 16 characters', 'long random text'],
    [{ APP_ID: undefined }, 'APP_ID is not set', '--setup'],
    [{ APP_ID: 'hunter2' }, 'APP_ID is not a number', 'App’s page'],
    [
      { DATABASE_URL: 'mysql://root:hunter2@db' },
      'DATABASE_URL is not the address of a PostgreSQL database',
      'postgres://',
    ],
    [{ PORT: '70000' }, 'PORT is out of range', '0 to 65535'],
    [{ PORT: 'hunter2' }, 'PORT is not a whole number', '0 to 65535'],
    [{ HOST: 'http://hunter2' }, 'HOST is not an address', '0.0.0.0'],
    [{ LOG_LEVEL: 'hunter2' }, 'LOG_LEVEL is not a level', 'debug, info'],
    [{ GITHUB_API_URL: 'http://hunter2.example.com' }, 'GITHUB_API_URL is not an https address', '/api/v3'],
    [
      { GITHUB_API_URL: 'https://u:hunter2@x.example.com' },
      'GITHUB_API_URL is not an https address',
      '/api/v3',
    ],
    [{ GITHUB_API_URL: 'hunter2' }, 'GITHUB_API_URL is not an https address', '/api/v3'],
    [{ GHE_HOST: 'https://hunter2' }, 'GHE_HOST is not a host', 'without https'],
    [
      { GHE_HOST: 'x.example.com', GITHUB_API_URL: 'https://hunter2.example.com' },
      'GHE_HOST is set together',
      'one of the two',
    ],
    [{ RECONCILE_MINUTES: '0' }, 'RECONCILE_MINUTES is out of range', '1 to 60'],
    [{ WORKERS: '1.5' }, 'WORKERS is not a whole number', '1 to 64'],
  ])('%#: %s', (env, message, remedy) => {
    const found = problems(env);
    expect(found).toHaveLength(1);
    const text = describeProblems(found);
    expect(text).toContain(`  ${message}`);
    expect(text).toContain(remedy);
    expect(text).not.toContain('hunter2');
  });

  test('all at once', () => {
    const found = problems({ APP_ID: 'x', WEBHOOK_SECRET: 'x', PRIVATE_KEY: 'x', PORT: 'x' });
    expect(found.map((p) => p.name).sort()).toEqual(['APP_ID', 'PORT', 'PRIVATE_KEY', 'WEBHOOK_SECRET']);
    expect(describeProblems(found)).toContain('4 settings are wrong');
  });
});

test('every variable has a name, a default and a sentence', () => {
  expect(new Set(VARIABLES.map((v) => v.name)).size).toBe(VARIABLES.length);
  for (const { name, about } of VARIABLES) {
    expect(name).toMatch(/^[A-Z_]+$/);
    expect(about).toMatch(/^[A-Z`].*\.$/);
  }
});
