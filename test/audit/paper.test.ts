import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Grid } from '../../src/audit/csv.ts';
import { Printable } from '../../src/audit/pdf/printable.ts';
import { CUT, wrap } from '../../src/audit/pdf/wrap.ts';
import { partsOf } from '../../src/audit/xlsx/workbook.ts';
import { columnName, MOST_ROWS, worksheetOf, xml } from '../../src/audit/xlsx/worksheet.ts';

/** A font in which a letter is as wide as it says, and each is at most three wide. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, c) => sum + 1 + ((c.codePointAt(0) ?? 0) % 3), 0);
const bare = (text: string): string => text.replace(/ +/g, '');

const words = fc
  .array(
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom('a/b-c.d', ' ', 'x'.repeat(50))),
  )
  .map((some) => some.join(' '));

describe('lines of a text', () => {
  test('hold all of it in its order, and none is wider than it may be', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 3, max: 60 }), (text, width) => {
        const lines = wrap(text, { width, lines: Infinity, widthOf });
        expect(bare(lines.join(''))).toBe(bare(text));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
      { seed: 3 },
    );
  });

  test('that are too many are cut, and it shows', () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 12, max: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (text, width, lines) => {
          const all = wrap(text, { width, lines: Infinity, widthOf });
          const some = wrap(text, { width, lines, widthOf });
          expect(some.length).toBe(Math.min(all.length, lines));
          expect(some.at(-1)?.endsWith(CUT.trim()) ?? false).toBe(
            all.length > lines || (all.at(-1)?.endsWith(CUT.trim()) ?? false),
          );
          for (const line of some) expect(widthOf(line)).toBeLessThanOrEqual(width);
          if (all.length > lines)
            expect(bare(text).startsWith(bare(some.join('')).replace(/…$/, ''))).toBe(true);
        },
      ),
      { seed: 4 },
    );
  });
});

test('what is printed has nothing in it that cannot be seen or turns what is around it', () => {
  const printable = new Printable((codePoint) => codePoint < 0x2000);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable.text(text);
      expect(shown).not.toMatch(
        /[\p{C}\p{M}\p{Zl}\p{Zp}\u2000-\u{10ffff}\p{Script=Hebrew}\p{Script=Arabic}]/u,
      );
      expect(printable.text(shown)).toBe(shown);
    }),
    { seed: 5 },
  );
});

describe('a worksheet', () => {
  const gridOf = (count: number): Grid => ({
    columns: ['n'],
    count,
    rows: function* () {
      for (let n = 0; n < count; n++) yield [n];
    },
  });

  test('has no more rows than a program can read; the others go to further sheets with the header again', () => {
    const count = 2 * (MOST_ROWS - 1) + 5;
    const name = 'a name that is longer than is allowed';
    const parts = partsOf([
      { name, grid: gridOf(count), source: 'x.csv' },
      { name: 'b[1]*?', grid: gridOf(0), source: 'y.csv' },
    ]);
    expect(parts.map((part) => part.name)).toEqual([
      'a name that is longer than is a',
      'a name that is longer than is 2',
      'a name that is longer than is 3',
      'b 1   ',
    ]);
    expect(parts.map(({ from, to }) => to - from)).toEqual([MOST_ROWS - 1, MOST_ROWS - 1, 5, 0]);
    const [, , third] = parts;
    const text = third === undefined ? '' : [...worksheetOf(third)].join('');
    expect([...text.matchAll(/<row /g)]).toHaveLength(6);
    expect(text).toContain(`<c r="A2"><v>${2 * (MOST_ROWS - 1)}</v></c>`);
    expect(text).toContain('<autoFilter ref="A1:A6"/>');
  });

  test('names columns as programs do', () => {
    expect([0, 25, 26, 51, 52, 701, 702, 16_383].map(columnName)).toEqual([
      'A',
      'Z',
      'AA',
      'AZ',
      'BA',
      'ZZ',
      'AAA',
      'XFD',
    ]);
  });

  test('writes any text so that a reader has it back', () => {
    const read = (text: string): string =>
      text
        .replace(/&#(\d+);/g, (_, n: string) => String.fromCodePoint(Number(n)))
        .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    const legal = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('_x0041_', '_', 'x0041_', '_x00', '41_', '&', '<', ']]>', '"'))
        .map((a) => a.join('')),
    );
    fc.assert(
      fc.property(text, (some) => {
        const written = xml(some);
        expect(written).toMatch(legal);
        expect(written).not.toMatch(/[<>"]|&(?!#\d+;)/);
        if (legal.test(some)) expect(read(written)).toBe(some);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
