import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/access-policies.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { evidence, known, make, ref, type Plain } from '../access/evidence.ts';

const detect = (base: Resource[], head: Resource[]): readonly Fact[] => detector.detect(evidence(base, head));
const rulesOf = (base: Resource[], head: Resource[]): string[] =>
  detect(base, head).map((f) => f.rule.replace('access-policies/', ''));

const doc = (...statement: Plain[]): Resource => make('aws_iam_policy_document', 'd', { statement });
const read = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::logs/*'] };
const trust = (principals: Plain, condition?: Plain): Plain => ({
  actions: ['sts:AssumeRole'],
  principals: [principals],
  ...(condition ? { condition: [condition] } : {}),
});
const service = { type: 'Service', identifiers: ['lambda.amazonaws.com'] };

describe('access-policies', () => {
  test('widened: an action more, and its twin written in another order', () => {
    const facts = detect(
      [doc(read)],
      [doc({ actions: ['s3:GetObject', 's3:PutObject'], resources: ['arn:aws:s3:::logs/*'] })],
    );
    expect(facts).toMatchObject([
      {
        rule: 'access-policies/widened',
        kind: 'permission-changed',
        address: 'data.aws_iam_policy_document.d',
        deciding: true,
        signals: ['permission-widened'],
        statement:
          '`data.aws_iam_policy_document.d` now allows s3:PutObject on arn:aws:s3:::logs/* (changing data)',
      },
    ]);
    expect(
      rulesOf(
        [doc(read, { actions: ['sqs:SendMessage'], resources: ['q'] })],
        [doc({ actions: ['sqs:SendMessage'], resources: ['q'], sid: 'x' }, { ...read, effect: 'Allow' })],
      ),
    ).toEqual([]);
  });

  test('narrowed: a wildcard removed is told with the line of the base', () => {
    const facts = detect([doc(read, { actions: ['sqs:*', 'sns:Subscribe'], resources: ['*'] })], [doc(read)]);
    expect(facts).toMatchObject([
      {
        rule: 'access-policies/narrowed',
        side: 'base',
        before: 'sns:Subscribe and sqs:* on everything',
        signals: ['permission-narrowed'],
      },
    ]);
  });

  test('changed: one right for another', () => {
    expect(rulesOf([doc(read)], [doc({ actions: ['sqs:SendMessage'], resources: ['arn:q'] })])).toEqual([
      'changed',
    ]);
  });

  test('wildcard: everything of a service on everything, but not on one thing', () => {
    expect(rulesOf([doc(read)], [doc(read, { actions: ['sqs:*'], resources: ['*'] })])).toEqual(['wildcard']);
    expect(rulesOf([doc(read)], [doc(read, { actions: ['sqs:*'], resources: ['arn:q'] })])).toEqual([
      'widened',
    ]);
  });

  test('public principal: anyone, but not when a condition confines who', () => {
    const policy = (condition?: Plain): Resource =>
      make('aws_s3_bucket_policy', 'b', {
        policy: known('j', {
          Statement: [
            {
              Effect: 'Allow',
              Action: 's3:GetObject',
              Resource: 'arn:b/*',
              Principal: '*',
              ...(condition ? { Condition: condition } : {}),
            },
          ],
        }),
      });
    const closed = make('aws_s3_bucket_policy', 'b', {
      policy: known('j', {
        Statement: [
          {
            Effect: 'Allow',
            Action: 's3:GetObject',
            Resource: 'arn:b/*',
            Principal: { AWS: '${aws_iam_role.r.arn}' },
          },
        ],
      }),
    });
    const [fact] = detect([closed], [policy()]);
    expect(fact).toMatchObject({
      rule: 'access-policies/public-principal',
      categories: ['trust-boundary', 'exposure', 'identity-access'],
    });
    expect(fact?.statement).toContain('to anyone');
    expect(rulesOf([closed], [policy({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })])).toEqual([
      'cross-account',
    ]);
    expect(rulesOf([closed], [policy({ Bool: { 'aws:SecureTransport': 'true' } })])).toEqual([
      'public-principal',
    ]);
  });

  test('cross-account: another account, but not the own one', () => {
    const share = (principal: string): Resource =>
      make('aws_kms_key', 'k', {
        policy: known('j', {
          Statement: [
            { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: principal } },
          ],
        }),
      });
    const none = make('aws_kms_key', 'k', { policy: known('j', { Statement: [] }) });
    expect(rulesOf([none], [share('arn:aws:iam::111122223333:root')])).toEqual(['cross-account']);
    expect(
      rulesOf([none], [share('arn:aws:iam::${data.aws_caller_identity.current.account_id}:root')]),
    ).toEqual(['widened']);
  });

  test('the policy that a key begins with stands out no more than its own account does', () => {
    const key = (principal: Plain, condition?: Plain): Resource =>
      doc({
        actions: ['kms:*'],
        resources: ['*'],
        principals: [principal],
        ...(condition ? { condition: [condition] } : {}),
      });
    const root = ref('"arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"');
    expect(rulesOf([], [key({ type: 'AWS', identifiers: [root] })])).toEqual([]);
    expect(rulesOf([], [key({ type: 'AWS', identifiers: ['111122223333'] })])).toEqual(['cross-account']);
    const caller = (account: Plain): Plain => ({
      test: 'StringEquals',
      variable: 'kms:CallerAccount',
      values: [account],
    });
    const anyone = { type: 'AWS', identifiers: ['*'] };
    expect(rulesOf([], [key(anyone, caller('111122223333'))])).toEqual(['cross-account']);
    expect(rulesOf([], [key(anyone, caller(ref('data.aws_caller_identity.current.account_id')))])).toEqual([
      'wildcard',
    ]);
    expect(rulesOf([], [key(anyone)])).toEqual(['public-principal']);
  });

  test('trust: who may assume a role, apart from what it may do', () => {
    const other = { type: 'Service', identifiers: ['ecs-tasks.amazonaws.com'] };
    expect(detect([doc(trust(service))], [doc(trust(service), trust(other))])).toMatchObject([
      {
        rule: 'access-policies/trust-widened',
        signals: ['trust-widened', 'principal-added'],
        statement: '`data.aws_iam_policy_document.d` may now be assumed by ecs-tasks.amazonaws.com',
      },
    ]);
    expect(rulesOf([doc(trust(service), trust(other))], [doc(trust(service))])).toEqual(['trust-narrowed']);
    const issuer = { type: 'Federated', identifiers: ['arn:aws:iam::1:oidc-provider/x'] };
    const sub = { test: 'StringEquals', variable: 'x:sub', values: ['repo:acme/shop:ref:refs/heads/main'] };
    expect(rulesOf([doc(trust(issuer, sub))], [doc(trust(issuer))])).toEqual(['cross-account']);
    expect(rulesOf([doc(trust(issuer))], [doc(trust(issuer, sub))])).toEqual(['trust-narrowed']);
    expect(
      rulesOf(
        [doc(trust(service))],
        [doc(trust({ identifiers: ['lambda.amazonaws.com'], type: 'Service' }))],
      ),
    ).toEqual([]);
  });

  test('moving statements into a document of their own is no difference', () => {
    const inline = make('aws_iam_role_policy', 'p', {
      policy: known('j', {
        Statement: [{ Action: ['s3:GetObject'], Effect: 'Allow', Resource: 'arn:aws:s3:::logs/*' }],
      }),
    });
    const outside = make('aws_iam_role_policy', 'p', {
      policy: ref('data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'),
    });
    expect(rulesOf([inline], [outside, doc(read)])).toEqual([]);
    expect(
      rulesOf([inline], [outside, doc({ actions: ['s3:*'], resources: ['arn:aws:s3:::logs/*'] })]),
    ).toEqual(['widened']);
  });

  test('a document that both sides mention is told once, at the document', () => {
    const holder = (name: string): Resource =>
      make('aws_iam_role_policy', name, {
        policy: ref('data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'),
      });
    const facts = detect(
      [doc(read), holder('a'), holder('b')],
      [doc(read, { actions: ['sqs:SendMessage'], resources: ['q'] }), holder('a'), holder('b')],
    );
    expect(facts.map((f) => f.address)).toEqual(['data.aws_iam_policy_document.d']);
  });

  test('a renamed resource inside a policy is no difference, even when something else changes', () => {
    const bucket = (name: string): Resource =>
      make('aws_s3_bucket', name, { bucket: 'logs', force_destroy: true, acl: 'private', region: 'eu' });
    const policy = (name: string, ...more: string[]): Resource =>
      make('aws_iam_policy_document', 'd', {
        statement: [
          {
            actions: ['s3:GetObject', ...more],
            resources: [ref(`"\${aws_s3_bucket.${name}.arn}/*"`, `aws_s3_bucket.${name}`)],
          },
        ],
      });
    expect(
      rulesOf([bucket('old_logs'), policy('old_logs')], [bucket('new_logs'), policy('new_logs')]),
    ).toEqual([]);
    const [fact] = detect(
      [bucket('old_logs'), policy('old_logs')],
      [bucket('new_logs'), policy('new_logs', 's3:ListBucket')],
    );
    expect(fact?.after).toBe('s3:ListBucket on ${aws_s3_bucket.new_logs.arn}/*');
    expect(fact?.before).toBeUndefined();
  });

  test('a policy from a place that cannot be read is said to be one', () => {
    const from = (file: string): Resource => make('aws_iam_policy', 'p', { policy: ref(`file("${file}")`) });
    expect(detect([from('a.json')], [from('b.json')])).toMatchObject([
      { rule: 'access-policies/changed', before: '${file("a.json")}', after: '${file("b.json")}' },
    ]);
    expect(rulesOf([from('a.json')], [from('a.json')])).toEqual([]);
  });

  test('new documents: only what stands out is told', () => {
    expect(rulesOf([], [doc(read, trust(service))])).toEqual([]);
    expect(rulesOf([], [doc({ actions: ['iam:PassRole'], resources: ['arn:r'] })])).toEqual(['powerful']);
    expect(rulesOf([], [doc({ actions: ['*'], resources: ['*'] })])).toEqual(['wildcard']);
    expect(
      detect(
        [],
        [
          doc({
            actions: ['backup:CopyIntoBackupVault'],
            resources: ['*'],
            principals: [
              {
                type: 'AWS',
                identifiers: [ref('"arn:aws:iam::${local.backup_account}:root"', 'local.backup_account')],
              },
            ],
          }),
        ],
      ),
    ).toMatchObject([
      {
        rule: 'access-policies/cross-account',
        categories: ['trust-boundary', 'identity-access'],
        address: 'data.aws_iam_policy_document.d',
      },
    ]);
  });

  test('a statement behind a switch is narrower than one that always stands', () => {
    expect(rulesOf([doc(read)], [doc({ ...read, for_each: ref('var.on ? [1] : []', 'var.on') })])).toEqual([
      'narrowed',
    ]);
    expect(
      rulesOf(
        [doc({ ...read, for_each: ref('var.on', 'var.on') })],
        [doc({ ...read, for_each: ref('local.on', 'local.on') })],
      ),
    ).toEqual([]);
  });

  test('a statement repeated for a list: one more widens', () => {
    const each = (...names: string[]): Resource =>
      doc({ actions: ['s3:GetObject'], resources: [ref('statement.value')], for_each: names });
    expect(rulesOf([each('a')], [each('a', 'b')])).toEqual(['widened']);
    expect(rulesOf([each('a', 'b')], [each('b')])).toEqual(['narrowed']);
    expect(rulesOf([each('a', 'b')], [each('b', 'a')])).toEqual([]);
  });

  test('documents without end: a base that leads to itself', () => {
    const loop = (more: string): Resource =>
      make('aws_iam_policy_document', 'd', {
        source_policy_documents: [
          ref('data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'),
          ref(`data.aws_iam_policy_document.${more}.json`, `data.aws_iam_policy_document.${more}`),
        ],
      });
    expect(rulesOf([loop('x')], [loop('y')])).toEqual(['changed']);
  });
});
