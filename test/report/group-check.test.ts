import { expect, test } from '@jest/globals';
import { byteLength } from '../../src/core/report/bytes.ts';
import { renderGroupCheck } from '../../src/core/report/group-check.ts';
import { fact, verdict } from './verdicts.ts';

const record = { sequence: 7, hash: `sha256:${'a'.repeat(64)}` };
const FAILS = { passes: false, reason: 'Not that.', number: 3 };

test('a group that is proven is one line and its proof', () => {
  const report = renderGroupCheck({ ...FAILS, passes: true, reason: 'Just that.', record });
  expect(report).toMatchObject({
    conclusion: 'success',
    title: 'Proven for #3',
    buttons: [],
    annotations: [],
  });
  expect(report.summary).toBe('## ✅ Just that.\n');
  expect(report.text).toContain(record.hash);
});

test('names of people who want more than to be named', () => {
  const reason =
    'The ref `refs/heads/gh-readonly-queue/<img src=x>` of @acme/everybody names [none](http://evil.test).';
  const { summary } = renderGroupCheck({ ...FAILS, reason });
  expect(summary).toContain('The ref <code>refs');
  expect(summary).not.toMatch(/<img|@acme|\]\(http/);
});

test('more facts than can be shown are counted, and nothing is longer than GitHub takes', () => {
  const facts = Array.from({ length: 60 }, (_, i) =>
    fact({
      rule: 'network/widened',
      kind: 'setting-changed',
      address: `aws_security_group.g${i}`,
      statement: `\`${'é'.repeat(900)}\` widened`,
    }),
  );
  const report = renderGroupCheck({ ...FAILS, verdict: verdict({ facts, applicable: true }), record });
  expect(report.title).toBe('Not what was approved on #3');
  expect(report.summary).toMatch(/- … and \d+ more\n$/);
  for (const text of [report.summary, report.text]) expect(byteLength(text)).toBeLessThanOrEqual(65_535);
  expect(report.text).toContain(record.hash);
});

test('a change that touches nothing says so', () => {
  const report = renderGroupCheck({ ...FAILS, passes: true, verdict: verdict(), record });
  expect(report.title).toBe('Nothing security-relevant changed');
});
