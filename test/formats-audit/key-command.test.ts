import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf } from '../../src/audit/keys.ts';
import { readConfig } from '../../src/app/config.ts';
import { threatgate, type Ended } from '../cli/command-line.ts';
import { keyPair } from '../double/key-pair.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

afterAll(removeTemporaryFolders);

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});
const key = (...args: readonly string[]): Promise<Ended> => threatgate(cwd, 'key', ...args);
const idOf = (file: string): string =>
  keyIdOf(createPublicKey(createPrivateKey(readFileSync(join(cwd, file)))));

describe('threatgate key', () => {
  test('makes a key, lets another follow it, revokes one, and shows them all', async () => {
    expect((await key('new', 'a.pem', '--until', '2028-01-01')).out).toContain(
      `Made the key ${idOf('a.pem')}.\n`,
    );
    const rotated = await key('rotate', 'b.pem', '--after', 'a.pem', '--from', '2026-03-01');
    expect(rotated.out).toContain(`Made the key ${idOf('b.pem')}, which follows ${idOf('a.pem')}.\n`);
    const revoked = await key('revoke', idOf('a.pem'), '--with', 'b.pem', '--reason', 'Lost');
    expect(revoked.out).toContain(`Key ${idOf('a.pem')} is revoked.`);
    expect((await key('show')).out).toBe(
      [
        `${idOf('a.pem')}  from 2026-02-01T00:00:00Z until 2028-01-01T00:00:00.000Z  Key ${idOf('a.pem')} was revoked: Lost.`,
        `${idOf('b.pem')}  from 2026-03-01T00:00:00.000Z  Key ${idOf('b.pem')} is valid from 2026-03-01T00:00:00.000Z on, and this is of 2026-02-01T00:00:00Z.`,
        '',
      ].join('\n'),
    );
    expect(readdirSync(cwd).sort()).toEqual(['a.pem', 'a.pem.pub', 'b.pem', 'b.pem.pub', 'keys.jsonl']);
  });

  test('says what is missing or wrong, and writes nothing then', async () => {
    for (const [args, why] of [
      [[], 'Say what to do: new, rotate, revoke, show.'],
      [['new'], 'Name the file to write the key to.'],
      [['new', 'a.pem', '--after', 'b.pem'], '`key new` does not take --after.'],
      [['new', 'a.pem', '--until', 'tomorrow'], 'is not a date'],
      [['rotate', 'b.pem'], '--after is missing.'],
      [['rotate', 'b.pem', '--after', 'none.pem'], 'could not be read'],
      [['revoke', 'xyz', '--with', 'a.pem', '--reason', 'x'], 'by its id'],
      [['revoke', '0123456789abcdef', '--with', 'a.pem', '--reason', 'x'], 'There is no'],
      [['show', 'x'], 'takes no file'],
      [['show'], 'There is no'],
    ] as const)
      expect((await key(...args)).err).toContain(why);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('the key of the service', () => {
  const env = { APP_ID: '1', PRIVATE_KEY: keyPair().privateKey, WEBHOOK_SECRET: 'x7'.repeat(12) };
  const read = (more: Readonly<Record<string, string>>) =>
    readConfig({ ...env, ...more }, (path) => readFileSync(path, 'utf8'));

  test('is read from a variable or a file, and need not be there', async () => {
    await key('new', 'a.pem');
    const file = join(cwd, 'a.pem');
    const pem = readFileSync(file, 'utf8');
    for (const more of [{ SIGNING_KEY: pem.replaceAll('\n', '\\n') }, { SIGNING_KEY_PATH: file }])
      expect(read(more)).toMatchObject({
        kind: 'config',
        config: { signingKey: expect.anything() as unknown },
      });
    const without = read({});
    expect(without.kind === 'config' && without.config.signingKey).toBeUndefined();
  });

  test('that is none is said, without a word of it', () => {
    writeFileSync(join(cwd, 'b.pem'), 'not a key');
    for (const [more, what] of [
      [{ SIGNING_KEY: 'not a key' }, 'is not an Ed25519 private key'],
      [{ SIGNING_KEY: env.PRIVATE_KEY }, 'is not an Ed25519 private key'],
      [{ SIGNING_KEY_PATH: join(cwd, 'b.pem') }, 'is not an Ed25519 private key'],
      [{ SIGNING_KEY_PATH: join(cwd, 'c.pem') }, 'names a file that cannot be read'],
      [{ SIGNING_KEY: 'x', SIGNING_KEY_PATH: 'y' }, 'is set together with SIGNING_KEY'],
    ] as const) {
      const reading = read(more);
      expect(reading).toMatchObject({ kind: 'problems', problems: [{ what }] });
      expect(JSON.stringify(reading)).not.toContain('not a key');
    }
  });
});
