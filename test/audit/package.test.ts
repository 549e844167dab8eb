import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { makePackage } from '../../src/audit/make-package.ts';
import type { Manifest } from '../../src/audit/package.ts';
import {
  DECISIONS,
  DOCUMENTS,
  INFORMATION,
  MANIFEST,
  PARTS,
  partsOf,
  POPULATION,
  RECORDS,
  SIGNATURE,
} from '../../src/audit/parts.ts';
import { openToRead } from '../../src/audit/read-ledger.ts';
import type { Verification } from '../../src/audit/verification.ts';
import { verifyPackage } from '../../src/audit/verify-package.ts';
import { verifyRecords } from '../../src/audit/verify-records.ts';
import { seal, START } from '../../src/core/ledger/chain.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import {
  forge,
  keyFile,
  ledgerFile,
  readPackage,
  SHOP,
  TILL,
  writePackage,
  type Package,
} from './samples.ts';

afterAll(removeTemporaryFolders);

const YEAR = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
const ANYBODY = { keys: undefined, requireSignature: false };
const FILES = [...partsOf({ sample: null, signed: true }), MANIFEST, SIGNATURE];
const UNSIGNED = [...partsOf({ sample: null }), MANIFEST];

let database: string;
let key: KeyObject;
let signed: Package;
let unsigned: Package;

async function make(
  signer: KeyObject | undefined,
  over: { generatedAt?: string; period?: typeof YEAR; repositories?: string[] } = {},
): Promise<Package> {
  const output = join(temporaryFolder(), 'evidence');
  const ledger = await openToRead({ file: database });
  try {
    await makePackage(ledger, {
      period: YEAR,
      repositories: undefined,
      sample: undefined,
      output,
      key: signer,
      generatedAt: '2027-03-01T00:00:00.000Z',
      progress: () => undefined,
      ...over,
    });
  } finally {
    await ledger.close();
  }
  return readPackage(output, signer === undefined ? UNSIGNED : FILES);
}

beforeAll(async () => {
  database = await ledgerFile();
  key = createPrivateKey(readFileSync(keyFile(temporaryFolder()).file));
  [signed, unsigned] = [await make(key), await make(undefined)];
}, 30_000);

const verify = (files: Package): Promise<Verification> =>
  verifyPackage(writePackage(files), 'package', ANYBODY);
const textOf = (files: Package, name: string): string => files.get(name)?.toString('utf8') ?? '';
const altered = (files: Package, name: string, bytes: Buffer | string): Package =>
  new Map([...files, [name, Buffer.from(bytes)]]);
const manifestOf = (files: Package): Manifest => JSON.parse(textOf(files, MANIFEST)) as Manifest;

const forged = (
  files: Package,
  name: string,
  bytes: Buffer | string,
  over: Partial<Manifest> = {},
): Package => forge(files, name, bytes, { over, key });

describe('a package', () => {
  test('holds what its period is about, and is as it has to be', async () => {
    const found = await verify(signed);
    expect(found.broken).toBeUndefined();
    expect(found).toMatchObject({ ok: true, kind: 'package', signature: { state: 'unknown-key' } });
    const manifest = manifestOf(signed);
    expect(manifest.repositories.map(({ id, name, records }) => [id, name, records])).toEqual([
      [TILL.id, TILL.name, 4],
      [SHOP.id, SHOP.name, 13],
    ]);
    expect(manifest.counts).toMatchObject({ gated: 1, waived: 1, 'direct-push': 1 });
    expect(Object.values(manifest.counts).reduce((a, b) => a + b)).toBe(6);
  });

  test('has every record as it is stored, from the first one on', async () => {
    const ledger = await openToRead({ file: database });
    const stored = [...(await ledger.rows(TILL.id, 0, 100)), ...(await ledger.rows(SHOP.id, 0, 13))];
    await ledger.close();
    expect(textOf(signed, RECORDS)).toBe(stored.map((row) => `${row.text}\n`).join(''));
  });

  test('has a merge of the last second that was put on record in the next year', () => {
    expect(textOf(signed, POPULATION)).toContain('"acme/shop#6"');
    expect(textOf(signed, POPULATION)).not.toContain('"acme/shop#8"');
  });

  test('has the documents that its records name, with the rules of before', () => {
    const lines = textOf(signed, DOCUMENTS)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { digest: string; text: string });
    expect(lines.map((line) => line.digest)).toEqual(lines.map((line) => line.digest).sort());
    expect(lines.map((line) => line.text).sort()).toEqual(
      [
        '{"organisation":"","repository":"mode: enforce\\n"}',
        '{"organisation":"","repository":"mode: observe\\n"}',
        ...[1, 2, 4, 6].map((pull) => `{"title":"Zürich ✓","pull":${pull}}`),
      ].sort(),
    );
  });

  test('has tables that no spreadsheet runs', () => {
    const table = textOf(signed, DECISIONS);
    expect(table).toContain(`"'=HYPERLINK(""https://evil.example"",""x"")"`);
    expect(
      table
        .split('\r\n')
        .slice(0, -1)
        .every((line) => /^"(?:[^"\r\n]|"")*"(?:,"(?:[^"\r\n]|"")*")*$/.test(line)),
    ).toBe(true);
  });

  test('is the same again but for the time it was made, and its signature', async () => {
    const again = await make(key, { generatedAt: '2028-01-01T00:00:00.000Z' });
    const timed = [
      INFORMATION,
      MANIFEST,
      SIGNATURE,
      ...PARTS.filter((p) => p.kind === 'rendering').map((p) => p.name),
    ];
    for (const name of FILES.filter((one) => !timed.includes(one)))
      expect(again.get(name)?.equals(signed.get(name) ?? Buffer.of())).toBe(true);
    const strip = ({ generatedAt, digest, files, ...rest }: Manifest): unknown => [
      rest,
      files.filter(({ name }) => !timed.includes(name)),
      generatedAt === '' || digest === '',
    ];
    expect(strip(manifestOf(again))).toEqual(strip(manifestOf(signed)));
    expect(await make(key)).toEqual(signed);
  });

  test('may be of some repositories, one of which has nothing yet', async () => {
    const period = { from: '2025-11-01T00:00:00.000Z', to: '2025-12-01T00:00:00.000Z' };
    const early = await make(key, { period, repositories: ['ACME/shop', 'acme/till'] });
    expect(manifestOf(early)).toMatchObject({
      query: { repositories: ['ACME/shop', 'acme/till'] },
      repositories: [
        { name: 'acme/till', records: 0, head: START },
        { name: 'acme/shop', records: 1 },
      ],
    });
    expect(await verify(early)).toMatchObject({ ok: true });
    const one = await make(undefined, { repositories: ['acme/till'] });
    expect(manifestOf(one).repositories).toHaveLength(1);
    expect(await verify(one)).toMatchObject({ ok: true, signature: { state: 'none' } });
  });
});

describe('verification finds', () => {
  test.each(['signed', 'unsigned'] as const)(
    'any byte that flips in a package that is %s',
    async (which) => {
      const files = which === 'signed' ? signed : unsigned;
      const folder = writePackage(files);
      const names = [...files.keys()];
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (n, place, bits) => {
          const name = names[n % names.length] ?? '';
          const whole = files.get(name) ?? Buffer.of();
          const bytes = Buffer.from(whole);
          const at = place % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ bits;
          writeFileSync(join(folder, name), bytes);
          const found = await verifyPackage(folder, 'package', ANYBODY).catch((error: unknown) =>
            String(error),
          );
          writeFileSync(join(folder, name), whole);
          expect(found).toMatchObject({ ok: false });
        }),
        { numRuns: 120 },
      );
      expect(await verifyPackage(folder, 'package', ANYBODY)).toMatchObject({ ok: true });
    },
    120_000,
  );

  test('bits that flip all over the manifest and its signature', async () => {
    const folder = writePackage(signed);
    // Every place of the signature; of the manifest, which is longer, places that meet each of its parts.
    for (const [name, step] of [
      [SIGNATURE, 1],
      [MANIFEST, 7],
    ] as const) {
      const whole = signed.get(name) ?? Buffer.of();
      for (let at = 0; at < whole.length; at += step) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
        writeFileSync(join(folder, name), bytes);
        expect(await verifyPackage(folder, 'package', ANYBODY)).toMatchObject({
          ok: false,
          broken: { file: expect.stringMatching(/^manifest\./) },
        });
      }
      writeFileSync(join(folder, name), whole);
    }
  }, 60_000);

  test.each(FILES)('that %s is missing, empty, cut off or longer', async (name) => {
    const whole = signed.get(name) ?? Buffer.of();
    const without = new Map([...signed].filter(([one]) => one !== name));
    expect(await verify(without)).toMatchObject({
      ok: false,
      broken: { file: name, why: expect.stringContaining('missing') },
    });
    for (const bytes of [
      Buffer.of(),
      whole.subarray(0, -1),
      whole.subarray(0, whole.length >> 1),
      Buffer.concat([whole, Buffer.from('\n')]),
    ])
      expect(await verify(altered(signed, name, bytes))).toMatchObject({ ok: false, broken: { file: name } });
  });

  test.each([RECORDS, DOCUMENTS, POPULATION, DECISIONS])(
    'lines of %s that are removed, doubled, swapped or put in, even when the digests are made to fit',
    async (name) => {
      const lines = textOf(signed, name).split('\n').slice(0, -1);
      const join = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('');
      for (let n = 0; n < lines.length; n++) {
        const line = lines[n] ?? '';
        const others = [
          lines.toSpliced(n, 1),
          lines.toSpliced(n, 0, line),
          lines.toSpliced(n, 0, lines[(n + 1) % lines.length] ?? ''),
          ...(n > 0 ? [lines.with(n, lines[n - 1] ?? '').with(n - 1, line)] : []),
          lines.with(n, line.slice(0, -2)),
          lines.slice(0, n),
        ];
        for (const some of others) {
          expect(await verify(altered(signed, name, join(some)))).toMatchObject({
            ok: false,
            broken: { file: name },
          });
          const found = await verify(forged(signed, name, join(some)));
          expect(found).toMatchObject({ ok: false });
          expect([name, MANIFEST, DOCUMENTS]).toContain(found.broken?.file);
        }
      }
    },
    60_000,
  );

  test('where a record was altered, and why it is known', async () => {
    const text = textOf(signed, RECORDS).replace('"login":"eve"', '"login":"bob"');
    expect(await verify(forged(signed, RECORDS, text))).toMatchObject({
      broken: {
        file: RECORDS,
        line: 9,
        repository: 'acme/shop',
        sequence: 5,
        why: 'The chain breaks: its content does not have the hash it states.',
      },
    });
  });

  test('counts, repositories and rows that do not follow from the records', async () => {
    const { counts, repositories } = manifestOf(signed);
    const same = signed.get(RECORDS) ?? Buffer.of();
    const cases: readonly [Partial<Manifest>, string][] = [
      [{ counts: { ...counts, gated: counts.gated + 1 } }, 'follow from the records'],
      [{ repositories: repositories.slice(1) }, 'does not name this repository here'],
      [{ repositories: repositories.toReversed() }, 'not in order'],
      [{ repositories: repositories.map((r) => ({ ...r, records: r.records + 1 })) }, 'the manifest says 5'],
      [{ repositories: repositories.map((r) => ({ ...r, head: START })) }, 'another last record'],
      [{ repositories: repositories.map((r) => ({ ...r, name: 'acme/other' })) }, 'calls it acme/other'],
      [
        { repositories: [...repositories, { id: 99, name: 'acme/new', records: 2, head: START }] },
        'Its records are missing',
      ],
      [
        {
          repositories: [
            ...repositories,
            { id: 99, name: 'acme/new', records: 0, head: { ...START, sequence: 4 } },
          ],
        },
        'another last record',
      ],
      [{ query: { ...manifestOf(signed).query, to: '2026-12-01T00:00:00.000Z' } }, 'later than the period'],
      [{ query: { ...manifestOf(signed).query, to: '2025-12-01T00:00:00.000Z' } }, 'ends before it begins'],
      [{ signer: '0123456789abcdef' }, 'the manifest names 0123456789abcdef'],
      [{ schema: '1' }, 'schema'],
      [{ files: [] }, 'does not name'],
      [{ files: manifestOf(signed).files.toReversed() }, 'not in order'],
    ];
    for (const [over, why] of cases)
      expect(await verify(forged(signed, RECORDS, same, over))).toMatchObject({
        ok: false,
        broken: { why: expect.stringContaining(why) },
      });
    const row = textOf(signed, POPULATION).replace('"ada"', '"bob"');
    expect(await verify(forged(signed, POPULATION, row))).toMatchObject({
      broken: { file: POPULATION, line: 2, why: 'It is not the row that follows from the records.' },
    });
  });

  test('only what rows come to, in a package of another version', async () => {
    const { tool } = manifestOf(signed);
    const other = { tool: { ...tool, version: '0.0.9' } };
    const worded = textOf(signed, POPULATION).replace('"Nothing significant"', '"Nothing to see"');
    expect(await verify(forged(signed, POPULATION, worded, other))).toMatchObject({ ok: true });
    const told = textOf(signed, POPULATION).replace(/"(?:gated|waived)"/, '"not-triggered"');
    expect(await verify(forged(signed, POPULATION, told, other))).toMatchObject({
      ok: false,
      broken: { why: expect.stringContaining('0.0.9') },
    });
  });

  test('files that nobody knows, and lets those be that the manifest knows', async () => {
    expect(await verify(altered(signed, 'notes.txt', 'hello'))).toMatchObject({
      broken: { file: 'notes.txt', why: 'The manifest does not know it.' },
    });
    const pdf = Buffer.from('%PDF');
    const { files } = manifestOf(signed);
    const entry = { name: 'report.pdf', bytes: 4, sha256: createHash('sha256').update(pdf).digest('hex') };
    const listed = [...files, entry].sort((a, b) => (a.name < b.name ? -1 : 1));
    const made = forged(altered(signed, 'report.pdf', pdf), 'report.pdf', pdf, { files: listed });
    expect(await verify(made)).toMatchObject({ ok: true });
    expect(await verify(altered(made, 'report.pdf', '%PDX'))).toMatchObject({
      broken: { file: 'report.pdf' },
    });
  });
});

describe('a hostile package', () => {
  const broken = async (folder: string): Promise<unknown> =>
    (await verifyPackage(folder, 'package', ANYBODY)).broken;

  test('leads nowhere by links, folders, pipes or names', async () => {
    const secret = join(temporaryFolder(), 'secret');
    writeFileSync(secret, textOf(signed, RECORDS));
    for (const name of [RECORDS, MANIFEST, 'more']) {
      const folder = writePackage(new Map([...signed].filter(([one]) => one !== name)));
      symlinkSync(secret, join(folder, name));
      expect(await broken(folder)).toMatchObject({ file: name, why: expect.stringContaining('not a file') });
    }
    const nested = writePackage(signed);
    mkdirSync(join(nested, 'more'));
    expect(await broken(nested)).toMatchObject({ file: 'more' });
    const piped = writePackage(new Map([...signed].filter(([one]) => one !== RECORDS)));
    execFileSync('mkfifo', [join(piped, RECORDS)]);
    expect(await broken(piped)).toMatchObject({ file: RECORDS });
    for (const name of ['../secret', '/etc/passwd', 'a/b', '..', '.hidden', '', 'a\0b'])
      expect(
        await verify(
          forged(signed, RECORDS, textOf(signed, RECORDS), {
            files: [...manifestOf(signed).files, { name, bytes: 1, sha256: '0'.repeat(64) }],
          }),
        ),
      ).toMatchObject({ ok: false, broken: { file: MANIFEST, why: expect.stringContaining('files') } });
  });

  test('is not read for longer than it makes sense', async () => {
    for (const name of [RECORDS, DOCUMENTS, POPULATION, MANIFEST, SIGNATURE]) {
      const folder = writePackage(signed);
      truncateSync(join(folder, name), 5_000_000_000);
      expect(await broken(folder)).toMatchObject({ file: name });
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  test.each([
    '',
    '\n',
    'null\n',
    '[]\n',
    '{}\n',
    '{"a":',
    '\ufeff{}\n',
    `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`,
    `{"a":${'['.repeat(3_000)}${']'.repeat(3_000)}}\n`,
    '{"repository":{"id":7}}\n',
    '{"repository":{"id":1e400}}\n',
    '{"__proto__":{"x":1}}\n',
  ])('with %j in any of its files is broken', async (text) => {
    for (const name of FILES)
      expect(await verify(altered(signed, name, text))).toMatchObject({ ok: false, broken: { file: name } });
    for (const name of [RECORDS, DOCUMENTS, POPULATION, DECISIONS])
      expect(await verify(forged(signed, name, text))).toMatchObject({ ok: false });
    expect(await verify(altered(signed, RECORDS, Buffer.of(0xff, 0xfe, 0x0a)))).toMatchObject({
      broken: { file: RECORDS, line: 1, why: 'It is not UTF-8.' },
    });
  });

  test('of records that are sound and nonsense is broken, or says what it can', async () => {
    const person = fc.oneof(
      fc.jsonValue(),
      fc.record({ id: fc.string(), login: fc.string(), kind: fc.string(), role: fc.string() }),
    );
    const kinds = ['merged', 'evaluated', 'approved', 'direct-push', 'policy-changed', 'other'];
    const drafts = fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        details: fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom('mergedAt', 'document', 'author', 'title', 'categories'),
            fc.jsonValue(),
          ),
        ),
        actor: person,
        at: fc.oneof(fc.string(), fc.constant('2026-05-01T00:00:00.000Z')),
        repository: fc.oneof(fc.jsonValue(), fc.constant({ id: 7, name: 'a/b' })),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(drafts, async (some) => {
        let head = START;
        let text = '';
        for (const [n, one] of some.entries()) {
          const sealed = seal({ ...one, source: String(n), pullRequest: 1 } as never, head);
          text += `${sealed.text}\n`;
          head = sealed.head;
        }
        const file = join(temporaryFolder(), 'records.jsonl');
        writeFileSync(file, text);
        expect(typeof (await verifyRecords(file, 'records.jsonl')).ok).toBe('boolean');
        const repositories = [{ id: 7, name: 'a/b', records: some.length, head }];
        expect(typeof (await verify(forged(unsigned, RECORDS, text, { repositories }))).ok).toBe('boolean');
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('a file with records', () => {
  const fileOf = (text: string): string => {
    const file = join(temporaryFolder(), 'records.jsonl');
    writeFileSync(file, text);
    return file;
  };

  test('is verified by its chains alone', async () => {
    const file = fileOf(textOf(signed, RECORDS));
    expect(await verifyRecords(file, 'r')).toMatchObject({
      ok: true,
      repositories: [
        { name: 'acme/till', records: 4 },
        { name: 'acme/shop', records: 13 },
      ],
    });
    appendFileSync(file, '{}\n');
    expect(await verifyRecords(file, 'r')).toMatchObject({
      ok: false,
      broken: { file: 'r', line: 18, repository: 'acme/shop', sequence: 14 },
    });
    expect(await verifyRecords(fileOf(''), 'r')).toMatchObject({ ok: false });
  });
});
