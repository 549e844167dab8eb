import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseToml } from '../../src/core/syntax/toml.ts';
import { at, entries, show } from '../../src/core/values/value.ts';
import { stopwatch } from '../stopwatch.ts';

describe('parseToml', () => {
  test('tables, dotted keys, arrays of tables and inline tables, with lines', () => {
    const { value, errors } = parseToml(
      'a = 1\n[x.y]\nb.c = "d"\n[[z]]\nk = [true, { q = 2 }]\n[[z]]\nk = []\n[z.sub]\nday = 1979-05-27\n',
    );
    expect(errors).toEqual([]);
    expect(show(value, 200)).toBe(
      '{a: 1, x: {y: {b: {c: d}}}, z: [{k: [true, {q: 2}]}, {k: [], sub: {day: 1979-05-27}}]}',
    );
    expect(at(value, 'x', 'y', 'b', 'c')?.line).toBe(3);
  });

  test('a number that a double cannot hold stays as it is written', () => {
    expect(show(parseToml('a = 12345678901234567890\n').value)).toBe('{a: 12345678901234567890}');
  });

  test('a line that cannot be parsed is told and left out; the rest is kept', () => {
    const { value, errors } = parseToml('[a]\nbroken =\n[b]\nok = true\n');
    expect(show(value)).toBe('{a: {}, b: {ok: true}}');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ limit: false });
  });

  test('names of objects’ own properties are keys like others', () => {
    expect(show(parseToml('[__proto__]\nconstructor = 1\n').value)).toBe('{__proto__: {constructor: 1}}');
  });

  test('bounds are told as bounds', () => {
    expect(parseToml(`a = ${'['.repeat(5_000)}`).errors).toMatchObject([{ limit: true }]);
    expect(parseToml('a = 1\n'.repeat(200_000)).errors).toMatchObject([{ limit: true }]);
    expect(parseToml(`a = [${'1,'.repeat(300_000)}]`).errors).toMatchObject([{ limit: true }]);
  });

  test('many errors end early, with what stood before the first one', () => {
    const took = stopwatch();
    const { value, errors } = parseToml(`first = 1\n${'a.b.c=1\n'.repeat(60_000)}`);
    expect(errors.length).toBeGreaterThan(0);
    expect(entries(value)[0]?.key).toBe('first');
    expect(took()).toBeLessThan(10_000);
  });

  test('arbitrary texts', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.constantFrom(
        'a',
        '=',
        '"',
        '"""',
        "'''",
        '[',
        ']',
        '[[',
        ']]',
        '{',
        '}',
        ',',
        '\n',
        '.',
        '#',
        '1_',
        'inf',
        '\\u',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 30 }).map((w) => w.join('')),
        (text) => {
          const last = text.split('\n').length;
          for (const e of parseToml(text).errors) expect(e.line >= 1 && e.line <= last).toBe(true);
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });
});
