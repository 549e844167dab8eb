import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cellsOf } from '../../src/audit/csv.ts';
import { derive, termsOf } from '../../src/audit/derive.ts';
import { join as joined } from '../../src/audit/join-derived.ts';
import { makePackage, type Question } from '../../src/audit/make-package.ts';
import * as files from '../../src/audit/parts.ts';
import type { Manifest } from '../../src/audit/package.ts';
import { openToRead } from '../../src/audit/read-ledger.ts';
import type { Verification } from '../../src/audit/verification.ts';
import { verifyPackage } from '../../src/audit/verify-package.ts';
import { EVIDENCE } from '../../src/core/audit/evidence.ts';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';
import { metricsFrom, type Metrics } from '../../src/core/audit/metrics.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import { registerOf } from '../../src/core/audit/register.ts';
import { reviewFigures, reviewsOf, reviewsWithin } from '../../src/core/audit/reviews.ts';
import { canonicalJson } from '../../src/core/digest.ts';
import type { AuditRecord, Json } from '../../src/core/model/record.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { eventful, YEAR } from './eventful.ts';
import { forge, makeLedger, readPackage, SHOP, TILL, writePackage, type Package } from './samples.ts';
import { metricsOf } from '../audit-core/whole.ts';

afterAll(removeTemporaryFolders);

const SAMPLE = { size: 4, seed: 'chosen by “=1+1”, the auditor’s' };
const NEW = [
  files.EXCEPTIONS,
  files.REGISTER,
  files.NOTES,
  files.METRICS,
  files.SAMPLE,
  files.SAMPLE_PACKETS,
  files.CONTROLS,
  files.INFORMATION,
];

let database: string;
let made: Package;

async function make(over: Partial<Question> = {}): Promise<Package> {
  const output = join(temporaryFolder(), 'evidence');
  const ledger = await openToRead({ file: database });
  try {
    const { manifest } = await makePackage(ledger, {
      period: YEAR,
      repositories: undefined,
      sample: SAMPLE,
      output,
      key: undefined,
      generatedAt: '2027-03-01T00:00:00.000Z',
      progress: () => undefined,
      ...over,
    });
    return readPackage(output, [...manifest.files.map(({ name }) => name), files.MANIFEST]);
  } finally {
    await ledger.close();
  }
}

beforeAll(async () => {
  database = join(temporaryFolder(), 'threatgate.sqlite');
  await makeLedger({ file: database }, eventful());
  made = await make();
}, 30_000);

const verify = (some: Package): Promise<Verification> =>
  verifyPackage(writePackage(some), 'package', { keys: undefined, requireSignature: false });
const textOf = (some: Package, name: string): string => some.get(name)?.toString('utf8') ?? '';
const manifestOf = (some: Package): Manifest => JSON.parse(textOf(some, files.MANIFEST)) as Manifest;
const recordsOf = (some: Package): readonly AuditRecord[] =>
  textOf(some, files.RECORDS)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRecord);

type Row = Readonly<Record<string, string>>;
function rowsOf(some: Package, name: string): readonly Row[] {
  const [header = [], ...rows] = textOf(some, name)
    .trimEnd()
    .split('\r\n')
    .map((line) => (cellsOf(line) ?? []).map((cell) => cell.slice(1, -1).replaceAll('""', '"')));
  return rows.map((cells) => Object.fromEntries(header.map((column, n) => [column, cells[n] ?? ''])));
}
const counted = (rows: readonly Row[], over: Row): number =>
  rows.filter((row) => Object.entries(over).every(([name, value]) => row[name] === value)).length;

interface Packets {
  readonly drawn: number;
  readonly population: number;
  readonly packets: readonly {
    readonly rank: string;
    readonly change: { readonly id: string; readonly repository: { readonly id: number } };
    readonly decisions: readonly { readonly record: number }[];
    readonly records: readonly { readonly sequence: number; readonly hash: string }[];
    readonly document: string;
  }[];
}
const packetsIn = (some: Package): Packets => JSON.parse(textOf(some, files.SAMPLE_PACKETS)) as Packets;
const metricsIn = (some: Package): Metrics & { readonly asOf: string } =>
  JSON.parse(textOf(some, files.METRICS)) as Metrics & { asOf: string };

describe('the package of an auditor', () => {
  test('is as it has to be, and the same again', async () => {
    expect(await verify(made)).toMatchObject({ ok: true });
    expect(await make()).toEqual(made);
    const later = await make({ generatedAt: '2030-01-01T00:00:00.000Z' });
    const differing = [...made].filter(([name, bytes]) => later.get(name)?.equals(bytes) !== true);
    // The documents, of which some state when they were made and some do not.
    const tables = differing.map(([name]) => name).filter((name) => files.kindOf(name) !== 'rendering');
    expect(tables.sort()).toEqual([files.INFORMATION, files.MANIFEST]);
    const without = await make({ sample: undefined });
    expect([...without.keys()].sort()).toEqual([...files.partsOf({ sample: null }), files.MANIFEST].sort());
    expect(await verify(without)).toMatchObject({ ok: true });
  });

  test('says the same numbers everywhere', async () => {
    const { counts } = manifestOf(made);
    const { all } = metricsIn(made);
    const [population, exceptions, information] = [files.POPULATION, files.EXCEPTIONS, files.INFORMATION].map(
      (name) => rowsOf(made, name),
    ) as [readonly Row[], readonly Row[], readonly Row[]];
    const told = (item: string, name: string): number =>
      Number(information.find((row) => row['item'] === item && row['name'] === name)?.['value']);
    const { length } = population;
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(length);
    expect([all.changes, told('count', 'changes'), packetsIn(made).population]).toEqual([
      length,
      length,
      length,
    ]);
    for (const [way, count] of Object.entries(counts)) {
      expect([way, counted(population, { way }), told('count', way)]).toEqual([way, count, count]);
      expect(all.counts).toMatchObject({ [way]: count });
    }
    for (const [kind, way] of [
      ['bypass', 'bypassed'],
      ['direct-push', 'direct-push'],
      ['unexplained', 'unexplained'],
    ] as const)
      expect([kind, counted(exceptions, { kind })]).toEqual([kind, counts[way]]);
    expect(counted(exceptions, { kind: 'emergency', let_through: 'yes' })).toBe(counts.emergency);
    expect(counted(exceptions, { kind: 'waiver', let_through: 'yes' })).toBe(counts.waived);
    const emergencies = { kind: 'emergency', let_through: 'yes' };
    expect(counted(exceptions, { ...emergencies, state: 'overdue' })).toBe(all.overdueReviews);
    expect(counted(exceptions, { ...emergencies, state: 'done-late' })).toBe(all.lateReviews);
    const decisions = population.flatMap((row) => row['decisions']?.split(' ').filter(Boolean) ?? []);
    expect(decisions).toHaveLength(rowsOf(made, files.DECISIONS).length);
    const { drawn, packets } = packetsIn(made);
    expect([drawn, packets.length, rowsOf(made, files.SAMPLE).length, told('count', 'drawn')]).toEqual(
      Array(4).fill(SAMPLE.size),
    );
    for (const { name } of manifestOf(made).files.filter((file) => /(?<!information)\.csv$/.test(file.name)))
      expect([name, told('rows', name)]).toEqual([name, rowsOf(made, name).length]);
    expect(told('rows', files.RECORDS)).toBe(recordsOf(made).length);
    const checked = (await verify(made)).checked.find(({ what }) => what.startsWith('rows of tables'));
    const json = metricsIn(made).months.length + packets.length;
    const csv = [...made.keys()]
      .filter((name) => name.endsWith('.csv'))
      .map((name) => rowsOf(made, name).length);
    expect(checked?.count).toBe(csv.reduce((a, b) => a + b) + json);
  });

  test('is of many repositories what it would be of all their records at once', () => {
    const [records, terms] = [recordsOf(made), termsOf(manifestOf(made))];
    const parts = [TILL, SHOP].map(({ id }) =>
      derive(
        records.filter((r) => r.repository.id === id),
        terms,
      ),
    );
    const whole = joined(parts, terms);
    const population = populationOf(records, YEAR);
    const exceptions = exceptionsOf(population, records, terms.at);
    expect(whole.population).toEqual(population);
    expect(whole.exceptions).toEqual(exceptions);
    expect(whole.register).toEqual(registerOf(records, terms.at));
    expect(metricsFrom(whole.population, whole.exceptions, whole.waits)).toEqual(
      metricsOf(population, exceptions, records),
    );
    const reviews = reviewFigures(reviewsWithin(reviewsOf(records, terms.at), YEAR));
    expect(canonicalJson({ asOf: terms.at, ...metricsOf(population, exceptions, records), reviews })).toBe(
      textOf(made, files.METRICS).trimEnd(),
    );
  });

  test('draws what anybody can draw by hand, with everything about each change', () => {
    const ranked = rowsOf(made, files.POPULATION)
      .map((row) => row['change'] ?? '')
      .map((id) => [createHash('sha256').update(`${SAMPLE.seed}\0${id}`).digest('hex'), id] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, SAMPLE.size);
    const rows = rowsOf(made, files.SAMPLE);
    expect(
      rows
        .map((row) => [row['draw'], row['rank'], row['change']])
        .sort(([a = ''], [b = '']) => Number(a) - Number(b)),
    ).toEqual(ranked.map(([rank, id], n) => [String(n + 1), rank, id]));
    const order = rowsOf(made, files.POPULATION).map((row) => row['change']);
    const drawn = rows.map((row) => row['change']);
    expect(order.filter((id) => drawn.includes(id))).toEqual(drawn);
    const { packets } = packetsIn(made);
    expect(packets.map(({ change }) => change.id)).toEqual(drawn);
    for (const { change, records, decisions } of packets) {
      const row = rowsOf(made, files.POPULATION).find((one) => one['change'] === change.id);
      expect(records.map((r) => r.sequence).join(' ')).toBe(row?.['records']);
      expect(decisions.map((d) => d.record).join(' ')).toBe(row?.['decisions']);
      const there = recordsOf(made).filter((r) => r.repository.id === change.repository.id);
      for (const { sequence, hash } of records) expect(there[sequence - 1]?.hash).toBe(hash);
    }
  });

  test('has all changes in a sample that is larger than there are', async () => {
    const all = await make({ sample: { size: 1_000, seed: 's' } });
    expect(rowsOf(all, files.SAMPLE)).toHaveLength(rowsOf(all, files.POPULATION).length);
    expect(manifestOf(all).query.sample).toEqual({ size: 1_000, seed: 's' });
    expect(await verify(all)).toMatchObject({ ok: true });
  });

  test('shows exceptions and risks as of the end of the period, or of the making if that was before', async () => {
    const shown = (some: Package): unknown => [
      [...new Set([files.EXCEPTIONS, files.REGISTER].flatMap((n) => rowsOf(some, n).map((r) => r['as_of'])))],
      rowsOf(some, files.EXCEPTIONS).map((r) => [r['kind'], r['change'] || r['pull_request'], r['state']]),
      rowsOf(some, files.REGISTER).map((r) => [r['kind'], r['repository'], r['question'], r['validity']]),
    ];
    const [outage, push] = [
      ['outage', '8', ''],
      ['direct-push', expect.stringMatching(/^acme\/shop@record-\d+$/), 'pushed'],
    ];
    expect(shown(made)).toEqual([
      ['2026-12-31T23:59:59.999Z'],
      [
        ['emergency', 'acme/shop#2', 'done-late'],
        ['emergency', 'acme/shop#4', 'overdue'],
        ['waiver', 'acme/shop#5', 'standing'],
        ['bypass', 'acme/shop#6', ''],
        push,
        outage,
        ['unexplained', 'acme/shop#7', ''],
      ],
      [
        ['accepted', 'acme/shop', 'Q1', 'expired'],
        ['accepted', 'acme/till', 'Q1', 'unlimited'],
        ['ticket', 'acme/shop', 'Q2', ''],
        ['control', 'acme/shop', 'Q3', ''],
      ],
    ]);
    const early = await make({ generatedAt: '2026-03-05T00:00:00.000Z' });
    expect(shown(early)).toMatchObject([
      ['2026-03-05T00:00:00.000Z'],
      { 0: ['emergency', 'acme/shop#2', 'due'] },
      { 0: ['accepted', 'acme/shop', 'Q1', 'standing'] },
    ]);
    expect(metricsIn(early).asOf).toBe('2026-03-05T00:00:00.000Z');
    expect(await verify(early)).toMatchObject({ ok: true });
  });

  test('claims evidence for what it holds only, and compliance nowhere', async () => {
    const rows = rowsOf(made, files.CONTROLS);
    const items = (some: readonly Row[]): unknown => [...new Set(some.map((r) => r['evidence_for']))].sort();
    expect(items(rows)).toEqual([
      'E01',
      'E02',
      'E03',
      'E04',
      'E06',
      'E08',
      'E09',
      'E10',
      'E11',
      'E15',
      'E17',
    ]);
    for (const row of rows) {
      expect(EVIDENCE.map(({ id }) => id)).toContain(row['evidence_for']);
      for (const name of row['files']?.split(' ') ?? []) expect([...made.keys()]).toContain(name);
    }
    for (const name of NEW) expect(textOf(made, name)).not.toMatch(/complian/i);
    const till = await make({ repositories: ['acme/till'], sample: undefined });
    expect(items(rowsOf(till, files.CONTROLS))).not.toContain('E10');
    expect(textOf(till, files.CONTROLS)).not.toContain('sample');
  });

  test('tells how it came about', () => {
    const rows = rowsOf(made, files.INFORMATION);
    const told = (item: string, name: string): string | undefined =>
      rows.find((row) => row['item'] === item && row['name'] === name)?.['value'];
    expect(told('query', 'command')).toBe(
      `threatgate evidence --from ${YEAR.from} --to ${YEAR.to} --sample 4 --seed 'chosen by “=1+1”, the auditor’s'`,
    );
    expect(told('run', 'generated_at')).toBe('2027-03-01T00:00:00.000Z');
    const records = recordsOf(made).filter((r) => r.repository.id === SHOP.id);
    expect(told('first_record', '7 acme/shop')).toBe(`1 ${records[0]?.hash}`);
    expect(told('last_record', '7 acme/shop')).toBe(`${records.length} ${records.at(-1)?.hash}`);
    const untold = files.PARTS.filter((p) => p.kind === 'rendering' || p.name === files.INFORMATION);
    for (const { name, sha256 } of manifestOf(made).files)
      expect([name, told('sha256', name)]).toEqual([
        name,
        untold.some((part) => part.name === name) ? undefined : sha256,
      ]);
  });

  test('has cells that no spreadsheet runs', () => {
    for (const name of NEW.filter((one) => one.endsWith('.csv')))
      for (const row of rowsOf(made, name))
        for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    for (const inert of [`"'@SUM(1)"`, `"'+1"`]) expect(textOf(made, files.EXCEPTIONS)).toContain(inert);
    expect(textOf(made, files.REGISTER)).toContain(`"'=cmd|calc"`);
  });
});

describe('verification finds', () => {
  const linesOf = (name: string): readonly string[] => textOf(made, name).split('\n').slice(0, -1);
  const put = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

  test.each(NEW.filter((name) => name.endsWith('.csv')))(
    'any row of %s that is altered, removed, doubled or swapped, and names it',
    async (name) => {
      const lines = linesOf(name);
      // All of a short table; of a long one some at its beginning, within and at its end.
      const some = [...lines.keys()].filter((n) => n < 12 || n % 40 === 0 || n > lines.length - 4);
      for (const n of some) {
        const line = lines[n] ?? '';
        const next = lines[n + 1];
        const cases: [readonly string[], number][] = [
          [
            lines.with(
              n,
              line.replace(/[a-z0-9](?=[^a-z0-9]*$)/i, (c) => (c === 'x' ? 'y' : 'x')),
            ),
            n + 1,
          ],
          [lines.toSpliced(n, 0, line), n + 2],
          [lines.with(n, line.slice(0, -1)), n + 1],
          [lines.slice(0, n), n + 1],
          ...(next === undefined
            ? []
            : ([
                [lines.toSpliced(n, 1), n + 1],
                [lines.with(n, next).with(n + 1, line), n + 1],
              ] as [readonly string[], number][])),
        ];
        for (const [changed, at] of cases)
          expect(await verify(forge(made, name, put(changed)))).toMatchObject({
            ok: false,
            broken: { file: name, line: at },
          });
      }
    },
    60_000,
  );

  test.each<[file: string, where: string, path: readonly (string | number)[], to: Json | undefined]>([
    [files.METRICS, 'all.bypass.numerator', ['all', 'bypass', 'numerator'], 0],
    [files.METRICS, 'months[3].coverage', ['months', 3, 'coverage'], undefined],
    [files.METRICS, 'months[11]', ['months', 'length'], 11],
    [files.METRICS, 'all.more', ['all', 'more'], 1],
    [files.METRICS, 'asOf', ['asOf'], YEAR.to],
    [files.SAMPLE_PACKETS, 'packets[2].change.way', ['packets', 2, 'change', 'way'], 'gated '],
    [files.SAMPLE_PACKETS, 'packets[1].records[0].hash', ['packets', 1, 'records', 0, 'hash'], 'sha256:0'],
    [files.SAMPLE_PACKETS, 'packets[0].records[0]', ['packets', 0, 'records', 'length'], 0],
    [files.SAMPLE_PACKETS, 'packets[3]', ['packets', 'length'], 3],
    [files.SAMPLE_PACKETS, 'packets[0].document', ['packets', 0, 'document'], 'sha256:0'],
    [files.SAMPLE_PACKETS, 'seed', ['seed'], 'mine'],
  ])('in %s that its %s was altered', async (name, where, path, to) => {
    const value = JSON.parse(textOf(made, name)) as object;
    const last = path.at(-1) ?? '';
    const parent = path.slice(0, -1).reduce<object>((at, key) => Reflect.get(at, key) as object, value);
    if (to === undefined) Reflect.deleteProperty(parent, last);
    else Reflect.set(parent, last, to);
    const { ok, broken } = await verify(forge(made, name, `${canonicalJson(value)}\n`));
    expect({ ok, file: broken?.file }).toEqual({ ok: false, file: name });
    expect(broken?.why).toBe(`Its ${where} is not what follows from the records.`);
  });

  test.each([files.METRICS, files.SAMPLE_PACKETS])('%s in another form, twice, or none', async (name) => {
    const text = textOf(made, name);
    for (const [other, why] of [
      [text.replace('{', '{ '), 'canonical'],
      ['{}\n', 'what follows from the records'],
      ['null\n', 'what follows from the records'],
      [`${'['.repeat(3_000)}${']'.repeat(3_000)}\n`, 'what follows from the records'],
      ['{"__proto__":{}}\n', 'what follows from the records'],
      ['{\n', 'not JSON'],
      [`${text}${text}`, 'Nothing in the records'],
      ['', 'missing'],
    ] as const)
      expect(await verify(forge(made, name, other))).toMatchObject({
        ok: false,
        broken: { file: name, why: expect.stringContaining(why) },
      });
  });

  test('another sample, time or question than the files are of', async () => {
    const { query } = manifestOf(made);
    const same = textOf(made, files.RECORDS);
    const cases: readonly [Partial<Manifest>, string][] = [
      [{ query: { ...query, sample: { ...SAMPLE, seed: 'mine' } } }, files.SAMPLE],
      [{ query: { ...query, sample: { ...SAMPLE, size: 3 } } }, files.SAMPLE],
      [{ query: { ...query, sample: null } }, files.MANIFEST],
      [{ query: { ...query, sample: { size: 0, seed: 's' } } }, files.MANIFEST],
      [{ query: { ...query, sample: { size: 1, seed: '' } } }, files.MANIFEST],
      [{ query: { ...query, repositories: ['acme/shop'] } }, files.INFORMATION],
      [{ generatedAt: '2027-03-02T00:00:00.000Z' }, files.INFORMATION],
      [{ generatedAt: '2026-03-02T00:00:00.000Z' }, files.EXCEPTIONS],
    ];
    for (const [over, file] of cases)
      expect(await verify(forge(made, files.RECORDS, same, { over }))).toMatchObject({
        ok: false,
        broken: { file },
      });
    const undrawn = await make({ sample: undefined });
    const hidden = new Map([...undrawn, [files.SAMPLE, Buffer.from('x')]]);
    expect(await verify(hidden)).toMatchObject({ broken: { file: files.SAMPLE } });
    const listed = [...manifestOf(undrawn).files, { name: files.SAMPLE, bytes: 0, sha256: '' }].sort(
      (a, b) => (a.name < b.name ? -1 : 1),
    );
    expect(await verify(forge(hidden, files.SAMPLE, 'x', { over: { files: listed } }))).toMatchObject({
      ok: false,
    });
  });

  test('of another version what does not hang on its words', async () => {
    const over = { tool: { ...manifestOf(made).tool, version: '0.0.9' } };
    const worded = textOf(made, files.NOTES).replace('came under the gate', 'was taken in');
    expect(worded).not.toBe(textOf(made, files.NOTES));
    const found = await verify(forge(made, files.NOTES, worded, { over }));
    expect(found).toMatchObject({ ok: true });
    expect(found.checked).toContainEqual({
      what: 'files that only version 0.0.9 can make anew, by digest',
      count: 2,
    });
    const metrics = textOf(made, files.METRICS).replace('"gated":2', '"gated":3');
    expect(await verify(forge(made, files.METRICS, metrics, { over }))).toMatchObject({
      broken: { file: files.METRICS, why: expect.stringContaining('0.0.9') },
    });
    const packets = textOf(made, files.SAMPLE_PACKETS).replace('"change":{', '"change":{"more":1,');
    expect(await verify(forge(made, files.SAMPLE_PACKETS, packets, { over }))).toMatchObject({ ok: true });
  });
});
