import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../src/store/open-store.ts';
import { acknowledgedUntilKilled } from './acknowledgements.ts';
import type { EngineUnderTest } from './bench.ts';
import { describeStore } from './conformance.ts';
import { survivesKills } from './durability.ts';
import { at, delivery } from './samples.ts';

const dir = mkdtempSync(join(tmpdir(), 'threatgate-store-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(dir, `${++files}.db`);

const sqlite: EngineUnderTest = {
  name: 'sqlite',
  createPlace: () => Promise.resolve({ file: newFile() }),
  // As another program would open it, without our settings.
  tamper: (place, statement) =>
    new Promise((done) => {
      if (!('file' in place)) throw new Error('Not a file.');
      const database = new DatabaseSync(place.file);
      try {
        done(database.prepare(statement).all());
      } finally {
        database.close();
      }
    }),
};

describeStore(sqlite);

describe('a store in a file', () => {
  test('is nobody else’s to read, nor is what SQLite puts beside it', async () => {
    const folder = join(dir, 'made', 'on demand');
    const store = await openStore({ file: join(folder, 'threatgate.db') });
    await store.accept([delivery('a')], at(0));
    const modes = ['', 'threatgate.db', 'threatgate.db-wal', 'threatgate.db-shm'].map((name) =>
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(['700', '600', '600', '600']);
    await store.close();
  });

  test('waits for the disk before it answers', async () => {
    const file = newFile();
    const store = await openStore({ file });
    const settings = new DatabaseSync(file);
    expect(settings.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    settings.close();
    await store.close();
  });

  test('is refused when the file is something else', async () => {
    const file = newFile();
    writeFileSync(file, 'not a database, but long enough to be looked at as if it were one'.repeat(20));
    await expect(openStore({ file })).rejects.toThrow('not a database');
  });

  test('says what was wrong when SQLite itself has taken everything back', async () => {
    const place = { file: newFile() };
    const store = await openStore(place);
    await sqlite.tamper(
      place,
      `create trigger full_disk before insert on work begin select raise(rollback, 'disk is full'); end`,
    );
    await expect(store.accept([delivery('a')], at(0))).rejects.toThrow('disk is full');
    await sqlite.tamper(place, 'drop trigger full_disk');
    expect(await store.accept([delivery('a')], at(0))).toEqual(['new']);
    await store.close();
  });

  test('may be in memory, for as long as it is open', async () => {
    const store = await openStore({ file: ':memory:' });
    expect(await store.accept([delivery('a')], at(0))).toEqual(['new']);
    expect(await store.accepted(['a'])).toEqual(new Set(['a']));
    await store.close();
  });

  test('loses nothing that was acknowledged when its process is killed', async () => {
    await survivesKills({ file: newFile() }, 4);
  });

  test('is opened and written by several processes at once', async () => {
    const place = { file: newFile() };
    const told = await Promise.all(
      ['first', 'second', 'third'].map((name) => acknowledgedUntilKilled(place, name, 300)),
    );
    const store = await openStore(place);
    const guids = told.flatMap((one) => one.guids);
    expect(told.map((one) => one.guids.length > 0)).toEqual([true, true, true]);
    expect((await store.accepted(guids)).size).toBe(guids.length);
    await store.close();
  });
});
