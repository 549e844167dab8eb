import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/data-flow.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const tf = (base: string, head: string): readonly string[] => briefOf(detector, 'terraform', base, head);

describe('data flows', () => {
  const notification = (targets: string): string =>
    `resource "aws_s3_bucket_notification" "n" {\n  bucket = "b"\n${targets}}`;
  const lambda = (arn: string): string =>
    `  lambda_function {\n    lambda_function_arn = "${arn}"\n    events = ["s3:ObjectCreated:*"]\n  }\n`;
  test('target added, removed, changed', () => {
    expect(
      bothWays(detector, 'terraform', notification(lambda('a')), notification(lambda('a') + lambda('b'))),
    ).toEqual([
      ['data-flow/target-added aws_s3_bucket_notification.n *'],
      ['data-flow/target-removed aws_s3_bucket_notification.n *'],
    ]);
    expect(tf(notification(lambda('a')), notification(lambda('b')))).toEqual([
      'data-flow/target-changed aws_s3_bucket_notification.n *',
    ]);
    expect(tf(notification(lambda('a') + lambda('b')), notification(lambda('b') + lambda('a')))).toEqual([]);
  });

  const bucket = (to: string): string =>
    `resource "aws_s3_bucket_replication_configuration" "r" {\n  bucket = "b"\n  role = "r"\n${to}}`;
  const copy = (arn: string): string =>
    `  rule {\n    status = "Enabled"\n    destination {\n      bucket = "${arn}"\n    }\n  }\n`;
  test('copy added, removed, changed', () => {
    expect(bothWays(detector, 'terraform', bucket(copy('a')), bucket(copy('a') + copy('b')))).toEqual([
      ['data-flow/copy-added aws_s3_bucket_replication_configuration.r *'],
      ['data-flow/copy-removed aws_s3_bucket_replication_configuration.r *'],
    ]);
    expect(tf(bucket(copy('a')), bucket(copy('b')))).toEqual([
      'data-flow/copy-changed aws_s3_bucket_replication_configuration.r *',
    ]);
    expect(tf(bucket(copy('a')), bucket(`${copy('a')}  # to the other region\n`))).toEqual([]);
  });

  describe('reference-added', () => {
    const app = (env: string): string =>
      `resource "aws_lambda_function" "f" {\n  function_name = "f"\n  environment {\n    variables = {\n      STAGE = "prod"\n${env}    }\n  }\n}\nresource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\nresource "aws_cloudwatch_log_group" "logs" {\n  name = "logs"\n}`;
    test('a function is told of a table', () => {
      const facts = factsOf(
        detector,
        'terraform',
        app(''),
        app('      TABLE = aws_dynamodb_table.orders.name\n'),
      );
      expect(facts).toMatchObject([
        {
          rule: 'data-flow/reference-added',
          address: 'aws_lambda_function.f',
          deciding: true,
          categories: ['data-flow'],
        },
      ]);
      expect(facts[0]?.statement).toContain('aws_dynamodb_table.orders');
    });
    test('a log group, another text, or the same table under another name is none', () => {
      expect(tf(app(''), app('      LOGS = aws_cloudwatch_log_group.logs.name\n'))).toEqual([]);
      expect(tf(app(''), app('      COLOUR = "blue"\n'))).toEqual([]);
      expect(
        tf(
          app('      TABLE = aws_dynamodb_table.orders.name\n'),
          app('      ORDERS = aws_dynamodb_table.orders.name\n'),
        ),
      ).toEqual([]);
    });

    const pods = (env: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: web\n          image: web:1\n          env:\n            - {name: STAGE, value: prod}\n${env}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: cart\nspec:\n  selector: {app: cart}\n  ports:\n    - port: 7070\n`;
    test('Kubernetes: a workload is told of a service', () => {
      const told = '            - {name: CART, value: "http://cart:7070"}\n';
      expect(briefOf(detector, 'kubernetes', pods(''), pods(told))).toEqual([
        'data-flow/reference-added Deployment/-/web *',
      ]);
      expect(
        briefOf(detector, 'kubernetes', pods(''), pods('            - {name: COLOUR, value: blue}\n')),
      ).toEqual([]);
    });
  });

  describe('references of services', () => {
    const project = (env: string, store = 'cache'): string =>
      `services:\n  shop:\n    image: acme/shop\n    environment:\n      STAGE: prod\n${env}  ${store}:\n    image: redis\n    command: serve --all\n`;
    const compose = (base: string, head: string): readonly string[] =>
      briefOf(detector, 'compose', base, head);
    const told = '      CACHE_HOST: cache\n';
    test('told, and no longer told of one that stays', () => {
      expect(bothWays(detector, 'compose', project(''), project(told))).toEqual([
        ['data-flow/reference-added service/shop *'],
        ['data-flow/reference-removed service/shop *'],
      ]);
    });

    test('twin: the other one is gone, or only has another name', () => {
      const alone = 'services:\n  shop:\n    image: acme/shop\n    environment:\n      STAGE: prod\n';
      expect(compose(project(told), alone)).toEqual([]);
      expect(compose(project(told), project('      CACHE_HOST: store\n', 'store'))).toEqual([]);
    });

    test('twin: a word that is a service elsewhere but here the name of a group', () => {
      expect(compose(project(''), project('      CACHE_HOST_GROUP_ID: cache\n'))).toEqual([]);
      expect(compose(project(''), project('      OTEL_SERVICE_NAME: cache\n'))).toEqual([]);
    });
  });

  test.each([
    [
      'a filter',
      'resource "aws_sns_topic_subscription" "s" {\n  endpoint = "e"\n  filter_policy = "{}"\n}',
      'resource "aws_sns_topic_subscription" "s" {\n  endpoint = "e"\n  filter_policy = "{\\"a\\":[1]}"\n}',
    ],
    [
      'a schedule',
      'resource "google_cloud_scheduler_job" "s" {\n  schedule = "1 * * * *"\n}',
      'resource "google_cloud_scheduler_job" "s" {\n  schedule = "2 * * * *"\n}',
    ],
    [
      'a redirect',
      'resource "aws_lb_listener_rule" "r" {\n  action {\n    type = "redirect"\n    redirect {\n      path = "/a"\n      status_code = "HTTP_301"\n    }\n  }\n}',
      'resource "aws_lb_listener_rule" "r" {\n  action {\n    type = "redirect"\n    redirect {\n      path = "/b"\n      status_code = "HTTP_301"\n    }\n  }\n}',
    ],
    [
      'time to live of a record',
      'resource "aws_route53_record" "r" {\n  ttl = 60\n}',
      'resource "aws_route53_record" "r" {\n  ttl = 300\n}',
    ],
  ])('%s does not decide', (_, base, head) =>
    expect(tf(base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );
});
