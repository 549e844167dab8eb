import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isPlaceholder,
  isSecretName,
  looksRandom,
  redact,
  secretLook,
  shapeOf,
} from '../../src/core/access/secret-shapes.ts';
import { detector } from '../../src/core/detectors/secrets.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { evidence, make, ref, type Plain } from '../access/evidence.ts';
import { stopwatch } from '../stopwatch.ts';

const detect = (base: Resource[], head: Resource[]): readonly Fact[] => detector.detect(evidence(base, head));
const rulesOf = (base: Resource[], head: Resource[]): string[] =>
  detect(base, head)
    .filter((f) => f.deciding)
    .map((f) => f.rule.replace('secrets/', ''));

/** Put together here, so that no scanner takes the test for a leak. */
const token = ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_');
const random = 'x9T!vQ2m#Lp7Zr4K';

describe('what looks like a secret', () => {
  test.each([
    'db_password',
    'ApiKey',
    'apiKey',
    'STRIPE_SECRET_KEY',
    'client_secret',
    'masterUserPassword',
    'auth-token',
    'connectionString',
    'DB_PASS_WORD_TOKEN',
  ])('%s names one', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each([
    'password_secret_arn',
    'secret_name',
    'token_ttl',
    'key_name',
    'secretName',
    'password_policy',
    'monkey',
    'tokenEndpoint',
    'kms_key_id',
    'keyboard',
    'secrets_manager',
    'MinimumPasswordLength',
  ])('%s does not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  test('well-known shapes are found anywhere, and never shown', () => {
    expect(shapeOf(`curl -H "Authorization: ${token}"`)).toEqual({
      title: 'GitHub token',
      length: 40,
      strong: true,
    });
    expect(redact(`x ${token} y`)).toBe('x [GitHub token] y');
    expect(shapeOf('postgres://app:x9T-vQ2m_Lp7Zr4K@db.acme.io/x')?.title).toBe('password inside an address');
    expect(shapeOf('postgres://app:${DB_PASSWORD}@db/x')).toBeUndefined();
    expect(shapeOf('https://host:8080/a@b')).toBeUndefined();
  });

  test.each([
    'changeme',
    '${var.password}',
    '{{ .Values.x }}',
    '<your-key>',
    '$DB_PASSWORD',
    'xxxxxxxx',
    'true',
    'abc',
    'your-token-here',
  ])('%s stands in for one', (text) => {
    expect(isPlaceholder(text)).toBe(true);
    expect(secretLook('password', text)).toBeUndefined();
  });

  test('random-looking is not the same as long', () => {
    expect(looksRandom(random)).toBe(true);
    expect(looksRandom('d41d8cd98f00b204e9800998ecf8427e')).toBe(true);
    expect(looksRandom('correct-horse-battery-staple')).toBe(false);
    expect(looksRandom('arn-of-production-database')).toBe(false);
    expect(secretLook('password', 'postgres')).toEqual({ title: 'literal value', length: 8, strong: false });
    expect(secretLook('password', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x')).toBeUndefined();
  });

  test('a megabyte of hostile text is looked at quickly', () => {
    const took = stopwatch();
    for (const piece of [
      '://',
      'a:',
      '-----BEGIN ',
      'eyJ',
      'AKIA',
      '?sig=',
      'hooks.slack.com/services/T',
      'SG.',
      'aA1!',
    ])
      secretLook('password', piece.repeat(1_000_000 / piece.length));
    expect(took()).toBeLessThan(2_000);
  });

  test('arbitrary text never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, text) => {
        isSecretName(name);
        secretLook(name, text);
        redact(text);
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });
});

describe('secrets', () => {
  const db = (password: Plain): Resource => make('aws_db_instance', 'db', { password });

  test('literal added: told by kind and length, never by value', () => {
    const facts = detect([db(ref('var.password', 'var.password'))], [db(random)]);
    expect(facts).toMatchObject([
      {
        rule: 'secrets/literal-added',
        deciding: true,
        signals: ['secret-added'],
        statement: '`aws_db_instance.db` has a random-looking value of 16 characters written at password',
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain(random);
    expect(rulesOf([db('x')], [db(ref('var.password', 'var.password'))])).toEqual([]);
    expect(detect([], [db('postgres')])).toMatchObject([{ deciding: false }]);
  });

  test('literal added: by the name beside it, by the name of a variable, and in a Secret manifest', () => {
    const pod = (value: string): Resource =>
      make(
        'Deployment',
        'api',
        {
          spec: {
            template: { spec: { containers: [{ name: 'api', env: [{ name: 'API_TOKEN', value }] }] } },
          },
        },
        { stack: 'kubernetes', address: 'Deployment/-/api' },
      );
    expect(rulesOf([pod('changeme')], [pod(random)])).toEqual(['literal-added']);
    expect(
      rulesOf([], [make('variable', 'db_password', { default: random }, { address: 'var.db_password' })]),
    ).toEqual(['literal-added']);
    expect(
      rulesOf([], [make('variable', 'db_name', { default: 'orders' }, { address: 'var.db_name' })]),
    ).toEqual([]);
    const secret = (kind: string): Resource =>
      make(
        kind,
        's',
        { data: { url: 'cG9zdGdyZXM6Ly94OVQhdlEybSNMcDdacjRL' } },
        { stack: 'kubernetes', address: `${kind}/-/s` },
      );
    expect(rulesOf([], [secret('Secret')])).toEqual(['literal-added']);
    expect(rulesOf([], [secret('ConfigMap')])).toEqual([]);
  });

  test('literal removed: replaced by a reference', () => {
    expect(rulesOf([db(random)], [db(ref('var.password', 'var.password'))])).toEqual(['literal-removed']);
    expect(rulesOf([db('changeme')], [db(ref('var.password', 'var.password'))])).toEqual([]);
  });

  const pod = (...env: Plain[]): Resource =>
    make(
      'Deployment',
      'api',
      { spec: { template: { spec: { containers: [{ name: 'api', image: 'x', env }] } } } },
      { stack: 'kubernetes', address: 'Deployment/-/api' },
    );
  const from = (name: string, secret: string, key = 'k'): Plain => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });

  test('consumer added and removed: a secret more, and one that only changed its place', () => {
    expect(detect([pod()], [pod(from('A', 'stripe'))])).toMatchObject([
      {
        rule: 'secrets/consumer-added',
        statement: '`Deployment/-/api` is given the secret stripe/k',
        categories: ['identity-access', 'secrets-crypto'],
      },
    ]);
    expect(rulesOf([pod(from('A', 'stripe'))], [pod()])).toEqual(['consumer-removed']);
    expect(
      rulesOf([pod(from('A', 'stripe'), from('B', 'db'))], [pod(from('B', 'db'), from('RENAMED', 'stripe'))]),
    ).toEqual([]);
    expect(rulesOf([], [pod(from('A', 'stripe'))])).toEqual([]);
  });

  test('consumer added: container definitions, stores named in settings, and secret-looking variables', () => {
    const task = (secrets: Plain): Resource =>
      make('aws_ecs_task_definition', 't', { container_definitions: [{ name: 'api', secrets }] });
    expect(
      rulesOf(
        [task([])],
        [task([{ name: 'A', valueFrom: ref('aws_ssm_parameter.a.arn', 'aws_ssm_parameter.a') }])],
      ),
    ).toEqual(['consumer-added']);
    const fn = (variables: { readonly [key: string]: Plain }): Resource =>
      make('aws_lambda_function', 'f', { environment: [{ variables }] });
    expect(
      rulesOf(
        [fn({})],
        [fn({ WHERE: ref('aws_secretsmanager_secret.s.arn', 'aws_secretsmanager_secret.s') })],
      ),
    ).toEqual(['consumer-added']);
    expect(rulesOf([fn({})], [fn({ DB_PASSWORD: ref('var.db_password', 'var.db_password') })])).toEqual([
      'consumer-added',
    ]);
    expect(
      rulesOf([fn({})], [fn({ TABLE: ref('aws_dynamodb_table.t.name', 'aws_dynamodb_table.t') })]),
    ).toEqual([]);
    expect(
      rulesOf([fn({ DB_PASSWORD: ref('var.a', 'var.a') })], [fn({ DB_PASSWORD: ref('var.b', 'var.b') })]),
    ).toEqual([]);
  });

  test('unmasked: a variable that loses its mark, and one that gains it', () => {
    const variable = (more: { readonly [key: string]: Plain }): Resource =>
      make('variable', 'v', { type: ref('string'), ...more }, { address: 'var.v' });
    expect(rulesOf([variable({ sensitive: true })], [variable({})])).toEqual(['unmasked']);
    expect(rulesOf([variable({})], [variable({ sensitive: true })])).toEqual([]);
    expect(
      rulesOf([make('aws_thing', 'v', { sensitive: true, a: 1 })], [make('aws_thing', 'v', { a: 1 })]),
    ).toEqual([]);
    expect(
      rulesOf(
        [make('aws_thing', 'v', { constructor: true })],
        [make('aws_thing', 'v', { constructor: false })],
      ),
    ).toEqual([]);
  });
});
