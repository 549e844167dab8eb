import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/core/digest.ts';
import { MOST_BYTES } from '../../src/core/report/check-run.ts';
import { renderText } from '../../src/core/report/check-run-text.ts';
import { readCheckRunText } from '../../src/core/report/read-check-run-text.ts';
import { doubtful, fact, gone, hostile, opened, quiet, uncovered, verdict } from './verdicts.ts';

const RECORD = { sequence: 57, hash: `sha256:${'5'.repeat(64)}` };

describe('the text of a check run, read again', () => {
  test.each([
    quiet,
    uncovered,
    doubtful,
    hostile('`@all` <b>```\n:: ##['),
    verdict({ facts: [opened, gone] }),
  ])('gives the same verdict, byte by byte', (told) => {
    const read = readCheckRunText(renderText(told, RECORD, MOST_BYTES));
    if ('why' in read) throw new Error(read.why);
    expect(read.record).toEqual(RECORD);
    expect(canonicalJson(read.whole)).toBe(canonicalJson(told));
  });

  test('gives it whatever is written in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (statement, title) => {
        const told = verdict({ title: `"${title}`, facts: [fact({ ...opened, statement })] });
        const read = readCheckRunText(renderText(told, undefined, MOST_BYTES));
        expect('why' in read ? read.why : canonicalJson(read.whole)).toBe(canonicalJson(told));
      }),
      { seed: 19, numRuns: 300 },
    );
  });

  test('says no more than what there was room for', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => fact({ ...opened, address: `aws_bucket.n${i}` }));
    const read = readCheckRunText(renderText(verdict({ facts: many, applicable: true }), RECORD, MOST_BYTES));
    expect(read).toMatchObject({ head: { applicable: true }, record: RECORD });
    expect(read).toHaveProperty('whole', undefined);
  });

  test('is not believed after any change of what it says', () => {
    const text = renderText(verdict({ facts: [opened], conclusion: 'failure' }), RECORD, MOST_BYTES);
    for (const [was, is] of [
      ['"conclusion": "failure"', '"conclusion": "success"'],
      ['"deciding": true', '"deciding": false'],
      ['"mode": "enforce"', '"mode": "observe"'],
    ] as const) {
      expect(text).toContain(was);
      expect(readCheckRunText(text.replace(was, is))).toEqual({
        why: 'has a verdict in its text that is not the one its digest names',
      });
    }
  });

  test('never throws', () => {
    const text = renderText(uncovered, RECORD, MOST_BYTES);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), fc.string(), (from, length, put) => {
        const altered = text.slice(0, from) + put + text.slice(from + length);
        const read = readCheckRunText(altered);
        if (!('why' in read) && read.whole) expect(canonicalJson(read.whole)).toBe(canonicalJson(uncovered));
      }),
      { seed: 20, numRuns: 500 },
    );
    for (const none of ['', '```json\n{}\n```', 'Digest of the verdict as `x` writes it: `sha256:`.'])
      expect(readCheckRunText(none)).toHaveProperty('why');
  });
});
