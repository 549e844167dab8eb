import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { openAccess } from '../../src/store/open-access.ts';
import { query, sharedPostgres } from '../support/postgres.ts';
import { ledgerFile, makeLedger, SHOP, TILL } from '../audit/samples.ts';
import { entry, threatgate } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { send } from './shell-bench.ts';

afterAll(removeTemporaryFolders);
let file: string;
let cwd: string;
beforeEach(async () => {
  file = await ledgerFile();
  cwd = temporaryFolder();
});
const auditor = (...args: readonly string[]) => threatgate(cwd, 'auditor', ...args, '--database', file);

describe('auditor', () => {
  test('invites, lists and revokes', async () => {
    expect(await auditor('list')).toEqual({ code: 0, out: 'Nobody was invited.\n', err: '' });
    const repos = `${SHOP.name.toUpperCase()},${TILL.name}`;
    expect(await auditor('invite', 'Jane', '--repos', repos, '--until', '2026-03-01')).toEqual({
      code: 0,
      out: 'Invited Jane (has not logged in yet): acme/shop, acme/till; until 2026-03-02T00:00:00.000Z\n',
      err: '',
    });
    await auditor('invite', 'max', '--repos', TILL.name, '--until', '2026-02-01', '--id', '4711');
    const access = await openAccess({ file });
    await access.bind('jane', '12', '2026-02-01T00:00:00.000Z');
    expect((await access.standing('12', '2026-03-01T23:59:59.999Z')).map(({ login }) => login)).toEqual([
      'Jane',
    ]);
    expect(await access.standing('12', '2026-03-02T00:00:00.000Z')).toEqual([]);
    await access.close();
    expect((await auditor('list')).out).toBe(
      [
        'max (account 4711): acme/till; until 2026-02-02T00:00:00.000Z',
        'Jane (account 12): acme/shop, acme/till; until 2026-03-02T00:00:00.000Z',
        '',
      ].join('\n'),
    );
    expect(await auditor('revoke', 'JANE')).toMatchObject({
      code: 0,
      out: 'Revoked 1 invitation of JANE.\n',
    });
    expect(await auditor('revoke', 'jane')).toMatchObject({ code: 1 });
    expect((await auditor('list')).out).toContain(
      'Jane (account 12): acme/shop, acme/till; revoked 2026-02-01T',
    );
  });

  test.each([
    [[], 'Say what to do'],
    [['invite'], 'is not a login'],
    [['invite', '@jane'], 'is not a login'],
    [['invite', 'jane', '--until', '2026-03-01'], '--repos is missing'],
    [['invite', 'jane', '--repos', 'shop', '--until', '2026-03-01'], 'is not a repository'],
    [['invite', 'jane', '--repos', 'acme/shop'], '--until is missing'],
    [['invite', 'jane', '--repos', 'acme/shop', '--until', '2026-02-30'], 'is not a date'],
    [['invite', 'jane', '--repos', 'acme/shop', '--until', '2026-01-31'], 'is over already'],
    [['invite', 'jane', '--repos', 'acme/shop', '--until', '2029-01-01'], 'more than two years'],
    [['invite', 'jane', '--repos', 'acme/shop', '--until', '2026-03-01', '--id', 'x'], 'not the number'],
    [['list', 'jane'], 'takes no login'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, err } = await auditor(...args);
    expect([code, err]).toEqual([64, expect.stringContaining(message)]);
    expect((await auditor('list')).out).toBe('Nobody was invited.\n');
  });

  test('a repository without a record invites nobody, and no database makes none', async () => {
    const { code, err } = await auditor(
      'invite',
      'jane',
      '--repos',
      'acme/shop,acme/nope',
      '--until',
      '2026-03-01',
    );
    expect([code, err]).toEqual([2, expect.stringContaining('no record of a repository "acme/nope"')]);
    expect((await auditor('list')).out).toBe('Nobody was invited.\n');
    const nowhere = await threatgate(cwd, 'auditor', 'list', '--database', 'nowhere.sqlite');
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('There is no database')]);
  });
});

describe('browse', () => {
  test('shows the pages of a database on this machine, and ends when it is told to', async () => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, 'browse', '--database', file, '--port', '0'],
      { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [out, err] = ['', ''];
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const ended = new Promise((done) => child.once('exit', done));
    const url = await new Promise<string>((done, fail) => {
      child.once('exit', () => fail(new Error(err)));
      child.stdout.on('data', (text: Buffer) => {
        out += text.toString();
        const [found] = /http:\S+/.exec(out) ?? [];
        if (found !== undefined) done(found);
      });
    });
    try {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/audit$/);
      const page = await send(url);
      expect([page.status, page.body]).toEqual([200, expect.stringContaining('Local mode')]);
      expect((await send(url, { headers: { host: 'evil.example.com' } })).status).toBe(421);
      expect((await send(new URL('/', url).href)).headers.location).toBe('/audit');
    } finally {
      child.kill('SIGTERM');
    }
    expect([await ended, err]).toEqual([0, '']);
  });

  test.each([
    [['--port', 'x'], 64, 'is not a port'],
    [['--port', '70000'], 64, 'is not a port'],
    [['--database', 'nowhere.sqlite'], 2, 'There is no database'],
  ])('%j: %i', async (args, code, message) => {
    const ended = await threatgate(cwd, 'browse', ...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(message)]);
  });

  test('a database that may only be read is named, with what to do', async () => {
    const url = await (await sharedPostgres()).createDatabase();
    await makeLedger({ url });
    const name = new URL(url).pathname.slice(1);
    await query(url, `alter database ${name} set default_transaction_read_only = on`);
    const { code, err } = await threatgate(cwd, 'browse', '--database', url);
    expect([code, err]).toEqual([2, expect.stringContaining('The PostgreSQL database may only be read')]);
    expect(err).toContain('→ Restore a dump into a database of your own');
  });
});
