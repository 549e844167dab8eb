import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Approval } from '../src/core/model/approval.ts';
import type { Judgement, Verdict } from '../src/core/model/verdict.ts';
import { judgeFiles } from './support/judge.ts';
import { loadParsers } from '../src/runtime/load-parsers.ts';

const network = `resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
`;
const bucket = `resource "aws_s3_bucket" "receipts" {
  bucket = "example-receipts"
}
`;
const model = `# Threat model of the shop

**Owner:** @example/payments

## Components

| Component | Type | Description |
|---|---|---|
| Web shop | process | Takes orders. Resource: aws_ecs_service.web |

## Threats

| ID | Threat | Component | STRIDE | Severity | Likelihood | Impact | Mitigation | Status | Owner |
|---|---|---|---|---|---|---|---|---|---|
| T1 | A customer reads the orders of another by guessing numbers | Web shop | I | High | Medium | High | Orders are looked up by owner | Mitigated | @example/payments |
`;
const covered = model
  .replace(
    '| Web shop | process |',
    '| Receipts store | data store | PDF receipts. Resource: aws_s3_bucket.receipts |\n| Web shop | process |',
  )
  .concat(
    '| T2 | A receipt leaks through a public object | Receipts store | I | High | Low | High | Public access block on the account | Mitigated | @example/payments |\n',
  );

const base = { 'infra/main.tf': network, 'docs/threat-model.md': model };
const find = (j: Judgement, id: string): Judgement | undefined =>
  j.id === id ? j : j.children.map((c) => find(c, id)).find((x) => x);
const states = (v: Verdict): Record<string, string> =>
  Object.fromEntries(v.judgement.children.map((c) => [c.id, c.state]));
const by = (digest: string, over: Partial<Approval> = {}): Approval => ({
  kind: 'approve',
  actor: { id: '7', login: 'ada' },
  at: '2026-05-30T10:00:00Z',
  digest,
  eligible: true,
  ...over,
});

beforeAll(() => loadParsers());

describe('from facts to a conclusion', () => {
  test('a change that touches nothing passes quietly and says what was looked at', async () => {
    const v = await judgeFiles(base, {
      ...base,
      'README.md': '# Shop',
      'infra/main.tf': `# network\n${network}`,
    });
    expect([v.conclusion, v.applicable, v.facts, v.doubts]).toEqual(['success', false, [], []]);
    expect(v.examined.files).toEqual([
      { path: 'README.md', outcome: 'not-read' },
      { path: 'infra/main.tf', reader: 'terraform', outcome: 'read' },
    ]);
  });

  test('a new bucket that the model does not know fails, and says what to write', async () => {
    const v = await judgeFiles(base, { ...base, 'infra/main.tf': network + bucket });
    expect(v.conclusion).toBe('failure');
    expect(v.facts.filter((f) => f.deciding).map((f) => f.address)).toEqual(['aws_s3_bucket.receipts']);
    expect(find(v.judgement, 'TM001')?.state).toBe('fail');
    expect(find(v.judgement, 'model.coverage')?.remedy).toContain('Resource: aws_s3_bucket.receipts');
    expect(v.questions.length).toBeGreaterThan(0);
    expect(v.questions.length).toBeLessThanOrEqual(6);
  });

  test('the same with the model waits for approval, and with the approval passes', async () => {
    const head = { ...base, 'infra/main.tf': network + bucket, 'docs/threat-model.md': covered };
    const v = await judgeFiles(base, head);
    expect(states(v)).toMatchObject({ TM001: 'pass', TM002: 'pass', TM003: 'pass', TM004: 'pending' });
    expect(v.conclusion).toBe('action_required');
    const approved = await judgeFiles(base, head, { approvals: { entries: [by(v.digest)] } });
    expect([approved.conclusion, approved.digest]).toEqual(['success', v.digest]);
  });

  test('a model that had the component all along is not enough for a new one', async () => {
    const stale = { 'infra/main.tf': network, 'docs/threat-model.md': covered };
    const v = await judgeFiles(stale, { ...stale, 'infra/main.tf': network + bucket });
    expect(find(v.judgement, 'model.coverage')).toMatchObject({ state: 'fail' });
    expect(v.coverage.facts.map((f) => f.state)).toContain('stale');
  });

  test('`touched` and `updated` ask for less', async () => {
    const { model: defaults } = (await import('../src/core/policy/defaults.generated.ts')).BUILT_IN_POLICY;
    const asking = (require: 'touched' | 'updated') => ({ policy: { model: { ...defaults, require } } });
    const spaced = { ...base, 'infra/main.tf': network + bucket, 'docs/threat-model.md': `${model}\n` };
    expect(find((await judgeFiles(base, spaced, asking('touched'))).judgement, 'TM001')?.state).toBe('pass');
    expect(find((await judgeFiles(base, spaced, asking('updated'))).judgement, 'TM001')?.state).toBe('fail');
    const updated = { ...spaced, 'docs/threat-model.md': model.replace('| Mitigated |', '| Open |') };
    expect(find((await judgeFiles(base, updated, asking('updated'))).judgement, 'TM001')?.state).toBe('pass');
  });

  test('observing reports the same and blocks nothing', async () => {
    const v = await judgeFiles(
      base,
      { ...base, 'infra/main.tf': network + bucket },
      { policy: { mode: 'observe' } },
    );
    expect([v.conclusion, v.applicable, find(v.judgement, 'TM001')?.state]).toEqual([
      'success',
      true,
      'fail',
    ]);
    expect(v.title).toMatch(/^Observing: /);
  });
});

describe('approvals are bound to the content', () => {
  const head = { ...base, 'infra/main.tf': network + bucket, 'docs/threat-model.md': covered };
  const conclude = async (entry: (digest: string) => Approval[], at?: string): Promise<string> => {
    const { digest } = await judgeFiles(base, head);
    return (await judgeFiles(base, head, { approvals: { entries: entry(digest) }, ...(at ? { at } : {}) }))
      .conclusion;
  };

  test('of another digest, of somebody not eligible, revoked: none counts', async () => {
    expect(await conclude(() => [by('sha256:0')])).toBe('action_required');
    expect(await conclude((d) => [by(d, { eligible: false, reason: 'is the author' })])).toBe(
      'action_required',
    );
    expect(await conclude((d) => [by(d), by(d, { kind: 'revoke' })])).toBe('action_required');
    expect(await conclude((d) => [by(d), by(d, { kind: 'revoke' }), by(d)])).toBe('success');
    expect(await conclude((d) => [by(d), by(d, { kind: 'revoke', actor: { id: '8', login: 'bob' } })])).toBe(
      'success',
    );
  });

  test('a waiver excuses what a rule says until it ends', async () => {
    const bare = { ...base, 'infra/main.tf': network + bucket };
    const { digest } = await judgeFiles(base, bare);
    const waived = {
      approvals: {
        entries: [by(digest, { kind: 'waive', reason: 'spike', expires: '2026-07-01T00:00:00Z' })],
      },
    };
    expect((await judgeFiles(base, bare, waived)).conclusion).toBe('success');
    expect((await judgeFiles(base, bare, { ...waived, at: '2026-08-01T00:00:00Z' })).conclusion).toBe(
      'failure',
    );
  });
});

describe('the digest', () => {
  const head = { ...base, 'infra/main.tf': network + bucket, 'docs/threat-model.md': covered };

  test('same input, same bytes; the order of files does not show', async () => {
    const [a, b] = [
      await judgeFiles(base, head),
      await judgeFiles(base, Object.fromEntries(Object.entries(head).reverse())),
    ];
    expect(JSON.stringify(b)).toBe(JSON.stringify(a));
  });

  test.each([
    ['shifted lines', (t: string) => `\n\n\n${t}`],
    ['CRLF', (t: string) => t.replaceAll('\n', '\r\n')],
    ['re-indentation', (t: string) => t.replaceAll(/^ {2}/gm, '\t    ')],
    ['comments', (t: string) => t.replace('resource "aws_s3', '# the receipts\nresource "aws_s3')],
    ['tags', (t: string) => t.replace('bucket = "example', 'tags = { Team = "x" }\n  bucket = "example')],
    ['another file of the module', (t: string) => t],
  ])('%s do not change it', async (name, edit) => {
    const { digest } = await judgeFiles(base, head);
    const edited =
      name === 'another file of the module'
        ? { ...base, 'infra/storage.tf': bucket, 'docs/threat-model.md': covered }
        : { ...head, 'infra/main.tf': edit(network + bucket) };
    expect((await judgeFiles(base, edited)).digest).toBe(digest);
  });

  test('any fact and any statement of the model does', async () => {
    const { digest } = await judgeFiles(base, head);
    const queue = 'resource "aws_sqs_queue" "orders" { name = "orders" }\n';
    const others = [
      { ...head, 'infra/main.tf': network + bucket + queue },
      { ...head, 'infra/main.tf': network + bucket.replace('receipts" {', 'invoices" {') },
      { ...head, 'docs/threat-model.md': covered.replace('| Low | High | Public', '| High | High | Public') },
    ];
    for (const other of others) expect((await judgeFiles(base, other)).digest).not.toBe(digest);
  });
});

describe('what lies behind a fact is approved with it', () => {
  const role = (actions: string, extra = '') => `
data "aws_iam_policy_document" "worker" {
  statement {
    actions   = [${actions}]
    resources = ["arn:aws:s3:::example/*"]
  }
}

resource "aws_iam_role_policy" "worker" {
  role   = "worker"
  policy = data.aws_iam_policy_document.worker.json
${extra}}
`;
  const digestOf = async (file: string, text: string, policy = {}): Promise<string> =>
    (await judgeFiles(base, { ...base, [file]: text }, { policy })).digest;

  test('one more action in the document of a new grant ends its approval', async () => {
    const before = await digestOf('infra/iam.tf', role('"s3:GetObject"'));
    expect(await digestOf('infra/iam.tf', role('"s3:GetObject", "s3:PutObject"'))).not.toBe(before);
    expect(
      await digestOf('infra/iam.tf', `# why\n${role('"s3:GetObject"', '  tags = { Team = "x" }\n')}`),
    ).toBe(before);
  });

  test('beyond what a sentence can hold', async () => {
    const many = Array.from({ length: 40 }, (_, i) => `"s3:Action${i}"`);
    const before = await digestOf('infra/iam.tf', role(many.join(', ')));
    expect(await digestOf('infra/iam.tf', role([...many.slice(0, 39), '"s3:Other"'].join(', ')))).not.toBe(
      before,
    );
    expect(await digestOf('infra/iam.tf', role([...many].reverse().join(', ')))).toBe(before);
  });

  test('another version of an image does not, another image does', async () => {
    const deployment = (image: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n      containers: [{name: api, image: "${image}"}]\n`;
    const before = await digestOf('deploy/api.yaml', deployment('registry.example.com/api:1.0'));
    expect(await digestOf('deploy/api.yaml', deployment('registry.example.com/api:1.1'))).toBe(before);
    expect(await digestOf('deploy/api.yaml', deployment('registry.example.com/other:1.0'))).not.toBe(before);
  });

  test('the bytes of files that a path rule names, opened or not', async () => {
    const policy = {
      pathRules: [
        { id: 'sign-in', paths: ['src/login/**'], categories: ['identity-access'], reason: 'the sign-in' },
      ],
    } as const;
    const before = await digestOf('src/login/check.txt', 'a', policy);
    expect(await digestOf('src/login/check.txt', 'b', policy)).not.toBe(before);
    expect(await digestOf('src/login/check.txt', 'a', policy)).toBe(before);
  });
});

describe('what cannot be read is a doubt with a name', () => {
  const doubts = async (
    head: Parameters<typeof judgeFiles>[1],
    from: Parameters<typeof judgeFiles>[0] = base,
  ): Promise<[string, string][]> => {
    const v = await judgeFiles(from, head);
    if (v.doubts.some((d) => d.weight === 'doubt')) expect(v.conclusion).toBe('failure');
    for (const d of v.doubts) expect(d.remedy.length).toBeGreaterThan(5);
    return v.doubts.map((d) => [d.code, d.weight]);
  };
  const unreadable = (reason: 'too-large' | 'binary' | 'not-utf8' | 'symlink' | 'missing') =>
    ({ kind: 'unreadable', reason, detail: 'x' }) as const;

  test('a file that this change broke', async () => {
    expect(
      await doubts({ ...base, 'infra/main.tf': 'resource "aws_s3_bucket" "x" {\n  bucket = \n' }),
    ).toContainEqual(['parse-error', 'doubt']);
  });

  test('a file that was broken before is a note, unless the policy names it', async () => {
    const broken = { ...base, 'infra/main.tf': 'resource "a" {\n' };
    expect(await doubts({ ...broken, 'infra/main.tf': 'resource "a" {\n\n' }, broken)).toContainEqual([
      'parse-error',
      'note',
    ]);
    const v = await judgeFiles(
      broken,
      { ...broken, 'infra/main.tf': 'resource "a" {\n\n' },
      { policy: { architecture: ['infra/**'] } },
    );
    expect(v.conclusion).toBe('failure');
  });

  test.each(['too-large', 'binary', 'not-utf8', 'symlink', 'missing'] as const)(
    '%s in place of a module',
    async (reason) => {
      expect(
        (await doubts({ ...base, 'infra/main.tf': unreadable(reason) })).map(([, weight]) => weight),
      ).toEqual(['doubt']);
    },
  );

  test('a large data file at a place where templates might be is a note', async () => {
    expect(await doubts({ ...base, 'data/cities.json': unreadable('too-large') })).toEqual([
      ['file-too-large', 'note'],
    ]);
  });

  test('a truncated model', async () => {
    const dragon = '{"summary": {"title": "T"}, "detail": {"diagrams": [{"cells": [';
    const found = await doubts({ ...base, 'docs/threat-model.json': dragon });
    expect(found).toContainEqual(['model-unreadable', 'doubt']);
  });
});
