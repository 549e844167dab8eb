import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { questionById } from '../../src/core/catalogue/questions.ts';
import { QUESTIONS } from '../../src/core/catalogue/catalogue.generated.ts';
import { parseAnswers, readTicks } from '../../src/core/commands/parse-answers.ts';
import type { Answer, AnswerKind } from '../../src/core/model/approval.ts';
import type { AskedQuestion } from '../../src/core/model/question.ts';
import type { Anchor } from '../../src/core/report/anchors.ts';
import { byteLength } from '../../src/core/report/bytes.ts';
import { questionGroups } from '../../src/core/report/outline.ts';
import {
  componentOf,
  markerOf,
  renderComment,
  renderResolvedComment,
  renderReview,
} from '../../src/core/report/review.ts';
import { expectGolden } from '../golden.ts';
import { bucket, hostile, opened, uncovered, verdict } from './verdicts.ts';

const anchors: readonly Anchor[] = [
  { file: bucket.file, line: bucket.line, at: 5 },
  { file: opened.file, line: opened.line, at: 12 },
];
const context = { question: questionById, anchors };
const answer = (kind: AnswerKind, rest: Partial<Answer> = {}): Answer => ({
  question: 'OBJ-I1',
  address: bucket.address,
  scope: 'infra',
  kind,
  actor: { id: '7', login: 'bob' },
  at: '2026-05-30T10:00:00.000Z',
  text: '',
  ...rest,
});
const answers = [
  answer('considered'),
  answer('open', { at: '2026-05-30T10:01:00.000Z' }),
  answer('control', {
    text: 'denied by policy, see @acme/security and <b>#12</b>',
    at: '2026-05-30T11:00:00.000Z',
  }),
  answer('accept', {
    question: 'OBJ-T1',
    text: 'nothing of value in it',
    owner: '@ada',
    expires: '2027-03-01T23:59:59.999Z',
  }),
];
const approvals = { entries: [], answers };
const asked = (id: string, i = 0, line = 1): AskedQuestion => ({
  id,
  address: `aws_s3_bucket.b${i}`,
  scope: 'infra',
  because: [],
  file: 'infra/a.tf',
  line,
});

describe('a review', () => {
  const { review, unanchored } = renderReview(uncovered, { ...context, approvals });

  test('has one comment per component, at a line that is in the diff', () => {
    expect(unanchored).toEqual([]);
    expect(review?.comments.map((c) => [c.path, c.line, c.component])).toEqual([
      ['infra/storage.tf', 5, componentOf(bucket)],
      ['infra/network.tf', 12, componentOf(opened)],
    ]);
    expect(review?.body).toContain('3 questions about 2 components');
  });

  test('reads well', () => {
    expectGolden('report/golden/review.md', review?.comments[0]?.body ?? '');
    expectGolden('report/golden/review-resolved.md', renderResolvedComment(componentOf(bucket)));
  });

  test('whose boxes are read again, and whose hints are answers', () => {
    const body = review?.comments[0]?.body ?? '';
    const ids = ['OBJ-I1', 'OBJ-T1'];
    // The first is open in the catalogue's order, the second was accepted.
    expect(body).toContain('- [x] **1. OBJ-I1**');
    expect(readTicks(body, body.replace('- [x] **2.', '- [ ] **2.'), ids)).toEqual([
      { question: 'OBJ-T1', ticked: false },
    ]);
    const hints = [...body.matchAll(/reply with (.*), one a line/g)].flatMap((m) =>
      [...(m[1] ?? '').matchAll(/`([^`]+)`/g)].map((h) =>
        (h[1] ?? '')
          .replace('control: …', 'control: it is encrypted')
          .replace('n/a: reason', 'n/a: it is gone now')
          .replace('rationale', 'a good rationale'),
      ),
    );
    expect(hints).toHaveLength(4);
    expect(parseAnswers(hints.join('\n'), ids).map((a) => a.kind)).toEqual([
      'control',
      'ticket',
      'not-applicable',
      'accept',
    ]);
  });

  test('that has nothing to say is none', () => {
    expect(renderReview(verdict(), context)).toEqual({ unanchored: [] });
    const nowhere = renderReview(uncovered, { ...context, anchors: [] });
    expect(nowhere).toEqual({ unanchored: uncovered.questions });
  });
});

describe('many components', () => {
  const ids = QUESTIONS.filter((q) => q.severity === 'low').map((q) => q.id);
  const high = QUESTIONS.find((q) => q.severity === 'high')?.id ?? '';
  const questions = Array.from({ length: 40 }, (_, i) =>
    asked(i === 39 ? high : (ids[i % ids.length] ?? ''), i, i + 1),
  );
  const many = verdict({ questions });
  const everywhere = questions.map((q) => ({ file: q.file, line: q.line, at: q.line }));

  test('thirty comments, the most serious first, and the rest in the summary', () => {
    const { review, unanchored } = renderReview(many, { question: questionById, anchors: everywhere });
    expect(review?.comments).toHaveLength(30);
    expect(review?.comments.at(-1)?.body).toContain(high);
    expect(unanchored).toHaveLength(10);
    expect(unanchored.map((q) => q.id)).not.toContain(high);
  });

  test('a comment that stands is kept, even where nothing could be put now', () => {
    const last = questions.at(-2);
    const posted = new Set([last ? componentOf(last) : '']);
    const kept = renderReview(many, { question: questionById, anchors: [], posted });
    expect(kept.review?.comments.map((c) => [c.component, c.line])).toEqual([[[...posted][0], 39]]);
    expect(
      renderReview(many, { question: questionById, anchors: everywhere, posted }).review?.comments,
    ).toHaveLength(30);
  });
});

describe('a component', () => {
  test('is named by where and what it is, and nothing else', () => {
    expect(componentOf({ scope: 'infra', address: 'a' })).toMatch(/^[0-9a-f]{16}$/);
    const names = [
      ['infra', 'a'],
      ['infra', 'b'],
      ['infr', 'aa'],
      ['', 'infraa'],
    ].map(([scope = '', address = '']) => componentOf({ scope, address }));
    expect(new Set(names).size).toBe(4);
    expect(() => componentOf({ scope: '\ud800', address: '' })).not.toThrow();
  });

  test('that is gone leaves no box behind', () => {
    const [group] = questionGroups(uncovered.questions);
    const body = renderResolvedComment(componentOf(bucket), group, context);
    expect(body).toContain('~~OBJ-I1');
    expect(readTicks(body, body.replaceAll('[ ]', '[x]'), ['OBJ-I1', 'OBJ-T1'])).toEqual([]);
    expect(body).toContain(markerOf(componentOf(bucket)));
  });
});

test('a comment stays within its bounds, keeps its boxes and ends its structure whatever people write', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\n- [x] **1. OBJ-I1** x',
      '-->',
      '@acme/all',
      '```\n',
      '</sub>',
      '\r\n\r\n# h',
      '\u{1f600}'.repeat(3_000),
      '`|`',
    ),
  );
  const ids = QUESTIONS.slice(0, 20).map((q) => q.id);
  fc.assert(
    fc.property(nasty, nasty, fc.array(nasty, { maxLength: 6 }), (address, login, texts) => {
      const questions = ids.map((id) => ({ ...asked(id), address, scope: address }));
      const given = ids.flatMap((question) =>
        texts.map((text) =>
          answer('control', { question, address, scope: address, text, actor: { id: '1', login } }),
        ),
      );
      const [group] = questionGroups(questions);
      if (!group) throw new Error('no questions');
      const said = { question: questionById, approvals: { entries: [], answers: given } };
      const body = renderComment(group, said, [address, ...texts]);
      expect(byteLength(body)).toBeLessThanOrEqual(60_000);
      expect(body.isWellFormed()).toBe(true);
      const boxes = body.split('\n').filter((line) => line.startsWith('- ['));
      expect(boxes).toHaveLength(20);
      expect(body.split('<!--')).toHaveLength(2);
      expect(body.endsWith(`${markerOf(componentOf(group))}\n`)).toBe(true);
      const after = body.replaceAll(/^- \[[ x]\]/gm, texts.length > 0 ? '- [ ]' : '- [x]');
      expect(readTicks(body, after, ids)).toHaveLength(20);
    }),
    { numRuns: 30 },
  );
});

test('hostile names in a verdict inject nothing into a review', () => {
  for (const text of ['\n# x', '-->', '@acme/all', '<img>', '[a](b)']) {
    const { review } = renderReview(hostile(text), {
      question: questionById,
      anchors: [{ file: text, line: 4, at: 4 }],
    });
    const body = review?.comments[0]?.body ?? '';
    expect(body).toContain('OBJ-I1');
    expect(body.replace(markerOf(review?.comments[0]?.component ?? ''), '')).not.toMatch(
      /<(?!\/?(?:sub|code)>)|-->|^#/m,
    );
  }
});
