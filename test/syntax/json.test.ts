import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../src/core/limits.ts';
import { parseJson } from '../../src/core/syntax/json.ts';
import type { Value } from '../../src/core/model/value.ts';
import { at, items } from '../../src/core/values/value.ts';
import { stopwatch } from '../stopwatch.ts';

/** A value as plain data; keys of maps that repeat are kept as pairs. */
function plain(value: Value | undefined): unknown {
  if (!value) return undefined;
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  if (value.kind === 'map') return value.entries.map((e) => [e.key, plain(e.value)]);
  return value.text;
}

/** The same data, built from JavaScript's own parser. */
function pairs(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(pairs);
  if (data !== null && typeof data === 'object') return Object.entries(data).map(([k, v]) => [k, pairs(v)]);
  return data;
}

const messages = (text: string): readonly string[] =>
  parseJson(text).errors.map((e) => `${e.line}:${e.column} ${e.message}`);

describe('what is read', () => {
  test('values of every kind, with the lines they stand on', () => {
    const { value, errors } = parseJson('{\n  "a": [1, true,\n    null],\n  "b": {"c": "x\\ny"}\n}');
    expect(errors).toEqual([]);
    expect(plain(value)).toEqual([
      ['a', [1, true, null]],
      ['b', [['c', 'x\ny']]],
    ]);
    expect(items(at(value, 'a')).map((item) => item.line)).toEqual([2, 2, 3]);
    expect(value?.kind === 'map' && value.entries.map((e) => e.line)).toEqual([2, 4]);
    expect(at(value, 'b', 'c')?.line).toBe(4);
  });

  test('repeated keys are kept, and so are the names that objects inherit', () => {
    const { value } = parseJson('{"a": 1, "__proto__": {"x": 2}, "a": 3, "constructor": 4}');
    expect(plain(value)).toEqual([
      ['a', 1],
      ['__proto__', [['x', 2]]],
      ['a', 3],
      ['constructor', 4],
    ]);
    expect(plain(at(value, 'a'))).toBe(3);
  });

  test('numbers that a double cannot tell apart stay text', () => {
    const { value } = parseJson(
      '[9007199254740993, 9007199254740992, 1e999, 0.1, -2, 1.5e3, 0.12345678901234567890]',
    );
    expect(plain(value)).toEqual([
      '9007199254740993',
      '9007199254740992',
      '1e999',
      0.1,
      -2,
      1500,
      '0.12345678901234567890',
    ]);
  });

  test('a byte-order mark, comments and trailing commas do no harm', () => {
    expect(plain(parseJson('\uFEFF// a\n{"a": [1, /* b */ 2,],}').value)).toEqual([['a', [1, 2]]]);
    expect(messages('\uFEFF// a\n{"a": [1, /* b */ 2,],}')).toEqual([]);
  });

  test('CRLF and LF count as one line each', () => {
    const { value } = parseJson('{\r\n"a":\r\n1}');
    expect(at(value, 'a')?.line).toBe(3);
  });
});

describe('what is broken', () => {
  test('errors name line and column, and the rest is kept', () => {
    const { value, errors } = parseJson('{\n "a": 1\n "b": ,\n "c": [1, 2\n}');
    expect(plain(value)).toEqual([
      ['a', 1],
      ['c', [1, 2]],
    ]);
    expect(errors[0]).toEqual({ message: 'Comma expected', line: 3, column: 2, limit: false });
    expect(errors[1]).toEqual({ message: 'Value expected', line: 3, column: 7, limit: false });
  });

  test.each([
    ['', '1:1 Value expected'],
    ['"abc', '1:1 Unexpected end of string'],
    ['{"a": x}', '1:7 Invalid symbol'],
    ['[1] 2', '1:5 End of file expected'],
  ])('%j → %s', (text, message) => {
    expect(messages(text)).toContain(message);
  });

  test('a handful of errors stands for thousands', () => {
    expect(parseJson('[1 '.repeat(100)).errors.length).toBeLessThanOrEqual(20);
  });
});

describe('hostile input', () => {
  test('what is nested too deep is left out; what follows is read', () => {
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    const { value, errors } = parseJson(`{"deep": ${deep}, "after": 1}`);
    expect(plain(at(value, 'after'))).toBe(1);
    expect(errors).toEqual([
      { message: `Nested deeper than ${LIMITS.depth} levels`, line: 1, column: 129, limit: true },
    ]);
  });

  test('more values than are read', () => {
    const { value, errors } = parseJson(`[${'{},'.repeat(LIMITS.nodes + 50)}1]`);
    expect(items(value).length).toBe(LIMITS.nodes - 1);
    expect(errors.filter((e) => e.limit)).toHaveLength(1);
  });

  test('more characters than are read', () => {
    const { value, errors } = parseJson(' '.repeat(LIMITS.fileChars + 1));
    expect(value).toBeUndefined();
    expect(errors.map((e) => e.limit)).toEqual([true]);
  });

  test.each([
    ['open brackets', '['.repeat(1_000_000)],
    ['open objects', '{"a":'.repeat(190_000)],
    ['quotes', '"'.repeat(1_000_000)],
    ['wrong closers', '[}'.repeat(500_000)],
    ['colons', '{:'.repeat(500_000)],
    ['backslashes', `{"${'\\'.repeat(990_000)}`],
    ['one long line of spaces', ' '.repeat(1_000_000)],
    ['NUL', '\u0000'.repeat(100_000)],
    ['lone surrogates', `["\ud800","${'\udc00'.repeat(1000)}"]`],
    ['open comments', '/*'.repeat(400_000)],
  ])('%s: bounded, and the next text is read', (_, text) => {
    const took = stopwatch();
    expect(parseJson(text).errors.length).toBeLessThanOrEqual(25);
    expect(took()).toBeLessThan(5_000);
    expect(plain(parseJson('[1]').value)).toEqual([1]);
  });

  test('arbitrary text never throws', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[[\]{}",: 0a\\/*\n]{0,60}$/),
    );
    fc.assert(
      fc.property(text, (input) => {
        for (const { line, column } of parseJson(input).errors) expect(line > 0 && column > 0).toBe(true);
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });

  test('valid JSON reads as the language itself reads it, however it is laid out', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6, noUnicodeString: false }), (input) => {
        const data: unknown = JSON.parse(input);
        for (const layout of [JSON.stringify(data), JSON.stringify(data, null, 3).replaceAll('\n', '\r\n')]) {
          const { value, errors } = parseJson(layout);
          expect(errors).toEqual([]);
          expect(round(plain(value))).toEqual(round(pairs(data)));
        }
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});

/** Numbers that are kept as text, as text on both sides; a negative zero is a zero. */
function round(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(round);
  if (typeof data === 'number') return String(data);
  return typeof data === 'string' && /^-?\d/.test(data) && Number.isFinite(Number(data))
    ? String(Number(data))
    : data;
}
