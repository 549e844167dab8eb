import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differenceOf, groundsOf } from '../../src/core/approval/grounds.ts';
import { standingOf } from '../../src/core/approval/standing.ts';
import type { Answer, Approval } from '../../src/core/model/approval.ts';
import type { ModelDelta } from '../../src/core/model/model-delta.ts';
import type { Policy } from '../../src/core/model/policy.ts';
import type { AskedQuestion } from '../../src/core/model/question.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy/defaults.generated.ts';
import { exceptionInForce, judgeApproval, type ApprovalCase } from '../../src/core/verdict/judge-approval.ts';
import { judgeQuestions } from '../../src/core/verdict/judge-questions.ts';
import { bucket, gone, opened } from '../report/verdicts.ts';
import { judgeFiles } from '../support/judge.ts';

const D = `sha256:${'d'.repeat(64)}`;
const OTHER = `sha256:${'e'.repeat(64)}`;
const at = '2026-06-01T00:00:00Z';
const actor = (login: string) => ({ id: `id-${login}`, login });
const by = (login: string, over: Partial<Approval> = {}): Approval => ({
  kind: 'approve',
  actor: actor(login),
  at: '2026-05-30T10:00:00Z',
  digest: D,
  eligible: true,
  ...over,
});
const revoke = (login: string, over: Partial<Approval> = {}): Approval =>
  by(login, { kind: 'revoke', at: '2026-05-31T10:00:00Z', ...over });

const judged = (entries: readonly Approval[], over: Partial<ApprovalCase> = {}) =>
  judgeApproval({
    required: true,
    approvals: { entries },
    digest: D,
    policy: BUILT_IN_POLICY,
    at,
    grounds: () => [],
    ...over,
  });

describe('revocations', () => {
  const states = (...entries: readonly Approval[]) => judged(entries).state;

  test('anybody takes back their own, an eligible person somebody else’s', () => {
    expect(states(by('bob'))).toBe('pass');
    expect(states(by('bob'), revoke('bob', { eligible: false }))).toBe('pending');
    expect(states(by('bob'), revoke('bob', { target: actor('bob'), eligible: false }))).toBe('pending');
    expect(states(by('bob'), revoke('carol', { target: actor('bob') }))).toBe('pending');
  });

  test('without a target it is one’s own, and of somebody not eligible it reaches nobody else', () => {
    expect(states(by('bob'), revoke('carol'))).toBe('pass');
    expect(states(by('bob'), revoke('eve', { target: actor('bob'), eligible: false }))).toBe('pass');
    expect(states(by('bob'), revoke('carol', { target: actor('dave') }))).toBe('pass');
  });

  test('it ends what was said before it, not after', () => {
    expect(states(revoke('carol', { target: actor('bob') }), by('bob'))).toBe('pass');
    expect(states(by('bob'), revoke('carol', { target: actor('bob') }), by('bob'))).toBe('pass');
  });

  test('who took it back, when and why is said until somebody approves', () => {
    const entry = judged([
      by('bob'),
      revoke('carol', { target: actor('bob'), reason: 'the bucket is public' }),
      revoke('dave', { target: actor('bob') }),
    ]).children;
    expect(entry.map((j) => [j.title, j.reason])).toEqual([
      ['By @bob', 'Was taken back by @carol at 2026-05-31T10:00:00Z: the bucket is public'],
    ]);
    expect(judged([by('bob'), revoke('bob')]).children[0]?.reason).toBe(
      'Was taken back at 2026-05-31T10:00:00Z.',
    );
    expect(judged([by('bob'), revoke('bob'), by('dave')])).toMatchObject({ state: 'pass', children: [] });
  });

  test('a waiver and an emergency are taken back the same way', () => {
    for (const kind of ['waive', 'emergency'] as const) {
      const entries = [by('bob', { kind })];
      expect(exceptionInForce({ entries }, D, at, false)?.actor.login).toBe('bob');
      const target = actor('bob');
      expect(
        exceptionInForce({ entries: [...entries, revoke('eve', { target, eligible: false })] }, D, at, false),
      ).toBeDefined();
      expect(
        exceptionInForce({ entries: [...entries, revoke('carol', { target })] }, D, at, false),
      ).toBeUndefined();
    }
  });

  test('an emergency lets through what cannot be judged, whoever waived a rule before', () => {
    const entries = [by('bob', { kind: 'waive' }), by('carol', { kind: 'emergency' })];
    for (const doubtful of [true, false])
      expect(exceptionInForce({ entries }, D, at, doubtful)).toMatchObject({ kind: 'emergency' });
    expect(exceptionInForce({ entries: entries.slice(0, 1) }, D, at, false)).toMatchObject({ kind: 'waive' });
    expect(exceptionInForce({ entries: entries.slice(0, 1) }, D, at, true)).toBeUndefined();
  });

  test('no order of words makes somebody’s refused or revoked word stand', () => {
    const entry = fc.record({
      kind: fc.constantFrom('approve', 'waive', 'emergency', 'revoke'),
      actor: fc.constantFrom('bob', 'carol', 'eve').map(actor),
      at: fc.constant(at),
      digest: fc.constantFrom(D, OTHER),
      eligible: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
        for (const { entry: e, takenBack } of standingOf(entries)) {
          const own = entries.filter((x) => x.actor.id === e.actor.id);
          expect(own.findLast((x) => x.kind !== 'revoke')).toBe(e);
          expect(takenBack !== undefined).toBe(own.at(-1)?.kind === 'revoke');
        }
        if (judged(entries).state !== 'pass') return;
        const last = new Map(entries.map((e) => [e.actor.id, e]));
        expect([...last.values()].some((e) => e.kind !== 'revoke' && e.eligible && e.digest === D)).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('what ended an approval is named', () => {
  const delta: ModelDelta = {
    touched: ['docs/threat-model.md'],
    changes: [
      {
        op: 'added',
        element: 'component',
        key: 'component:receipts',
        name: 'Receipts',
        properties: [],
        details: [],
        location: { file: 'docs/threat-model.md', line: 3 },
        meaning: '{}',
      },
    ],
  };
  const none: ModelDelta = { touched: [], changes: [] };
  const reason = (facts: readonly string[] | undefined, now: readonly string[]) =>
    judged([by('bob', { digest: OTHER, ...(facts ? { facts } : {}) })], { grounds: () => now }).children[0]
      ?.reason;

  test('what came and what went, in words', () => {
    expect(reason(groundsOf([opened], none), groundsOf([opened, bucket], delta))).toBe(
      'Was given for other content. Since then new: component “Receipts” added in the model; new: data store `aws_s3_bucket.user_exports` added.',
    );
    expect(reason(groundsOf([opened, gone], none), groundsOf([opened], none))).toBe(
      'Was given for other content. Since then gone: queue `aws_sqs_queue.jobs` removed.',
    );
  });

  test('the same fact with another value is one gone and one new', () => {
    const wider = { ...opened, after: '::/0' };
    expect(differenceOf(groundsOf([opened], none), groundsOf([wider], none))).toBe(
      `new: ${opened.statement}; gone: ${opened.statement}`,
    );
  });

  test('three are named and the rest is counted', () => {
    const many = Array.from({ length: 5 }, (_, i) => ({
      ...bucket,
      id: `b${i}`,
      statement: `bucket ${i} added`,
    }));
    expect(differenceOf(groundsOf([opened], none), groundsOf([opened, ...many], none))).toMatch(
      /^new: bucket \d added; new: bucket \d added; new: bucket \d added; and 2 more$/,
    );
  });

  test('where nothing was kept, or nothing differs by name, it says that', () => {
    expect(reason(undefined, groundsOf([bucket], none))).toBe(
      'Was given for other content: the facts or the model changed since.',
    );
    expect(reason(groundsOf([bucket], none), groundsOf([bucket], none))).toBe(
      'Was given for other content. Since then something behind the same facts changed.',
    );
    expect(
      groundsOf(
        Array.from({ length: 501 }, (_, i) => ({ ...bucket, id: `b${i}` })),
        none,
      ),
    ).toEqual([]);
  });

  test('only deciding facts are grounds, their order does not matter, and their labels are bounded', () => {
    expect(groundsOf([opened, bucket, { ...gone, deciding: false }], none)).toEqual(
      groundsOf([bucket, opened], none),
    );
    const [long] = groundsOf([{ ...bucket, statement: `${'x'.repeat(159)}\u{1f600}` }], none);
    expect(long).toMatch(/^[0-9a-f]{12} x{159}…$/);
  });
});

describe('questions', () => {
  const asked = (id: string, address = 'aws_s3_bucket.logs'): AskedQuestion => ({
    id,
    address,
    scope: 'infra',
    because: [`f-${id}`],
    file: 'infra/a.tf',
    line: 1,
  });
  const answer = (id: string, over: Partial<Answer> = {}): Answer => ({
    question: id,
    address: 'aws_s3_bucket.logs',
    scope: 'infra',
    kind: 'considered',
    actor: actor('bob'),
    at: '2026-05-30T10:00:00Z',
    text: '',
    ...over,
  });
  const two = [asked('OBJ-I1'), asked('OBJ-T1')];
  const policy = (answers: Policy['questions']['answers']): Policy => ({
    ...BUILT_IN_POLICY,
    questions: { ...BUILT_IN_POLICY.questions, answers },
  });
  const judge = (answers: readonly Answer[], demand: Policy['questions']['answers'] = 'required') =>
    judgeQuestions(two, { entries: [], answers }, policy(demand), at);

  test('optional answers decide nothing and are counted', () => {
    expect(judge([], 'optional')).toMatchObject({ state: 'info', reason: '2 questions to think through.' });
    expect(judge([answer('OBJ-I1')], 'optional')).toMatchObject({
      state: 'info',
      reason: '2 questions to think through. 1 of them answered.',
    });
  });

  test('required answers are waited for, by name', () => {
    expect(judge([])).toMatchObject({
      state: 'pending',
      reason:
        '2 questions of 2 are open: OBJ-I1 about `aws_s3_bucket.logs`, OBJ-T1 about `aws_s3_bucket.logs`.',
      remedy: expect.stringContaining('control: …'),
    });
    expect(judge([answer('OBJ-I1', { kind: 'control', text: 'x' })])).toMatchObject({
      state: 'pending',
      reason: '1 question of 2 is open: OBJ-T1 about `aws_s3_bucket.logs`.',
    });
    expect(judge([answer('OBJ-I1'), answer('OBJ-T1', { kind: 'ticket', text: 'ABC-1' })])).toMatchObject({
      state: 'pass',
      reason: 'All 2 questions are answered.',
    });
    expect(judgeQuestions([], { entries: [] }, policy('required'), at).state).toBe('not-applicable');
  });

  test.each<readonly [string, readonly Answer[]]>([
    ['taken back', [answer('OBJ-I1'), answer('OBJ-I1', { kind: 'open' })]],
    ['of another component', [answer('OBJ-I1', { address: 'aws_s3_bucket.other' })]],
    ['of another folder', [answer('OBJ-I1', { scope: 'infra/prod' })]],
    [
      'an acceptance that ran out',
      [answer('OBJ-I1', { kind: 'accept', expires: '2026-05-31T23:59:59.999Z' })],
    ],
  ])('an answer %s is none', (_, answers) => {
    expect(judge([...answers, answer('OBJ-T1')]).state).toBe('pending');
  });

  test('the last word counts, whoever says it', () => {
    const closed = [
      answer('OBJ-I1', { kind: 'open' }),
      answer('OBJ-I1', { actor: actor('eve') }),
      answer('OBJ-T1'),
    ];
    expect(judge(closed).state).toBe('pass');
  });

  test('the verdict waits for answers and approval, and says so in its title', async () => {
    const bare = 'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }\n';
    const model =
      '# Threat model\n\n**Owner:** @example/a\n\n## Components\n\n- **Web shop** (process): takes orders. Resource: aws_ecs_service.web\n';
    const base = { 'infra/main.tf': bare, 'docs/threat-model.md': model };
    const head = {
      'infra/main.tf': `${bare}resource "aws_s3_bucket" "receipts" {\n  bucket = "example-receipts"\n}\n`,
      'docs/threat-model.md': `${model}- **Receipts** (data store): PDF receipts. Resource: aws_s3_bucket.receipts\n`,
    };
    const circumstances = {
      policy: {
        ...policy('required'),
        mode: 'enforce' as const,
        approval: { ...BUILT_IN_POLICY.approval, required: true, users: ['bob'] },
      },
    };
    const v = await judgeFiles(base, head, circumstances);
    expect(v.questions.length).toBeGreaterThan(0);
    expect([v.conclusion, v.title]).toEqual([
      'action_required',
      `The model covers the change; waits for answers to ${v.questions.length} questions and approval by @bob, not the author`,
    ]);
    const answers = v.questions.map((q) => answer(q.id, { address: q.address, scope: q.scope }));
    const entries = [by('bob', { digest: v.digest })];
    const conclude = async (approvals: object) =>
      (await judgeFiles(base, head, { ...circumstances, approvals: { entries: [], ...approvals } }))
        .conclusion;
    expect(await conclude({ answers })).toBe('action_required');
    expect(await conclude({ entries })).toBe('action_required');
    expect(await conclude({ entries, answers })).toBe('success');
    expect(
      await conclude({ entries: [by('bob', { digest: v.digest, kind: 'emergency', incident: 'INC-7' })] }),
    ).toBe('success');
  });
});

test('an approval says in which role it was given, where that was kept', () => {
  expect(judged([by('ada', { role: 'solo, compensating review' })]).reason).toBe(
    'Approved by @ada, solo, compensating review, at 2026-05-30T10:00:00Z.',
  );
});

test('many approvers are named in part', () => {
  const users = Array.from({ length: 9 }, (_, i) => `u${i}`);
  const policy = { ...BUILT_IN_POLICY, approval: { ...BUILT_IN_POLICY.approval, users } };
  expect(judged([], { policy }).reason).toBe(
    'Waits for approval by @u0, @u1, @u2, @u3, @u4 or one of 4 others, not the author.',
  );
});
