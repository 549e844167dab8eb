import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { cellsOf } from '../../src/audit/csv.ts';
import { makePackage, type Question } from '../../src/audit/make-package.ts';
import type { Manifest } from '../../src/audit/package.ts';
import * as files from '../../src/audit/parts.ts';
import { openToRead } from '../../src/audit/read-ledger.ts';
import type { Verification } from '../../src/audit/verification.ts';
import { verifyPackage } from '../../src/audit/verify-package.ts';
import { WAYS } from '../../src/core/model/audit.ts';
import type { RecordDraft } from '../../src/core/model/record.ts';
import { bundle } from '../../scripts/build.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { eventful, pull, YEAR } from './eventful.ts';
import { columnsOf, linesOf, readPdf, type Pdf } from './read-pdf.ts';
import { readXlsx, type Workbook } from './read-xlsx.ts';
import {
  EVE,
  forge,
  makeLedger,
  policyChanged,
  readPackage,
  record,
  RULES,
  SHOP,
  writePackage,
  type Package,
} from './samples.ts';

afterAll(removeTemporaryFolders);

const BOTH = [files.DOCUMENT, files.WORKBOOK];

async function makeOf(records: readonly RecordDraft[], over: Partial<Question> = {}): Promise<Package> {
  const folder = temporaryFolder();
  const file = join(folder, 'threatgate.sqlite');
  await makeLedger({ file }, records);
  const ledger = await openToRead({ file });
  try {
    const output = join(folder, 'evidence');
    const { manifest } = await makePackage(ledger, {
      period: YEAR,
      repositories: undefined,
      sample: { size: 4, seed: 's' },
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

const verify = (some: Package): Promise<Verification> =>
  verifyPackage(writePackage(some), 'package', { keys: undefined, requireSignature: false });
const bytesOf = (some: Package, name: string): Buffer => some.get(name) ?? Buffer.of();
const manifestOf = (some: Package): Manifest =>
  JSON.parse(bytesOf(some, files.MANIFEST).toString('utf8')) as Manifest;
const pdfOf = (some: Package): Pdf => readPdf(bytesOf(some, files.DOCUMENT));
const xlsxOf = (some: Package): Workbook => readXlsx(bytesOf(some, files.WORKBOOK));
const csvOf = (some: Package, name: string): readonly (readonly string[])[] =>
  bytesOf(some, name)
    .toString('utf8')
    .trimEnd()
    .split('\r\n')
    .map((line) => (cellsOf(line) ?? []).map((cell) => cell.slice(1, -1).replaceAll('""', '"')));
const tablesOf = (some: Package): readonly string[] =>
  [...some.keys()].filter((name) => name.endsWith('.csv'));

/** All lines of all pages, their cells divided by ` | `. */
const paperOf = (pdf: Pdf): readonly string[] => pdf.pages.flatMap(linesOf);
/** Pages by the title that they begin with, under the running head. */
const pagesOf = (pdf: Pdf, title: RegExp): readonly (readonly string[])[] =>
  pdf.pages.map(linesOf).filter(([, first = '']) => title.test(first));

let made: Package;

beforeAll(async () => {
  made = await makeOf(eventful());
}, 60_000);

describe('document and workbook', () => {
  test('say the same numbers as the tables', () => {
    const { counts } = manifestOf(made);
    const population = csvOf(made, files.POPULATION);
    const way = population[0]?.indexOf('way') ?? -1;
    const ways = new Map(
      xlsxOf(made)
        .sheets.get('ways')
        ?.map(([name, changes]) => [name, changes]),
    );
    const [population_] = pagesOf(pdfOf(made), /^Population$/);
    const [cover] = pagesOf(pdfOf(made), /^Evidence of changes/);
    for (const name of WAYS) {
      const rows = population.filter((row) => row[way] === name).length;
      expect([name, rows, ways.get(name)]).toEqual([name, counts[name], counts[name]]);
      expect(population_?.some((line) => line.startsWith(`${name} | ${rows} | `))).toBe(true);
      expect(cover?.some((line) => line.endsWith(`${name} | ${rows}`))).toBe(true);
    }
    const all = population.length - 1;
    expect(ways.get('all')).toBe(all);
    expect(cover?.some((line) => line.endsWith(`all | ${all}`))).toBe(true);
    expect(population_?.join(' ')).toContain(`is one of ${all} changes`);
    const months = xlsxOf(made).sheets.get('metrics') ?? [];
    for (const row of months.slice(1)) {
      const shown = [row[0], row[1], ...WAYS.map((name) => row[months[0]?.indexOf(name) ?? -1])].join(' | ');
      expect(population_).toContain(shown);
    }
  });

  test('the workbook has every row of every table, cell by cell', () => {
    const { sheets } = xlsxOf(made);
    for (const name of tablesOf(made)) {
      const rows = sheets.get(name.replace('.csv', '')) ?? [];
      const table = csvOf(made, name);
      const padded = rows.map((row) => [
        ...row,
        ...Array<string>((table[0]?.length ?? 0) - row.length).fill(''),
      ]);
      expect(padded.map((row) => row.map(String))).toEqual(table);
    }
    const [head = [], ...contents] = sheets.get('contents') ?? [];
    expect(head).toEqual(['sheet', 'rows', 'what it holds']);
    for (const [name, rows] of contents.filter(([first]) => first !== ''))
      expect([name, rows]).toEqual([name, (sheets.get(String(name))?.length ?? 0) - 1]);
    const names = contents.map(([name]) => name).filter((name) => name !== '');
    expect(['contents', ...names]).toEqual([...sheets.keys()]);
  });

  test('the document shows exceptions, risks and the register as the tables have them', () => {
    const paper = paperOf(pdfOf(made));
    const [head = [], ...rows] = csvOf(made, files.EXCEPTIONS);
    const [page = []] = pdfOf(made).pages.filter((runs) => linesOf(runs).includes('Exceptions'));
    const columns = columnsOf(page).map((column) => column.replaceAll(' ', ''));
    for (const name of ['change', 'record', 'reason']) {
      const cells = rows.map((row) => row[head.indexOf(name)] ?? '').filter((cell) => cell !== '');
      const all = cells.join('').replaceAll(' ', '');
      expect([name, columns.some((column) => column.includes(all))]).toEqual([name, true]);
    }
    const accepted = pagesOf(pdfOf(made), /./).flat();
    expect(accepted.filter((line) => /^(?:expired|unlimited) \| acme\//.test(line))).toHaveLength(2);
    expect(paper.some((line) => line.includes("'=cmd|calc"))).toBe(true);
  });

  test('each drawn change has one page, with its records and their hashes', () => {
    const packets = JSON.parse(bytesOf(made, files.SAMPLE_PACKETS).toString('utf8')) as {
      packets: {
        change: { id: string; way: string; why: string };
        records: { sequence: number; hash: string }[];
      }[];
    };
    expect(packets.packets).toHaveLength(4);
    for (const { change, records } of packets.packets) {
      const pages = pdfOf(made)
        .pages.map(linesOf)
        .filter((lines) => lines.includes(`${change.id}: ${change.way}`));
      expect(pages).toHaveLength(1);
      for (const { sequence, hash } of records)
        expect(pages[0]?.some((line) => line.startsWith(`${sequence} | `) && line.endsWith(hash))).toBe(true);
    }
  });

  test('are the same bytes in another process, another zone and another language', () => {
    const folder = temporaryFolder();
    const script = join(folder, 'make.ts');
    const from = (path: string): string => JSON.stringify(join(import.meta.dirname, path));
    writeFileSync(
      script,
      `import { makeLedger } from ${from('samples.ts')};
       import { eventful } from ${from('eventful.ts')};
       import { run } from ${from('../../src/cli/run.ts')};
       const cwd = process.argv[2];
       await makeLedger({ file: cwd + '/db' }, eventful());
       const io = { out() {}, err: console.error, cwd, columns: 80, colour: false, now: () => '2027-03-01T00:00:00.000Z' };
       process.exitCode = await run(['evidence', '--from', '2026-01-01', '--to', '2027-01-01', '--output', 'e',
         '--database', 'db', '--sample', '4', '--seed', 's'], io);`,
    );
    for (const [TZ, LANG] of [
      ['Pacific/Kiritimati', 'tr_TR.UTF-8'],
      ['America/St_Johns', 'C'],
    ] as const) {
      const cwd = join(folder, LANG);
      mkdirSync(cwd);
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, cwd], {
        env: { ...process.env, TZ, LANG, LC_ALL: LANG, NODE_OPTIONS: '' },
      });
      const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
      for (const name of readdirSync(join(cwd, 'e')))
        expect([name, digest(readFileSync(join(cwd, 'e', name)))]).toEqual([
          name,
          digest(bytesOf(made, name)),
        ]);
    }
  }, 120_000);
});

describe('verification', () => {
  test('finds any byte that flips in them, and any that was put in or is missing', async () => {
    const folder = writePackage(made);
    const look = async (): Promise<unknown> =>
      (await verifyPackage(folder, 'package', { keys: undefined, requireSignature: false })).broken?.file;
    const position = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...BOTH),
        position,
        fc.constantFrom('flip', 'put', 'take'),
        fc.integer({ min: 1, max: 255 }),
        async (name, place, how, bits) => {
          const whole = bytesOf(made, name);
          const at = Math.floor(place * whole.length);
          const bytes = Buffer.concat([
            whole.subarray(0, at),
            how === 'take' ? Buffer.of() : Buffer.of((whole[at] ?? 0) ^ bits),
            whole.subarray(how === 'put' ? at : at + 1),
          ]);
          writeFileSync(join(folder, name), bytes);
          const found = await look();
          writeFileSync(join(folder, name), whole);
          expect(found).toBe(name);
        },
      ),
      { numRuns: 60, seed: 17 },
    );
    expect(await look()).toBeUndefined();
  }, 120_000);

  test.each(BOTH)('finds another %s although the digests were made to fit', async (name) => {
    const bytes = Buffer.from(bytesOf(made, name));
    const at = bytes.lastIndexOf('threatgate');
    bytes[at < 0 ? bytes.length - 30 : at] = 0x58;
    const found = await verify(forge(made, name, bytes));
    expect(found.broken).toEqual({ file: name, why: 'It is not what the tables of this package make.' });
  });

  test('of one that other packages made says that only its digest was compared', async () => {
    const entries = manifestOf(made).files;
    const over = {
      files: entries.map((file) =>
        file.madeWith === undefined ? file : { ...file, madeWith: 'pdfkit 0.1.0' },
      ),
    };
    const found = await verify(forge(made, files.RECORDS, bytesOf(made, files.RECORDS), { over }));
    expect(found.ok).toBe(true);
    const said = found.checked.map(({ what }) => what).find((what) => what.includes(files.DOCUMENT));
    expect(said).toMatch(
      /^file by its digest alone, evidence\.pdf: it was made with pdfkit 0\.1\.0, and here is pdfkit/,
    );
  });

  test('needs no other package: without pdfkit it says what it could not make anew', async () => {
    const folder = temporaryFolder();
    await bundle(join(folder, 'dist'));
    const target = writePackage(made);
    const said = execFileSync(process.execPath, [join(folder, 'dist', 'cli.js'), 'verify', target], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(said).toContain(
      'file by its digest alone, evidence.pdf: to make it anew takes the package pdfkit',
    );
    expect(said).not.toContain('evidence.xlsx:');
    expect(said).toContain('is as it has to be');
    expect(readFileSync(join(folder, 'dist', 'cli.js'), 'utf8')).not.toContain('PDFDocument');
  }, 120_000);
});

describe('the document', () => {
  test('is tagged: its parts have their kinds, its language and its title', () => {
    const { objects, trailer, pages } = pdfOf(made);
    const all = [...objects.values()];
    const count = (kind: string): number => all.filter((o) => o.startsWith(`<<\n/S /${kind}\n`)).length;
    const catalogue = all.find((o) => o.includes('/Type /Catalog')) ?? '';
    expect(catalogue).toMatch(/\/Lang \(en\)[^]*\/StructTreeRoot|\/StructTreeRoot[^]*\/Lang \(en\)/);
    expect(all.some((o) => o.includes('/DisplayDocTitle true'))).toBe(true);
    expect(all).toContain('(Evidence of changes from 2026-01-01 to 2027-01-01)');
    expect(all.filter((o) => o === '(D:20270301000000Z)')).toHaveLength(2);
    expect(trailer).toMatch(/\/ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\]/);
    for (const kind of ['Document', 'Sect', 'H1', 'H2', 'P', 'Table', 'TR', 'TH', 'TD', 'Figure'])
      expect([kind, count(kind) > 0]).toEqual([kind, true]);
    expect(count('Document')).toBe(1);
    // Every character belongs to a part of the structure, or is declared to be there for the eye alone.
    const tags = new Set(pages.flat().map((run) => run.tag));
    expect([...tags].sort()).toEqual(['Artifact', 'Figure', 'H1', 'H2', 'P', 'TD', 'TH']);
    for (const figure of all.filter((o) => o.startsWith('<<\n/S /Figure\n')))
      expect(figure).toContain('/Alt (');
    for (const row of all.filter((o) => o.startsWith('<<\n/S /T'))) expect(row).toMatch(/\/P \d+ 0 R/);
    expect(all.join('\n')).not.toMatch(/\/(?:JavaScript|JS|URI|Launch|EmbeddedFile|OpenAction)\b/);
  });

  test('has bookmarks, and numbers on each of its pages', () => {
    const { objects, pages } = pdfOf(made);
    const titles = [...objects.values()].flatMap(
      (o) =>
        /\/Title \(((?:\\.|[^)])*)\)\n?[^]*\/(?:Parent|Prev|Next)|\/Parent [^]*\/Title \(((?:\\.|[^)])*)\)/
          .exec(o)
          ?.slice(1)
          .filter(Boolean) ?? [],
    );
    for (const title of [
      'Information sheet',
      'Population',
      'Sample',
      'Exceptions',
      'Accepted risks',
      'Figures',
    ])
      expect(titles).toContain(title);
    for (const [n, page] of pages.entries())
      expect(linesOf(page)[0]).toMatch(new RegExp(` \\| ${n + 1} of ${pages.length}$`));
  });

  test('has 25 pages for a sample of 25, whatever is on record about them', async () => {
    const days = [...Array(30).keys()].map((n) => `2026-05-${String(n + 1).padStart(2, '0')}`);
    const long = [...Array(60).keys()].map((n) =>
      record(SHOP, 'approved', 7, { at: `2026-05-07T10:00:${String(n).padStart(2, '0')}.000Z`, actor: EVE }),
    );
    const records = days.flatMap((day, n) => pull(SHOP, n + 1, day, n === 6 ? long : []));
    const some = await makeOf(records, { sample: { size: 25, seed: 'other' } });
    const drawn = csvOf(some, files.SAMPLE)
      .slice(1)
      .map((row) => row[2] ?? '');
    expect(drawn).toHaveLength(25);
    expect(drawn).toContain('acme/shop#7');
    const pages = pdfOf(some).pages.map(linesOf);
    for (const id of drawn) {
      const own = pages.filter(([, title = '']) => title.startsWith(`${id}: `));
      expect([id, own.length]).toEqual([id, 1]);
    }
    const [crowded = []] = pages.filter(([, title = '']) => title.startsWith('acme/shop#7: '));
    expect(crowded.filter((line) => / \| approved \| /.test(line)).length).toBeGreaterThan(10);
    expect(crowded.some((line) => /^\d+ more decisions are in sample\.json\.$/.test(line))).toBe(true);
    expect(crowded.some((line) => /^\d+ more records are in sample\.json\.$/.test(line))).toBe(true);
    expect(await verify(some)).toMatchObject({ ok: true });
  }, 60_000);

  test('says how many rows of a long table are where', async () => {
    const pushes = [...Array(230).keys()].map((n) =>
      record(SHOP, 'direct-push', 0, {
        at: new Date(Date.UTC(2026, 5, 1, 0, n)).toISOString(),
        details: { branch: 'main', complete: true },
      }),
    );
    const some = await makeOf(pushes, { sample: undefined });
    const paper = paperOf(pdfOf(some));
    expect(paper.filter((line) => line.startsWith('direct-push; '))).toHaveLength(200);
    expect(paper).toContain('30 more rows are in exceptions.csv.');
    expect(xlsxOf(some).sheets.get('exceptions')).toHaveLength(231);
  }, 60_000);

  test('of a package without anything in it says so', async () => {
    const some = await makeOf([policyChanged(SHOP, '2026-04-01T00:00:00.000Z', RULES)], {
      sample: undefined,
    });
    const paper = paperOf(pdfOf(some));
    expect(paper).toContain('There is no exception in the period.');
    expect(paper).toContain('No risk was accepted.');
    expect(pagesOf(pdfOf(some), /^Sample$/)).toEqual([]);
    expect(xlsxOf(some).sheets.has('sample')).toBe(false);
    expect(xlsxOf(some).sheets.get('population')).toHaveLength(1);
    expect(await verify(some)).toMatchObject({ ok: true });
  }, 60_000);
});

/** What people may write into a reason, and what of it has to be seen. */
const HOSTILE: readonly (readonly [written: string, inTable: string, onPaper: string])[] = [
  ['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`, `'=HYPERLINK("http://x","y")`],
  [' \t@SUM(1)', `'  @SUM(1)`, `'  @SUM(1)`],
  ['\u202egnp.exe', '<U+202E>gnp.exe', '<U+202E>gnp.exe'],
  ['nul\u0000bell\u0007', 'nul<U+0000>bell<U+0007>', 'nul<U+0000>bell<U+0007>'],
  ['lone\ud800surrogate', 'lone\ufffdsurrogate', 'lone\ufffdsurrogate'],
  ['旧い', '旧い', '<U+65E7><U+3044>'],
  ['שלום', 'שלום', '<U+05E9><U+05DC><U+05D5><U+05DD>'],
  ['👩‍💻 ok', '👩<U+200D>💻 ok', '<U+1F469><U+200D><U+1F4BB> ok'],
  ['e\u0301tude', 'e\u0301tude', 'e<U+0301>tude'],
  ['_x000D_ & <b>"x"</b> ]]>', '_x000D_ & <b>"x"</b> ]]>', '_x000D_ & <b>"x"</b> ]]>'],
  ['Ἀθῆναι Київ Zürich ✓ fi', 'Ἀθῆναι Київ Zürich ✓ fi', 'Ἀθῆναι Київ Zürich ✓ fi'],
  ['two\nlines\r\nthree', 'two lines three', 'two lines three'],
  ['(a) \\ ) Tj', '(a) \\ ) Tj', '(a) \\ ) Tj'],
];

test('hostile texts are seen on every surface, and obeyed on none', async () => {
  const records = HOSTILE.flatMap(([written], n) =>
    pull(SHOP, n + 1, '2026-05-01', [
      record(SHOP, 'waived', n + 1, {
        at: '2026-05-01T10:00:00.000Z',
        actor: EVE,
        details: { reason: written },
      }),
    ]),
  );
  const some = await makeOf(records, { sample: undefined });
  const [head = [], ...rows] = csvOf(some, files.EXCEPTIONS);
  const sheet = xlsxOf(some).sheets.get('exceptions') ?? [];
  const squeezed = (lines: readonly string[]): string => lines.join('').replaceAll(' ', '');
  const paper = squeezed(pdfOf(some).pages.flatMap(columnsOf));
  for (const [n, [, inTable, onPaper]] of HOSTILE.entries()) {
    const row = rows.find((one) => one[head.indexOf('pull_request')] === String(n + 1)) ?? [];
    expect(row[head.indexOf('reason')]).toBe(inTable);
    const cell = sheet.find((one) => one[head.indexOf('pull_request')] === n + 1)?.[head.indexOf('reason')];
    expect(cell).toBe(inTable);
    expect([onPaper, paper.includes(squeezed([onPaper]))]).toEqual([onPaper, true]);
  }
  expect(xlsxOf(some).xml('xl/worksheets/sheet005.xml')).not.toMatch(/<f[ >]/);
  expect(await verify(some)).toMatchObject({ ok: true });
}, 60_000);

test('a text that is longer than a cell or a page is cut where everybody sees it', async () => {
  const long = 'a'.repeat(100_000);
  const waived = record(SHOP, 'waived', 1, {
    at: '2026-05-01T10:00:00.000Z',
    actor: EVE,
    details: { reason: long },
  });
  const some = await makeOf(pull(SHOP, 1, '2026-05-01', [waived]));
  const cell = String(
    xlsxOf(some)
      .sheets.get('exceptions')
      ?.flat()
      .find((one) => String(one).startsWith('aaaa')),
  );
  expect(cell).toHaveLength(32_767);
  expect(cell).toMatch(/a … \(cut here: 100000 characters, whole in exceptions\.csv\)$/);
  const paper = paperOf(pdfOf(some));
  expect(paper.some((line) => /a{10} …/.test(line))).toBe(true);
  expect(paper.join('').length).toBeLessThan(60_000);
  expect(await verify(some)).toMatchObject({ ok: true });
}, 60_000);
