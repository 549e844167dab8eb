import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hostOfName, hostsInText } from '../../src/core/access/hosts.ts';
import { publisherOf } from '../../src/core/access/publishers.ts';
import { detector } from '../../src/core/detectors/external-hosts.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { evidence, make, ref, type Plain } from '../access/evidence.ts';
import { stopwatch } from '../stopwatch.ts';

const detect = (base: Resource[], head: Resource[]): readonly Fact[] => detector.detect(evidence(base, head));
const rulesOf = (base: Resource[], head: Resource[], deciding = true): string[] =>
  detect(base, head)
    .filter((f) => f.deciding === deciding)
    .map((f) => f.rule.replace('external-hosts/', ''));
const hosts = (text: string): string[] => hostsInText(text).map((h) => h.host);

describe('hosts in values', () => {
  test('schemes, users, ports, paths and several in one text', () => {
    expect(hosts('https://user:pw@API.Vendor.com:8443/v1?x=https://other.net/')).toEqual([
      'api.vendor.com',
      'other.net',
    ]);
    expect(hosts('redis://cache.vendor.com:6379')).toEqual(['cache.vendor.com']);
    expect(hosts('https://${var.region}.api.vendor.com/x')).toEqual(['api.vendor.com']);
    expect(hosts('https://api.${var.domain}/x')).toEqual([]);
  });

  test.each([
    'http://cartservice:7070',
    'http://localhost:80',
    'http://10.0.0.1/',
    'http://api.prod.svc.cluster.local',
    'http://api.prod.svc',
    'https://example.com',
    'https://sub.example.org/x',
    'https://www.googleapis.com/auth/cloud-platform',
    'https://x.s3.eu-west-1.amazonaws.com/y',
    'https://vault.azure.net',
    'https://json-schema.org/draft',
    'docker://ghcr.io/x/y',
    'file:///etc/passwd',
    '# see https://vendor.com/docs',
    '://nothing',
  ])('%s is not outside', (text) => {
    expect(hosts(text)).toEqual([]);
  });

  test('code hosts count by owner', () => {
    expect(hosts('https://github.com/vendor/tool.git')).toEqual(['github.com/vendor']);
    expect(hosts('https://raw.githubusercontent.com/vendor/tool/main/x.sh')).toEqual(['github.com/vendor']);
  });

  test('bare names only when they are nothing else', () => {
    expect(hostOfName('smtp.vendor.com:587')?.host).toBe('smtp.vendor.com');
    expect(hostOfName('*.vendor.co.uk')).toEqual({ host: 'vendor.co.uk', domain: 'vendor.co.uk' });
    expect(hostOfName('a.b.vendor.co.uk')?.domain).toBe('vendor.co.uk');
    expect(hostOfName('main.tf')).toBeUndefined();
    expect(hostOfName('orders')).toBeUndefined();
    expect(hostOfName('1.2.3.4')).toBeUndefined();
  });

  test('publishers of modules and bases', () => {
    expect(publisherOf('terraform-aws-modules/vpc/aws')).toBe('terraform-aws-modules');
    expect(publisherOf('git::https://github.com/acme/mods.git//vpc?ref=v1')).toBe('acme');
    expect(publisherOf('git@github.com:acme/mods.git')).toBe('acme');
    expect(publisherOf('github.com/acme/mods')).toBe('acme');
    expect(publisherOf('./modules/vpc')).toBeUndefined();
    expect(publisherOf('../x')).toBeUndefined();
  });

  test('a megabyte of hostile text is searched quickly', () => {
    const took = stopwatch();
    for (const piece of ['://', 'a://b.c', 'https://${', 'a'.repeat(50), '@:', 'http://a@', '#\n'])
      hostsInText(piece.repeat(1_000_000 / piece.length));
    hostOfName('a.'.repeat(500_000));
    publisherOf('a.'.repeat(500_000));
    expect(took()).toBeLessThan(1_500);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        hostsInText(text);
        hostOfName(text);
        publisherOf(text);
      }),
      { seed: 4, numRuns: 1_000 },
    );
  });
});

describe('external-hosts', () => {
  const fn = (variables: { readonly [key: string]: Plain }): Resource =>
    make('aws_lambda_function', 'f', { environment: [{ variables }] });

  test('added: a host nobody named before; the vendor behind it is said', () => {
    const facts = detect([fn({})], [fn({ PAY: 'https://api.stripe.com/v1' })]);
    expect(facts).toMatchObject([
      {
        rule: 'external-hosts/added',
        deciding: true,
        categories: ['data-flow', 'external-dependency'],
        signals: ['external-host-added', 'vendor-added'],
        after: 'api.stripe.com',
      },
    ]);
    expect(facts[0]?.statement).toContain('(Stripe:');
  });

  test('added: not when the same host stands elsewhere at base, or only the path changed', () => {
    const other = make('aws_ssm_parameter', 'p', { value: 'https://api.partner.io/old' });
    expect(rulesOf([fn({}), other], [fn({ X: 'https://api.partner.io/new' }), other])).toEqual([]);
    expect(rulesOf([fn({ X: 'https://api.partner.io/a' })], [fn({ X: 'https://api.partner.io/b' })])).toEqual(
      [],
    );
  });

  test('added: bare names where the key says so, reading matter never', () => {
    expect(rulesOf([fn({})], [fn({ SMTP_HOST: 'smtp.partner.io' })])).toEqual(['added']);
    expect(rulesOf([fn({})], [fn({ NAME: 'smtp.partner.io' })])).toEqual([]);
    expect(
      rulesOf(
        [],
        [
          make('aws_thing', 't', {
            description: 'see https://partner.io',
            metadata: { labels: { home: 'https://partner.io' } },
          }),
        ],
      ),
    ).toEqual([]);
    expect(
      rulesOf(
        [],
        [
          make('google_iam_workload_identity_pool_provider', 'p', {
            oidc: [{ issuer_uri: 'https://token.partner.io' }],
          }),
        ],
      ),
    ).toEqual([]);
    expect(rulesOf([], [make('aws_route53_record', 'r', { records: ['https://partner.io'] })])).toEqual([]);
  });

  test('added: the system writing its own address is nobody else, unless a vendor is known there', () => {
    expect(rulesOf([fn({})], [fn({ CALLBACK_URL: 'https://shop.acme.io/login' })])).toEqual([]);
    expect(rulesOf([fn({})], [fn({ PUBLIC_API_URL: 'https://api.stripe.com' })])).toEqual(['added']);
    expect(rulesOf([], [make('tfvar', 'domain_name', { value: 'shop.acme.io' })])).toEqual([]);
    const service = (note: string): Resource =>
      make(
        'Service',
        's',
        { metadata: { annotations: { 'external-dns.alpha.kubernetes.io/endpoint': note } } },
        { stack: 'kubernetes', address: 'Service/-/s' },
      );
    expect(rulesOf([], [service('shop.partner.io')])).toEqual([]);
    expect(rulesOf([], [service('https://login.partner.io/auth')])).toEqual(['added']);
  });

  test('added: by the name beside a value', () => {
    const pod = (value: string, name = 'SMTP_HOST'): Resource =>
      make(
        'Deployment',
        'd',
        { spec: { template: { spec: { containers: [{ name: 'd', env: [{ name, value }] }] } } } },
        { stack: 'kubernetes', address: 'Deployment/-/d' },
      );
    expect(rulesOf([pod('mail')], [pod('smtp.partner.io')])).toEqual(['added']);
    expect(
      rulesOf([pod('smtp.partner.io')], [pod('smtp.partner.io'), fn({ SMTP_HOST: 'smtp.partner.io' })]),
    ).toEqual([]);
    expect(rulesOf([pod('a', 'NAME')], [pod('smtp.partner.io', 'NAME')])).toEqual([]);
  });

  test('subdomain: another host of a known party does not decide', () => {
    const base = [fn({ A: 'https://api.partner.io' })];
    const head = [fn({ A: 'https://api.partner.io', B: 'https://files.partner.io' })];
    expect(rulesOf(base, head)).toEqual([]);
    expect(rulesOf(base, head, false)).toEqual(['subdomain-added']);
  });

  test('removed: gone everywhere, not merely here', () => {
    const other = make('aws_ssm_parameter', 'p', { value: 'https://api.partner.io' });
    expect(rulesOf([fn({ A: 'https://api.partner.io' })], [fn({})])).toEqual(['removed']);
    expect(rulesOf([fn({ A: 'https://api.partner.io' }), other], [fn({}), other])).toEqual([]);
  });

  test('one host in many places is one fact', () => {
    const two = [
      make('aws_lambda_function', 'a', { environment: [{ variables: { X: 'https://api.partner.io' } }] }),
      make('aws_lambda_function', 'b', { environment: [{ variables: { X: 'https://api.partner.io' } }] }),
    ];
    expect(detect([], two)).toHaveLength(1);
  });

  test('egress: a service entry of a mesh, and an internal one', () => {
    const entry = (host: string): Resource =>
      make(
        'ServiceEntry',
        'e',
        { spec: { hosts: [host], location: 'MESH_EXTERNAL' } },
        { stack: 'kubernetes', address: 'ServiceEntry/-/e' },
      );
    expect(detect([], [entry('api.partner.io')])).toMatchObject([
      {
        rule: 'external-hosts/egress-added',
        categories: ['data-flow', 'trust-boundary', 'external-dependency'],
      },
    ]);
    expect(rulesOf([], [entry('cart.prod.svc.cluster.local')])).toEqual([]);
  });

  test('publisher: a module from a new owner, from a known one, from our own', () => {
    const module = (name: string, source: string): Resource => make('module', name, { source });
    expect(detect([], [module('m', 'partner/vpc/aws')])).toMatchObject([
      {
        rule: 'external-hosts/publisher-added',
        kind: 'dependency-added',
        deciding: true,
        after: 'partner',
      },
    ]);
    expect(
      rulesOf(
        [module('a', 'partner/vpc/aws')],
        [module('a', 'partner/vpc/aws'), module('b', 'partner/eks/aws')],
      ),
    ).toEqual([]);
    expect(rulesOf([module('a', 'partner/vpc/aws')], [module('a', 'partner/network/aws')])).toEqual([]);
    expect(rulesOf([], [module('m', 'git::https://github.com/acme/mods.git//x')])).toEqual([]);
    expect(rulesOf([], [module('m', 'terraform-aws-modules/vpc/aws')])).toEqual([]);
    expect(
      rulesOf([module('m', 'partner/vpc/aws')], [module('m', 'github.com/partner/terraform-aws-vpc')]),
    ).toEqual([]);
    expect(rulesOf([], [module('m', './modules/x')])).toEqual([]);
    const overlay = (...resources: string[]): Resource =>
      make('Kustomization', 'k', { resources }, { stack: 'kustomize', address: 'Kustomization/x' });
    expect(
      rulesOf([overlay('base')], [overlay('base', 'https://github.com/partner/app//deploy?ref=v1')]),
    ).toContain('publisher-added');
    expect(rulesOf([overlay('base')], [overlay('base', '../other/thing.yaml')])).toEqual([]);
  });

  test('an expression that cannot be read fully still tells its end', () => {
    expect(rulesOf([fn({})], [fn({ X: ref('"https://${var.region}.partner.io/x"', 'var.region') })])).toEqual(
      ['added'],
    );
    expect(rulesOf([fn({})], [fn({ X: ref('"https://${var.host}/x"', 'var.host') })])).toEqual([]);
  });
});
