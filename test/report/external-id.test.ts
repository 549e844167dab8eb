import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byteLength, cutBytes, cutChars } from '../../src/core/report/bytes.ts';
import { readExternalId, writeExternalId } from '../../src/core/report/external-id.ts';

const digest = `sha256:${'0f'.repeat(32)}`;

test('what is written is read, and is short', () => {
  for (const subject of ['pull/1', 'pull/999999999', 'group'])
    for (const repository of [1, Number.MAX_SAFE_INTEGER]) {
      const id = { repository, subject, digest };
      const text = writeExternalId(id);
      expect(readExternalId(text)).toEqual(id);
      expect(text.length).toBeLessThanOrEqual(255);
    }
});

test.each([
  '',
  'x',
  `threatgate:1:0:pull/1:${digest}`,
  `threatgate:1:01:pull/1:${digest}`,
  `threatgate:1:9999999999999999:pull/1:${digest}`,
  `threatgate:1:1:pull/0:${digest}`,
  `threatgate:1:1:pull/1x:${digest}`,
  `threatgate:1:1:pulls/1:${digest}`,
  `threatgate:1:1:pull/1:${digest.toUpperCase()}`,
  `threatgate:1:1:pull/1:${digest}0`,
  `threatgate:2:1:pull/1:${digest}`,
  ` threatgate:1:1:pull/1:${digest}`,
  `threatgate:1:1:pull/1:${digest}\n`,
  `threatgate:1:٣:pull/1:${digest}`,
])('%j is none of ours', (text) => {
  expect(readExternalId(text)).toBeUndefined();
});

test('bytes are those of UTF-8', () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, most) => {
      expect(byteLength(text)).toBe(encoder.encode(text).length);
      const cut = cutBytes(text, most);
      expect(encoder.encode(cut).length).toBeLessThanOrEqual(most);
      expect(text.toWellFormed().startsWith(cut)).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
      const next = text.toWellFormed().codePointAt(cut.length);
      if (next !== undefined)
        expect(encoder.encode(cut + String.fromCodePoint(next)).length).toBeGreaterThan(most);
    }),
    { numRuns: 500 },
  );
  for (const text of ['\ud800', '\udc00x', 'a\ud83d', '\ud83d\ude00'])
    expect(byteLength(text)).toBe(encoder.encode(text).length);
});

test('characters are never cut in half', () => {
  expect(cutChars('abc', 3)).toBe('abc');
  expect(cutChars('abcd', 3)).toBe('ab…');
  expect(cutChars('a\u{1f600}b', 3)).toBe('a…');
  expect(cutChars('\ud800', 3)).toBe('\ufffd');
});
