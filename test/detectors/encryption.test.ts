import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/encryption.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const database = (line: string): string =>
  `resource "aws_db_instance" "main" {\n  engine = "postgres"\n  ${line}\n}`;
const weaker = ['encryption/weakened aws_db_instance.main *'];
const stronger = ['encryption/strengthened aws_db_instance.main *'];

describe('encryption', () => {
  test('at rest, off and on', () => {
    expect(
      bothWays(
        detector,
        'terraform',
        database('storage_encrypted = true'),
        database('storage_encrypted = false'),
      ),
    ).toEqual([weaker, stronger]);
    expect(bothWays(detector, 'terraform', database('storage_encrypted = true'), database(''))).toEqual([
      weaker,
      stronger,
    ]);
    expect(factsOf(detector, 'terraform', database('storage_encrypted = true'), database(''))).toMatchObject([
      {
        side: 'base',
        line: 3,
        before: 'true',
        categories: ['secrets-crypto'],
        signals: ['encryption-weakened'],
      },
    ]);
  });

  test('a key of one’s own, another one, none', () => {
    const key = (k: string): string => database(`kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/${k}"`);
    expect(bothWays(detector, 'terraform', database(''), key('a'))).toEqual([stronger, weaker]);
    expect(briefOf(detector, 'terraform', key('a'), key('b'))).toEqual([
      'encryption/changed aws_db_instance.main *',
    ]);
  });

  test('rotation of a key', () => {
    const key = (on: boolean): string => `resource "aws_kms_key" "k" {\n  enable_key_rotation = ${on}\n}`;
    expect(factsOf(detector, 'terraform', key(true), key(false))).toMatchObject([
      { rule: 'encryption/weakened', signals: ['rotation-changed'], deciding: true },
    ]);
  });

  test('least TLS version', () => {
    const account = (v: string): string =>
      `resource "azurerm_storage_account" "a" {\n  name = "a"\n  ${v ? `min_tls_version = "${v}"` : ''}\n}`;
    expect(bothWays(detector, 'terraform', account('TLS1_0'), account('TLS1_2'))).toEqual([
      ['encryption/strengthened azurerm_storage_account.a *'],
      ['encryption/weakened azurerm_storage_account.a *'],
    ]);
    expect(briefOf(detector, 'terraform', account(''), account('TLS1_2'))).toHaveLength(1);
  });

  test('a listener that stops speaking TLS', () => {
    const listener = (p: string): string =>
      `resource "aws_lb_listener" "l" {\n  port = 443\n  protocol = "${p}"\n}`;
    expect(briefOf(detector, 'terraform', listener('HTTPS'), listener('HTTP'))).toEqual([
      'encryption/weakened aws_lb_listener.l *',
    ]);
  });

  test.each([
    [
      'the same key under another name',
      `${database('kms_key_id = aws_kms_key.a.arn')}\nresource "aws_kms_key" "a" {\n  description = "for the shop"\n  enable_key_rotation = true\n  deletion_window_in_days = 7\n}`,
      `${database('kms_key_id = aws_kms_key.b.arn')}\nresource "aws_kms_key" "b" {\n  description = "for the shop"\n  enable_key_rotation = true\n  deletion_window_in_days = 7\n}`,
    ],
    [
      'what was the default is written out',
      `resource "aws_sqs_queue" "q" {\n  name = "q"\n}`,
      `resource "aws_sqs_queue" "q" {\n  name = "q"\n  sqs_managed_sse_enabled = true\n}`,
    ],
    [
      'a description',
      'resource "aws_kms_key" "k" {\n  description = "a"\n}',
      'resource "aws_kms_key" "k" {\n  description = "b"\n}',
    ],
    ['an engine version', database('engine_version = "15"'), database('engine_version = "16"')],
    ['a new database that is encrypted', '', database('storage_encrypted = true')],
  ])('%s is no fact', (_, base, head) => expect(briefOf(detector, 'terraform', base, head)).toEqual([]));

  test('a new database says so when it is told not to encrypt', () => {
    expect(briefOf(detector, 'terraform', '', database('storage_encrypted = false'))).toEqual(weaker);
  });

  test('CloudFormation spells it otherwise', () => {
    const stack = (on: string): string =>
      `AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Main:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      StorageEncrypted: ${on}\n`;
    expect(briefOf(detector, 'cloudformation', stack('true'), stack('false'))).toEqual([
      'encryption/weakened AWS::RDS::DBInstance Main *',
    ]);
  });

  test('Kubernetes: an ingress loses its certificate', () => {
    const ingress = (tls: string): string =>
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n${tls}  rules:\n    - host: shop.test\n`;
    expect(
      bothWays(
        detector,
        'kubernetes',
        ingress('  tls:\n    - hosts: [shop.test]\n      secretName: shop\n'),
        ingress(''),
      ).map((f) => [...new Set(f)]),
    ).toEqual([['encryption/weakened Ingress/-/web *'], ['encryption/strengthened Ingress/-/web *']]);
  });
});
