import { expect, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { questionById } from '../src/core/catalogue/questions.ts';
import { suffers } from '../src/core/catalogue/stride.ts';
import { CATEGORIES, FACT_KINDS, SIGNALS, type Fact } from '../src/core/model/fact.ts';
import type { Policy } from '../src/core/model/policy.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import { deriveRequirement } from '../src/core/requirement/derive.ts';
import { familyOf } from '../src/core/requirement/family.ts';
import { selectQuestions } from '../src/core/requirement/select-questions.ts';
import { fact } from './support/facts.ts';

const policy = (over: Partial<Policy> = {}): Policy => ({ ...BUILT_IN_POLICY, ...over });
const questions = (over: Partial<Policy['questions']>): Policy =>
  policy({ questions: { ...BUILT_IN_POLICY.questions, ...over } });
const bucket = (name: string, over: Partial<Fact> = {}) =>
  fact(`aws_s3_bucket.${name}`, { family: 'object-storage', element: 'data-store', ...over });
const asked = (facts: readonly Fact[], p = policy()) =>
  selectQuestions(facts, p).map((q) => `${q.address} ${q.id}`);

describe('questions', () => {
  test('a new bucket is asked about reading, integrity and logs', () => {
    expect(asked([bucket('logs')])).toEqual([
      'aws_s3_bucket.logs OBJ-T1',
      'aws_s3_bucket.logs OBJ-I1',
      'aws_s3_bucket.logs OBJ-R1',
    ]);
  });

  test('a question carries the facts that fired it and a line of the head', () => {
    const removed = bucket('logs', {
      rule: 'exposure/x',
      id: 'a',
      side: 'base',
      line: 9,
      signals: ['exposure-widened'],
    });
    const added = bucket('logs', { rule: 'exposure/y', id: 'b', line: 4, signals: ['exposure-widened'] });
    expect(selectQuestions([removed, added], policy()).find((q) => q.id === 'OBJ-I1')).toEqual({
      id: 'OBJ-I1',
      address: 'aws_s3_bucket.logs',
      scope: 'infra',
      because: ['a', 'b'],
      file: 'infra/main.tf',
      line: 4,
    });
  });

  test('facts that do not decide ask nothing', () => {
    expect(asked([bucket('logs', { deciding: false })])).toEqual([]);
  });

  test('a signal that no question of the family knows asks nothing', () => {
    expect(asked([bucket('logs', { signals: ['exposure-narrowed'] })])).toEqual([]);
  });

  test('at most as many as the policy says, the most severe first', () => {
    const much = bucket('logs', { signals: [...SIGNALS] });
    const all = selectQuestions([much], questions({ maxPerComponent: 20 })).map((q) => q.id);
    expect(all.length).toBeGreaterThan(6);
    expect(selectQuestions([much], policy()).map((q) => q.id)).toEqual(all.slice(0, 6));
    expect(selectQuestions([much], questions({ maxPerComponent: 2 })).map((q) => q.id)).toEqual(
      all.slice(0, 2),
    );
    const weights = all.map((id) =>
      ['critical', 'high', 'medium', 'low'].indexOf(questionById(id)?.severity ?? ''),
    );
    expect(weights).toEqual([...weights].sort());
  });

  test('among equally severe ones a new letter comes before a repeated one', () => {
    const much = bucket('logs', { signals: [...SIGNALS] });
    const ids = selectQuestions([much], questions({ maxPerComponent: 20 })).map((q) => q.id);
    const letters = ids
      .filter((id) => questionById(id)?.severity === 'high')
      .map((id) => questionById(id)?.stride);
    const repeats = letters.findIndex((l, i) => letters.indexOf(l) < i);
    expect(letters.slice(0, repeats)).toEqual([...new Set(letters)]);
  });

  test('excluded ids and a disabled checklist are respected', () => {
    expect(asked([bucket('logs')], questions({ exclude: ['OBJ-T1'] }))).not.toContain(
      'aws_s3_bucket.logs OBJ-T1',
    );
    expect(asked([bucket('logs')], questions({ enabled: false }))).toEqual([]);
  });

  test('several of a kind are asked once, at the first, because of all', () => {
    const found = selectQuestions([bucket('c'), bucket('a'), bucket('b')], policy());
    expect(new Set(found.map((q) => q.address))).toEqual(new Set(['aws_s3_bucket.a']));
    expect(found[0]?.because).toEqual(
      ['a', 'b', 'c'].map((n) => `components/added|infra|aws_s3_bucket.${n}`),
    );
  });

  test('the same question by another rule or in another scope is another question', () => {
    const opened = bucket('b', { rule: 'exposure/public', signals: ['exposure-widened'] });
    expect(asked([bucket('a'), opened])).toContain('aws_s3_bucket.b OBJ-I1');
    expect(
      asked([bucket('a'), bucket('a', { scope: 'other' })]).filter((q) => q.endsWith('OBJ-I1')),
    ).toHaveLength(2);
  });

  test('a fact of an unknown type is asked by its category, a path rule as code', () => {
    expect(familyOf(fact('x.y', { categories: ['ci-supply-chain'] }))).toBe('ci-cd');
    expect(familyOf(fact('x.y', { categories: ['identity-access'] }))).toBe('identity-access');
    expect(familyOf(fact('rule', { categories: ['identity-access'], kind: 'path-touched' }))).toBe(
      'auth-session',
    );
    expect(familyOf(fact('x.y', { categories: ['removed-component'] }))).toBeUndefined();
    const touched = fact('login src/auth', {
      kind: 'path-touched',
      categories: ['identity-access'],
      signals: ['path-touched'],
    });
    expect(asked([touched])).toEqual(['login src/auth AUT-E1', 'login src/auth AUT-E2']);
  });
});

describe('demands', () => {
  const kinds = (facts: readonly Fact[], p = policy()) =>
    deriveRequirement(facts, p).cover.map((d) => d.kind);

  test.each<readonly [string, Partial<Fact>, readonly string[]]>([
    ['a new component', {}, ['new']],
    ['a new store', { categories: ['data-store'] }, ['new']],
    ['a new role is no component', { categories: ['identity-access'] }, ['present']],
    [
      'an opened port',
      { kind: 'resource-changed', categories: ['exposure'], signals: ['exposure-widened'] },
      ['new'],
    ],
    [
      'a closed port',
      { kind: 'resource-changed', categories: ['exposure'], signals: ['exposure-narrowed'] },
      ['present'],
    ],
    [
      'a new subscriber of an old topic',
      { kind: 'resource-changed', categories: ['data-flow'], signals: ['subscription-added'] },
      ['new'],
    ],
    [
      'a subscriber that went away',
      {
        kind: 'resource-changed',
        categories: ['data-flow'],
        signals: ['subscription-added'],
        before: 'billing',
      },
      ['present'],
    ],
    [
      'a new outside host',
      {
        kind: 'setting-changed',
        categories: ['external-dependency', 'data-flow'],
        signals: ['external-host-added'],
      },
      ['new'],
    ],
    [
      'a new dependency',
      { kind: 'dependency-added', categories: ['external-dependency'], signals: ['dependency-added'] },
      ['new'],
    ],
    [
      'a removed component',
      { kind: 'resource-removed', categories: ['removed-component'], signals: ['resource-removed'] },
      ['removed'],
    ],
    ['what does not decide', { deciding: false }, []],
    [
      'the gate’s own rules',
      { kind: 'policy-changed', categories: ['ci-supply-chain'], signals: ['policy-file-changed'] },
      [],
    ],
  ])('%s', (_, over, expected) => {
    expect(kinds([fact('aws_thing.x', over)])).toEqual(expected);
  });

  test('categories that the policy does not name demand nothing', () => {
    const facts = [fact('aws_thing.x', { categories: ['logging-monitoring'] })];
    expect(kinds(facts)).toEqual(['present']);
    expect(kinds(facts, policy({ categories: ['exposure'] }))).toEqual([]);
  });

  test('an exception names addresses, bare or with their scope', () => {
    const facts = [
      fact('aws_sqs_queue.a', { scope: 'infra/prod' }),
      fact('aws_sqs_queue.b', { scope: 'infra/dev' }),
    ];
    const left = (resource: string) =>
      deriveRequirement(facts, policy({ except: [{ resource, reason: 'short-lived' }] })).cover.map((d) =>
        d.fact.at(-1),
      );
    expect(left('aws_sqs_queue.*')).toEqual([]);
    expect(left('infra/dev/*')).toEqual(['a']);
    expect(left('aws_sqs_queue.b')).toEqual(['a']);
    expect(left('aws_sqs_queue')).toEqual(['b', 'a']);
  });

  test('approval', () => {
    const approval = (over: Partial<Policy['approval']>, mode: Policy['mode'] = 'enforce') =>
      policy({ mode, approval: { ...BUILT_IN_POLICY.approval, ...over } });
    const demanded = (facts: readonly Fact[], p: Policy) => deriveRequirement(facts, p).approval;
    const ownRules = fact('.github/threatgate.yml', {
      kind: 'policy-changed',
      categories: ['ci-supply-chain'],
    });
    expect(demanded([bucket('a')], approval({ required: true }))).toBe(true);
    expect(demanded([bucket('a', { deciding: false })], approval({ required: true }))).toBe(false);
    expect(demanded([bucket('a')], approval({ users: ['grace-h'] }))).toBe(false);
    expect(demanded([ownRules], approval({ users: ['grace-h'] }))).toBe(true);
    expect(demanded([ownRules], approval({}))).toBe(false);
    expect(demanded([ownRules], approval({ users: ['grace-h'] }, 'observe'))).toBe(false);
  });
});

describe('properties', () => {
  const someFact = fc
    .record({
      name: fc.constantFrom('a', 'b', 'c', '__proto__'),
      scope: fc.constantFrom('', 'infra', 'infra/prod'),
      rule: fc.constantFrom('components/added', 'exposure/public', 'access-policies/widened'),
      family: fc.constantFrom('object-storage', 'compute', 'identity-access', 'constructor', undefined),
      kind: fc.constantFrom(...FACT_KINDS),
      signals: fc.subarray([...SIGNALS]),
      categories: fc.subarray([...CATEGORIES], { minLength: 1 }),
      deciding: fc.boolean(),
    })
    .map(({ name, family, ...f }) =>
      fact(`aws_s3_bucket.${name}`, { ...f, ...(family === undefined ? {} : { family }) }),
    );
  const someFacts = fc.uniqueArray(someFact, { selector: (f) => f.id, maxLength: 12 });
  const settings = { seed: 7, numRuns: 200 };

  test('the order of the facts does not matter', () => {
    fc.assert(
      fc.property(
        someFacts.chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
        ),
        ([facts, shuffled]) => {
          expect(deriveRequirement(shuffled, policy())).toEqual(deriveRequirement(facts, policy()));
        },
      ),
      settings,
    );
  });

  test('every question is legal, bounded and because of deciding facts that fire it', () => {
    fc.assert(
      fc.property(someFacts, fc.integer({ min: 1, max: 8 }), (facts, most) => {
        const found = selectQuestions(facts, questions({ maxPerComponent: most }));
        const perComponent = Map.groupBy(found, (q) => `${q.scope}\n${q.address}`);
        for (const list of perComponent.values()) expect(list.length).toBeLessThanOrEqual(most);
        for (const q of found) {
          const question = questionById(q.id);
          if (!question) throw new Error(`no question ${q.id}`);
          expect(suffers(question.element, question.stride)).toBe(true);
          expect(q.because.length).toBeGreaterThan(0);
          for (const id of q.because) {
            const cause = facts.find((f) => f.id === id);
            expect(cause?.deciding).toBe(true);
            expect(cause?.signals.some((s) => question.when.includes(s))).toBe(true);
          }
        }
      }),
      settings,
    );
  });

  test('no component is asked the same twice', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const found = selectQuestions(facts, policy()).map((q) => `${q.scope}\n${q.address}\n${q.id}`);
        expect(new Set(found).size).toBe(found.length);
      }),
      settings,
    );
  });
});
