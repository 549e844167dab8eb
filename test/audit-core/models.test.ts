import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastModels, modelRegisterOf } from '../../src/core/audit/model-register.ts';
import { readRecordedModels, recordedModels } from '../../src/core/audit/recorded-models.ts';
import { digestOf } from '../../src/core/digest.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';

const MODEL = `# Threat model of the shop

Owner: @alice

## Components

| Name | Type | Resource | Trust boundary |
| --- | --- | --- | --- |
| Web | process | \`aws_ecs_service.web\` | Public |
| Orders | data store | \`aws_db_instance.orders\` | Private |

## External dependencies

| Name | Purpose |
| --- | --- |
| Stripe | takes payments |

## Data flows

| From | To | Protocol | Data |
| --- | --- | --- | --- |
| Web | Orders | TLS | orders |
| Web | Stripe | HTTPS | card tokens |

## Threats

| ID | Threat | Component | STRIDE | Likelihood | Impact | Status | Mitigation | Owner |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| T1 | Orders of one customer are read by another | Orders | I | Possible | High | Mitigated | Row-level security | @bob |
| T2 | A payment is replayed | Web | T | Rare | High | Accepted | | @carol |

## Assumptions

- Stripe keeps card numbers, we never see them.
`;

const reading = (text: string) => readModels([{ path: 'docs/threat-model.md', text }]);

const recordOf = (document: string, sequence: number, at: string, repository = 1): AuditRecord => ({
  kind: 'model-recorded',
  repository: { id: repository, name: `acme/r${repository}` },
  at,
  source: `models/${sequence}`,
  sequence,
  previous: '',
  hash: '',
  details: { document },
});

test('what a model says can be read again from what is stored, as threats, vendors, assumptions, inventory', () => {
  const text = recordedModels(reading(MODEL));
  const digest = digestOf(text);
  const register = modelRegisterOf([recordOf(digest, 5, '2026-01-02T00:00:00.000Z')], (asked) =>
    asked === digest ? text : undefined,
  );
  expect(register.doubts).toEqual([]);
  expect(register.threats.map((t) => [t.threat, t.status, t.owner, t.likelihood, t.impact])).toEqual([
    ['Orders of one customer are read by another', 'mitigated', '@bob', 'Possible', 'High'],
    ['A payment is replayed', 'accepted', '@carol', 'Rare', 'High'],
  ]);
  expect(register.threats[0]).toMatchObject({ about: ['Orders'], record: 5, file: 'docs/threat-model.md' });
  expect(register.vendors.map((v) => [v.vendor, v.flows])).toEqual([['Stripe', ['Web → Stripe']]]);
  expect(register.assumptions.map((a) => a.assumption)).toEqual([
    'Stripe keeps card numbers, we never see them.',
  ]);
  expect(register.inventory.map((i) => [i.kind, i.name])).toEqual(
    expect.arrayContaining([
      ['component', 'Web'],
      ['component', 'Orders'],
      ['data-flow', 'Web → Orders'],
    ]),
  );
});

test('lines that move and rows that change places are the same model; another word is another one', () => {
  const text = recordedModels(reading(MODEL));
  const moved = MODEL.replace('# Threat model', '\n\n# Threat model');
  const rows = MODEL.split('\n');
  const [web, orders] = [
    rows.findIndex((row) => row.startsWith('| Web | process')),
    rows.findIndex((row) => row.startsWith('| Orders | data')),
  ];
  const swapped = rows
    .map((row, i) => (i === web ? rows[orders] : i === orders ? rows[web] : row))
    .join('\n');
  expect(swapped).not.toBe(MODEL);
  expect(recordedModels(reading(moved))).toBe(text);
  expect(recordedModels(reading(swapped))).toBe(text);
  expect(recordedModels(reading(MODEL.replace('Rare', 'Possible')))).not.toBe(text);
});

test('what could not be read is in the document and in the register', () => {
  const text = recordedModels(reading(MODEL), ['The list of files was cut short.']);
  expect(readRecordedModels(text)?.complete).toBe(false);
  const of = (stored: string | undefined) =>
    modelRegisterOf([recordOf('sha256:x', 1, '2026-01-01T00:00:00.000Z')], () => stored).doubts.map(
      (d) => d.what,
    );
  expect(of(text)).toEqual(['The list of files was cut short.']);
  expect(of(undefined)).toEqual(['What the models said is not on record.']);
  expect(of('{"schema":"2.0"}')).toEqual(['What the models said is not on record.']);
});

test('the last record of each repository before an instant counts', () => {
  const records = [
    recordOf('a', 1, '2026-01-01T00:00:00.000Z'),
    recordOf('b', 4, '2026-02-01T00:00:00.000Z'),
    recordOf('c', 2, '2026-01-15T00:00:00.000Z', 2),
  ];
  const at = (instant: string) =>
    lastModels([...records].reverse(), instant).map((r) => [r.repository.id, r.details['document']]);
  expect(at('2025-12-31T00:00:00.000Z')).toEqual([]);
  expect(at('2026-01-20T00:00:00.000Z')).toEqual([
    [1, 'a'],
    [2, 'c'],
  ]);
  expect(at('2026-02-01T00:00:00.000Z')).toEqual([
    [1, 'b'],
    [2, 'c'],
  ]);
});

test('a document of somebody else is read as what it is, or not at all', () => {
  const shape = fc.json({ maxDepth: 4 });
  fc.assert(
    fc.property(fc.oneof(shape, fc.string()), (text) => {
      expect(() => readRecordedModels(text)).not.toThrow();
      expect(() =>
        modelRegisterOf([recordOf('sha256:x', 1, '2026-01-01T00:00:00.000Z')], () => text),
      ).not.toThrow();
    }),
    { seed: 3, numRuns: 500 },
  );
});
