import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LEXICON, TYPES } from '../src/core/semantics/data.generated.ts';
import {
  compareRanges,
  coversRange,
  mergeRanges,
  opennessOf,
  parseRanges,
} from '../src/core/semantics/cidr.ts';
import { compareReading } from '../src/core/semantics/compare.ts';
import { describeAttribute, describeSetting, describeType } from '../src/core/semantics/describe.ts';
import { compilePath, normalisePath } from '../src/core/semantics/patterns.ts';
import type { AttributeSemantics } from '../src/core/semantics/semantics.ts';
import { phraseOccurs, splitWords } from '../src/core/semantics/words.ts';
import { map, entry } from '../src/core/values/value.ts';
import type { Value } from '../src/core/model/value.ts';
import { value } from './support/resources.ts';

const runs = { seed: 20260501, numRuns: 300 };

describe('the data', () => {
  test('covers the breadth of the providers', () => {
    const count = (pattern: RegExp): number =>
      TYPES.flatMap((t) => t.match).filter((m) => pattern.test(m)).length;
    expect(count(/^aws_/)).toBeGreaterThan(350);
    expect(count(/^AWS::/)).toBeGreaterThan(200);
    expect(count(/^azurerm_|^azuread_/)).toBeGreaterThan(200);
    expect(count(/^google_/)).toBeGreaterThan(200);
  });

  test('every path pattern compiles and finds its own text', () => {
    for (const { attributes, noise, variants, match } of TYPES)
      for (const p of [
        ...attributes.map((a) => a.path),
        ...(noise ?? []),
        ...(variants ?? []).map((v) => v.when.path),
      ]) {
        const example = normalisePath(p)
          .replaceAll('**.', '')
          .replaceAll('.**', '.x')
          .replaceAll('**', 'x')
          .replaceAll('*', 'x');
        expect([match[0], p, compilePath(p)(example)]).toEqual([match[0], p, true]);
      }
  });

  test('no attribute is hidden by an earlier one of the same path', () => {
    for (const { attributes, match } of TYPES) {
      const exact = attributes.map((a) => normalisePath(a.path));
      const twice = exact.filter((p, i) => exact.indexOf(p) !== i);
      expect([match[0], twice]).toEqual([match[0], []]);
    }
  });

  test('levels have an end that is worth the name, and fill in what is absent with one of them or say why not', () => {
    for (const a of TYPES.flatMap((t) => t.attributes))
      if (a.levels) expect(new Set(a.levels).size).toBe(a.levels.length);
  });

  test('every type name is described once, and its entry is the one that is found', () => {
    const names = TYPES.flatMap((t) => t.match.map((name) => [name, t] as const));
    expect(names.length).toBe(new Set(names.map(([name]) => name)).size);
    for (const [name, { categories, element }] of names) {
      const [, stack = 'terraform', type = name] =
        /^(terraform|cloudformation|kubernetes|compose|dockerfile):([^:].*)$/.exec(name) ?? [];
      const found = describeType(stack, type.replaceAll('*', 'zz9'));
      expect([name, found.known, found.categories, found.element]).toEqual([name, true, categories, element]);
    }
  });

  test('lexicon phrases are in the form that words come in', () => {
    const phrases = [
      ...LEXICON.attributes.flatMap((a) => [...a.words, ...a.unless]),
      ...LEXICON.types.flatMap((t) => [...t.words, ...t.unless]),
      ...LEXICON.noise.leaves.flatMap((l) => [...l.words, ...l.unless]),
    ];
    expect(phrases.filter((p) => !/^[a-z0-9*]+(?: +[a-z0-9*]+)*$/.test(p))).toEqual([]);
    expect(phrases.filter((p) => p.includes('  '))).toEqual([]);
  });
});

describe('types', () => {
  test.each([
    ['terraform', 'aws_s3_bucket', 'object-storage', ['new-component', 'data-store']],
    ['cloudformation', 'AWS::S3::Bucket', 'object-storage', ['new-component', 'data-store']],
    ['terraform', 'aws_cloudwatch_metric_alarm', 'logging-monitoring', []],
    ['terraform', 'aws_cloudtrail', 'logging-monitoring', ['logging-monitoring']],
    ['terraform', 'google_project_iam_member', 'identity-access', ['identity-access']],
    ['terraform', 'azurerm_key_vault', 'keys-secrets', ['new-component', 'secrets-crypto']],
    ['terraform', 'random_id', 'compute', []],
    ['terraform', 'datadog_monitor', 'logging-monitoring', []],
    ['kubernetes', 'Deployment', 'compute', ['new-component']],
  ])('%s %s is known', (stack, type, family, categories) => {
    expect(describeType(stack, type)).toMatchObject({ family, categories, known: true });
  });

  test('the longest pattern wins over a shorter one', () => {
    expect(describeType('terraform', 'aws_cloudwatch_log_subscription_filter').categories).toContain(
      'data-flow',
    );
    expect(describeType('terraform', 'aws_cloudwatch_dashboard').categories).toEqual([]);
  });

  test.each([
    ['acme_access_policy_thing', 'identity-access'],
    ['acmecloud_bucket', 'data-store'],
    ['acmecloud_firewall', 'trust-boundary'],
    ['acmecloud_thingamajig', 'new-component'],
  ])('%s is guessed from its words', (type, category) => {
    const guessed = describeType('terraform', `zz${type}`);
    expect(guessed.known).toBe(false);
    expect(guessed.categories).toContain(category);
  });

  test('an unknown alarm is plumbing', () =>
    expect(describeType('terraform', 'zzcloud_alarm').categories).toEqual([]));

  test('hostile names cost nothing', () => {
    const long = `${'a_'.repeat(50_000)}*`;
    expect(describeType('terraform', long).known).toBe(false);
    expect(describeAttribute('terraform', 'aws_s3_bucket', `${'x.'.repeat(100_000)}y`)).toBeUndefined();
    expect(describeType('terraform', '__proto__').known).toBe(false);
  });
});

describe('attributes', () => {
  test.each([
    ['aws_db_instance', 'publicly_accessible', 'exposure', 'opens-when-true'],
    ['AWS::RDS::DBInstance', 'PubliclyAccessible', 'exposure', 'opens-when-true'],
    ['aws_security_group', 'ingress.cidr_blocks', 'exposure', 'cidr'],
    ['aws_security_group', 'egress.cidr_blocks', 'network', 'cidr'],
    ['google_storage_bucket', 'public_access_prevention', 'exposure', 'levels'],
    [
      'Deployment',
      'spec.template.spec.containers.securityContext.privileged',
      'privilege',
      'opens-when-true',
    ],
    [
      'kubernetes_deployment_v1',
      'spec.template.spec.container.security_context.privileged',
      'privilege',
      'opens-when-true',
    ],
  ])('%s %s is about %s', (type, path, aspect, reading) => {
    const stack = type === 'Deployment' ? 'kubernetes' : type.includes('::') ? 'cloudformation' : 'terraform';
    expect(describeAttribute(stack, type, path)).toMatchObject({ aspect, reading });
  });

  test.each([
    'tags.Name',
    'description',
    'timeouts.create',
    'depends_on',
    'instance_type',
    'memory_size',
    'replicas',
  ])('%s is noise anywhere', (path) => {
    expect(describeAttribute('terraform', 'aws_instance', path)).toBe('noise');
  });

  test('what a name does not say is not said', () =>
    expect(describeAttribute('terraform', 'zzcloud_thing', 'colour')).toBeUndefined());
});

describe('settings', () => {
  test.each([
    ['production.allow_gov_login', 'authentication'],
    ['cross_account_backup_enabled', 'access'],
    ['publicly_accessible', 'exposure'],
    ['EnableEcrCredentialHelper', 'secret'],
    ['metadata.block-project-ssh-keys', 'authentication'],
    ['min_tls_version', 'encryption'],
    ['enable_audit_logs', 'logging'],
    ['waf_enabled', 'protection'],
  ])('%s is about %s', (name, aspect) =>
    expect(describeSetting(name)).toMatchObject({ aspect, guessed: true }),
  );

  test.each([
    'engine_version',
    'description',
    'desired_count',
    'instance_type',
    'log_retention_timeout',
    'region',
    'alarm_threshold',
  ])('%s says nothing', (name) => {
    const said = describeSetting(name);
    expect(said === 'noise' || said === undefined).toBe(true);
  });

  test('a negating word turns a switch around', () => {
    expect(describeSetting('enable_public_access')).toMatchObject({ reading: 'opens-when-true' });
    expect(describeSetting('block_public_access')).toMatchObject({ reading: 'closes-when-true' });
    expect(describeSetting('disable_encryption')).toMatchObject({ reading: 'opens-when-true' });
  });
});

describe('what turns a name around', () => {
  const reading = (name: string): string | undefined => {
    const found = describeSetting(name);
    return found === 'noise' ? found : found?.reading;
  };
  test('a word beside the phrase does, one inside it does not', () => {
    expect([reading('encryption'), reading('disable_encryption')]).toEqual([
      'closes-when-true',
      'opens-when-true',
    ]);
    expect([reading('deletion_protection'), reading('prevent_destroy')]).toEqual([
      'closes-when-true',
      'closes-when-true',
    ]);
    expect([reading('force_destroy'), reading('skip_final_snapshot')]).toEqual([
      'opens-when-true',
      'opens-when-true',
    ]);
  });
});

describe('words', () => {
  test.each([
    ['publiclyAccessible', 'publicly accessible'],
    ['KMSKeyId', 'kms key id'],
    ['hostPID', 'host pid'],
    ['block-project-ssh-keys', 'block project ssh keys'],
    ['EnableECRCredentialHelper', 'enable ecr credential helper'],
    ['AllowedOAuthFlows', 'allowed oauth flows'],
    ['IPv6CidrBlock', 'ipv6 cidr block'],
    ['trustedCIDRs', 'trusted cidrs'],
  ])('%s → %s', (name, words) => expect(splitWords(name).join(' ')).toBe(words));

  test('phrases are found in order and next to each other', () => {
    expect(phraseOccurs(['public', 'access*'], ['block', 'public', 'accesses'])).toBe(true);
    expect(phraseOccurs(['public', 'access'], ['access', 'public'])).toBe(false);
  });
});

const four = fc
  .tuple(fc.nat(0xffffffff), fc.nat(32))
  .map(([n, p]) => `${[24, 16, 8, 0].map((s) => (n >>> s) & 255).join('.')}/${p}`);

describe('address ranges', () => {
  test.each([
    ['0.0.0.0/0', 'world'],
    ['::/0', 'world'],
    ['*', 'world'],
    ['Internet', 'world'],
    ['0.0.0.0/1', 'world'],
    ['10.0.0.0/8', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0/16', 'public'],
    ['8.8.8.8/32', 'public'],
    ['fd00::/8', 'private'],
    ['2001:db8::1', 'public'],
    ['10.0.0.1-10.0.0.9', 'private'],
    ['::ffff:10.0.0.1', 'public'],
  ])('%s is open to %s', (text, openness) => expect(opennessOf(text)).toBe(openness));

  test.each([
    'sg-12345',
    '10.0.0.0/33',
    '256.0.0.1',
    ':::',
    '1:2:3',
    'pl-1',
    '',
    'a-b',
    '10.0.0.9-10.0.0.1',
    '1.2.3',
  ])('%s is no range', (text) => expect(parseRanges(text)).toBeUndefined());

  test('two halves make the whole', () => {
    const halves = mergeRanges(['0.0.0.0/1', '128.0.0.0/1'].flatMap((t) => parseRanges(t) ?? []));
    const [whole] = parseRanges('0.0.0.0/0') ?? [];
    expect(whole && coversRange(halves, whole)).toBe(true);
    expect(compareRanges(['0.0.0.0/1', '128.0.0.0/1'], ['0.0.0.0/0'])).toEqual({ gained: [], lost: [] });
  });

  test('containment is exact: a range covers another when it covers its first and last address', () => {
    fc.assert(
      fc.property(four, four, (x, y) => {
        const [a] = parseRanges(x) ?? [];
        const [b] = parseRanges(y) ?? [];
        if (!a || !b) return false;
        return coversRange([a], b) === (a.first <= b.first && b.last <= a.last);
      }),
      runs,
    );
  });

  test('order does not count; what is gained one way is lost the other way; nothing is gained from itself', () => {
    fc.assert(
      fc.property(fc.array(four, { maxLength: 6 }), fc.array(four, { maxLength: 6 }), (x, y) => {
        const there = compareRanges(x, y);
        const back = compareRanges(y, x);
        expect(there).toEqual({ gained: back.lost, lost: back.gained });
        expect(compareRanges(x.toReversed(), y)).toEqual(there);
        expect(compareRanges(x, [...x, ...x])).toEqual({ gained: [], lost: [] });
      }),
      runs,
    );
  });

  test('adding a range inside one that is there gains nothing; adding the world always gains unless it is there', () => {
    fc.assert(
      fc.property(four, (x) => {
        expect(compareRanges([x], [x, `${x.split('/')[0] ?? ''}/32`]).gained).toEqual([]);
        expect(compareRanges([x], [x, '::/0']).gained).toEqual(['::/0']);
      }),
      runs,
    );
  });

  test('any text is fine', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const ranges = parseRanges(text);
        return ranges === undefined || ranges.every((r) => r.first <= r.last);
      }),
      runs,
    );
  });
});

describe('readings', () => {
  const compare = (semantics: Partial<AttributeSemantics>, before: unknown, after: unknown): string => {
    const parent = (key: 'beforeParent' | 'afterParent', v: unknown): Partial<Record<typeof key, Value>> =>
      v === undefined ? {} : { [key]: map([entry('a', value(v), 1)], 1) };
    const b = before === undefined ? undefined : value(before);
    const a = after === undefined ? undefined : value(after);
    const parents = { ...parent('beforeParent', before), ...parent('afterParent', after) };
    return compareReading({ path: 'a', aspect: 'exposure', reading: 'any', ...semantics }, [
      {
        path: 'a',
        op: b && a ? 'changed' : a ? 'added' : 'removed',
        ...(b ? { before: b } : {}),
        ...(a ? { after: a } : {}),
        ...parents,
        line: 1,
        side: 'head',
        indirect: false,
      },
    ]).direction;
  };

  test('a switch that opens', () => {
    const s = { reading: 'opens-when-true' } as const;
    expect([
      compare(s, false, true),
      compare(s, undefined, true),
      compare(s, true, undefined),
      compare(s, undefined, false),
    ]).toEqual(['widened', 'widened', 'narrowed', 'none']);
    expect(compare({ ...s, absent: 'true' }, undefined, true)).toBe('none');
  });

  test('a switch that closes', () => {
    const s = { reading: 'closes-when-true' } as const;
    expect([
      compare(s, false, true),
      compare(s, true, undefined),
      compare(s, undefined, 'no'),
      compare(s, true, { ref: 'var.x' }),
    ]).toEqual(['narrowed', 'widened', 'none', 'changed']);
  });

  test('levels, with a place for what is not listed', () => {
    const s = { reading: 'levels', levels: ['public', '*', 'private'], absent: 'private' } as const;
    expect([
      compare(s, 'private', 'public'),
      compare(s, 'public', 'odd'),
      compare(s, undefined, 'private'),
      compare(s, 'odd', 'else'),
    ]).toEqual(['widened', 'narrowed', 'none', 'none']);
  });

  test('presence and absence', () => {
    expect([
      compare({ reading: 'present' }, undefined, 'k'),
      compare({ reading: 'present' }, 'k', ''),
      compare({ reading: 'absent' }, undefined, 'k'),
    ]).toEqual(['narrowed', 'widened', 'widened']);
  });

  test('ranges', () => {
    const s = { reading: 'cidr' } as const;
    expect([
      compare(s, ['10.0.0.0/8'], ['10.0.0.0/8', '10.1.0.0/16']),
      compare(s, ['10.0.0.0/8'], ['0.0.0.0/0']),
      compare(s, ['0.0.0.0/0'], ['10.0.0.0/8']),
    ]).toEqual(['none', 'widened', 'narrowed']);
  });
});
