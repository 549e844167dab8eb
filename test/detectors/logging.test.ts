import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/logging.ts';
import { bothWays, briefOf } from '../support/stacks.ts';

const trail = (line: string): string =>
  `resource "aws_cloudtrail" "main" {\n  name = "main"\n  s3_bucket_name = "logs"\n  ${line}\n}`;

describe('logging', () => {
  test('a trail is switched off and on', () => {
    expect(
      bothWays(detector, 'terraform', trail('enable_logging = true'), trail('enable_logging = false')),
    ).toEqual([['logging/weakened aws_cloudtrail.main *'], ['logging/strengthened aws_cloudtrail.main *']]);
    expect(bothWays(detector, 'terraform', trail('enable_log_file_validation = true'), trail(''))[0]).toEqual(
      ['logging/weakened aws_cloudtrail.main *'],
    );
    expect(briefOf(detector, 'terraform', trail('enable_logging = true'), trail(''))).toEqual([]);
  });

  test('where logs go', () => {
    expect(briefOf(detector, 'terraform', trail(''), trail('').replace('"logs"', '"elsewhere"'))).toEqual([
      'logging/changed aws_cloudtrail.main *',
    ]);
  });

  test('access logs of a load balancer', () => {
    const lb = (logs: string): string => `resource "aws_lb" "web" {\n  internal = true\n  ${logs}\n}`;
    const logs = 'access_logs {\n    bucket = "logs"\n    enabled = true\n  }';
    const [on, off] = bothWays(detector, 'terraform', lb(''), lb(logs));
    expect(new Set(on)).toEqual(new Set(['logging/strengthened aws_lb.web *']));
    expect(new Set(off)).toEqual(new Set(['logging/weakened aws_lb.web *']));
  });

  test('logs exported from a database', () => {
    const database = (types: string): string =>
      `resource "aws_db_instance" "main" {\n  engine = "postgres"\n  enabled_cloudwatch_logs_exports = [${types}]\n}`;
    expect(briefOf(detector, 'terraform', database('"postgresql"'), database(''))).toEqual([
      'logging/weakened aws_db_instance.main *',
    ]);
  });

  test('audit logs that leave somebody out', () => {
    const audit = (who: string): string =>
      `resource "google_project_iam_audit_config" "all" {\n  project = "p"\n  service = "allServices"\n  audit_log_config {\n    log_type = "DATA_READ"\n    ${who}\n  }\n}`;
    expect(
      briefOf(detector, 'terraform', audit(''), audit('exempted_members = ["user:a@shop.test"]')),
    ).toEqual(['logging/weakened google_project_iam_audit_config.all *']);
  });

  test.each([
    [
      'retention of an application’s logs',
      'resource "aws_cloudwatch_log_group" "app" {\n  retention_in_days = 30\n}',
      'resource "aws_cloudwatch_log_group" "app" {\n  retention_in_days = 7\n}',
    ],
    ['tags', trail('tags = { a = "b" }'), trail('tags = { a = "c" }')],
    [
      'an alarm',
      'resource "aws_cloudwatch_metric_alarm" "a" {\n  threshold = 1\n}',
      'resource "aws_cloudwatch_metric_alarm" "a" {\n  threshold = 2\n}',
    ],
    [
      'a monitor',
      'resource "datadog_monitor" "a" {\n  message = "x"\n}',
      'resource "datadog_monitor" "a" {\n  message = "y"\n}',
    ],
  ])('%s does not decide', (_, base, head) =>
    expect(briefOf(detector, 'terraform', base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );
});
