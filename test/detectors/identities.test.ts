import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/identities.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { evidence, make, ref, type Plain } from '../access/evidence.ts';

const detect = (base: Resource[], head: Resource[]): readonly Fact[] => detector.detect(evidence(base, head));
const rulesOf = (base: Resource[], head: Resource[]): string[] =>
  detect(base, head).map((f) => f.rule.replace('identities/', ''));

describe('identities', () => {
  const lambda = (role: Plain, memory = 128): Resource =>
    make('aws_lambda_function', 'f', { function_name: 'f', role, memory_size: memory });

  test('a workload that names the account it has anyway is no change', () => {
    const pod = (account: Record<string, Plain>): Resource => ({
      ...make('Deployment', 'api', { spec: { template: { spec: account } } }),
      stack: 'kubernetes',
    });
    expect(rulesOf([pod({})], [pod({ serviceAccountName: 'default' })])).toEqual([]);
    expect(rulesOf([pod({})], [pod({ serviceAccountName: 'api' })])).toEqual(['changed']);
    expect(rulesOf([pod({ serviceAccountName: 'api' })], [pod({})])).toEqual(['changed']);
  });

  test('changed: another role, but not more memory or another way to say the same', () => {
    const facts = detect(
      [lambda(ref('aws_iam_role.a.arn', 'aws_iam_role.a'))],
      [lambda(ref('aws_iam_role.b.arn', 'aws_iam_role.b'))],
    );
    expect(facts).toMatchObject([
      {
        rule: 'identities/changed',
        deciding: true,
        categories: ['identity-access'],
        signals: ['identity-changed'],
      },
    ]);
    expect(facts[0]?.statement).toContain('instead of ${aws_iam_role.a.arn}');
    expect(rulesOf([lambda('r', 128)], [lambda('r', 256)])).toEqual([]);
    expect(
      detect([lambda(ref('var.role', 'var.role'))], [lambda(ref('local.role', 'local.role'))]).filter(
        (f) => f.deciding,
      ),
    ).toEqual([]);
  });

  test('changed: the service account of a Kubernetes workload', () => {
    const pod = (name: string): Resource =>
      make(
        'Deployment',
        'api',
        {
          spec: {
            template: { spec: { serviceAccountName: name, containers: [{ name: 'api', image: 'x' }] } },
          },
        },
        { stack: 'kubernetes', address: 'Deployment/-/api' },
      );
    expect(rulesOf([pod('default')], [pod('api')])).toEqual(['changed']);
    expect(rulesOf([pod('api')], [pod('api')])).toEqual([]);
  });

  test('changed: one of a list for another is one fact; another spelling of the same is none', () => {
    const profile = (role: Plain): Resource =>
      make(
        'AWS::IAM::InstanceProfile',
        'P',
        { Roles: [role] },
        { stack: 'cloudformation', address: 'AWS::IAM::InstanceProfile P' },
      );
    expect(detect([profile('a')], [profile('b')]).map((f) => f.statement)).toEqual([
      '`AWS::IAM::InstanceProfile P` now runs as b instead of a (Roles)',
    ]);
    expect(
      rulesOf(
        [lambda(ref('aws_iam_role.a[0].arn', 'aws_iam_role.a'))],
        [lambda(ref('aws_iam_role.a.arn', 'aws_iam_role.a'))],
      ),
    ).toEqual([]);
  });

  test('boundary: taken off, and untouched', () => {
    const role = (more: { readonly [key: string]: Plain }): Resource =>
      make('aws_iam_role', 'r', { name: 'r', ...more });
    const facts = detect([role({ permissions_boundary: 'arn:b' })], [role({})]).filter((f) =>
      f.rule.endsWith('boundary-changed'),
    );
    expect(facts).toMatchObject([
      {
        signals: ['permission-widened', 'guardrail-loosened'],
        statement: 'The permissions boundary of `aws_iam_role.r` is removed',
      },
    ]);
    expect(
      rulesOf(
        [role({ permissions_boundary: 'arn:b' })],
        [role({ permissions_boundary: 'arn:b', path: '/' })],
      ),
    ).toEqual([]);
  });

  test('static key: creating one, and changing the description of one', () => {
    const key = (more: { readonly [key: string]: Plain } = {}): Resource =>
      make('aws_iam_access_key', 'k', { user: 'deploy', ...more });
    expect(detect([], [key()])).toMatchObject([
      {
        rule: 'identities/static-key',
        signals: ['static-key-created', 'secret-added'],
        statement: '`aws_iam_access_key.k` creates a long-lived access key for deploy',
      },
    ]);
    expect(rulesOf([key()], [key({ status: 'Active' })])).toEqual([]);
    expect(rulesOf([key()], [])).toEqual([]);
  });

  test('federation: a new issuer, another audience, and a new thumbprint only', () => {
    const provider = (audience: string, thumb = 'a'): Resource =>
      make('aws_iam_openid_connect_provider', 'p', {
        url: 'https://token.actions.githubusercontent.com',
        client_id_list: [audience],
        thumbprint_list: [thumb],
      });
    expect(detect([], [provider('sts.amazonaws.com')])).toMatchObject([
      {
        rule: 'identities/federation-added',
        categories: ['trust-boundary', 'identity-access'],
        statement: expect.stringContaining('token.actions.githubusercontent.com'),
      },
    ]);
    expect(rulesOf([provider('a')], [provider('b')])).toEqual(['federation-changed']);
    expect(rulesOf([provider('a', 'x')], [provider('a', 'y')])).toEqual([]);
    const pool = (condition: string): Resource =>
      make('google_iam_workload_identity_pool_provider', 'p', {
        attribute_condition: condition,
        oidc: [{ issuer_uri: 'https://i' }],
      });
    expect(rulesOf([pool("a == 'x'")], [pool('true')])).toEqual(['federation-changed']);
  });
});
