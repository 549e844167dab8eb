import { describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assessmentPlan } from '../../src/core/audit/oscal/assessment-plan.ts';
import { assessmentResults } from '../../src/core/audit/oscal/assessment-results.ts';
import { controlId } from '../../src/core/audit/oscal/frame.ts';
import { nameBasedUuid } from '../../src/core/audit/oscal/name-based-uuid.ts';
import { MOST_OBSERVED } from '../../src/core/audit/oscal/observations.ts';
import { poam } from '../../src/core/audit/oscal/poam.ts';
import { FRAMEWORKS } from '../../src/core/audit/frameworks.ts';
import { assessed, chained, pull, said, story } from './story.ts';

/**
 * NIST's schemas are not ours to hand on: where they lie is told by OSCAL_SCHEMAS, or they lie in `oscal-schemas` beside the
 * repository, under the names that NIST releases them by.
 */
const SCHEMAS = process.env['OSCAL_SCHEMAS'] ?? join(import.meta.dirname, '../../../oscal-schemas');
const DOCUMENTS = [
  ['assessment-plan', assessmentPlan],
  ['assessment-results', assessmentResults],
  ['poam', poam],
] as const;

const schemaOf = (name: string): string => join(SCHEMAS, `oscal_${name}_schema.json`);
const nist = DOCUMENTS.every(([name]) => existsSync(schemaOf(name))) ? test : test.skip;

function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(schemaOf(name), 'utf8')) as object);
}

interface Told {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly status?: string;
  readonly deadline?: string;
  readonly props?: readonly { readonly name: string; readonly value: string }[];
  readonly 'related-observations'?: readonly { readonly 'observation-uuid': string }[];
  readonly 'related-risks'?: readonly { readonly 'risk-uuid': string }[];
  readonly target?: { readonly status: { readonly state: string } };
}

interface Results {
  readonly 'assessment-results': {
    readonly 'import-ap': { readonly href: string };
    readonly results: readonly [
      { readonly observations: readonly Told[]; readonly findings?: readonly Told[]; readonly start: string },
    ];
    readonly 'back-matter': { readonly resources: readonly Told[] };
  };
}
const resultsOf = (value: object): Results['assessment-results'] => (value as Results)['assessment-results'];
const poamOf = (value: object) =>
  (value as { 'plan-of-action-and-milestones': { risks?: Told[]; 'poam-items': Told[] } })[
    'plan-of-action-and-milestones'
  ];
const propOf = (of: Told, name: string): string | undefined => of.props?.find((p) => p.name === name)?.value;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TOKEN = /^[\p{L}_][\p{L}\p{N}.\-_]*$/u;
/** What every one of these documents has to keep to, by the types of OSCAL that we use: of which keys, and in which form. */
const FORMS: readonly (readonly [keys: RegExp, form: RegExp])[] = [
  [/(?:^|-)uuid$/, UUID],
  [/^(?:value|version)$/, /^\S(?:.*\S)?$/],
  [/^(?:name|control-id|target-id|state|reason|type|status|lifecycle)$/, TOKEN],
  [/^(?:collected|deadline|start|end|last-modified|expires)$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
];

function requireSound(document: unknown): void {
  const uuids: string[] = [];
  const wrong: string[] = [];
  const look = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      if (value.length === 0) wrong.push(`${key} is empty`);
      value.forEach((each) => look(each, key));
    } else if (typeof value === 'object' && value !== null)
      for (const [name, below] of Object.entries(value)) look(below, name);
    else if (typeof value === 'string') {
      if (value === '') wrong.push(`${key} is empty`);
      if (key === 'uuid') uuids.push(value);
      for (const [keys, form] of FORMS)
        if (keys.test(key) && !form.test(value)) wrong.push(`${key}: ${JSON.stringify(value)}`);
    }
  };
  look(document, '');
  expect(wrong).toEqual([]);
  expect(new Set(uuids).size).toBe(uuids.length);
}

/** Everything that a reader may take for Markdown. */
function proseIn(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return /^(?:title|description|statement|remarks)$/.test(key) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => proseIn(below, Array.isArray(value) ? key : name));
}

const records = chained(story());

describe('OSCAL', () => {
  test('names things by what they are: UUIDs of version 5', () => {
    expect(nameBasedUuid('a')).toMatch(UUID);
    expect(nameBasedUuid('a')).toBe(nameBasedUuid('a'));
    expect(nameBasedUuid('a')).not.toBe(nameBasedUuid('b'));
  });

  test.each(DOCUMENTS)('%s keeps to the types of OSCAL', (_name, documentOf) => {
    requireSound(documentOf(assessed(records)));
    requireSound(documentOf(assessed(records, { size: 3, seed: 's' })));
    requireSound(documentOf(assessed([])));
  });

  nist.each(DOCUMENTS)('%s is valid by the schema of NIST', (name, documentOf) => {
    const validate = validatorOf(name);
    for (const subject of [assessed(records), assessed(records, { size: 3, seed: 's' }), assessed([])]) {
      validate(documentOf(subject));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('results have an observation for each change and outage, and a finding for each exception', () => {
    const subject = assessed(records);
    const { results, 'import-ap': plan } = resultsOf(assessmentResults(subject));
    const [{ observations, findings = [] }] = results;
    expect(plan.href).toBe('oscal-assessment-plan.json');
    expect(observations).toHaveLength(1 + subject.population.changes.length + 1);
    expect(observations[0]?.description).toMatch(
      /^12 in all: gated 4, not-triggered 1, waived 1, emergency 2/,
    );
    expect(findings.map((f) => [propOf(f, 'kind'), propOf(f, 'state'), f.target?.status.state])).toEqual([
      ['emergency', 'done', 'satisfied'],
      ['emergency', 'overdue', 'not-satisfied'],
      ['waiver', 'standing', 'satisfied'],
      ['bypass', undefined, 'not-satisfied'],
      ['direct-push', undefined, 'not-satisfied'],
      ['outage', undefined, 'not-satisfied'],
      ['unexplained', undefined, 'not-satisfied'],
    ]);
    const known = new Set(observations.map((o) => o.uuid));
    for (const finding of findings)
      for (const related of finding['related-observations'] ?? [])
        expect(known).toContain(related['observation-uuid']);
    expect(findings.every((f) => f['related-observations'] !== undefined)).toBe(true);
  });

  test('above the bound only what is not ordinary, and the sample, is observed one by one', () => {
    const quiet = Array.from({ length: MOST_OBSERVED + 1 }, (_, n) =>
      pull(100 + n, '2026-09-01', [], { applicable: false }),
    ).flat();
    const subject = assessed(chained([...quiet, ...story()]), { size: 5, seed: 'x' });
    const [{ observations }] = resultsOf(assessmentResults(subject)).results;
    const exceptional = subject.population.changes.filter((c) => !['gated', 'not-triggered'].includes(c.way));
    const both = new Set([...exceptional, ...subject.drawn]);
    expect(observations).toHaveLength(1 + both.size + 1);
    expect(propOf(observations[0] as Told, 'changes')).toBe(String(subject.population.changes.length));
    expect(observations.filter((o) => propOf(o, 'drawn') === 'true')).toHaveLength(5);
  });

  test('the plan of action has reviews that are due, accepted risks and tickets, each with its risk', () => {
    const { risks = [], 'poam-items': items } = poamOf(poam(assessed(records)));
    expect(risks.map((r) => [r.title.split(':')[0], r.status, r.deadline])).toEqual([
      ['Review of an emergency', 'open', '2026-03-10T00:00:00.000Z'],
      ['Accepted', 'deviation-approved', '2027-06-01T00:00:00.000Z'],
      ['To be done', 'remediating', undefined],
    ]);
    expect(items.map((i) => i['related-risks']?.[0]?.['risk-uuid'])).toEqual(risks.map((r) => r.uuid));
  });

  test('a review that was opened and not held is open, and a closed ticket is not', () => {
    const more = [
      said('review-opened', 0, '2026-07-02T00:00:00.000Z', {
        cause: 'schedule',
        subject: 'The whole model',
        due: '2026-08-02T00:00:00.000Z',
      }),
      said('ticket', 0, '2026-07-03T00:00:00.000Z', {
        ticket: 'SHOP-1',
        key: 'jira:SHOP-1',
        state: 'closed',
      }),
    ];
    const { risks = [] } = poamOf(poam(assessed(chained([...story(), ...more]))));
    expect(risks.map((r) => [r.title.split(':')[0], r.deadline])).toEqual([
      ['Review of an emergency', '2026-03-10T00:00:00.000Z'],
      ['Review', '2026-08-02T00:00:00.000Z'],
      ['Accepted', '2027-06-01T00:00:00.000Z'],
    ]);
  });

  test('a finding has what people said about it', () => {
    const push = story().find((r) => r.kind === 'direct-push');
    const about = said('exception-explained', 0, '2026-07-05T00:00:00.000Z', {
      of: push?.source ?? '',
      cause: 'A <b>script</b>',
      impact: 'None',
      response: 'The script is gone',
    });
    const { results } = resultsOf(assessmentResults(assessed(chained([...story(), about]))));
    const [finding] = results[0].findings?.filter((f) => propOf(f, 'kind') === 'direct-push') ?? [];
    expect(finding).toMatchObject({
      remarks: 'Cause: A &#60;b&#62;script&#60;/b&#62; — Impact: None — Response: The script is gone',
    });
  });

  test('an acceptance that has run out is open, and nothing open is said to be nothing', () => {
    const late = story().map((r) =>
      r.details['expires'] === '2027-06-01' ? { ...r, details: { ...r.details, expires: '2026-03-01' } } : r,
    );
    expect(poamOf(poam(assessed(chained(late)))).risks?.[1]?.status).toBe('open');
    expect(poamOf(poam(assessed([])))).toMatchObject({ 'poam-items': [{ title: 'Nothing was open' }] });
  });

  test('the same package is the same document, and other records make another one', () => {
    const again = (): string => JSON.stringify(DOCUMENTS.map(([, of]) => of(assessed(records))));
    expect(again()).toBe(again());
    const uuidsOf = (text: string): readonly string[] =>
      text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
    const other = uuidsOf(JSON.stringify(assessmentResults(assessed(records.slice(0, -1)))));
    const ours = new Set(uuidsOf(JSON.stringify(assessmentResults(assessed(records)))));
    expect(other.filter((uuid) => ours.has(uuid))).toEqual([]);
  });

  test('every control of the map has an id of its own', () => {
    const ids = new Map(FRAMEWORKS.map((f) => [`${f.framework}/${f.control}`, controlId(f)]));
    expect(new Set(ids.values()).size).toBe(ids.size);
    expect([...ids.values()].filter((id) => !TOKEN.test(id))).toEqual([]);
  });

  test('what people write can break neither the types nor the Markdown', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', ' ', '\n', '# x', '[a](javascript:1)', '<img src=x>', '\u202e', '@all', '`'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (reason, address, expires) => {
        const records = chained([
          ...pull(
            1,
            '2026-02-01',
            [
              said('answered', 1, '2026-02-01T09:10:00.000Z', {
                question: reason,
                answer: 'accept',
                text: reason,
                address,
                owner: address,
                expires,
              }),
              said('emergency', 1, '2026-02-01T10:00:00.000Z', {
                reason,
                incident: address,
                reviewDue: expires,
              }),
            ],
            { title: reason, baseRef: address, mergedAt: expires },
          ),
        ]);
        for (const [, documentOf] of DOCUMENTS) {
          const document = documentOf({ ...assessed(records), controls: FRAMEWORKS.slice(0, 5) });
          requireSound(document);
          for (const text of proseIn(document)) expect(text).not.toMatch(/\]\(javascript|<img|^# x/);
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

if (nist === test.skip)
  test('NIST’s schemas are looked for, and are not here', () => {
    console.log(
      `Not validated against NIST’s schemas: ${SCHEMAS} does not hold them; name their folder with OSCAL_SCHEMAS.`,
    );
    expect(existsSync(schemaOf('poam'))).toBe(false);
  });
