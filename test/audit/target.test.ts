import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { threatgate, type Ended } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { zipFolder } from '../../src/web/zip-folder.ts';
import { ledgerFile } from './samples.ts';

afterAll(removeTemporaryFolders);

let cwd: string;
let files: Readonly<Record<string, Uint8Array>>;
beforeAll(async () => {
  cwd = temporaryFolder();
  const year = ['--from', '2026-01-01', '--to', '2027-01-01', '--output', 'package'];
  const made = await threatgate(cwd, 'evidence', '--database', await ledgerFile(), ...year);
  expect(made).toMatchObject({ code: 0, err: '' });
  files = Object.fromEntries(
    readdirSync(join(cwd, 'package')).map((name) => [name, readFileSync(join(cwd, 'package', name))]),
  );
}, 60_000);

const verify = (...args: readonly string[]): Promise<Ended> => threatgate(cwd, 'verify', ...args);

let count = 0;
function archive(content: Readonly<Record<string, Uint8Array>>, cut = 0): string {
  const name = `archive-${++count}.zip`;
  const bytes = zipSync({ ...content });
  writeFileSync(join(cwd, name), bytes.subarray(0, bytes.length - cut));
  return name;
}

const within = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}${name}`, bytes]));

test('the zip of a package is a package, as we write it, and in the folder that others put it in', async () => {
  await zipFolder(join(cwd, 'package'), join(cwd, 'ours.zip'));
  for (const name of ['ours.zip', archive(files), archive(within('evidence-2026/'))]) {
    const found = await verify(name);
    expect([found.code, found.err]).toEqual([0, '']);
    expect(found.out).toContain(`✓ ${name} is as it has to be`);
  }
});

test('what was altered in it is found as in a folder', async () => {
  const records = Buffer.from(files['records.jsonl'] ?? []).toString('utf8');
  const altered = { ...files, 'records.jsonl': Buffer.from(records.replace('"eve"', '"bob"')) };
  const found = await verify(archive(altered));
  expect(found.code).toBe(1);
  expect(found.out).toContain('The chain breaks');
});

test.each([
  [
    'a name that leads out of the folder',
    { '../outside': new Uint8Array(1) },
    /It holds a file called "..\/outside"/,
  ],
  [
    'a name that leads elsewhere',
    { '/etc/outside': new Uint8Array(1), a: new Uint8Array(1) },
    /several folders/,
  ],
  [
    'one name in two folders',
    { 'a/x': new Uint8Array(1), 'b/x': new Uint8Array(1) },
    /twice, or files in several/,
  ],
  ['a name that no file of ours has', { '.hidden': new Uint8Array(1) }, /It holds a file called ".hidden"/],
  [
    'more files than a package has',
    Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`f${i}`, new Uint8Array(0)])),
    /too many files/,
  ],
])('an archive with %s is broken', async (_, content, why) => {
  const found = await verify(archive(content));
  expect([found.code, found.out]).toEqual([1, expect.stringMatching(why)]);
});

test('an archive that was cut off is broken, and so is one of nothing that we know', async () => {
  expect((await verify(archive(files, 4_000))).code).not.toBe(0);
  writeFileSync(join(cwd, 'begun.zip'), 'PK\u0003\u0004 and nothing that follows from it');
  expect((await verify('begun.zip')).code).toBe(1);
});

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a package is verified at its address, also where that leads on', async () => {
  const zip = readFileSync(join(cwd, archive(files)));
  const url = await serve(({ url: path }, response) => {
    if (path === '/begin') response.writeHead(302, { location: '/package.zip' }).end();
    else response.end(zip);
  });
  const found = await verify(`${url}/begin`);
  expect([found.code, found.err]).toEqual([0, '']);
});

test('records are verified at their address', async () => {
  const url = await serve((_, response) => response.end(files['records.jsonl']));
  expect(await verify(`${url}/records.jsonl`)).toMatchObject({ code: 0, err: '' });
});

test.each([
  ['it is not there', 404, {}, /answers with status 404/],
  [
    'it leads into clear text elsewhere',
    302,
    { location: 'http://example.test/x' },
    /is not an https address/,
  ],
  ['it leads into a file', 302, { location: 'file:///etc/passwd' }, /is not an https address/],
  ['it leads in a circle', 302, { location: '/again' }, /leads on and on/],
] as const)('an address is refused when %s', async (_, status, headers, why) => {
  const url = await serve((__, response) => response.writeHead(status, headers).end());
  const found = await verify(`${url}/x`);
  expect([found.code, found.err]).toEqual([2, expect.stringMatching(why)]);
});

test.each(['http://example.test/x.zip', 'https://user:secret@example.test/x.zip'])(
  '%s is refused',
  async (address) => {
    const found = await verify(address);
    expect([found.code, found.err]).toEqual([2, expect.stringContaining('is not an https address')]);
  },
);
