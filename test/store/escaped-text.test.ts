import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeText, unescapeText } from '../../src/store/escaped-text.ts';

const hostile = fc.string({ unit: fc.constantFrom('\0', '\u001b', '0', 'd', '8', '\ud83d', '\ude00', 'é') });
const any = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string());

test('any text comes back, and is none that a database refuses on the way', () => {
  fc.assert(
    fc.property(any, (text) => {
      const escaped = escapeText(text);
      expect(unescapeText(escaped)).toBe(text);
      expect(escaped.isWellFormed()).toBe(true);
      expect(escaped).not.toContain('\0');
    }),
    { numRuns: 1_000 },
  );
});

test('two texts never become one', () => {
  fc.assert(fc.property(any, any, (a, b) => (escapeText(a) === escapeText(b)) === (a === b)));
});

test('JSON stays as it is', () => {
  fc.assert(
    fc.property(any, (text) => {
      const json = JSON.stringify({ [text]: text });
      expect(escapeText(json)).toBe(json);
      expect(unescapeText(json)).toBe(json);
    }),
  );
});
