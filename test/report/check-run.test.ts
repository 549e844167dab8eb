import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { questionById } from '../../src/core/catalogue/questions.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { Approval } from '../../src/core/model/approval.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { byteLength } from '../../src/core/report/bytes.ts';
import { renderCheckRun, type CheckRunContext } from '../../src/core/report/check-run.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { expectGolden } from '../golden.ts';
import {
  bucket,
  doubtful,
  fact,
  gone,
  hostile,
  judgement,
  observed,
  opened,
  quiet,
  uncovered,
  verdict,
} from './verdicts.ts';

const plain: CheckRunContext = { question: questionById, buttons: true };
const by = (login: string, rest: Partial<Approval> = {}): Approval => ({
  kind: 'approve',
  actor: { id: `id-${login}`, login },
  at: '2026-05-30T10:00:00.000Z',
  digest: quiet.digest,
  eligible: true,
  ...rest,
});
const buttons = (v: Verdict, context: Partial<CheckRunContext> = {}) =>
  renderCheckRun(v, { ...plain, ...context }).buttons.map((b) => b.identifier);
/** Everything there, waiting for approval. */
const waiting = verdict({
  conclusion: 'action_required',
  applicable: true,
  title: 'The model covers the change; waits for approval by @acme/security, not the author',
  facts: [opened],
  questions: uncovered.questions.slice(0, 2),
  judgement: judgement('verdict', 'pending', {
    children: [
      judgement('TM001', 'pass'),
      judgement('questions', 'info'),
      judgement('TM004', 'pending', {
        reason: 'Waits for approval by @acme/security, not the author.',
        remedy: 'An eligible person approves the pull request, or comments `/threatgate approve`.',
        children: [
          judgement('TM004.entry', 'info', { title: 'By @bob', reason: 'Does not count: is the author.' }),
        ],
      }),
    ],
  }),
});
const rich: CheckRunContext = {
  ...plain,
  approvals: {
    entries: [
      by('eve', { eligible: false, reason: 'is the author of the change' }),
      by('bob', { role: 'approver (team acme/security)' }),
    ],
    answers: [
      {
        question: 'OBJ-I1',
        address: bucket.address,
        scope: 'infra',
        kind: 'ticket',
        text: 'ABC-1',
        actor: { id: '7', login: 'bob' },
        at: '2026-05-30T11:00:00.000Z',
      },
    ],
  },
  eligible: ['bob', 'carol'],
  record: { sequence: 41, hash: `sha256:${'12'.repeat(32)}` },
  notices: [
    'Pull request #13 has the same commit and is blocked.',
    'What @dave said does not count: `waive` needs a reason.',
  ],
  help: {
    login: 'carol',
    lines: [
      { command: '/threatgate approve', may: true, why: 'says that the threat model covers this change' },
      { command: '/threatgate emergency INC-7 why', may: false, why: 'is not named in the policy' },
    ],
  },
};

describe('what a person sees', () => {
  test('a change that touches nothing is one line, without buttons', () => {
    const report = renderCheckRun(quiet, plain);
    expect(report).toMatchObject({ conclusion: 'success', title: quiet.title, annotations: [], buttons: [] });
    expect(report.summary).toBe(
      '3 changed files looked at (1 read, 1 ignored, 1 of other kinds), 9 resources compared.\n',
    );
    expect(renderCheckRun(quiet, { ...plain, notices: ['Another pull request waits.'] }).summary).toContain(
      '> Another pull request waits.',
    );
  });

  test('somebody is waited for: who, what was said, what one may do', () => {
    expectGolden('report/golden/check-run-waiting.md', renderCheckRun(waiting, rich).summary);
  });

  test('nobody is waited for: what was decided', () => {
    const { summary } = renderCheckRun(verdict({ ...waiting, judgement: judgement('verdict', 'pass') }), {
      ...rich,
      approvals: {
        entries: [
          by('bob', { digest: `sha256:${'0'.repeat(64)}` }),
          by('eve', { eligible: false, reason: 'is the author' }),
          by('carol', { kind: 'waive', reason: 'a spike', expires: '2027-03-01T23:59:59.999Z' }),
          by('dan', { kind: 'emergency', incident: 'INC-7', reason: 'checkout is down' }),
          by('fay', { kind: 'revoke', target: { id: 'id-carol', login: 'carol' } }),
          by('gil', { kind: 'revoke' }),
        ],
      },
    });
    const [, section = ''] = summary.split('### Decisions so far\n\n');
    expect(section.split('\n\n')[0]?.split('\n')).toEqual([
      '- `@gil` took back their own decision, 2026-05-30 10:00 UTC',
      '- `@fay` took back what `@carol` decided, 2026-05-30 10:00 UTC',
      '- `@dan` let it through as an emergency (`INC-7`), 2026-05-30 10:00 UTC: checkout is down',
      '- `@carol` waived the rules until 2027-03-01, 2026-05-30 10:00 UTC: a spike',
      '- `@eve` approved, 2026-05-30 10:00 UTC. Does not count: is the author',
      '- `@bob` approved, 2026-05-30 10:00 UTC, for other content',
    ]);
  });

  test('the title is one line of at most 200 characters', () => {
    const { title } = renderCheckRun(verdict({ title: `a\n${'\u{1f600}'.repeat(200)}` }), plain);
    expect(title.length).toBeLessThanOrEqual(200);
    expect(title).toMatch(/^a \u{1f600}+…$/u);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('annotations', () => {
  test('point at facts, doubts and findings at head, the worst first', () => {
    const shown = renderCheckRun(uncovered, plain).annotations;
    expect(shown.map((a) => [a.level, a.path, a.startLine, a.title])).toEqual([
      ['failure', 'docs/threat-model.md', 31, 'TM003: TM003.finding'],
      ['failure', 'infra/storage.tf', 4, 'Not in the threat model: aws_s3_bucket.user_exports'],
      ['warning', 'docs/threat-model.md', 31, 'TM005: TM005.finding'],
      ['notice', 'infra/network.tf', 12, 'In the threat model: aws_security_group.api'],
    ]);
    expect(shown.map((a) => a.path)).not.toContain(gone.file);
    expect(shown[1]?.message).toBe(
      'data store `aws_s3_bucket.user_exports` added No element of the model is about it. Add it to the model, with the line `Resource: aws_s3_bucket.user_exports`.',
    );
    expect(renderCheckRun(doubtful, plain).annotations.map((a) => [a.level, a.path, a.startLine])).toEqual([
      ['failure', 'infra/network.tf', 3],
      ['notice', 'chart/a.yaml', 9],
    ]);
  });

  test('of what only is observed are no failures', () => {
    expect(renderCheckRun(observed, plain).annotations.map((a) => a.level)).toEqual(['warning']);
  });

  test('are at most 500, and the summary counts the others', () => {
    const facts = Array.from({ length: 620 }, (_, i) =>
      fact({ ...bucket, id: `f${i}`, address: `b${i}`, line: i + 1 }),
    );
    const report = renderCheckRun(verdict({ ...uncovered, facts }), plain);
    expect(report.annotations).toHaveLength(500);
    expect(report.summary).toContain('500 most serious annotations; 122 more are left out');
  });

  test.each(['', '/etc/passwd', '../a', 'a/../b', 'a//b', './a', 'a\nb', '\ud800', 'x'.repeat(5_000)])(
    'have no place at %j',
    (file) => {
      const at = fact({ ...bucket, file });
      expect(renderCheckRun(verdict({ ...observed, facts: [at] }), plain).annotations).toEqual([]);
    },
  );
});

describe('buttons', () => {
  test('only where they can change something', () => {
    expect(buttons(quiet)).toEqual([]);
    expect(buttons(waiting)).toEqual(['approve', 'waive', 'recheck']);
    expect(buttons(uncovered)).toEqual(['waive', 'recheck']);
    expect(buttons(doubtful)).toEqual(['recheck']);
    expect(buttons(observed)).toEqual([]);
    expect(buttons({ ...waiting, mode: 'observe', conclusion: 'success' })).toEqual(['approve', 'recheck']);
    expect(buttons(waiting, { buttons: false })).toEqual([]);
    const unanswered = judgement('verdict', 'pending', {
      children: [judgement('questions', 'pending'), judgement('TM004', 'pass')],
    });
    expect(buttons({ ...waiting, judgement: unanswered })).toEqual(['waive', 'recheck']);
  });

  test('within the limits of GitHub', () => {
    for (const b of renderCheckRun(waiting, plain).buttons) {
      expect(b.label.length).toBeLessThanOrEqual(20);
      expect(b.identifier.length).toBeLessThanOrEqual(20);
      expect(b.description.length).toBeLessThanOrEqual(40);
    }
  });
});

describe('the text', () => {
  const data = (text: string): { verdict: Partial<Verdict>; record?: object } =>
    JSON.parse(/```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? '') as { verdict: Partial<Verdict> };
  const bytes = { numRuns: 20 };

  test('carries the verdict, its digest, and where it stands in the trail', () => {
    const { text } = renderCheckRun(uncovered, rich);
    expect(text).toContain(digestOf(renderJson(uncovered)));
    expect(text).toContain(`Last record of this repository: 41, \`sha256:${'12'.repeat(32)}\``);
    expect(data(text)).toEqual({ verdict: uncovered, record: rich.record });
    expectGolden('report/golden/check-run-text.md', renderCheckRun(quiet, rich).text);
  });

  test('leaves out the least important first, and says what', () => {
    const files = Array.from({ length: 3_000 }, (_, i) => ({
      path: `src/${i}.ts`,
      outcome: 'not-read' as const,
    }));
    const long = verdict({ ...uncovered, examined: { ...uncovered.examined, files } });
    const { text } = renderCheckRun(long, plain);
    expect(byteLength(text)).toBeLessThanOrEqual(65_000);
    expect(text).toContain('Left out here, but not in that digest: examined.');
    expect(text).toContain(digestOf(renderJson(long)));
    const { examined, ...rest } = uncovered;
    expect(examined.files).toHaveLength(3);
    expect(data(text).verdict).toEqual(rest);
  });

  test('keeps what fits of a list, and all there is of what decides', () => {
    const facts = Array.from({ length: 2_000 }, (_, i) => fact({ ...bucket, id: `f${i}`, address: `b${i}` }));
    const long = verdict({ ...uncovered, facts });
    const { text } = renderCheckRun(long, plain);
    expect(text).toMatch(/Left out here, but not in that digest: \d+ of 2000 facts, /);
    expect(byteLength(text)).toBeLessThanOrEqual(65_000);
    expect(byteLength(text)).toBeGreaterThan(45_000);
    expect(data(text).verdict.conclusion).toBe('failure');
  });

  test('of a wide tree of judgements keeps the top', () => {
    const leaf = (i: number) => judgement('model.coverage', 'fail', { reason: `${i} ${'x'.repeat(200)}` });
    const wide = judgement('verdict', 'fail', {
      children: [
        judgement('TM001', 'fail', { children: Array.from({ length: 2_000 }, (_, i) => leaf(i)) }),
        judgement('TM004', 'pending'),
      ],
    });
    const { text } = renderCheckRun(verdict({ ...waiting, judgement: wide }), plain);
    expect(text).toContain('judgements after the first 100 of each kind');
    const kept = data(text).verdict.judgement;
    expect(kept?.children.map((j) => [j.id, j.children.length])).toEqual([
      ['TM001', 100],
      ['TM004', 0],
    ]);
  });

  test('summary, text and annotations keep within bytes and are well-formed whatever is in them', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '\u{1f600}'.repeat(2_000),
        '\ud800',
        '```',
        '</details>',
        '€'.repeat(9_000),
        '::error::',
        '\n',
      ),
    );
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 20 }), (text, times) => {
        const one = hostile(text);
        const v = verdict({
          ...one,
          facts: Array.from({ length: times }, (_, i) => ({
            ...(one.facts[0] ?? bucket),
            id: `f${i}`,
            line: i + 1,
          })),
        });
        const report = renderCheckRun(v, {
          ...rich,
          eligible: [text, 'bob'],
          notices: [text],
          approvals: { entries: [by(text, { reason: text, role: text })], answers: [] },
        });
        for (const shown of [report.summary, report.text]) {
          expect(byteLength(shown)).toBeLessThanOrEqual(65_000);
          expect(shown.isWellFormed()).toBe(true);
        }
        for (const a of report.annotations) {
          expect(a.title.length).toBeLessThanOrEqual(255);
          expect(a.message.length).toBeLessThanOrEqual(2_000);
          expect([a.title, a.message, a.path].every((s) => s.isWellFormed())).toBe(true);
        }
      }),
      bytes,
    );
  });
});
