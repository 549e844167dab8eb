import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { send } from '../../src/hand-over/request.ts';
import { threatgate, type Ended } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

afterAll(removeTemporaryFolders);

const PDF = Buffer.from('%PDF-1.7 not really');
const XLSX = Buffer.from('PK not really');
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const UUID = '1b4e28ba-2fa1-4d2b-883f-0016d3cca427';

/** As much of a package as is handed over. */
function packageWith(files: Readonly<Record<string, Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name,
    bytes: bytes.length,
    sha256: sha(bytes),
  }));
  const manifest = {
    query: { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
    files: entries,
    digest: `sha256:${'a'.repeat(64)}`,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}
type Answer = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];

const seen: Seen[] = [];
let answer: (seen: Seen) => Answer;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(pieces),
      };
      seen.push(one);
      const [status, body, headers = {}] = answer(one);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((done) => void server.close(() => done())));

const TOKENS = ['VANTA_TOKEN', 'DRATA_TOKEN', 'CISO_ASSISTANT_TOKEN'] as const;
const before = TOKENS.map((name) => [name, process.env[name]] as const);
let folder: string;
beforeEach(() => {
  seen.length = 0;
  for (const name of TOKENS) process.env[name] = 'a-secret-token';
  folder = packageWith({ 'evidence.pdf': PDF, 'evidence.xlsx': XLSX, 'population.csv': Buffer.from('a\n') });
});
afterEach(() => {
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
});

const handOver = (place: string, ...args: readonly string[]): Promise<Ended> =>
  threatgate(folder, 'hand-over', place, folder, ...args);
const asked = (): readonly string[] =>
  seen.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);

/** A service that keeps what it is given, and lists it as the real one does. */
const PLACES = {
  vanta: {
    args: ['--document', 'change-management'],
    keeps: () => {
      const kept: { description: string }[] = [];
      return ({ method, path, body }: Seen): Answer => {
        if (path.endsWith('/submit')) return [200];
        if (method === 'GET') return [200, { results: { data: kept, pageInfo: { hasNextPage: false } } }];
        kept.push({
          description: /name="description"\r\n\r\n(.*)\r\n/.exec(body.toString('latin1'))?.[1] ?? '',
        });
        return [201, { id: 'x' }];
      };
    },
    first: [
      'GET /v1/documents/change-management/uploads',
      'POST /v1/documents/change-management/uploads',
      'GET /v1/documents/change-management/uploads',
      'POST /v1/documents/change-management/uploads',
      'POST /v1/documents/change-management/submit',
    ],
    authorization: 'Bearer a-secret-token',
  },
  drata: {
    args: ['--workspace', '1', '--owner', '42'],
    keeps: () => {
      const kept: { name: string }[] = [];
      return ({ method, body }: Seen): Answer => {
        if (method === 'GET') return [200, { data: kept }];
        kept.push({ name: /name="name"\r\n\r\n(.*)\r\n/.exec(body.toString('latin1'))?.[1] ?? '' });
        return [201, { id: 1 }];
      };
    },
    first: [
      `GET /workspaces/1/evidence-library?limit=50&q=Threatgate 2026-01-01 to 2027-01-01 evidence.pdf ${sha(PDF).slice(0, 32)}`,
      'POST /workspaces/1/evidence-library',
      `GET /workspaces/1/evidence-library?limit=50&q=Threatgate 2026-01-01 to 2027-01-01 evidence.xlsx ${sha(XLSX).slice(0, 32)}`,
      'POST /workspaces/1/evidence-library',
    ],
    authorization: 'Bearer a-secret-token',
  },
  'ciso-assistant': {
    args: ['--domain', UUID],
    keeps: () => {
      const kept: { id: string; name: string; attachment: string | null }[] = [];
      return ({ method, path, body }: Seen): Answer => {
        const { searchParams, pathname } = new URL(path, url);
        if (method === 'GET')
          return [200, { results: kept.filter((each) => each.name === searchParams.get('name')) }];
        if (pathname.endsWith('/upload/')) {
          const one = kept.find((each) => pathname.includes(each.id));
          if (one) one.attachment = '/x';
          return [200];
        }
        const id = `00000000-0000-4000-8000-00000000000${kept.length}`;
        kept.push({ id, name: (JSON.parse(body.toString()) as { name: string }).name, attachment: null });
        return [201, { id }];
      };
    },
    first: [
      `GET /evidences/?name=Threatgate 2026-01-01 to 2027-01-01 evidence.pdf ${sha(PDF).slice(0, 32)}`,
      'POST /evidences/',
      'POST /evidences/00000000-0000-4000-8000-000000000000/upload/',
      `GET /evidences/?name=Threatgate 2026-01-01 to 2027-01-01 evidence.xlsx ${sha(XLSX).slice(0, 32)}`,
      'POST /evidences/',
      'POST /evidences/00000000-0000-4000-8000-000000000001/upload/',
    ],
    authorization: 'Token a-secret-token',
  },
} as const;
const NAMES = Object.keys(PLACES) as readonly (keyof typeof PLACES)[];

describe.each(NAMES)('hand-over to %s', (name) => {
  const { args, keeps, first, authorization } = PLACES[name];
  beforeEach(() => {
    answer = keeps();
  });

  test('sends both files whole, and tells which', async () => {
    expect(await handOver(name, ...args, '--url', url)).toEqual({
      code: 0,
      out: 'Sent: evidence.pdf\nSent: evidence.xlsx\n',
      err: '',
    });
    expect(asked()).toEqual(first);
    expect(seen.every(({ headers }) => headers.authorization === authorization)).toBe(true);
    for (const bytes of [PDF, XLSX]) expect(seen.filter(({ body }) => body.includes(bytes))).toHaveLength(1);
  });

  test('sends nothing twice', async () => {
    await handOver(name, ...args, '--url', url);
    seen.length = 0;
    expect((await handOver(name, ...args, '--url', url)).out).toBe(
      'There already: evidence.pdf\nThere already: evidence.xlsx\n',
    );
    expect(seen.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('goes on where it failed', async () => {
    const kept = answer;
    let writes = 0;
    answer = (one) => (one.method === 'POST' && ++writes === 2 ? [400] : kept(one));
    const failed = await handOver(name, ...args, '--url', url);
    expect(failed.code).toBe(2);
    expect(failed.err).toMatch(/was answered with 400/);
    answer = kept;
    expect((await handOver(name, ...args, '--url', url)).code).toBe(0);
    for (const bytes of [PDF, XLSX])
      expect(seen.filter(({ body }) => body.includes(bytes)).length).toBeLessThanOrEqual(2);
  });

  test('shows with --dry-run what it would send, sends nothing and needs no token', async () => {
    for (const token of TOKENS) Reflect.deleteProperty(process.env, token);
    const { code, out, err } = await handOver(name, ...args, '--url', url, '--dry-run');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(seen).toEqual([]);
    expect(out.match(/^(?:GET|POST) /gm)).toHaveLength(first.length);
    expect(out).toContain(`file evidence.pdf: application/pdf, ${PDF.length} bytes, sha256:${sha(PDF)}`);
    process.env[TOKENS[NAMES.indexOf(name)] ?? ''] = 'a-secret-token';
    expect((await handOver(name, ...args, '--url', url, '--dry-run')).out).not.toContain('a-secret-token');
  });

  test('says what is wrong before anything is sent', async () => {
    const wrong = async (...more: readonly string[]): Promise<string> => (await handOver(name, ...more)).err;
    expect(await wrong('--url', url)).toContain('needs --');
    expect(await wrong(...args, '--url', 'http://grc.example.com')).toContain('is not an https address');
    expect(await wrong(...args, '--url', url, '--bucket', 'b')).toContain('does not take --bucket');
    expect(await wrong(...args, '--url', url, '--file', '../x.pdf')).toContain('not a name of a file');
    expect(await wrong(...args, '--url', url, '--file', 'missing.pdf')).toContain('could not be read');
    expect(await wrong(...args, '--url', url, '--file', 'records.jsonl')).toContain('would not be taken');
    writeFileSync(join(folder, 'evidence.pdf'), 'altered');
    expect(await wrong(...args, '--url', url)).toContain('is not the file that the manifest');
    Reflect.deleteProperty(process.env, TOKENS[NAMES.indexOf(name)] ?? '');
    folder = packageWith({ 'evidence.pdf': PDF, 'evidence.xlsx': XLSX });
    expect(await wrong(...args, '--url', url)).toContain('_TOKEN is not set');
    expect(seen).toEqual([]);
  });
});

test('Drata is not offered what it does not take', async () => {
  expect(
    (await handOver('drata', '--workspace', '1', '--owner', '2', '--file', 'population.csv')).err,
  ).toContain('.csv is none of .pdf, .xlsx');
});

test('AWS Audit Manager is handed commands, quoted for a shell, and nothing is sent', async () => {
  const ids = ['--bucket', 'evidence', '--assessment', "a'b", '--control-set', 'cs', '--control', 'c'];
  const { code, out } = await handOver('audit-manager', ...ids, '--file', 'evidence.pdf');
  expect(code).toBe(0);
  const place = `s3://evidence/threatgate/${'a'.repeat(16)}/${sha(PDF).slice(0, 16)}-evidence.pdf`;
  expect(out.split('\n').slice(1, 3)).toEqual([
    `aws s3 cp '${join(folder, 'evidence.pdf')}' '${place}'`,
    `aws auditmanager batch-import-evidence-to-assessment-control --assessment-id 'a'\\''b' --control-set-id 'cs' --control-id 'c' --manual-evidence '[{"s3ResourcePath":"${place}"}]'`,
  ]);
  expect((await handOver('audit-manager', ...ids.with(1, 's3://x'))).err).toContain('is not a bucket');
  expect(seen).toEqual([]);
});

test('another folder, another place and a missing folder are told', async () => {
  expect((await threatgate(folder, 'hand-over', 'nowhere', 'x')).err).toContain(
    'Name where to: vanta, drata',
  );
  expect((await threatgate(folder, 'hand-over', 'vanta')).err).toContain('Name the folder');
  const none = await threatgate(folder, 'hand-over', 'vanta', temporaryFolder(), '--document', 'x');
  expect(none.err).toContain('is not an evidence package');
});

describe('a request', () => {
  const waited: number[] = [];
  const sender = {
    authorization: 'Bearer x',
    fetch,
    sleep: (ms: number) => {
      waited.push(ms);
      return Promise.resolve();
    },
  };
  const get = () => ({ method: 'GET', url: `${url}/x`, headers: {} }) as const;
  const post = () =>
    ({ method: 'POST', url: `${url}/x`, headers: {}, body: { kind: 'json', value: {} } }) as const;
  beforeEach(() => {
    waited.length = 0;
  });

  test('waits when it is told to, and gives up in the end', async () => {
    answer = () => (seen.length < 3 ? [429, undefined, { 'retry-after': '7' }] : [200, { ok: true }]);
    expect(await send(post(), sender)).toEqual({ ok: true });
    expect(waited).toEqual([7_000, 7_000]);
    answer = () => [503];
    await expect(send(get(), sender)).rejects.toThrow('was answered with 503');
    expect(seen).toHaveLength(3 + 4);
  });

  test('that writes is not sent again when nobody knows whether it arrived', async () => {
    answer = () => [500];
    await expect(send(post(), sender)).rejects.toThrow('was answered with 500');
    expect(seen).toHaveLength(1);
    const gone = { ...post(), url: 'http://127.0.0.1:1/x' };
    await expect(send(gone, sender)).rejects.toThrow('got no answer');
    expect(waited).toEqual([]);
  });

  test('follows nobody anywhere with the token', async () => {
    answer = () => [302, undefined, { location: 'http://127.0.0.1:1/' }];
    await expect(send(post(), sender)).rejects.toThrow('got no answer');
    expect(seen).toHaveLength(1);
  });
});
