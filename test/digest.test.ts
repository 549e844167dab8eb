import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, deltaDigest, digestOf } from '../src/core/digest.ts';
import type { Fact } from '../src/core/model/fact.ts';
import type { ModelDelta } from '../src/core/model/model-delta.ts';

const none: ModelDelta = { touched: [], changes: [] };

const fact = (over: Partial<Fact> = {}): Fact => ({
  id: 'exposure/cidr-widened|infra|aws_security_group.api|0.0.0.0/0',
  rule: 'exposure/cidr-widened',
  kind: 'setting-changed',
  categories: ['exposure'],
  signals: ['exposure-widened'],
  stack: 'terraform',
  address: 'aws_security_group.api',
  scope: 'infra',
  type: 'aws_security_group',
  statement: 'ingress of `aws_security_group.api` widened to 0.0.0.0/0',
  file: 'infra/main.tf',
  line: 12,
  side: 'head',
  deciding: true,
  ...over,
});

test('a known digest: SHA-256 of the text', () => {
  expect(digestOf('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('lines, files and order do not count', () => {
  const a = fact();
  const b = fact({ id: 'b', address: 'aws_s3_bucket.logs' });
  expect(deltaDigest([a, b], none, [])).toBe(
    deltaDigest([{ ...b, line: 99, file: 'infra/other.tf' }, a], none, []),
  );
  expect(deltaDigest([a], { touched: ['docs/tm.md'], changes: [] }, [])).toBe(deltaDigest([a], none, []));
});

test('anything that is meant counts', () => {
  const before = deltaDigest([fact()], none, []);
  const variants: Partial<Fact>[] = [
    { rule: 'exposure/other' },
    { address: 'aws_security_group.web' },
    { scope: 'prod' },
    { statement: 'ingress widened to 192.0.2.0/24' },
    { before: '10.0.0.0/8' },
    { after: '0.0.0.0/0' },
    { reaches: ['aws_instance.db'] },
    { deciding: false },
    { categories: ['exposure', 'trust-boundary'] },
  ];
  const digests = variants.map((v) => deltaDigest([fact(v)], none, []));
  expect(new Set([before, ...digests]).size).toBe(variants.length + 1);
  expect(deltaDigest([], none, [])).not.toBe(before);
});

test('a model statement counts', () => {
  const change = {
    op: 'added',
    element: 'threat',
    key: 't1',
    name: 'T1',
    properties: [],
    details: [],
    location: { file: 'a.md', line: 3 },
    meaning: '{"title":"x"}',
  } as const;
  const one = deltaDigest([], { touched: [], changes: [change] }, []);
  expect(deltaDigest([], { touched: [], changes: [{ ...change, meaning: '{"title":"y"}' }] }, [])).not.toBe(
    one,
  );
  expect(
    deltaDigest([], { touched: [], changes: [{ ...change, location: { file: 'b.md', line: 9 } }] }, []),
  ).toBe(one);
});

test('canonical JSON: key order never shows, and it is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 3, numRuns: 300 },
  );
  expect(canonicalJson({ b: 1, a: undefined, c: [{ z: 1, y: 2 }] })).toBe('{"b":1,"c":[{"y":2,"z":1}]}');
});
