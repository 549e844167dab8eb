import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/exposure.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const group = (cidr: string, port = 443, more = ''): string => `
resource "aws_security_group" "api" {
  ingress {
    from_port   = ${port}
    to_port     = ${port}
    protocol    = "tcp"
    cidr_blocks = [${cidr}]
  }
  ${more}
}`;
const instance = `
resource "aws_instance" "api" {
  ami                    = "ami-1"
  vpc_security_group_ids = [aws_security_group.api.id]
}`;

describe('exposure, Terraform', () => {
  test('a range opened to the world, with its port and what sits behind it', () => {
    const facts = factsOf(
      detector,
      'terraform',
      group('"10.0.0.0/8"', 22) + instance,
      group('"0.0.0.0/0"', 22) + instance,
    );
    expect(facts).toMatchObject([
      {
        rule: 'exposure/widened',
        address: 'aws_security_group.api',
        deciding: true,
        categories: ['exposure'],
        line: 7,
        side: 'head',
        reaches: ['aws_instance.api'],
      },
    ]);
    expect(facts[0]?.signals).toContain('exposure-widened');
    expect(facts[0]?.statement).toContain('0.0.0.0/0');
    expect(facts[0]?.statement).toContain('port 22');
    expect(facts[0]?.statement).toContain('aws_instance.api');
  });

  test('and the reverse narrows', () => {
    expect(briefOf(detector, 'terraform', group('"0.0.0.0/0"'), group('"10.0.0.0/8"'))).toEqual([
      'exposure/narrowed aws_security_group.api *',
    ]);
  });

  test.each([
    ['a range inside one that is there', group('"10.0.0.0/8"'), group('"10.0.0.0/8", "10.1.0.0/16"')],
    ['order', group('"10.0.0.0/8", "192.168.0.0/16"'), group('"192.168.0.0/16", "10.0.0.0/8"')],
    ['a description', group('"10.0.0.0/8"'), group('"10.0.0.0/8"', 443, 'description = "x"')],
    [
      'a range written through a variable',
      group('"10.0.0.0/8"'),
      `variable "r" { default = "10.0.0.0/8" }\n${group('var.r')}`,
    ],
    [
      'egress',
      `resource "aws_security_group_rule" "out" {\n type = "egress"\n from_port = 443\n to_port = 443\n protocol = "tcp"\n cidr_blocks = ["10.0.0.0/8"]\n}`,
      `resource "aws_security_group_rule" "out" {\n type = "egress"\n from_port = 443\n to_port = 443\n protocol = "tcp"\n cidr_blocks = ["0.0.0.0/0"]\n}`,
    ],
  ])('%s is no fact', (_, base, head) => expect(briefOf(detector, 'terraform', base, head)).toEqual([]));

  test('another port for the same range is a change of who can reach what', () => {
    expect(
      briefOf(detector, 'terraform', group('"0.0.0.0/0"', 443), group('"0.0.0.0/0"', 22)).some((f) =>
        f.endsWith('*'),
      ),
    ).toBe(true);
  });

  test('one more rule beside another', () => {
    const second =
      'ingress {\n from_port = 22\n to_port = 22\n protocol = "tcp"\n cidr_blocks = ["0.0.0.0/0"]\n }';
    const [there, back] = bothWays(
      detector,
      'terraform',
      group('"0.0.0.0/0"'),
      group('"0.0.0.0/0"', 443, second),
    );
    expect(there).toContain('exposure/widened aws_security_group.api *');
    expect(back).toContain('exposure/narrowed aws_security_group.api *');
  });

  test('a new door is worth a fact when it is open to the world only', () => {
    expect(briefOf(detector, 'terraform', '', group('"0.0.0.0/0"'))).toEqual([
      'exposure/widened aws_security_group.api *',
    ]);
    expect(briefOf(detector, 'terraform', '', group('"10.0.0.0/8"'))).toEqual([]);
    const egress =
      'resource "aws_security_group_rule" "out" {\n type = "egress"\n cidr_blocks = ["0.0.0.0/0"]\n}';
    expect(briefOf(detector, 'terraform', '', egress)).toEqual([]);
  });

  test('a removed door is worth a fact when it was open to the world only', () => {
    expect(briefOf(detector, 'terraform', group('"0.0.0.0/0"'), '')).toEqual([
      'exposure/world-closed aws_security_group.api *',
    ]);
    expect(briefOf(detector, 'terraform', group('"10.0.0.0/8"'), '')).toEqual([]);
  });

  const database = (flag: string): string =>
    `resource "aws_db_instance" "main" {\n  engine = "postgres"\n  ${flag}\n}`;
  test('a public flag', () => {
    expect(
      bothWays(
        detector,
        'terraform',
        database('publicly_accessible = false'),
        database('publicly_accessible = true'),
      ),
    ).toEqual([['exposure/widened aws_db_instance.main *'], ['exposure/narrowed aws_db_instance.main *']]);
    expect(briefOf(detector, 'terraform', database(''), database('publicly_accessible = false'))).toEqual([]);
    expect(briefOf(detector, 'terraform', '', database('publicly_accessible = true'))).toEqual([
      'exposure/widened aws_db_instance.main *',
    ]);
    expect(briefOf(detector, 'terraform', '', database('publicly_accessible = false'))).toEqual([]);
  });

  test('a guard of a bucket', () => {
    const block = (flag: boolean): string =>
      `resource "aws_s3_bucket_public_access_block" "b" {\n bucket = "x"\n block_public_acls = ${flag}\n block_public_policy = true\n}`;
    expect(bothWays(detector, 'terraform', block(true), block(false))).toEqual([
      ['exposure/widened aws_s3_bucket_public_access_block.b *'],
      ['exposure/narrowed aws_s3_bucket_public_access_block.b *'],
    ]);
  });

  test('a data source is nobody’s door', () => {
    const data = (cidr: string): string =>
      `data "aws_security_group" "x" {\n  ingress {\n    cidr_blocks = ["${cidr}"]\n  }\n}`;
    expect(briefOf(detector, 'terraform', data('10.0.0.0/8'), data('0.0.0.0/0'))).toEqual([]);
  });

  test('Google: a rule for all, and one that goes out', () => {
    const rule = (range: string, direction = 'INGRESS'): string =>
      `resource "google_compute_firewall" "f" {\n  network = "n"\n  direction = "${direction}"\n  source_ranges = ["${range}"]\n  allow {\n    protocol = "tcp"\n    ports = ["22"]\n  }\n}`;
    expect(briefOf(detector, 'terraform', rule('10.0.0.0/8'), rule('0.0.0.0/0'))).toEqual([
      'exposure/widened google_compute_firewall.f *',
    ]);
  });

  test('Azure: a rule from the Internet, and one that denies', () => {
    const rule = (from: string, more = 'access = "Allow"\n  direction = "Inbound"'): string =>
      `resource "azurerm_network_security_rule" "r" {\n  ${more}\n  protocol = "Tcp"\n  destination_port_range = "22"\n  source_address_prefix = "${from}"\n}`;
    expect(briefOf(detector, 'terraform', rule('10.0.0.0/8'), rule('Internet'))).toEqual([
      'exposure/widened azurerm_network_security_rule.r *',
    ]);
    const outbound = 'access = "Allow"\n  direction = "Outbound"';
    expect(briefOf(detector, 'terraform', rule('10.0.0.0/8', outbound), rule('*', outbound))).toEqual([]);
    const deny = 'access = "Deny"\n  direction = "Inbound"';
    expect(briefOf(detector, 'terraform', rule('10.0.0.0/8', deny), rule('*', deny))).toEqual([
      'exposure/narrowed azurerm_network_security_rule.r *',
    ]);
    expect(briefOf(detector, 'terraform', '', rule('*', deny))).toEqual([]);
  });
});

describe('exposure, other stacks', () => {
  const service = (type: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: api\nspec:\n  type: ${type}\n  selector: {app: api}\n  ports:\n    - port: 80\n`;
  test('a Kubernetes service becomes a load balancer', () => {
    expect(bothWays(detector, 'kubernetes', service('ClusterIP'), service('LoadBalancer'))).toEqual([
      ['exposure/widened Service/-/api *'],
      ['exposure/narrowed Service/-/api *'],
    ]);
  });

  const template = (cidr: string): string =>
    `AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: web\n      SecurityGroupIngress:\n        - CidrIp: ${cidr}\n          FromPort: 22\n          ToPort: 22\n          IpProtocol: tcp\n`;
  test('a CloudFormation group is opened', () => {
    expect(briefOf(detector, 'cloudformation', template('10.0.0.0/8'), template('0.0.0.0/0'))).toEqual([
      'exposure/widened AWS::EC2::SecurityGroup Web *',
    ]);
    expect(
      briefOf(
        detector,
        'cloudformation',
        template('10.0.0.0/8'),
        template('10.0.0.0/8').replace('web', 'the web'),
      ),
    ).toEqual([]);
  });

  const app = (port: string): string =>
    `services:\n  api:\n    image: api:1\n    ports:\n      - "${port}"\n`;
  test('a Compose port that only this host could reach is published', () => {
    expect(
      briefOf(detector, 'compose', app('127.0.0.1:8080:80'), app('8080:80')).some(
        (f) => f === 'exposure/widened service/api *',
      ),
    ).toBe(true);
    expect(briefOf(detector, 'compose', app('8080:80'), app('8080:80').replace('api:1', 'api:2'))).toEqual(
      [],
    );
  });
});
