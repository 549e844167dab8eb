import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { partsOf } from '../../src/audit/parts.ts';
import { threatgate } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { query, sharedPostgres } from '../support/postgres.ts';
import { ledgerFile, makeLedger } from './samples.ts';

afterAll(removeTemporaryFolders);

const ASKED = ['--from', '2026-01-01', '--to', '2027-01-01', '--sample', '2', '--seed', 's'] as const;
let url: string;
let empty: string;
const cwd = temporaryFolder();
beforeAll(async () => {
  const server = await sharedPostgres();
  [url, empty] = [await server.createDatabase(), await server.createDatabase()];
  await makeLedger({ url });
}, 30_000);

test('a package of a PostgreSQL database is the one of an SQLite database, byte by byte', async () => {
  for (const [database, output] of [
    [url, 'postgres'],
    [await ledgerFile(), 'sqlite'],
  ] as const) {
    const made = await threatgate(cwd, 'evidence', '--database', database, ...ASKED, '--output', output);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(await threatgate(cwd, 'verify', output)).toMatchObject({ code: 0 });
  }
  for (const name of [...partsOf({ sample: {} }), 'manifest.json'])
    expect(readFileSync(join(cwd, 'postgres', name)).equals(readFileSync(join(cwd, 'sqlite', name)))).toBe(
      true,
    );
});

test('a database that is not ours is left as it is', async () => {
  const { code, err } = await threatgate(cwd, 'verify', '--database', empty);
  expect(code).toBe(2);
  expect(err).toContain('no audit trail of Threatgate');
  const { rows } = await query(
    empty,
    `select table_name from information_schema.tables where table_schema = 'public'`,
  );
  expect(rows).toEqual([]);
});

test('whoever may only read may verify, and what the owner altered is found', async () => {
  await query(url, `create role auditor login; grant select on all tables in schema public to auditor`);
  const auditor = new URL(url);
  auditor.username = 'auditor';
  const good = await threatgate(cwd, 'verify', '--database', auditor.href);
  expect(good).toMatchObject({ code: 0, err: '' });
  expect(good.out).toContain('✓ the PostgreSQL database is as it has to be');
  await query(
    url,
    `alter table records disable trigger all;
     update records set text = replace(text, '"login":"eve"', '"login":"bob"') where repository = 7 and sequence = 5`,
  );
  const bad = await threatgate(cwd, 'verify', '--database', url);
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('record 5 of acme/shop');
});
