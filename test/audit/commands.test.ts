import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { partsOf } from '../../src/audit/parts.ts';
import { run } from '../../src/cli/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import { spawned, threatgate, type Ended } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { alter, contentOf, keyFile, ledgerFile } from './samples.ts';

afterAll(removeTemporaryFolders);

const YEAR = ['--from', '2026-01-01', '--to', '2027-01-01'] as const;
let database: string;
let cwd: string;

const KEPT = ['DATABASE_URL', 'DATA_DIR', 'THREATGATE_SIGNING_KEY'] as const;
const before = KEPT.map((name) => [name, process.env[name]] as const);
const restore = (): void => {
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
};
beforeAll(async () => {
  database = await ledgerFile();
});
beforeEach(() => {
  for (const name of KEPT) Reflect.deleteProperty(process.env, name);
  cwd = temporaryFolder();
});
afterEach(restore);

const evidence = (...args: readonly string[]): Promise<Ended> =>
  threatgate(cwd, 'evidence', '--database', database, ...args);
const verify = (...args: readonly string[]): Promise<Ended> => threatgate(cwd, 'verify', ...args);

describe('evidence', () => {
  test('is written, signed, verified, and tells what there is', async () => {
    const { file } = keyFile(cwd);
    const made = await evidence(...YEAR, '--output', 'e', '--key', file);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(/6 changes: .*1 waived/);
    expect(made.out).toMatch(/signed by key [0-9a-f]{16}/);
    expect(readdirSync(cwd).sort()).toEqual(['e', 'key.pem', 'key.pem.pub']);
    const found = await verify('e', '--trust', `${file}.pub`);
    expect(found).toMatchObject({ code: 0, err: '' });
    expect(found.out).toContain('✓ e is as it has to be');
    expect(found.out).toContain('17 records, each chain from its beginning');
    expect(await verify(join('e', 'records.jsonl'))).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse((await verify('e', '--json')).out)).toMatchObject({
      ok: true,
      signature: { state: 'unknown-key' },
    });
  });

  test('draws changes with a seed, and says when there are not so many', async () => {
    const made = await evidence(...YEAR, '--output', 'e', '--sample', '2', '--seed', 'auditor 7');
    expect(made.out).toContain('  2 of 6 changes drawn with the seed "auditor 7"\n');
    expect(made.out).toContain('  3 exceptions, 0 answers in the register\n');
    const file = join(cwd, 'e', 'sample.csv');
    expect(readFileSync(file, 'utf8').trimEnd().split('\r\n')).toHaveLength(3);
    expect(await verify('e')).toMatchObject({ code: 0 });
    writeFileSync(file, readFileSync(file, 'utf8').replace('"1"', '"2"'));
    expect(await verify('e')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/sample\.csv, line [23]\n/),
    });
    const all = await evidence(...YEAR, '--output', 'all', '--sample', '25', '--seed', 'auditor 7');
    expect(all.out).toContain('All 6 changes are in the sample: there are not 25 to draw');
    expect(await verify('all')).toMatchObject({ code: 0 });
  });

  test('takes the database and the key that the service would take', async () => {
    process.env['DATA_DIR'] = dirname(database);
    const { file } = keyFile(cwd);
    for (const [n, key] of [
      readFileSync(file, 'utf8'),
      readFileSync(file, 'utf8').replaceAll('\n', '\\n'),
      readFileSync(file).toString('base64'),
    ].entries()) {
      process.env['THREATGATE_SIGNING_KEY'] = key;
      const made = await threatgate(cwd, 'evidence', ...YEAR, '--output', `e${n}`);
      expect(made).toMatchObject({ code: 0, err: '' });
      expect(await verify(`e${n}`, '--trust', `${file}.pub`)).toMatchObject({ code: 0 });
    }
    process.env['DATABASE_URL'] = 'postgres://ada:secret@127.0.0.1:1/nothing';
    const none = await threatgate(cwd, 'evidence', ...YEAR, '--output', 'x');
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toContain('could not be read (ECONNREFUSED)');
    expect(none.err).not.toContain('secret');
  });

  test('may be written into an empty folder, and says when its period is not over', async () => {
    mkdirSync(join(cwd, 'e'));
    const { code, out } = await evidence(
      '--from',
      '2026-01-01',
      '--to',
      '2027-01-01T02:00:00+01:00',
      '--repos',
      'acme/till',
      '--output',
      'e',
    );
    expect(code).toBe(0);
    expect(out).toContain('2027-01-01T01:00:00.000Z');
    expect(out).toContain('The period is not over');
    expect(readdirSync(join(cwd, 'e')).sort()).toEqual(
      [...partsOf({ sample: null }), 'manifest.json'].sort(),
    );
    expect(await verify('e')).toMatchObject({ code: 0, out: expect.stringContaining('Not signed') });
  });

  test.each<[readonly string[], string]>([
    [[], '--from is missing'],
    [['--from', '2026-01-01'], '--to is missing'],
    [[...YEAR], '--output is missing'],
    [['--from', '2027-01-01', '--to', '2026-01-01', '--output', 'e'], 'is not before'],
    [['--from', '2026-01-01', '--to', '2026-01-01', '--output', 'e'], 'is not before'],
    [['--from', 'yesterday', '--to', '2026-01-01', '--output', 'e'], '"yesterday" is not a date'],
    [['--from', '2026-02-30', '--to', '2027-01-01', '--output', 'e'], '"2026-02-30" is not a date'],
    [['--from', '2026-13-01', '--to', '2027-01-01', '--output', 'e'], 'is not a date'],
    [['--from', '2026-01-01T00:00', '--to', '2027-01-01', '--output', 'e'], 'is not a date'],
    [[...YEAR, '--output', 'e', '--repos', 'shop'], '"shop" is not a repository'],
    [[...YEAR, '--output', 'e', '--repos', ''], 'is not a repository'],
    [[...YEAR, '--output', 'e', '--sample', '25'], 'nobody else picked the changes'],
    [[...YEAR, '--output', 'e', '--seed', 'x'], '--seed draws nothing by itself'],
    [[...YEAR, '--output', 'e', '--sample', '0', '--seed', 'x'], '"0" is not a number of changes'],
    [[...YEAR, '--output', 'e', '--sample', '2.5', '--seed', 'x'], 'is not a number of changes'],
    [[...YEAR, '--output', 'e', '--sample', '9'.repeat(17), '--seed', 'x'], 'is not a number of changes'],
    [[...YEAR, '--output', 'e', '--sample', '5', '--seed', ' '], '--seed has to be a line of text'],
    [[...YEAR, '--output', 'e', '--sample', '5', '--seed', 'a\nb'], '--seed has to be a line of text'],
    [[...YEAR, '--output', 'e', '--sample', '5', '--seed', 'a\u202eb'], '--seed has to be a line of text'],
    [[...YEAR, '--output', 'e', '--sample', '5', '--seed', 'x'.repeat(201)], 'at most 200 characters'],
    [[...YEAR, '--output', 'e', 'more'], 'does not take the argument'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await threatgate(cwd, 'evidence', ...args);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(message);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('says what it cannot do, and leaves nothing behind', async () => {
    writeFileSync(join(cwd, 'file'), 'x');
    mkdirSync(join(cwd, 'full'));
    writeFileSync(join(cwd, 'full', 'mine'), 'x');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    writeFileSync(join(cwd, 'rsa.pem'), rsa);
    const there = readdirSync(cwd);
    const cases: readonly [readonly string[], string][] = [
      [['--from', '2020-01-01', '--to', '2021-01-01', '--output', 'e'], 'no record from 2020-01-01'],
      [['--from', '2028-01-01', '--to', '2029-01-01', '--output', 'e'], 'no record from 2028-01-01'],
      [[...YEAR, '--output', 'e', '--repos', 'acme/shop,acme/spoh'], 'acme/shop, acme/till'],
      [[...YEAR, '--output', 'full'], 'is not empty'],
      [[...YEAR, '--output', 'file'], 'is not a folder'],
      [[...YEAR, '--output', 'file/below'], 'could not be written'],
      [[...YEAR, '--output', 'no/such/folder'], 'could not be written'],
      [[...YEAR, '--output', 'e', '--key', 'none.pem'], 'could not be read'],
      [[...YEAR, '--output', 'e', '--key', 'file'], 'is not an Ed25519 private key'],
      [[...YEAR, '--output', 'e', '--key', 'rsa.pem'], 'is not an Ed25519 private key'],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = await evidence(...args);
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      expect(err).toContain(message);
      expect(err).toContain('→');
      expect(readdirSync(cwd)).toEqual(there);
    }
    expect(readdirSync(join(cwd, 'full'))).toEqual(['mine']);
  });

  test('is not made of a database that is absent, not ours, or altered', async () => {
    const other = join(cwd, 'other.sqlite');
    const theirs = new DatabaseSync(other);
    theirs.exec('create table notes (text)');
    theirs.close();
    writeFileSync(
      join(cwd, 'text'),
      'not a database, but long enough to be looked at as if it were one'.repeat(20),
    );
    const bad = await ledgerFile();
    alter(
      bad,
      `update records set text = replace(text, 'Fine.', 'Nope.') where repository = 7 and sequence = 5`,
    );
    const gone = await ledgerFile();
    alter(gone, `delete from documents where kind = 'verdict'`);
    const cases: readonly [string, string][] = [
      ['none.sqlite', 'There is no database'],
      [other, 'no audit trail of Threatgate'],
      ['text', 'could not be read'],
      [bad, 'broken at record 5 of acme/shop'],
      [gone, 'broken at document sha256:'],
    ];
    for (const [file, message] of cases) {
      const { code, out, err } = await threatgate(
        cwd,
        'evidence',
        '--database',
        file,
        ...YEAR,
        '--output',
        'e',
      );
      expect({ file, code, out }).toEqual({ file, code: 2, out: '' });
      expect(err).toContain(message);
      expect(existsSync(join(cwd, 'e'))).toBe(false);
    }
    expect(readdirSync(cwd).sort()).toEqual(['other.sqlite', 'text']);
    const tables = new DatabaseSync(other);
    expect(tables.prepare('select name from sqlite_master').all()).toEqual([{ name: 'notes' }]);
    expect(tables.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' });
    tables.close();
  });

  test('shows how far it is on a terminal only', async () => {
    const written: string[] = [];
    const argv = ['evidence', '--database', database, ...YEAR, '--output', 'e'];
    const io = {
      out: () => undefined,
      err: (text: string) => void written.push(text),
      cwd,
      columns: 80,
      colour: true,
      now: () => '2027-02-01T00:00:00.000Z',
    };
    expect(await run(argv, io)).toBe(0);
    expect(written.join('')).toContain('acme/shop: 13 of 13 records');
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  test('and verification run as programs of their own', async () => {
    expect(await spawned(cwd, 'evidence', '--database', database, ...YEAR, '--output', 'e')).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await spawned(cwd, 'verify', 'e')).toMatchObject({ code: 0, err: '' });
  });
});

describe('a signing key', () => {
  test('is made once, for nobody else to read', async () => {
    const { code, out } = await threatgate(cwd, 'key', 'new', 'k.pem');
    expect(code).toBe(0);
    expect(out).toMatch(/Made the key [0-9a-f]{16}/);
    expect((statSync(join(cwd, 'k.pem')).mode & 0o777).toString(8)).toBe('600');
    const [secret, open] = [readFileSync(join(cwd, 'k.pem')), readFileSync(join(cwd, 'k.pem.pub'), 'utf8')];
    expect(createPublicKey(secret).export({ type: 'spki', format: 'pem' })).toBe(open);
    const again = await threatgate(cwd, 'key', 'new', 'k.pem');
    expect(again).toMatchObject({ code: 2, out: '', err: expect.stringContaining('is there already') });
    expect(readFileSync(join(cwd, 'k.pem')).equals(secret)).toBe(true);
    expect(await threatgate(cwd, 'key', 'new', 'no/such/k.pem')).toMatchObject({ code: 2 });
    expect(await evidence(...YEAR, '--output', 'e', '--key', 'k.pem')).toMatchObject({ code: 0 });
    expect(await verify('e', '--trust', 'k.pem.pub', '--require-signature')).toMatchObject({ code: 0 });
  });

  test('is one of those that are trusted, or the package is not', async () => {
    const keys = join(cwd, 'keys');
    mkdirSync(keys);
    const folders = ['old', 'new', 'other'].map((name) => {
      mkdirSync(join(cwd, name));
      return keyFile(join(cwd, name));
    });
    const [old, recent, other] = folders.map((one) => ({
      ...one,
      pem: readFileSync(one.publicFile, 'utf8'),
    }));
    writeFileSync(join(keys, 'old.pem'), old?.pem ?? '');
    writeFileSync(join(keys, 'new.pub'), recent?.pem ?? '');
    writeFileSync(join(keys, 'readme.txt'), 'keys of acme');
    for (const [name, one] of [
      ['a', old],
      ['b', recent],
      ['c', other],
    ] as const)
      expect(await evidence(...YEAR, '--output', name, '--key', one?.file ?? '')).toMatchObject({ code: 0 });
    expect(await evidence(...YEAR, '--output', 'd')).toMatchObject({ code: 0 });

    expect((await verify('a', '--trust', 'keys')).out).toContain(`trusted by ${join(keys, 'old.pem')}`);
    expect(await verify('b', '--trust', 'keys')).toMatchObject({ code: 0 });
    const one = [old, recent].flatMap((pair) => ['--trust', pair?.publicFile ?? '']);
    for (const name of ['a', 'b']) expect(await verify(name, ...one)).toMatchObject({ code: 0 });
    expect(await verify('c', ...one)).toMatchObject({ code: 1 });
    expect(await verify('c', ...one, '--trust', other?.publicFile ?? '')).toMatchObject({ code: 0 });
    const both = join(cwd, 'both.pem');
    writeFileSync(both, `${old?.pem ?? ''}\n${recent?.pem ?? ''}`);
    expect(await verify('b', '--trust', both)).toMatchObject({ code: 0 });
    expect(await verify('c', '--trust', 'keys')).toMatchObject({
      code: 1,
      out: expect.stringContaining('none of those that are trusted'),
    });
    expect(await verify('d', '--trust', 'keys')).toMatchObject({
      code: 1,
      out: expect.stringContaining('not signed'),
    });
    expect(await verify('d', '--require-signature')).toMatchObject({ code: 1 });
    expect(await verify('c', '--require-signature')).toMatchObject({
      code: 1,
      out: expect.stringContaining('--trust'),
    });
    expect((await verify('c')).out).toContain('not known to be anybody’s');
    expect(await verify('c')).toMatchObject({ code: 0 });
    // Somebody else’s signature in its place, over the same manifest but for the name of the key.
    writeFileSync(join(cwd, 'a', 'manifest.sig'), readFileSync(join(cwd, 'c', 'manifest.sig')));
    expect(await verify('a')).toMatchObject({ code: 1, out: expect.stringContaining('manifest.sig') });
  });
});

describe('verify', () => {
  test('names what is broken, with its place and why', async () => {
    await evidence(...YEAR, '--output', 'e');
    const file = join(cwd, 'e', 'records.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"login":"eve"', '"login":"bob"'));
    const { code, out, err } = await verify('e');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain(
      '✗ e is broken\n  records.jsonl, line 9 (record 5 of acme/shop)\n  The chain breaks: ',
    );
    expect(JSON.parse((await verify('e', '--json')).out)).toMatchObject({
      ok: false,
      broken: { file: 'records.jsonl', line: 9, sequence: 5 },
    });
  });

  test.each<[readonly string[], number, string]>([
    [[], 64, 'Name what to verify'],
    [['e', '--database', 'x'], 64, 'not both'],
    [['--database', 'x', '--trust', 'k'], 64, 'not signed'],
    [['file', '--require-signature'], 64, 'not signed'],
    [['e', 'f'], 64, 'does not take'],
    [['none'], 2, 'There is no none'],
    [['--database', 'none'], 2, 'There is no database'],
    [['.', '--trust', 'none'], 2, 'could not be read'],
    [['.', '--trust', 'file'], 2, 'no public key in'],
    [['.', '--trust', '.'], 2, 'no public key in'],
    [['.'], 2, 'is not an evidence package'],
  ])('%j ends with %i', async (args, code, message) => {
    writeFileSync(join(cwd, 'file'), 'x');
    const ended = await verify(...args);
    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
    expect(ended.err).toContain(message);
  });

  test('does not know what a later version writes', async () => {
    const { writeManifest } = await import('../../src/audit/package.ts');
    await evidence(...YEAR, '--output', 'e');
    const file = join(cwd, 'e', 'manifest.json');
    const content = contentOf(readFileSync(file, 'utf8'));
    writeFileSync(file, writeManifest({ ...content, schema: '2.0' }).text);
    expect(await verify('e')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('another version'),
    });
  });
});

describe('verify --database', () => {
  test('checks every chain and document, and changes nothing', async () => {
    const file = await ledgerFile();
    const bytes = readFileSync(file);
    const { code, out, err } = await verify('--database', file);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('19 records, each chain from its beginning');
    expect(out).toContain('8 documents');
    expect(out).toMatch(/acme\/shop: 15 records, the last is sha256:[0-9a-f]{64}/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('while the service has it open', async () => {
    const file = await ledgerFile();
    const store = await openStore({ file });
    expect(await verify('--database', file)).toMatchObject({ code: 0 });
    await store.close();
  });

  test.each<[statement: string, where: string, why: string]>([
    [
      `update records set text = replace(text, '"login":"eve"', '"login":"bob"') where repository = 7 and sequence = 5`,
      'record 5 of acme/shop',
      'does not have the hash',
    ],
    [
      `update records set text = replace(text, 'acme/till', 'acme/tall') where repository = 3`,
      'record 1 of repository 3',
      'does not have the hash',
    ],
    [
      `update records set text = text || ' ' where repository = 7 and sequence = 1`,
      'record 1 of repository 7',
      'canonical',
    ],
    [
      `update records set text = '' where repository = 7 and sequence = 15`,
      'record 15 of acme/shop',
      'not JSON',
    ],
    [
      `update records set kind = 'closed' where repository = 7 and sequence = 4`,
      'record 4 of acme/shop',
      'column kind',
    ],
    [
      `update records set pull_request = 99 where repository = 7 and sequence = 3`,
      'record 3 of acme/shop',
      'column pull_request',
    ],
    [
      `update records set actor = null where repository = 7 and sequence = 6`,
      'record 6 of acme/shop',
      'column actor',
    ],
    [
      `update records set at = '2020-01-01T00:00:00.000Z' where repository = 7 and sequence = 6`,
      'record 6 of acme/shop',
      'column at',
    ],
    [
      `update records set source = 'x' where repository = 7 and sequence = 6`,
      'record 6 of acme/shop',
      'column source',
    ],
    [
      `update records set sequence = 0 where repository = 7 and sequence = 1`,
      'record 1 of acme/shop',
      'column sequence',
    ],
    [
      `update records set sequence = 99 where repository = 7 and sequence = 15`,
      'record 15 of acme/shop',
      'column sequence',
    ],
    [
      `delete from records where repository = 7 and sequence = 5`,
      'record 5 of acme/shop',
      'another record stands in its place',
    ],
    [
      `delete from records where repository = 7 and sequence = 1`,
      'record 1 of repository 7',
      'another record stands in its place',
    ],
    [
      `delete from records where repository = 7 and sequence = 15`,
      'record 15 of acme/shop',
      'another record than there is',
    ],
    [`delete from records where repository = 7`, 'repository 7', 'another record than there is'],
    [
      `update records set repository = 8 where repository = 7`,
      'record 15 of repository 7',
      'another record than there is',
    ],
    [
      `update records set repository = 8 where repository = 7; update chains set repository = 8 where repository = 7`,
      'record 1 of repository 8',
      'about another repository',
    ],
    [
      `update chains set sequence = 14 where repository = 7`,
      'record 14 of acme/shop',
      'another record than there is',
    ],
    [
      `update chains set sequence = 16 where repository = 7`,
      'record 16 of acme/shop',
      'another record than there is',
    ],
    [
      `update chains set hash = 'sha256:x' where repository = 7`,
      'record 15 of acme/shop',
      'another record than there is',
    ],
    [`delete from chains where repository = 7`, 'acme/shop', 'not in the table of chains'],
    [`update documents set text = text || ' ' where kind = 'policy'`, 'document sha256:', 'another content'],
    [
      `update documents set digest = 'sha256:x' where digest = (select min(digest) from documents)`,
      'document sha256:',
      'another content',
    ],
    [`delete from documents where kind = 'policy'`, 'of acme/shop', 'it is not there'],
  ])('finds %s', async (statement, where, why) => {
    const file = await ledgerFile();
    alter(file, statement);
    const { code, out } = await verify('--database', file);
    expect(code).toBe(1);
    expect(out).toContain('is broken');
    expect(out).toContain(where);
    expect(out).toContain(why);
  });
});
