import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/access-settings.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { describeAttribute } from '../../src/core/semantics/describe.ts';
import { evidence, make, ref, type Plain } from '../access/evidence.ts';

const detect = (base: Resource[], head: Resource[]): readonly Fact[] => detector.detect(evidence(base, head));

/** A setting of a known type that the semantics data gives this aspect, so that the test follows the data. */
const isAbout = (type: string, path: string, aspect: string): boolean => {
  const about = describeAttribute('terraform', type, path);
  return about !== undefined && about !== 'noise' && about.aspect === aspect;
};

describe('access-settings', () => {
  const share = (trusted: Plain): Resource =>
    make('aws_organizations_delegated_administrator', 'd', { account_id: 'a', service_principal: trusted });

  test('access: a list that decides who may', () => {
    expect(isAbout('aws_organizations_delegated_administrator', 'service_principal', 'access')).toBe(true);
    expect(detect([share('config.amazonaws.com')], [share('guardduty.amazonaws.com')])).toMatchObject([
      {
        rule: 'access-settings/access-changed',
        kind: 'permission-changed',
        deciding: true,
        before: 'config.amazonaws.com',
        after: 'guardduty.amazonaws.com',
      },
    ]);
    expect(detect([share('config.amazonaws.com')], [share('config.amazonaws.com')])).toEqual([]);
    expect(
      detect([share(ref('var.a', 'var.a'))], [share(ref('local.a', 'local.a'))]).filter((f) => f.deciding),
    ).toEqual([]);
  });

  test('policies and bindings are told by their own detectors', () => {
    const role = (boundary: string, action: string): Resource =>
      make('aws_iam_role_policy', 'p', {
        name: boundary,
        policy: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] },
      });
    expect(detect([role('a', 's3:GetObject')], [role('a', 's3:PutObject')])).toEqual([]);
    const attach = (arn: string): Resource =>
      make('aws_iam_role_policy_attachment', 'a', { role: 'r', policy_arn: arn });
    expect(detect([attach('a')], [attach('b')])).toEqual([]);
  });

  const build = (variable: Plain, location = 'https://github.com/acme/a'): Resource =>
    make('aws_codebuild_project', 'b', {
      environment: [{ environment_variable: [variable] }],
      source: [{ type: 'GITHUB', location }],
    });

  test('secret: how a value is kept, and a value that is no secret', () => {
    expect(isAbout('aws_codebuild_project', 'environment.environment_variable.type', 'secret')).toBe(true);
    const kept = (type: string): Resource => build({ name: 'SIZE', value: 'x', type });
    expect(detect([kept('SECRETS_MANAGER')], [kept('PLAINTEXT')])).toMatchObject([
      {
        rule: 'access-settings/secret-changed',
        categories: ['secrets-crypto'],
        statement: expect.stringContaining('is now PLAINTEXT instead of SECRETS_MANAGER'),
      },
    ]);
    expect(detect([kept('PLAINTEXT')], [kept('PLAINTEXT')])).toEqual([]);
    const pod = (secret: string): Resource =>
      make(
        'Deployment',
        'd',
        {
          spec: {
            template: { spec: { containers: [{ name: 'd', envFrom: [{ secretRef: { name: secret } }] }] } },
          },
        },
        { stack: 'kubernetes' },
      );
    expect(detect([pod('a')], [pod('b')])).toEqual([]);
  });

  test('external: another place of an outside party, deciding only as far as the data says', () => {
    expect(isAbout('aws_codebuild_project', 'source.location', 'external')).toBe(true);
    const from = (location: string): Resource =>
      build({ name: 'A', value: 'x', type: 'PLAINTEXT' }, location);
    expect(detect([from('https://git.acme.io/a')], [from('https://git.acme.io/b')])).toMatchObject([
      { rule: 'access-settings/external-changed', deciding: false },
    ]);
    expect(detect([from('https://git.acme.io/a')], [from('https://git.acme.io/a')])).toEqual([]);
  });
});
