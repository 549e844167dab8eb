import { expect, describe, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  CATALOGUE_VERSION,
  FAMILIES,
  QUESTIONS,
  REFERENCE_LISTS,
} from '../src/core/catalogue/catalogue.generated.ts';
import { lintCatalogue, type Catalogue } from '../src/core/catalogue/lint.ts';
import { familyById, questionById, questionsOf } from '../src/core/catalogue/questions.ts';
import { STRIDE_OF_ELEMENT, suffers } from '../src/core/catalogue/stride.ts';
import { SIGNALS, type Signal } from '../src/core/model/fact.ts';
import type { Question } from '../src/core/model/question.ts';
import { readCatalogue } from '../scripts/generate/catalogue.ts';

const root = new URL('..', import.meta.url).pathname;
const real = readCatalogue(root);

/** The real catalogue with one question changed. */
function seeded(change: Partial<Record<keyof Question, unknown>>, id = 'OBJ-I1'): Catalogue {
  return {
    ...real,
    questions: real.questions.map((q) => (q.id === id ? ({ ...q, ...change } as Question) : q)),
  };
}

const rulesOf = (catalogue: Catalogue) => [...new Set(lintCatalogue(catalogue).map((p) => p.rule))];

test('the real catalogue has no problem', () => {
  expect(lintCatalogue(real)).toEqual([]);
});

test('the generated module says what the files say', () => {
  expect({ questions: QUESTIONS, families: FAMILIES, references: REFERENCE_LISTS }).toEqual({
    questions: real.questions,
    families: real.families,
    references: real.references,
  });
  expect(CATALOGUE_VERSION).toMatch(/^[0-9a-f]{12}$/);
});

describe('every seeded defect is found', () => {
  const good = real.questions.find((q) => q.id === 'OBJ-I1');
  const cases: readonly (readonly [string, Catalogue])[] = [
    ['unique-id', { ...real, questions: [...real.questions, ...real.questions.slice(0, 1)] }],
    ['unique-family', { ...real, families: [...real.families, ...real.families.slice(0, 1)] }],
    [
      'unique-prefix',
      { ...real, families: real.families.map((f) => (f.id === 'edge' ? { ...f, prefix: 'OBJ' } : f)) },
    ],
    ['empty-family', { ...real, questions: real.questions.filter((q) => q.family !== 'edge') }],
    ['known-family', seeded({ family: 'cellar' })],
    ['id-form', seeded({ id: 'OBJ-I' })],
    ['id-prefix', seeded({ id: 'RDB-I9' })],
    ['id-letter', seeded({ stride: 'T' })],
    ['stride-per-element', seeded({ element: 'external-entity' })],
    ['stride-per-element', seeded({ element: 'trust-boundary' })],
    ['when-empty', seeded({ when: [] })],
    ['when-signal', seeded({ when: ['bucket-emptied'] })],
    ['when-repeated', seeded({ when: ['resource-added', 'resource-added'] })],
    ['ask-form', seeded({ ask: good?.ask.replace(/\?$/, '.') })],
    ['why-form', seeded({ why: good?.why.replace(/\.$/, '') })],
    ['evidence-form', seeded({ evidence: 'a denied request in the log.' })],
    ['length', seeded({ ask: 'Who can read it?' })],
    ['length', seeded({ why: `${'long '.repeat(50)}.` })],
    ['white-space', seeded({ ask: good?.ask.replace(' ', '  ') })],
    ['reference-list', seeded({ references: { cwe: ['CWE-732'], iso: ['A.5'] } })],
    ['reference-form', seeded({ references: { cwe: ['732'] } })],
    ['reference-form', seeded({ references: { tsc: ['CC61'] } })],
    ['reference-known', seeded({ references: { cwe: ['CWE-9'] } })],
    ['reference-repeated', seeded({ references: { cwe: ['CWE-732', 'CWE-732'] } })],
    ['reference-none', seeded({ references: {} })],
    [
      'reference-unused',
      {
        ...real,
        references: real.references.map((r) => ({
          ...r,
          titles: { ...r.titles, 'CWE-1': 'nobody cites it' },
        })),
      },
    ],
    [
      'alias-unknown',
      { ...real, references: real.references.map((r) => ({ ...r, aliases: { T9999: 'T1' } })) },
    ],
    ['lock-repeated', { ...real, lock: [...real.lock, ...real.lock.slice(0, 1)] }],
    ['lock-lost', { ...real, questions: real.questions.filter((q) => q.id !== 'OBJ-I1') }],
    [
      'lock-reused',
      { ...real, lock: real.lock.map((l) => (l.id === 'OBJ-I1' ? { ...l, retired: 'split' } : l)) },
    ],
    ['lock-missing', { ...real, lock: real.lock.filter((l) => l.id !== 'OBJ-I1') }],
  ];
  test.each(cases)('%s (%#)', (rule, catalogue) => {
    expect(rulesOf(catalogue)).toContain(rule);
  });

  test('each rule of the lint has a seed', () => {
    const source = readFileSync(`${root}src/core/catalogue/lint.ts`, 'utf8');
    const rules = new Set([...source.matchAll(/problem\([^']*'([a-z-]+)'/g)].map((m) => m[1]));
    expect(rules.size).toBeGreaterThan(20);
    expect([...rules].filter((r) => !cases.some(([seed]) => seed === r))).toEqual([]);
  });
});

test('a retired id may stay away', () => {
  const without = real.questions.filter((q) => q.id !== 'OBJ-I3');
  const lock = real.lock.map((l) => (l.id === 'OBJ-I3' ? { ...l, retired: 'asked by OBJ-I1' } : l));
  expect(rulesOf({ ...real, questions: without, lock })).toEqual([]);
});

test('every widening of access, and every weaker guard, is asked about in every family', () => {
  const always: readonly Signal[] = [
    'permission-widened',
    'exposure-widened',
    'guardrail-loosened',
    'logging-weakened',
    'resource-added',
  ];
  // Fields and suppliers have no guardrail or log of their own: the store or the flow that holds them is asked.
  const elsewhere: Readonly<Record<string, readonly Signal[]>> = {
    'data-schema': ['guardrail-loosened'],
    'third-party': ['guardrail-loosened', 'logging-weakened'],
  };
  const missing = FAMILIES.flatMap((f) =>
    always
      .filter((s) => !elsewhere[f.id]?.includes(s))
      .filter((s) => !questionsOf(f.id).some((q) => q.when.includes(s)))
      .map((s) => `${f.id} ${s}`),
  );
  expect(missing).toEqual([]);
});

test('every signal is asked about somewhere, or is one that only reassures', () => {
  const asked = new Set(QUESTIONS.flatMap((q) => q.when));
  const reassuring: readonly Signal[] = [
    'trust-narrowed',
    'privilege-lowered',
    'encryption-strengthened',
    'subscription-removed',
    'endpoint-removed',
  ];
  expect(SIGNALS.filter((s) => !asked.has(s)).sort()).toEqual([...reassuring].sort());
});

test('every question can be fired by something that a rule or the resource data says', () => {
  const folders = ['detectors', 'semantics', 'semantics/data', 'access', 'facts'];
  const texts = folders.flatMap((f) => {
    const folder = `${root}src/core/${f}`;
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter(
        (name) => /\.(ts|yaml)$/.test(name) && !name.endsWith('.generated.ts') && name !== 'detector.ts',
      )
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  });
  expect(texts.length).toBeGreaterThan(20);
  const said = SIGNALS.filter((s) => texts.some((t) => new RegExp(`(?<![\\w-])${s}(?![\\w-])`).test(t)));
  expect(QUESTIONS.filter((q) => !q.when.some((w) => said.includes(w))).map((q) => q.id)).toEqual([]);
});

test('a family without a name has no questions', () => {
  expect(questionsOf('__proto__')).toEqual([]);
  expect(questionById('OBJ-I1')?.family).toBe('object-storage');
  expect(questionById('constructor')).toBeUndefined();
  expect(familyById('edge')?.prefix).toBe('EDG');
});

test('letters of an element are those of the chart', () => {
  expect(STRIDE_OF_ELEMENT['data-store'].join('')).toBe('TRID');
  expect(suffers('data-flow', 'S')).toBe(false);
  expect(suffers('external-entity', 'R')).toBe(true);
});

test('the reference page has every question', () => {
  const page = readFileSync(`${root}docs/reference/questions.md`, 'utf8');
  expect(QUESTIONS.filter((q) => !page.includes(`### ${q.id}\n`) || !page.includes(q.ask))).toEqual([]);
});
