/** Reports of scanners, whoever made them. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSarif } from '../../src/findings/read-sarif.ts';
import { groupsOf } from '../../src/findings/reviews-for.ts';
import { SEVERITIES } from '../../src/findings/severity.ts';
import { walkJson } from '../../src/findings/walk-json.ts';
import { stopwatch } from '../stopwatch.ts';

const options = { seed: 20_261_130, numRuns: 1_000 };
const WHOLE = {
  version: '2.1.0',
  runs: [
    {
      results: [
        {
          ruleId: 'a',
          level: 'error',
          message: { text: 'Words' },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: 'src/a%20b.ts' }, region: { startLine: 3 } },
              logicalLocations: [{ fullyQualifiedName: 'shop::api' }],
            },
          ],
          partialFingerprints: { primary: 'x', other: 'y' },
        },
        { ruleIndex: 1, message: { text: 'By index' } },
        { ruleId: 'b', kind: 'pass' },
        { ruleId: 'b', suppressions: [{ kind: 'inSource' }] },
      ],
      tool: {
        driver: {
          name: 'Scan',
          rules: [{ id: 'a' }, { id: 'b', properties: { 'security-severity': '9.8' } }],
        },
      },
    },
  ],
};

describe('what a report says', () => {
  test('rules behind the results, scores before levels, and what passed is no finding', () => {
    const read = readSarif(JSON.stringify(WHOLE));
    expect(read).toMatchObject({ passedOver: 2, left: 0 });
    expect(
      read?.findings.map(({ rule, severity, file, line, logical }) => [rule, severity, file, line, logical]),
    ).toEqual([
      ['a', 'high', 'src/a b.ts', 3, ['shop::api']],
      ['b', 'critical', undefined, undefined, []],
    ]);
  });

  test('a fingerprint is that of the finding, not of its line nor of the order of its parts', () => {
    const printOf = (change: (result: Record<string, unknown>) => void): string | undefined => {
      const copy = structuredClone(WHOLE);
      const [result] = copy.runs[0]?.results ?? [];
      change(result as Record<string, unknown>);
      return readSarif(JSON.stringify(copy))?.findings[0]?.fingerprint;
    };
    const plain = printOf(() => undefined);
    expect(printOf((r) => (r['partialFingerprints'] = { other: 'y', primary: 'x' }))).toBe(plain);
    expect(printOf((r) => (r['level'] = 'note'))).toBe(plain);
    expect(printOf((r) => (r['partialFingerprints'] = { primary: 'z' }))).not.toBe(plain);
    expect(printOf((r) => (r['ruleId'] = 'c'))).not.toBe(plain);
  });

  test.each(['../../etc/passwd', 'https://x.example/a.ts', 'file:///a/../b', ''])(
    '%j leads nowhere',
    (uri) => {
      const locations = [{ physicalLocation: { artifactLocation: { uri } } }];
      const read = readSarif(JSON.stringify({ runs: [{ results: [{ ruleId: 'a', locations }] }] }));
      expect(read?.findings.map((f) => f.file)).toEqual([undefined]);
    },
  );
});

describe('hostile text', () => {
  test('whatever JSON it is, reading ends in findings within bounds, or in nothing', () => {
    const names = fc.constantFrom(
      'runs',
      'results',
      'tool',
      'driver',
      'rules',
      'id',
      'ruleId',
      'ruleIndex',
      'level',
      'kind',
      'locations',
      'physicalLocation',
      'artifactLocation',
      'uri',
      'region',
      'startLine',
      'message',
      'text',
      'partialFingerprints',
      'suppressions',
      '__proto__',
      'constructor',
      '',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 9, withCrossShrink: true },
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant('é\u0000\uD800')),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(names, tie('value')), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs)),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          value,
          value.map((results) => ({ runs: [{ results: [results] }] })),
        ),
        (json) => {
          const read = readSarif(JSON.stringify(json));
          for (const finding of read?.findings ?? []) {
            expect(SEVERITIES).toContain(finding.severity);
            expect(finding.fingerprint).toMatch(/^[0-9a-f]{16}$/);
            expect(finding.rule.length).toBeLessThanOrEqual(200);
            expect(finding.message.length).toBeLessThanOrEqual(300);
            expect(finding.file?.split('/') ?? []).not.toContain('..');
          }
        },
      ),
      options,
    );
  });

  test('a report with any one character changed or cut off is read or refused, and never throws', () => {
    const text = JSON.stringify(WHOLE);
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 2 }), fc.boolean(), (place, other, cut) => {
        readSarif(text.slice(0, place) + other + (cut ? '' : text.slice(place + 1)));
      }),
      options,
    );
    for (let end = 0; end < text.length; end++) expect(readSarif(text.slice(0, end))).toBeUndefined();
  });

  test('what JSON is whole to the walk is whole to the language, and nothing cut off is', () => {
    const silent = { open: () => undefined, close: () => undefined, scalar: () => undefined };
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(walkJson(text, silent)).toBe(true);
      }),
      options,
    );
    for (const broken of [
      '',
      ' ',
      '{',
      '[1',
      '{"a"',
      '"a',
      '[}',
      '{]',
      '1 2',
      '{} []',
      'tru',
      '[1]]',
      '{"a":}}',
    ])
      expect([broken, walkJson(broken, silent)]).toEqual([broken, false]);
  });

  const LARGE: readonly (readonly [string, string])[] = [
    ['results without end', `{"runs":[{"results":[${'{"ruleId":"a"},'.repeat(300_000)}{}]}]}`],
    [
      'rules without end',
      `{"runs":[{"tool":{"driver":{"rules":[${'{"id":"a"},'.repeat(300_000)}{}]}},"results":[]}]}`,
    ],
    [
      'names without end',
      `{"runs":[{"results":[{"locations":[{"logicalLocations":[${'{"name":"a"},'.repeat(200_000)}{}]}]}]}]}`,
    ],
    ['one text', `{"runs":[{"results":[{"message":{"text":"${'x'.repeat(5_000_000)}"}}]}]}`],
    ['one key', `{"runs":[{"results":[{"${'x'.repeat(5_000_000)}":1}]}]}`],
    [
      'prints',
      `{"runs":[{"results":[{"partialFingerprints":{${Array.from({ length: 100_000 }, (_, i) => `"p${i}":"x"`).join(',')}}}]}]}`,
    ],
    ['depth', '{"runs":['.repeat(100_000)],
  ];

  test.each(LARGE)('%s: bounded in what is kept and in time', (_, text) => {
    const took = stopwatch();
    const read = readSarif(text);
    expect(read?.findings.length ?? 0).toBeLessThanOrEqual(10_000);
    if (text.includes('"ruleId"')) expect((read?.findings.length ?? 0) + (read?.left ?? 0)).toBe(300_001);
    expect(took()).toBeLessThan(4_000);
  });
});

test('a finding is asked about once for each component, whatever is on record by then', () => {
  const finding = fc
    .record({ print: fc.nat(5), severity: fc.constantFrom(...SEVERITIES), rule: fc.constantFrom('r', 's') })
    .map(({ print, severity, rule }) => ({
      tool: 't',
      rule,
      severity,
      message: '',
      file: undefined,
      line: undefined,
      logical: [],
      fingerprint: String(print),
    }));
  fc.assert(
    fc.property(fc.array(finding), fc.array(finding), (first, second) => {
      const components = (f: { readonly fingerprint: string }) =>
        Number(f.fingerprint) % 3 === 0 ? [] : [{ name: `c${Number(f.fingerprint) % 2}`, owner: undefined }];
      const asked = groupsOf(first, components, []);
      const past = asked.groups.map(({ component, findings }) => ({
        kind: 'review-opened',
        details: { components: [component.name], fingerprints: findings.map((f) => f.fingerprint) },
      })) as unknown as Parameters<typeof groupsOf>[2];
      const again = groupsOf([...first, ...second], components, past);
      const prints = (groups: typeof asked.groups) =>
        groups.flatMap((g) => g.findings.map((f) => f.fingerprint));
      expect(new Set(prints(asked.groups)).size).toBe(prints(asked.groups).length);
      expect(prints(again.groups).filter((p) => prints(asked.groups).includes(p))).toEqual([]);
    }),
    options,
  );
});
