import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marksOf } from '../../src/core/access/assessment.ts';
import { policyDocuments } from '../../src/core/access/aws-policy.ts';
import { compareStatements } from '../../src/core/access/compare.ts';
import { classifyPrincipal, normalisePrincipal } from '../../src/core/access/principal.ts';
import type { Statement } from '../../src/core/access/statement.ts';
import { list } from '../../src/core/values/value.ts';
import { known, make, ref, valueOf, type Plain } from './evidence.ts';
import { stopwatch } from '../stopwatch.ts';

const statements = (type: string, values: Plain): readonly Statement[] =>
  policyDocuments(make(type, 'x', values)).flatMap((d) => d.statements);
const same = (x: readonly Statement[], y: readonly Statement[]): string => compareStatements(x, y).direction;

const json = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'A',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: 'arn:aws:s3:::b/*',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    },
  ],
};

describe('policy documents', () => {
  test('JSON in a heredoc, jsonencode, CloudFormation and Terraform blocks come to the same', () => {
    const encoded = statements('aws_s3_bucket_policy', { policy: known('jsonencode({…})', json) });
    const heredoc = statements('aws_s3_bucket_policy', { policy: JSON.stringify(json) });
    const collapsed = statements('aws_s3_bucket_policy', {
      policy: ref(`<<EOF ${JSON.stringify(json)} EOF`),
    });
    const template = statements('AWS::S3::BucketPolicy', { PolicyDocument: json });
    const blocks = statements('aws_iam_policy_document', {
      statement: [
        {
          actions: ['s3:PutObject', 'S3:GetObject'],
          resources: ['arn:aws:s3:::b/*'],
          principals: [{ type: 'AWS', identifiers: ['111122223333'] }],
        },
      ],
    });
    expect(encoded).toHaveLength(1);
    for (const other of [heredoc, collapsed, template, blocks]) expect(same(encoded, other)).toBe('none');
  });

  test('a single statement without a list, in any case of keys', () => {
    const one = statements('AWS::IAM::Policy', {
      PolicyDocument: { statement: { effect: 'Deny', notAction: 'iam:*', resource: '*' } },
    });
    expect(one).toMatchObject([
      { effect: 'deny', actions: { except: true, patterns: ['iam:*'] }, resources: { patterns: ['*'] } },
    ]);
  });

  test('several documents of a role keep their places', () => {
    const role = make('AWS::IAM::Role', 'R', {
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
      },
      Policies: [
        { PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
      ],
    });
    expect(policyDocuments(role).map((d) => [d.path, d.statements.length])).toEqual([
      ['AssumeRolePolicyDocument', 1],
      ['Policies.PolicyDocument', 1],
    ]);
  });

  test('SAM statements, and statements that a module takes as a map', () => {
    expect(
      statements('AWS::Serverless::Function', {
        Policies: [
          'AWSLambdaBasicExecutionRole',
          { Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] },
        ],
      }),
    ).toHaveLength(1);
    expect(
      statements('module', {
        policy_statements: { s3: { effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'] } },
      }),
    ).toHaveLength(1);
  });

  test('documents that are kept elsewhere are named, ordinary text is not', () => {
    const [document] = policyDocuments(
      make('aws_iam_role_policy', 'x', {
        policy: ref('data.aws_iam_policy_document.x.json', 'data.aws_iam_policy_document.x'),
      }),
    );
    expect(document?.elsewhere).toEqual([
      {
        text: '${data.aws_iam_policy_document.x.json}',
        references: ['data.aws_iam_policy_document.x'],
        line: 1,
      },
    ]);
    expect(policyDocuments(make('aws_instance', 'x', { user_data: ref('file("x")') }))).toEqual([]);
  });

  test('a web firewall rule, an EventBridge target and a listener action are no statements', () => {
    expect(
      statements('AWS::WAFv2::WebACL', {
        Rules: [{ Statement: { RateBasedStatement: { Limit: 1 } }, Action: { Block: {} } }],
      }),
    ).toEqual([]);
    expect(
      statements('AWS::ElasticLoadBalancingV2::ListenerRule', {
        Actions: [{ Type: 'forward' }],
        Conditions: [],
      }),
    ).toEqual([]);
    expect(
      statements('aws_lambda_permission', { action: 'lambda:InvokeFunction', principal: 's3.amazonaws.com' }),
    ).toEqual([]);
  });

  test('partitions are spellings; the own account is one in both languages', () => {
    expect(normalisePrincipal('AWS', 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root')).toBe(
      'aws:own-account',
    );
    expect(
      normalisePrincipal('AWS', 'arn:aws:iam::${data.aws_caller_identity.current.account_id}:root'),
    ).toBe('aws:own-account');
    expect(normalisePrincipal('Service', 'ec2.${AWS::URLSuffix}')).toBe('service:ec2.amazonaws.com');
  });

  test.each([
    ['*', 'public'],
    ['google:allUsers', 'public'],
    ['aws:111122223333', 'other-account'],
    ['aws:arn:aws:iam::111122223333:role/deploy', 'other-account'],
    ['aws:${var.backup_account_id}', 'other-account'],
    ['aws:arn:aws:iam::${var.logging}:role/x', 'other-account'],
    ['aws:own-account', 'own-account'],
    ['aws:${aws_iam_role.deploy.arn}', 'named'],
    ['service:lambda.amazonaws.com', 'service'],
    ['federated:token.actions.githubusercontent.com', 'federated'],
    ['google:serviceAccount:x@y.iam.gserviceaccount.com', 'named'],
    ['google:principalSet://iam.googleapis.com/x', 'federated'],
  ])('%s is %s', (principal, want) => {
    expect(classifyPrincipal(principal)).toBe(want);
  });

  test('the current region and the own account in other words are the same', () => {
    const on = (resource: Plain): readonly Statement[] =>
      statements('aws_iam_policy_document', {
        statement: [{ actions: ['sqs:SendMessage'], resources: [resource] }],
      });
    const before = on(
      ref('"arn:aws:sqs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:q"'),
    );
    expect(
      same(
        before,
        on(ref('"arn:${data.aws_partition.current.partition}:sqs:${var.region_name}:${local.account_id}:q"')),
      ),
    ).toBe('none');
    expect(
      same(
        before,
        on(ref('"arn:aws:sqs:${var.replica_region}:${data.aws_caller_identity.current.account_id}:q"')),
      ),
    ).toBe('changed');
    expect(
      same(
        before,
        on(
          ref(
            '"arn:aws:sqs:${data.aws_region.current.name}:${data.aws_caller_identity.vendor.account_id}:q"',
          ),
        ),
      ),
    ).toBe('changed');
  });

  test('names of a megabyte are compared quickly', () => {
    const took = stopwatch();
    for (const piece of ['${', '${partition', 'arn:', '${account', ':root', '*', '{"Statement":'])
      for (const key of ['Resource', 'Principal', 'Action', 'Condition', 'Statement']) {
        const name = piece.repeat(1_000_000 / piece.length);
        const read = statements('aws_iam_role', {
          policy: { Statement: [{ Effect: 'Allow', Action: 'a:b', Resource: '*', [key]: name }] },
        });
        expect(same(read, read)).toBe('none');
        marksOf(read);
      }
    expect(took()).toBeLessThan(4_000);
  });

  test('arbitrary trees never throw, and neither do deep or repeated ones', () => {
    const { value } = fc.letrec<{ value: Plain }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<Plain>('*', 'Allow', 's3:*', null, true, 7, '{"Statement":[', '__proto__'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.constantFrom(
            'Statement',
            'Effect',
            'Action',
            'Principal',
            'Resource',
            'Condition',
            'policy',
            'statement',
            'AWS',
            'toString',
            'constructor',
          ),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    }));
    fc.assert(
      fc.property(
        value,
        fc.constantFrom('aws_iam_policy_document', 'aws_iam_role', 'AWS::IAM::Role', 'module'),
        (plain, type) => {
          const read = statements(type, { policy: plain, statement: plain });
          expect(same(read, read)).toBe('none');
        },
      ),
      { seed: 5, numRuns: 400 },
    );
    let deep = valueOf({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
    for (let i = 0; i < 5_000; i++) deep = list([deep], 1);
    expect(statements('aws_iam_role', { policy: deep })).toEqual([]);
  });
});
