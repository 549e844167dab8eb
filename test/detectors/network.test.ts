import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/network.ts';
import { bothWays, briefOf } from '../support/stacks.ts';

const tf = (base: string, head: string): readonly string[] => briefOf(detector, 'terraform', base, head);

describe('network', () => {
  const rule = (cidr: string, port = 443): string =>
    `resource "aws_security_group_rule" "out" {\n  type = "egress"\n  from_port = ${port}\n  to_port = ${port}\n  protocol = "tcp"\n  cidr_blocks = ["${cidr}"]\n}`;
  test('outgoing ranges', () => {
    expect(bothWays(detector, 'terraform', rule('10.0.0.0/8'), rule('0.0.0.0/0'))).toEqual([
      ['network/path-added aws_security_group_rule.out *'],
      ['network/path-removed aws_security_group_rule.out *'],
    ]);
    expect(tf(rule('10.0.0.0/8'), rule('10.0.0.0/8').replace('tcp"', 'tcp"\n  description = "x"'))).toEqual(
      [],
    );
  });

  test('a source group is let in', () => {
    const group = (from: string): string =>
      `resource "aws_security_group" "db" {\n  ingress {\n    from_port = 5432\n    to_port = 5432\n    protocol = "tcp"\n    security_groups = [${from}]\n  }\n}\nresource "aws_security_group" "api" {\n  name = "api"\n}\nresource "aws_security_group" "ops" {\n  name = "ops"\n}`;
    expect(
      tf(group('aws_security_group.api.id'), group('aws_security_group.api.id, aws_security_group.ops.id')),
    ).toEqual(['network/path-added aws_security_group.db *']);
    expect(tf(group('aws_security_group.api.id'), group('aws_security_group.ops.id'))).toEqual([
      'network/changed aws_security_group.db *',
    ]);
  });

  test('a restrictive group is taken off an instance', () => {
    const vm = (groups: string): string =>
      `resource "aws_instance" "w" {\n  ami = "ami-1"\n  ${groups}\n}\nresource "aws_security_group" "tight" {\n  name = "tight"\n}`;
    const facts = tf(vm('vpc_security_group_ids = [aws_security_group.tight.id]'), vm(''));
    expect(facts).toEqual(['network/path-removed aws_instance.w *']);
  });

  test('routes and peerings', () => {
    const route = (to: string): string =>
      `resource "aws_route" "r" {\n  route_table_id = "rtb-1"\n  destination_cidr_block = "${to}"\n  gateway_id = "igw-1"\n}`;
    expect(tf(route('10.1.0.0/16'), route('0.0.0.0/0'))).toEqual(['network/path-added aws_route.r *']);
    expect(tf(route('10.1.0.0/16'), route('10.2.0.0/16'))).toEqual(['network/changed aws_route.r *']);
    const peering = (to: string): string =>
      `resource "aws_vpc_peering_connection" "p" {\n  vpc_id = "a"\n  peer_vpc_id = "${to}"\n}`;
    expect(tf(peering('b'), peering('c'))).toEqual(['network/changed aws_vpc_peering_connection.p *']);
  });

  test('another variable decides when its name, or the text around it, says something else', () => {
    const vm = (groups: string): string =>
      `variable "public_groups" {}\nvariable "private_groups" {}\nvariable "groups" {}\nresource "aws_instance" "w" {\n  vpc_security_group_ids = ${groups}\n}`;
    expect(tf(vm('var.private_groups'), vm('var.public_groups'))).toEqual([
      'network/changed aws_instance.w *',
    ]);
    expect(tf(vm('var.groups'), vm('local.groups'))).toEqual(['network/changed aws_instance.w']);
    const endpoint = (service: string): string =>
      `resource "aws_vpc_endpoint" "e" {\n  service_name = "com.amazonaws.\${var.region}.${service}"\n}`;
    expect(tf(endpoint('s3'), endpoint('sts'))).toEqual(['network/changed aws_vpc_endpoint.e *']);
  });

  test('Kubernetes: a policy that lets more out', () => {
    const policy = (cidr: string): string =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: api\nspec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - to:\n        - ipBlock:\n            cidr: ${cidr}\n`;
    expect(bothWays(detector, 'kubernetes', policy('10.0.0.0/8'), policy('0.0.0.0/0'))).toEqual([
      ['network/path-added NetworkPolicy/-/api *'],
      ['network/path-removed NetworkPolicy/-/api *'],
    ]);
  });

  test.each([
    [
      'the size of a network',
      'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}',
      'resource "aws_vpc" "v" {\n  cidr_block = "10.1.0.0/16"\n}',
    ],
    [
      'the number of NAT ports',
      'resource "google_compute_router_nat" "n" {\n  min_ports_per_vm = 64\n}',
      'resource "google_compute_router_nat" "n" {\n  min_ports_per_vm = 128\n}',
    ],
    [
      'the name of a service port',
      'resource "kubernetes_service_v1" "s" {\n  spec {\n    port {\n      name = "tls-redis"\n      port = 6379\n    }\n  }\n}',
      'resource "kubernetes_service_v1" "s" {\n  spec {\n    port {\n      name = "tcp-redis"\n      port = 6379\n    }\n  }\n}',
    ],
    [
      'the region of an endpoint taken from elsewhere',
      'resource "aws_vpc_endpoint" "s3" {\n  service_name = "com.amazonaws.${data.aws_region.current.region}.s3"\n}',
      'variable "region" {}\nresource "aws_vpc_endpoint" "s3" {\n  service_name = "com.amazonaws.${var.region}.s3"\n}',
    ],
    [
      'another port between the same two groups',
      'resource "aws_security_group_rule" "r" {\n  type = "ingress"\n  from_port = 80\n  source_security_group_id = "sg-1"\n}',
      'resource "aws_security_group_rule" "r" {\n  type = "ingress"\n  from_port = 8080\n  source_security_group_id = "sg-1"\n}',
    ],
    [
      'subnets handed on through another variable',
      'variable "a" {}\nresource "aws_lb" "l" {\n  subnets = var.a\n}',
      'variable "b" {}\nresource "aws_lb" "l" {\n  subnets = var.b\n}',
    ],
  ])('%s does not decide', (_, base, head) =>
    expect(tf(base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );
});
