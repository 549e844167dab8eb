import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { openView } from '../../src/store/open-view.ts';
import type { TrailView } from '../../src/core/model/view.ts';
import type { Viewer } from '../../src/web/context.ts';
import { PackageExports } from '../../src/web/create-exports.ts';
import { exportFolder } from '../../src/web/export-folder.ts';
import type { ExportEnd, RunExport } from '../../src/web/export-run.ts';
import type { ExportQuery, ExportStatus, Started } from '../../src/web/exports.ts';
import { captureLog } from '../app/receiver.ts';
import { ledgerFile, SHOP, TILL } from '../audit/samples.ts';
import { threatgate } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

let file: string;
let view: TrailView;
let exports: PackageExports;
let at: number;
const { log, lines } = captureLog();
let base: string;
beforeAll(async () => {
  file = await ledgerFile();
  view = await openView({ file });
  await view.refresh();
});
beforeEach(() => {
  at = Date.parse('2027-02-01T00:00:00Z');
  base = join(temporaryFolder(), 'data');
  exports = exportsWith();
});
afterEach(() => exports.close());
afterAll(async () => {
  await view.close();
  removeTemporaryFolders();
});

const exportsWith = (run?: RunExport): PackageExports =>
  new PackageExports({
    ...{ place: { file }, base, view, log },
    now: () => new Date(at).toISOString(),
    ...(run ? { run } : {}),
  });

const instantly: RunExport = ({ zip }) => {
  writeFileSync(zip, 'zip');
  const ended = Promise.resolve({ kind: 'done', digest: 'sha256:', bytes: 3 } as const);
  return { ended, stop: () => Promise.resolve() };
};

const viewer = (id: string, ...repositories: number[]): Viewer => ({
  login: `user-${id}`,
  id,
  role: 'reader',
  scope: { kind: 'some', repositories: new Set(repositories) },
  notices: [],
});
const YEAR = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
const asked = (...repositories: number[]): ExportQuery => ({ period: YEAR, repositories, sample: undefined });

async function started(query: ExportQuery, who: Viewer): Promise<string> {
  const answer = await exports.start(query, who);
  if (answer.kind !== 'started') throw new Error(JSON.stringify(answer));
  return answer.id;
}

async function ended(id: string, who: Viewer): Promise<ExportStatus> {
  for (;;) {
    const status = await exports.status(id, who);
    if (status === undefined) throw new Error('It is gone.');
    if (status.state === 'done' || status.state === 'failed') return status;
    await new Promise((go) => setTimeout(go, 20));
  }
}

const bytesOf = async (file: Uint8Array | Blob = new Uint8Array()): Promise<Buffer> =>
  file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.from(file);

async function made(query: ExportQuery, who: Viewer): Promise<ReadonlyMap<string, Buffer>> {
  const id = await started(query, who);
  const status = await ended(id, who);
  if (status.state !== 'done') throw new Error(JSON.stringify(status));
  const zip = await exports.file(id, who);
  expect(zip?.name).toBe('evidence-2026-01-01-2027-01-01.zip');
  const bytes = await bytesOf(zip?.bytes);
  expect(bytes.length).toBe(status.bytes);
  return new Map(Object.entries(unzipSync(bytes)).map(([n, b]) => [n, Buffer.from(b)]));
}

test('a package of what the viewer may see, as the command line would make it, and it verifies', async () => {
  const files = await made(asked(), viewer('1', SHOP.id));
  const folder = join(temporaryFolder(), 'package');
  mkdirSync(folder);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  expect(await threatgate(folder, 'verify', folder)).toMatchObject({ code: 0 });
  const all = [...files.values()].map(String).join('');
  expect(all).toContain(SHOP.name);
  expect(all).not.toContain(TILL.name);
  const cwd = temporaryFolder();
  const period = ['--from', '2026-01-01', '--to', '2027-01-01'];
  await threatgate(cwd, 'evidence', '--database', file, ...period, '--repos', SHOP.name, '--output', 'p');
  expect([...files.keys()].sort()).toEqual(readdirSync(join(cwd, 'p')).sort());
});

test('the same question gives the same zip', async () => {
  const who = viewer('1', SHOP.id, TILL.id);
  const once = async (): Promise<Buffer> => {
    const id = await started(asked(), who);
    await ended(id, who);
    return bytesOf((await exports.file(id, who))?.bytes);
  };
  const first = await once();
  expect(first.length).toBeGreaterThan(1_000);
  expect((await once()).equals(first)).toBe(true);
});

describe('nobody gets what is not theirs', () => {
  test('neither by asking for it, nor by name in a refusal', async () => {
    for (const wanted of [[TILL.id], [SHOP.id, TILL.id], [999]]) {
      const answer = await exports.start(asked(...wanted), viewer('1', SHOP.id));
      expect(answer).toMatchObject({ kind: 'refused', problem: expect.stringContaining('may not see it') });
      expect(JSON.stringify(answer)).not.toContain(TILL.name);
    }
    expect(await exports.start(asked(), viewer('1'))).toMatchObject({ kind: 'refused' });
  });

  test('nor somebody else’s package, nor their own once they lost the repository', async () => {
    await exports.close();
    exports = exportsWith(instantly);
    const id = await started(asked(), viewer('1', SHOP.id));
    await ended(id, viewer('1', SHOP.id));
    for (const other of [viewer('2', SHOP.id), viewer('1', TILL.id), viewer('1')]) {
      expect(await exports.status(id, other)).toBeUndefined();
      expect(await exports.file(id, other)).toBeUndefined();
      expect(await exports.list(other)).toEqual([]);
    }
    expect(await exports.list(viewer('1', SHOP.id, TILL.id))).toMatchObject([{ id, state: 'done' }]);
    expect(await exports.file('../../etc/passwd', viewer('1', SHOP.id))).toBeUndefined();
  });
});

test('what fails says why, in words for somebody who looks at a page', async () => {
  const who = viewer('1', SHOP.id);
  const period = { from: '2001-01-01T00:00:00.000Z', to: '2002-01-01T00:00:00.000Z' };
  const status = await ended(await started({ period, repositories: [], sample: undefined }, who), who);
  expect(status).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('There is no record from 2001'),
    remedy: 'Choose another period, or other repositories.',
  });
});

test('one at a time for each and for all, three kept, and for an hour', async () => {
  const ends: (() => void)[] = [];
  await exports.close();
  exports = exportsWith(({ zip }, tell) => {
    const { promise, resolve } = Promise.withResolvers<ExportEnd>();
    tell('Half of it');
    ends.push(() => {
      writeFileSync(zip, 'zip');
      resolve({ kind: 'done', digest: 'sha256:', bytes: 3 });
    });
    return { ended: promise, stop: () => Promise.resolve() };
  });
  const who = viewer('1', SHOP.id);
  const other = viewer('2', SHOP.id);
  const [one, two, too] = await Promise.all([
    exports.start(asked(), who),
    exports.start(asked(), other),
    exports.start(asked(), who),
  ]);
  expect([one.kind, two.kind, too.kind]).toEqual(['started', 'started', 'busy']);
  const idOf = (start: Started): string => ('id' in start ? start.id : '');
  expect(idOf(too)).toBe(idOf(one));
  const settle = (): Promise<void> => new Promise((go) => setTimeout(go, 10));
  await settle();
  expect(await exports.status(idOf(one), who)).toMatchObject({ state: 'running', doing: 'Half of it' });
  expect(await exports.status(idOf(two), other)).toMatchObject({ state: 'waiting' });
  const finish = async (): Promise<void> => {
    ends.shift()?.();
    await settle();
  };
  await finish();
  await finish();
  expect(await exports.list(other)).toMatchObject([{ state: 'done' }]);
  const ids = [idOf(one)];
  for (let i = 0; i < 3; i++) {
    ids.push(await started(asked(), who));
    await settle();
    await finish();
  }
  expect((await exports.list(who)).map(({ id }) => id)).toEqual(ids.slice(1).reverse());
  at += 3_600_000;
  expect(await exports.list(who)).toEqual([]);
  expect(await exports.file(ids[3] ?? '', who)).toBeUndefined();
});

test('what a process left that was killed is removed once it is old', async () => {
  for (const name of ['threatgate-exports-old', 'threatgate-exports-new', 'threatgate.sqlite'])
    mkdirSync(join(base, name), { recursive: true });
  const long = new Date(at - 25 * 3_600_000);
  for (const name of ['threatgate-exports-old', 'threatgate.sqlite'])
    utimesSync(join(base, name), long, long);
  utimesSync(join(base, 'threatgate-exports-new'), new Date(at), new Date(at));
  await exportFolder(base, at);
  expect(readdirSync(base)).toEqual([
    expect.stringMatching(/^threatgate-exports-(?:new|\w{6})$/),
    expect.stringMatching(/^threatgate-exports-(?:new|\w{6})$/),
    'threatgate.sqlite',
  ]);
});

test('while one is made everything else goes on, and nothing is left behind', async () => {
  const who = viewer('1', SHOP.id, TILL.id);
  const id = await started(asked(), who);
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  await ended(id, who);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
  const [folder, ...others] = readdirSync(base);
  expect(others).toEqual([]);
  const path = join(base, folder ?? '');
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, `${id}.zip`)).mode & 0o777).toBe(0o600);
  await exports.close();
  expect(existsSync(path)).toBe(false);
  expect(await exports.start(asked(), who)).toMatchObject({ kind: 'refused' });
  expect(lines).toEqual([]);
});
