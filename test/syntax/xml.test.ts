import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { childText, parseXml } from '../../src/core/syntax/xml.ts';

describe('parseXml', () => {
  test('elements, attributes, text and lines', () => {
    const { root, errors } = parseXml(
      '<?xml version="1.0"?>\n<!-- c -->\n<p:a xmlns:p="x">\n  <b c="1 &amp; 2">t &lt; x&#65;</b>\n  <b/>\n</p:a>\n',
    );
    expect(errors).toEqual([]);
    expect(root).toMatchObject({ name: 'a', line: 3, endLine: 6 });
    expect(root?.children.map((c) => [c.name, c.line])).toEqual([
      ['b', 4],
      ['b', 5],
    ]);
    expect(root?.children[0]?.attributes.get('c')).toBe('1 & 2');
    expect(childText(root, 'b')).toBe('t < xA');
  });

  test('what a document declares is not expanded', () => {
    expect(childText(parseXml('<!DOCTYPE a [<!ENTITY x "boom">]><a><b>&x;</b></a>').root, 'b')).toBe('&x;');
  });

  test.each(['', 'text', '<a', '<a b="', '<!--', '<![CDATA['])('%j is told, not thrown', (text) => {
    const { root, errors } = parseXml(text);
    expect(root).toBeUndefined();
    expect(errors).toMatchObject([{ line: 1, limit: false }]);
  });

  test('bounds are told as bounds', () => {
    expect(parseXml('<a>'.repeat(1_000)).errors).toMatchObject([{ limit: true }]);
    expect(parseXml(`<a>${' '.repeat(1_000_000)}</a>`).errors).toMatchObject([{ limit: true }]);
  });

  test('names of objects’ own properties are refused or renamed, never obeyed', () => {
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
      const { root, errors } = parseXml(`<${name} a="1"/>`);
      expect(root !== undefined || errors.length === 1).toBe(true);
    }
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('arbitrary texts', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.constantFrom(
        '<a>',
        '</a>',
        '<a/>',
        '<',
        '>',
        '&',
        '&#',
        ';',
        '"',
        '=',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?x',
        '?>',
        '\n',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 20 }).map((w) => w.join('')),
        (text) => {
          const { root, errors } = parseXml(text);
          expect(root !== undefined || errors.length > 0).toBe(true);
        },
      ),
      { seed: 9, numRuns: 400 },
    );
  });
});
