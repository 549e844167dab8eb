import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/conditional.ts';
import { bothWays, briefOf } from '../support/stacks.ts';

const tf = (base: string, head: string): readonly string[] => briefOf(detector, 'terraform', base, head);
const notice = (count: string): string =>
  `resource "google_scc_notification_config" "n" {\n  ${count}\n  config_id = "n"\n}\n`;
const flag = (value: string): string => `variable "enable" {\n  default = ${value}\n}\n`;

describe('conditional', () => {
  test('a security monitor becomes a choice that is off, and is always there again', () => {
    expect(
      bothWays(detector, 'terraform', notice(''), flag('false') + notice('count = var.enable ? 1 : 0')),
    ).toEqual([
      ['conditional/now-conditional google_scc_notification_config.n *'],
      ['conditional/now-always google_scc_notification_config.n *'],
    ]);
  });

  test('CloudFormation: a world-open door becomes conditional', () => {
    const stack = (condition: string): string =>
      `AWSTemplateFormatVersion: '2010-09-09'\nConditions:\n  HasKey: !Equals [a, b]\nResources:\n  Ssh:\n    Type: AWS::EC2::SecurityGroupIngress\n${condition}    Properties:\n      CidrIp: 0.0.0.0/0\n      FromPort: 22\n      ToPort: 22\n      IpProtocol: tcp\n`;
    expect(briefOf(detector, 'cloudformation', stack(''), stack('    Condition: HasKey\n'))).toEqual([
      'conditional/now-conditional AWS::EC2::SecurityGroupIngress Ssh *',
    ]);
  });

  test.each([
    ['a choice that is on', notice(''), flag('true') + notice('count = var.enable ? 1 : 0')],
    ['a list of instances', notice(''), notice('for_each = toset(["a", "b"])')],
    ['a number', notice(''), notice('count = 1')],
    [
      'a condition that is written otherwise',
      flag('false') + notice('count = var.enable ? 1 : 0'),
      flag('false') + notice('count = var.enable == true ? 1 : 0'),
    ],
  ])('%s does not decide', (_, base, head) =>
    expect(tf(base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );

  test('an alarm may be conditional', () => {
    const alarm = (count: string): string =>
      `resource "aws_cloudwatch_metric_alarm" "a" {\n  ${count}\n  alarm_name = "a"\n}\n`;
    expect(tf(alarm(''), flag('false') + alarm('count = var.enable ? 1 : 0'))).toEqual([]);
  });

  describe('a block inside', () => {
    const scanning = (block: string, visibility = 'default = "private"'): string =>
      `variable "visibility" {\n  ${visibility}\n}\nresource "github_repository" "r" {\n  name = "r"\n  security_and_analysis {\n    ${block}\n  }\n}\n`;
    const always = 'secret_scanning {\n      status = "enabled"\n    }';
    const sometimes =
      'dynamic "secret_scanning" {\n      for_each = var.visibility == "public" ? [1] : []\n      content {\n        status = "enabled"\n      }\n    }';

    test('that protects is there only sometimes', () => {
      expect(tf(scanning(always), scanning(sometimes))).toContain(
        'conditional/now-conditional github_repository.r *',
      );
      expect(tf(scanning(sometimes), scanning(always))).toContain(
        'conditional/now-always github_repository.r *',
      );
    });

    test.each([
      ['a choice that is on', scanning(always), scanning(sometimes, 'default = "public"')],
      [
        'one block for each of a list',
        scanning(always),
        scanning(sometimes.replace('var.visibility == "public" ? [1] : []', 'var.scans')),
      ],
    ])('%s does not decide', (_, base, head) =>
      expect(tf(base, head).filter((f) => f.endsWith('*'))).toEqual([]),
    );
  });
});
