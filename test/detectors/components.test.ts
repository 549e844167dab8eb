import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/components.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const tf = (base: string, head: string): readonly string[] => briefOf(detector, 'terraform', base, head);
const bucket = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n';

describe('components', () => {
  test('added and removed, with what they are', () => {
    expect(factsOf(detector, 'terraform', '', bucket)).toMatchObject([
      {
        rule: 'components/added',
        kind: 'resource-added',
        address: 'aws_s3_bucket.logs',
        categories: ['new-component', 'data-store'],
        family: 'object-storage',
        element: 'data-store',
        side: 'head',
        line: 1,
        deciding: true,
      },
    ]);
    expect(factsOf(detector, 'terraform', bucket, '')).toMatchObject([
      {
        rule: 'components/removed',
        kind: 'resource-removed',
        categories: ['removed-component', 'data-store'],
        signals: ['resource-removed'],
        side: 'base',
        deciding: true,
      },
    ]);
  });

  const full = bucket.replace('{\n', '{\n  force_destroy = true\n  tags = { team = "shop" }\n');
  test.each([
    ['the same thing under another name', full, full.replace('"logs" {', '"log" {')],
    [
      'a declared move',
      bucket,
      `${bucket.replace('"logs" {', '"archive" {')}moved {\n  from = aws_s3_bucket.logs\n  to = aws_s3_bucket.archive\n}\n`,
    ],
    ['another order', bucket + bucket.replaceAll('logs', 'data'), bucket.replaceAll('logs', 'data') + bucket],
  ])('%s is neither new nor gone', (_, base, head) => expect(tf(base, head)).toEqual([]));

  test.each([
    ['an alarm', 'resource "aws_cloudwatch_metric_alarm" "x" {\n  alarm_name = "x"\n}'],
    ['a log group', 'resource "aws_cloudwatch_log_group" "x" {\n  name = "x"\n}'],
    ['a random id', 'resource "random_id" "x" {\n  byte_length = 4\n}'],
    ['scaling', 'resource "aws_appautoscaling_target" "x" {\n  max_capacity = 4\n}'],
    ['a data source', 'data "aws_s3_bucket" "x" {\n  bucket = "x"\n}'],
    ['a variable', 'variable "bucket" {\n  default = "x"\n}'],
    ['an output', 'output "bucket" {\n  value = "x"\n}'],
    ['a local', 'locals {\n  bucket = "x"\n}'],
    ['a monitor at a vendor', 'resource "datadog_monitor" "x" {\n  name = "x"\n}'],
    [
      'a record that validates a certificate',
      'resource "aws_route53_record" "cert_validation" {\n  type = "CNAME"\n}',
    ],
    ['a plain parameter', 'resource "aws_ssm_parameter" "x" {\n  type = "String"\n  value = "1"\n}'],
    ['an alarm from a module', 'module "alarms" {\n  source = "./modules/alarms"\n}'],
  ])('%s is plumbing', (_, text) => expect(tf('', text)).toEqual([]));

  test.each([
    ['a role', 'resource "aws_iam_role" "x" {\n  name = "x"\n}', ['identity-access']],
    ['a key', 'resource "aws_kms_key" "x" {\n  description = "x"\n}', ['secrets-crypto']],
    ['a trail', 'resource "aws_cloudtrail" "x" {\n  name = "x"\n}', ['logging-monitoring']],
    [
      'a peering',
      'resource "aws_vpc_peering_connection" "x" {\n  vpc_id = "x"\n}',
      ['data-flow', 'trust-boundary'],
    ],
    ['a subscription', 'resource "aws_sns_topic_subscription" "x" {\n  protocol = "sqs"\n}', ['data-flow']],
    [
      'a secret parameter',
      'resource "aws_ssm_parameter" "x" {\n  type = "SecureString"\n  value = "1"\n}',
      ['secrets-crypto'],
    ],
    [
      'a guard of a bucket',
      'resource "aws_s3_bucket_public_access_block" "x" {\n  bucket = "x"\n}',
      ['exposure'],
    ],
    [
      'a build pipeline',
      'resource "aws_codepipeline" "x" {\n  name = "x"\n}',
      ['new-component', 'ci-supply-chain'],
    ],
    [
      'an audit configuration',
      'resource "google_project_iam_audit_config" "x" {\n  service = "allServices"\n}',
      ['logging-monitoring'],
    ],
    [
      'a key vault',
      'resource "azurerm_key_vault" "x" {\n  name = "x"\n}',
      ['new-component', 'secrets-crypto'],
    ],
    ['something nobody knows', 'resource "zzcloud_widgetron" "x" {\n  name = "x"\n}', ['new-component']],
    ['a module', 'module "orders_service" {\n  source = "./modules/service"\n}', ['new-component']],
  ])('%s counts as what it is', (_, text, categories) =>
    expect(factsOf(detector, 'terraform', '', text)).toMatchObject([{ deciding: true, categories }]),
  );

  test('Kubernetes: a workload and its going; a ConfigMap is not one', () => {
    const workload =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: api:1\n';
    expect(bothWays(detector, 'kubernetes', '', workload)).toEqual([
      ['components/added Deployment/-/api *'],
      ['components/removed Deployment/-/api *'],
    ]);
    expect(
      briefOf(
        detector,
        'kubernetes',
        '',
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  COLOUR: blue\n',
      ),
    ).toEqual([]);
    expect(briefOf(detector, 'kubernetes', workload, workload.replace('api:1', 'api:2'))).toEqual([]);
  });

  test('CloudFormation: a queue, and an alarm that is none', () => {
    const stack = (body: string): string =>
      `AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Keep:\n    Type: AWS::SNS::Topic\n${body}`;
    expect(
      briefOf(detector, 'cloudformation', stack(''), stack('  Jobs:\n    Type: AWS::SQS::Queue\n')),
    ).toEqual(['components/added AWS::SQS::Queue Jobs *']);
    expect(
      briefOf(detector, 'cloudformation', stack(''), stack('  High:\n    Type: AWS::CloudWatch::Alarm\n')),
    ).toEqual([]);
  });

  test('Compose: a service', () => {
    const app = (more: string): string => `services:\n  api:\n    image: api:1\n${more}`;
    expect(briefOf(detector, 'compose', app(''), app('  cache:\n    image: redis:7\n'))).toEqual([
      'components/added service/cache *',
    ]);
    expect(briefOf(detector, 'compose', app(''), app('    restart: always\n'))).toEqual([]);
  });

  describe('provider-added', () => {
    const providers = (more: string): string =>
      `terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n${more}  }\n}\n`;
    const vendor = (source: string): string => `    pagerduty = {\n      source = "${source}"\n    }\n`;
    test('a new vendor decides', () => {
      expect(tf(providers(''), providers(vendor('PagerDuty/pagerduty')))).toEqual([
        'components/provider-added required_provider.pagerduty *',
      ]);
    });
    test.each([
      [
        'another source of the same provider',
        providers(vendor('terraform-providers/pagerduty')),
        providers(vendor('PagerDuty/pagerduty')),
      ],
      ['a utility', providers(''), providers('    random = {\n      source = "hashicorp/random"\n    }\n')],
      [
        'a provider that was used without being declared',
        `${providers('')}resource "pagerduty_team" "x" {\n  name = "x"\n}`,
        `${providers(vendor('PagerDuty/pagerduty'))}resource "pagerduty_team" "x" {\n  name = "x"\n}`,
      ],
    ])('%s is no fact', (_, base, head) => expect(tf(base, head)).toEqual([]));
  });

  describe('instances', () => {
    const shares = (keys: string, more = ''): string =>
      `locals {\n  shares = {\n${keys}  }\n}\nresource "aws_efs_file_system" "share" {\n  for_each = local.shares\n  encrypted = true\n  creation_token = each.key\n${more}}\n`;
    const entry = (key: string, size = 1): string => `    ${key} = { size = ${size} }\n`;
    const two = shares(entry('home') + entry('work'));

    test('an entry of a local map is a new thing, and the reverse', () => {
      expect(factsOf(detector, 'terraform', shares(entry('home')), two)).toMatchObject([
        {
          rule: 'components/instances',
          kind: 'resource-added',
          address: 'aws_efs_file_system.share',
          categories: ['new-component', 'data-store'],
          statement: 'New data store `aws_efs_file_system.share["work"]`',
          deciding: true,
        },
      ]);
      expect(factsOf(detector, 'terraform', two, shares(entry('home')))).toMatchObject([
        {
          kind: 'resource-removed',
          categories: ['removed-component', 'data-store'],
          statement: 'Removed data store `aws_efs_file_system.share["work"]`',
        },
      ]);
    });

    test('a switch elsewhere makes it, or no longer does', () => {
      const log = (on: string): string =>
        `variable "on" {\n  default = ${on}\n}\nresource "aws_flow_log" "x" {\n  count = var.on ? 1 : 0\n  vpc_id = "vpc-1"\n}\n`;
      expect(bothWays(detector, 'terraform', log('false'), log('true'))).toEqual([
        ['components/instances aws_flow_log.x *'],
        ['components/instances aws_flow_log.x *'],
      ]);
    });

    test('many at once are one short line', () => {
      const many = shares(['a', 'b', 'c', 'd', 'e', 'f'].map((k) => entry(k)).join(''));
      const [fact, ...rest] = factsOf(detector, 'terraform', shares(entry('a')), many);
      expect(rest).toEqual([]);
      expect(fact?.statement).toBe('`aws_efs_file_system.share` (data store) gains b, c, d and 2 more');
    });

    const sized = (count: number): string =>
      `resource "aws_efs_file_system" "share" {\n  count = ${count}\n  creation_token = "x"\n}\n`;
    test.each([
      ['more of the same', sized(2), sized(3)],
      ['another value under the same key', two, shares(entry('home') + entry('work', 9))],
      ['every key written otherwise', shares(entry('home')), shares(entry('home-1'))],
      [
        'a collection nobody knows',
        two.replace('local.shares', 'var.shares'),
        two.replace('local.shares', 'var.volumes'),
      ],
      [
        'plumbing',
        'resource "null_resource" "x" {\n  count = 0\n}\n',
        'resource "null_resource" "x" {\n  count = 1\n}\n',
      ],
      [
        'an alarm',
        'resource "aws_cloudwatch_metric_alarm" "x" {\n  for_each = toset(["a"])\n}\n',
        'resource "aws_cloudwatch_metric_alarm" "x" {\n  for_each = toset(["a", "b"])\n}\n',
      ],
    ])('%s is none', (_, base, head) => expect(tf(base, head)).toEqual([]));
  });

  describe('where the state is kept', () => {
    const kept = (kind: string): string => `terraform {\n  ${kind} {\n    key = "x"\n  }\n}\n`;
    const topic = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n';
    test('another backend is told, not as a component', () => {
      const facts = factsOf(
        detector,
        'terraform',
        topic + kept('backend "local"'),
        topic + kept('backend "s3"'),
      );
      expect(facts.map((f) => [f.rule, f.address, f.categories])).toEqual([
        ['components/removed', 'backend.local', ['data-store']],
        ['components/added', 'backend.s3', ['data-store']],
      ]);
    });
    test('with a folder that is new as a whole it is no news', () => {
      expect(tf('', topic + kept('backend "s3"'))).toEqual(['components/added aws_sns_topic.t *']);
    });
  });
});
