import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/reachability.ts';
import { briefOf, factsOf } from '../support/stacks.ts';

const door = (cidr = '0.0.0.0/0'): string =>
  `resource "aws_security_group" "web" {\n  ingress {\n    from_port = 443\n    to_port = 443\n    protocol = "tcp"\n    cidr_blocks = ["${cidr}"]\n  }\n}\n`;
const closed =
  'resource "aws_security_group" "inner" {\n  ingress {\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n}\n';
const database = (group: string): string =>
  `resource "aws_db_instance" "main" {\n  engine = "postgres"\n  vpc_security_group_ids = [aws_security_group.${group}.id]\n}\n`;

describe('newly-reachable', () => {
  test('something is put behind a door that was open already', () => {
    const facts = factsOf(
      detector,
      'terraform',
      door() + closed + database('inner'),
      door() + closed + database('web'),
    );
    expect(facts).toMatchObject([
      {
        rule: 'reachability/newly-reachable',
        kind: 'reachability-changed',
        address: 'aws_db_instance.main',
        deciding: true,
        categories: ['trust-boundary', 'exposure'],
        reaches: ['aws_security_group.web'],
      },
    ]);
    expect(facts[0]?.statement).toContain('aws_security_group.web');
  });

  test.each([
    [
      'the door is opened in this change: exposure says so',
      door('10.0.0.0/8') + closed + database('web'),
      door() + closed + database('web'),
    ],
    ['behind a door that is not open', door() + closed, door() + closed + database('inner')],
    [
      'nothing about it changed',
      door() + closed + database('web'),
      `${door()}${closed}${database('web')}# a comment\n`,
    ],
    [
      'the thing has another name',
      door() + database('web').replace('engine', 'name = "shop"\n  port = 5432\n  engine'),
      door() +
        database('web')
          .replace('engine', 'name = "shop"\n  port = 5432\n  engine')
          .replace('"main"', '"primary"'),
    ],
    [
      'an outgoing rule is no door',
      'resource "aws_security_group" "web" {\n  egress {\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n',
      `resource "aws_security_group" "web" {\n  egress {\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n${database('web')}`,
    ],
  ])('not when %s', (_, base, head) => expect(briefOf(detector, 'terraform', base, head)).toEqual([]));

  test('Kubernetes: a selector brings a workload behind a load balancer', () => {
    const app = (selector: string): string =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: LoadBalancer\n  selector: {app: ${selector}}\n  ports:\n    - port: 80\n${['web', 'admin'].map((n) => `---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${n}\nspec:\n  selector: {matchLabels: {app: ${n}}}\n  template:\n    metadata:\n      labels: {app: ${n}}\n    spec:\n      containers:\n        - {name: ${n}, image: "${n}:1"}\n`).join('')}`;
    expect(briefOf(detector, 'kubernetes', app('web'), app('admin'))).toEqual([
      'reachability/newly-reachable Deployment/-/admin *',
    ]);
    expect(briefOf(detector, 'kubernetes', app('web'), app('web').replace('web:1', 'web:2'))).toEqual([]);
  });
});
