import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { extended, readHistory, refusalOf } from '../../src/audit/key-history.ts';
import { newKey, revokeKey, rotateKey, showKeys } from '../../src/audit/key-files.ts';
import { fingerprintOf, idOf } from '../../src/audit/keys.ts';
import { readTrustedKeys, type Standing } from '../../src/audit/trusted-keys.ts';
import { verifyPackage } from '../../src/audit/verify-package.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { storyPackage } from './story.ts';

afterAll(removeTemporaryFolders);

const DAY = (n: number): string => `2026-0${n}-01T00:00:00.000Z`;
let folder: string;
let history: string;
const at = (name: string): string => join(folder, name);
const printOf = (name: string): string =>
  fingerprintOf(createPublicKey(createPrivateKey(readFileSync(at(name)))));

beforeEach(() => {
  folder = temporaryFolder();
  history = at('keys.jsonl');
});

/** Three keys, each after the other, in January, March and May. */
async function three(validUntil?: string): Promise<void> {
  await newKey({ file: at('a.pem'), history, now: DAY(1), validUntil: undefined });
  const next = { history, validFrom: undefined };
  await rotateKey({ ...next, file: at('b.pem'), after: at('a.pem'), now: DAY(3), validUntil: undefined });
  await rotateKey({ ...next, file: at('c.pem'), after: at('b.pem'), now: DAY(5), validUntil });
}

async function standing(trust: readonly string[], name: string, day: string): Promise<Standing> {
  return (await readTrustedKeys(trust.map(at))).standingOf(printOf(name), day);
}
const stateOf = async (...asked: Parameters<typeof standing>): Promise<string> =>
  (await standing(...asked)).state;

describe('a history of keys', () => {
  test('lets whoever trusts one key trust those before and after it, each for its time', async () => {
    await three();
    for (const trusted of ['a.pem.pub', 'b.pem.pub', 'c.pem.pub']) {
      const trust = [trusted, 'keys.jsonl'];
      expect(await stateOf(trust, 'a.pem', DAY(2))).toBe('trusted');
      expect(await stateOf(trust, 'b.pem', DAY(4))).toBe('trusted');
      expect(await stateOf(trust, 'c.pem', DAY(9))).toBe('trusted');
      expect(await standing(trust, 'a.pem', DAY(4))).toEqual({
        state: 'refused',
        why: expect.stringMatching(/^Key [0-9a-f]{16} was retired at 2026-03-01T.*followed it/),
      });
      expect(await standing(trust, 'c.pem', DAY(2))).toEqual({
        state: 'refused',
        why: expect.stringContaining('is valid from 2026-05-01'),
      });
    }
    // Without the history a key says nothing of the others.
    expect(await stateOf(['a.pem.pub'], 'b.pem', DAY(4))).toBe('unknown');
    // Alone it is trusted from its first key on.
    expect(await stateOf(['keys.jsonl'], 'c.pem', DAY(9))).toBe('trusted');
  });

  test('a history of strangers is no reason to trust them when a key was named', async () => {
    await three();
    const strangers = at('theirs');
    mkdirSync(strangers);
    await newKey({
      file: join(strangers, 'x.pem'),
      history: join(strangers, 'keys.jsonl'),
      now: DAY(1),
      validUntil: undefined,
    });
    const trust = ['a.pem.pub', 'keys.jsonl', join('theirs', 'keys.jsonl')];
    expect(await stateOf(trust, join('theirs', 'x.pem'), DAY(2))).toBe('unknown');
    expect(await stateOf(trust, 'c.pem', DAY(9))).toBe('trusted');
  });

  test('an expired key is refused by name, and vouches for nobody', async () => {
    await three(DAY(7));
    const trust = ['a.pem.pub', 'keys.jsonl'];
    expect(await stateOf(trust, 'c.pem', DAY(6))).toBe('trusted');
    expect(await standing(trust, 'c.pem', DAY(7))).toEqual({
      state: 'refused',
      why: `Key ${idOf(printOf('c.pem'))} expired at ${DAY(7)}, and this is of ${DAY(7)}.`,
    });
    const rotate = {
      file: at('d.pem'),
      history,
      after: at('c.pem'),
      validFrom: undefined,
      validUntil: undefined,
    };
    await expect(rotateKey({ ...rotate, now: DAY(8) })).rejects.toThrow('expired at 2026-07-01');
    expect(existsSync(at('d.pem'))).toBe(false);
  });

  test('a revoked key counts for nothing, or for what it signed before a day; what it vouched for as little', async () => {
    await three();
    const id = idOf(printOf('b.pem'));
    const revoke = { file: at('c.pem'), history, now: DAY(6), id, reason: 'The laptop was stolen' };
    await revokeKey({ ...revoke, since: DAY(4) });
    const trust = ['a.pem.pub', 'keys.jsonl'];
    expect(await stateOf(trust, 'b.pem', '2026-03-15T00:00:00.000Z')).toBe('trusted');
    expect(await standing(trust, 'b.pem', DAY(4))).toEqual({
      state: 'refused',
      why: `Key ${id} was revoked as of ${DAY(4)}: The laptop was stolen.`,
    });
    // In May it was not to be believed any more, so that its word for the next one is worth nothing.
    expect(await stateOf(trust, 'c.pem', DAY(9))).toBe('unknown');
    expect(await stateOf(['c.pem.pub', 'keys.jsonl'], 'c.pem', DAY(9))).toBe('trusted');
    await expect(revokeKey({ ...revoke, since: undefined })).rejects.toThrow('revoked already');
  });

  test('is revoked by the newest key, or by the key itself, and by nobody else', async () => {
    await three();
    const revoke = { history, now: DAY(6), since: undefined, reason: 'x' };
    const id = idOf(printOf('b.pem'));
    const before = readFileSync(history, 'utf8');
    await expect(revokeKey({ ...revoke, file: at('a.pem'), id })).rejects.toThrow('Neither the newest key');
    await expect(revokeKey({ ...revoke, file: at('a.pem'), id: 'ffffffff' })).rejects.toThrow(
      'is none of the keys',
    );
    expect(readFileSync(history, 'utf8')).toBe(before);
    await revokeKey({ ...revoke, file: at('b.pem'), id });
    expect(await stateOf(['b.pem.pub', 'keys.jsonl'], 'b.pem', DAY(4))).toBe('refused');
  });

  test('a key without a history gets one, and what it signed before stays good', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(at('old.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(at('old.pem.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    const asked = {
      file: at('new.pem'),
      history,
      after: at('old.pem'),
      now: DAY(3),
      validFrom: DAY(4),
      validUntil: undefined,
    };
    await rotateKey(asked);
    const trust = ['old.pem.pub', 'keys.jsonl'];
    expect(await stateOf(trust, 'old.pem', '2020-01-01T00:00:00.000Z')).toBe('trusted');
    expect(await stateOf(trust, 'old.pem', '2026-03-15T00:00:00.000Z')).toBe('trusted');
    expect(await stateOf(trust, 'old.pem', DAY(4))).toBe('refused');
    expect(await stateOf(trust, 'new.pem', DAY(4))).toBe('trusted');
    expect(await showKeys(history, DAY(5))).toEqual([
      expect.stringMatching(/^[0-9a-f]{16} {2}from the beginning {2}Key .* was retired/),
      expect.stringMatching(/ {2}from 2026-04-01T00:00:00.000Z {2}valid$/),
    ]);
  });

  test('writes nothing over, nothing half, and secrets for nobody else', async () => {
    await three();
    expect(statSync(at('c.pem')).mode & 0o777).toBe(0o600);
    const made = { history: at('other.jsonl'), now: DAY(1), validUntil: undefined };
    await expect(newKey({ ...made, file: at('a.pem') })).rejects.toThrow('is there already');
    writeFileSync(at('x.pem'), '');
    await expect(newKey({ ...made, file: at('x.pem') })).rejects.toThrow('is there already');
    await expect(newKey({ ...made, file: at('d.pem'), history })).rejects.toThrow('is there already');
    const rotate = {
      file: at('d.pem'),
      after: at('a.pem'),
      now: DAY(6),
      validFrom: undefined,
      validUntil: undefined,
    };
    await expect(rotateKey({ ...rotate, history })).rejects.toThrow('and the newest one of');
    await expect(
      rotateKey({ ...rotate, after: at('c.pem'), history: join(folder, 'no', 'keys.jsonl') }),
    ).rejects.toThrow('could not be written');
    writeFileSync(`${history}.new`, '');
    await expect(rotateKey({ ...rotate, after: at('c.pem'), history })).rejects.toThrow(
      'somebody else is writing it',
    );
    expect(readdirSync(folder).sort()).toEqual(
      ['a', 'b', 'c']
        .flatMap((n) => [`${n}.pem`, `${n}.pem.pub`])
        .concat('keys.jsonl', 'keys.jsonl.new', 'x.pem')
        .sort(),
    );
  });

  test('any byte that flips in it is found', async () => {
    await three();
    const bytes = readFileSync(history);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, by) => {
        const other = Buffer.from(bytes);
        other[place] = (other[place] ?? 0) ^ by;
        expect(() => readHistory(other.toString('utf8'), 'k')).toThrow(/^k(?:, line \d+)?: /);
      }),
      { seed: 11, numRuns: 300 },
    );
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    for (const some of [lines.slice(1), [lines[0], lines[2]], [...lines, lines[2]], lines.toReversed(), []])
      expect(() => readHistory(some.map((line) => `${line ?? ''}\n`).join(''), 'k')).toThrow(/^k/);
    writeFileSync(history, lines.slice(1).join('\n'));
    await expect(readTrustedKeys([history])).rejects.toThrow('The history of keys is broken at');
  });

  test('a key cannot be put in by somebody who has not the one before it', () => {
    const key = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
    const [first, thief] = [key(), key()];
    const half = (of: KeyObject) => ({
      publicKey: createPublicKey(of).export({ type: 'spki', format: 'der' }).toString('base64'),
    });
    const begun = extended([], { kind: 'first', statedAt: DAY(1), ...half(first) }, [first], 'k');
    const rotated = {
      kind: 'rotated',
      statedAt: DAY(2),
      replaces: begun.keys[0]?.fingerprint ?? '',
      ...half(thief),
    } as const;
    expect(() => extended(begun.lines, rotated, [thief], 'k')).toThrow('no good signature');
    expect(() => extended(begun.lines, rotated, [first], 'k')).toThrow('no good signature');
    expect(extended(begun.lines, rotated, [first, thief], 'k').keys).toHaveLength(2);
    expect(() => extended([], { kind: 'first', statedAt: DAY(1), ...half(first) }, [thief], 'k')).toThrow(
      'no good signature',
    );
    const [entry] = begun.keys;
    expect(entry && refusalOf(entry, DAY(2))).toBeUndefined();
  });
});

describe('a package', () => {
  test('is verified by a key that a trusted one vouched for, and refused with one that had expired', async () => {
    await newKey({ file: at('a.pem'), history, now: DAY(1), validUntil: undefined });
    const next = { history, after: at('a.pem'), file: at('b.pem'), now: DAY(2), validFrom: undefined };
    await rotateKey({ ...next, validUntil: '2027-03-02T00:00:00.000Z' });
    const key = createPrivateKey(readFileSync(at('b.pem')));
    const { folder: evidence } = await storyPackage({ key });
    const verify = async (...trust: readonly string[]) =>
      verifyPackage(evidence, 'p', { keys: await readTrustedKeys(trust.map(at)), requireSignature: true });
    expect(await verify('a.pem.pub', 'keys.jsonl')).toMatchObject({
      ok: true,
      signature: { state: 'trusted', keyId: idOf(printOf('b.pem')), from: history },
    });
    expect((await verify('a.pem.pub')).broken?.why).toContain('none of those that are trusted');
    const { folder: late } = await storyPackage({ key, generatedAt: '2027-03-02T00:00:00.000Z' });
    const found = await verifyPackage(late, 'p', {
      keys: await readTrustedKeys([at('a.pem.pub'), history]),
      requireSignature: false,
    });
    expect(found).toMatchObject({ ok: false, signature: { state: 'refused' } });
    expect(found.broken?.why).toBe(
      `Its signature does not count. Key ${idOf(printOf('b.pem'))} expired at 2027-03-02T00:00:00.000Z, and this is of 2027-03-02T00:00:00.000Z.`,
    );
  }, 60_000);
});
