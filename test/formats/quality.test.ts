import { describe, expect, test } from '@jest/globals';
import { qualityFindings, QUALITY } from '../../src/core/formats/quality.ts';
import { QUALITY_RULES } from '../../src/core/model/policy.ts';
import {
  CAPABILITIES,
  type Capabilities,
  type Threat,
  type ThreatModel,
} from '../../src/core/model/threat-model.ts';

const FILE = 'docs/threat-model.md';
const NATIVE = Object.fromEntries(CAPABILITIES.map((one) => [one, 'native'])) as Capabilities;

/** A threat nothing is wrong with. */
const sound: Threat = {
  key: 't1',
  name: 'A stranger opens the sluice at night',
  refs: [],
  tags: [],
  owner: '@sluice',
  location: { file: FILE, line: 9 },
  targets: ['c1'],
  unresolvedTargets: [],
  stride: ['E'],
  categories: [],
  severity: { level: 'high', raw: 'High' },
  status: { state: 'mitigated', raw: 'Mitigated' },
  mitigations: [{ text: 'The wheel is locked', state: 'implemented', tickets: [] }],
  tickets: [],
  origin: 'authored',
};

function model(over: Partial<Threat> = {}, whole: Partial<ThreatModel> = {}): ThreatModel {
  const component = {
    key: 'c1',
    name: 'Sluice',
    refs: [],
    tags: [],
    location: { file: FILE, line: 3 },
    kind: 'process',
    boundaries: [],
  } as const;
  return {
    file: FILE,
    format: 'markdown',
    components: [component],
    flows: [],
    boundaries: [],
    dataAssets: [],
    vendors: [],
    threats: [{ ...sound, ...over }],
    assumptions: [],
    capabilities: NATIVE,
    diagnostics: [],
    ...whole,
  };
}

const rules = (over: Partial<Threat> = {}, whole: Partial<ThreatModel> = {}) =>
  qualityFindings(model(over, whole), 'all').map((one) => one.rule);
/** Spread over a threat it takes the owner away. */
const unowned = { owner: undefined } as unknown as Partial<Threat>;
const cannot = (...names: readonly (keyof Capabilities)[]): Partial<ThreatModel> => ({
  capabilities: { ...NATIVE, ...Object.fromEntries(names.map((name) => [name, 'none'])) },
});

test('every rule explains itself', () => {
  expect(Object.keys(QUALITY).sort()).toEqual([...QUALITY_RULES].sort());
  for (const { title, why } of Object.values(QUALITY))
    expect([title !== '', why.endsWith('.')]).toEqual([true, true]);
});

test('a sound threat has nothing to improve', () => {
  expect(rules()).toEqual([]);
});

test('findings say what, where and what to do, and only about the elements that were asked for', () => {
  const bad = model({ severity: { level: 'unrated' } });
  expect(qualityFindings(bad, new Set(['t1']))).toEqual([
    {
      rule: 'TM002',
      message: 'The threat “A stranger opens the sluice at night” has no rating.',
      remedy: expect.stringContaining('likelihood'),
      location: { file: FILE, line: 9 },
      key: 't1',
    },
  ]);
  expect(qualityFindings(bad, new Set(['c1']))).toEqual([]);
});

describe('TM002', () => {
  test.each([
    ['no rating', { severity: { level: 'unrated' } }, ['TM002']],
    ['half of one', { severity: { level: 'unrated', likelihood: 'often' } }, ['TM002']],
    [
      'likelihood and impact in words',
      { severity: { level: 'unrated', likelihood: 'once a year', impact: 'wet feet' } },
      [],
    ],
    [
      'a threat that does not apply',
      { severity: { level: 'unrated' }, status: { state: 'not-applicable' } },
      [],
    ],
    [
      'a computed risk, whose rating is in the tool’s report',
      { severity: { level: 'unrated' }, origin: 'tool-generated' },
      [],
    ],
  ] as const)('%s', (_, over, expected) => {
    expect(rules(over)).toEqual(expected);
  });

  test('a format without ratings', () => {
    expect(rules({ severity: { level: 'unrated' } }, cannot('severity'))).toEqual([]);
  });
});

describe('TM003', () => {
  const planned = (over: object = {}): Partial<Threat> => ({
    status: { state: 'open' },
    mitigations: [{ text: 'A lock', state: 'proposed', tickets: [], ...over }],
  });
  test.each([
    ['none', { mitigations: [] }, ['TM003']],
    ['rejected ones only', { mitigations: [{ text: 'A moat', state: 'rejected', tickets: [] }] }, ['TM003']],
    ['planned for no date and without a ticket', planned(), ['TM003']],
    ['planned without a date', planned({ tickets: ['S-1'] }), ['TM003']],
    ['planned without a ticket', planned({ due: '2027-01-01' }), ['TM003']],
    ['planned with both', planned({ tickets: ['S-1'], due: '2027-01-01' }), []],
    ['planned, the ticket being the threat’s', { ...planned({ due: '2027-01-01' }), tickets: ['S-1'] }, []],
    [
      'text whose state nobody told',
      { status: { state: 'unset' }, mitigations: [{ text: 'A lock', state: 'unset', tickets: [] }] },
      [],
    ],
    [
      'one in place beside one that is planned',
      { mitigations: [...sound.mitigations, { text: 'A guard', state: 'proposed', tickets: [] }] },
      [],
    ],
    ['a transferred risk', { mitigations: [], status: { state: 'transferred' } }, []],
  ] as const)('%s', (_, over, expected) => {
    expect(rules(over)).toEqual(expected);
  });

  test('the message names what is missing', () => {
    const [finding] = qualityFindings(model(planned()), 'all');
    expect(finding?.message).toBe(
      'The mitigation of “A stranger opens the sluice at night” is only planned and has no ticket and no date.',
    );
    expect(finding?.remedy).toContain('`Ticket: ABC-1` and `Due: 2027-03-01`');
  });

  test('a format that cannot say it', () => {
    expect(rules({ mitigations: [] }, cannot('mitigation'))).toEqual([]);
    expect(rules(planned({ due: '2027-01-01' }), cannot('ticket'))).toEqual([]);
  });
});

describe('TM005', () => {
  const orphan = unowned;
  test('nobody', () => {
    expect(rules(orphan)).toEqual(['TM005']);
  });

  test('falls back on the component, then on the model, and on nothing where no owner can be named', () => {
    const owned = model(orphan);
    const [component] = owned.components;
    expect(component).toBeDefined();
    if (component) expect(rules(orphan, { components: [{ ...component, owner: '@dyke' }] })).toEqual([]);
    expect(rules(orphan, { owner: '@dyke' })).toEqual([]);
    expect(rules(orphan, cannot('owner'))).toEqual([]);
  });
});

describe('TM006', () => {
  test.each([
    ['Cyberattack'],
    ['Hackers'],
    ['An attack'],
    ['Unauthorized access'],
    ['Spoofing'],
    ['TODO: write this'],
    ['New STRIDE threat'],
    ['Example Individual Risk at Database'],
  ])('%s', (name) => {
    expect(rules({ name })).toEqual(['TM006']);
  });

  test('a short title with a description is no vague one', () => {
    expect(
      rules({
        name: 'Spoofing',
        description: 'Somebody else’s card opens the sluice when the reader is offline at night',
      }),
    ).toEqual([]);
    expect(rules({ name: 'Unauthorized access to the sluice through the old telephone line' })).toEqual([]);
  });

  test('text of templates anywhere in the threat', () => {
    expect(rules({ origin: 'template-placeholder' })).toEqual(['TM006']);
    expect(rules({ description: 'Some text describing the risk category...' })).toEqual(['TM006']);
    expect(
      rules({
        mitigations: [{ text: 'Provide mitigation for this threat', state: 'implemented', tickets: [] }],
      }),
    ).toEqual(['TM006']);
  });

  test('places of a pasted snippet that nobody filled in', () => {
    const [component] = model().components;
    const described = (description: string) => (component ? [{ ...component, description }] : []);
    expect(rules({}, { components: described('<what it does, which data it holds>. Resource: x') })).toEqual([
      'TM006',
    ]);
    expect(rules({}, { components: described('Keeps List<String> in order') })).toEqual([]);
  });

  test('shapes nobody has named', () => {
    const [component] = model().components;
    if (component) expect(rules({}, { components: [{ ...component, name: 'Process' }] })).toEqual(['TM006']);
  });
});

describe('TM007', () => {
  const many = (count: number, odd: Partial<Threat> = {}): ThreatModel => ({
    ...model(),
    threats: Array.from({ length: count }, (_, n) => ({ ...sound, key: `t${n}`, ...(n === 0 ? odd : {}) })),
  });
  const found = (one: ThreatModel) =>
    qualityFindings(one, 'all').filter((finding) => finding.rule === 'TM007');

  test('everything is High and Mitigated', () => {
    expect(found(many(40))).toMatchObject([
      { message: '40 of 40 threats are rated “high” and 40 are “mitigated”.', key: 't0' },
    ]);
    expect(found(many(40, { severity: { level: 'low' } }))).toHaveLength(1);
  });

  test('a few alike, or alike in one respect only, are no sign', () => {
    expect(found(many(7))).toEqual([]);
    expect(found(many(8, { severity: { level: 'low' } }))).toEqual([]);
    const levels = ['low', 'medium', 'high'] as const;
    const mixed = many(30);
    expect(
      found({
        ...mixed,
        threats: mixed.threats.map((one, n) => ({ ...one, severity: { level: levels[n % 3] ?? 'low' } })),
      }),
    ).toEqual([]);
  });

  test('is told at a threat that is judged, and not at all when none is', () => {
    expect(qualityFindings(many(40), new Set(['t7'])).map((one) => one.key)).toEqual(['t7']);
    expect(qualityFindings(many(40), new Set(['c1']))).toEqual([]);
  });
});

describe('TM008', () => {
  const accepted = (status: object): Partial<Threat> => ({
    mitigations: [],
    status: { state: 'accepted', ...status },
  });
  test('asks for a justification, an owner and an expiry', () => {
    expect(rules(accepted({ justification: 'The sluice is old', expires: '2027-01-01' }))).toEqual([]);
    const [finding] = qualityFindings(model({ ...accepted({}), ...unowned }), 'all').filter(
      (one) => one.rule === 'TM008',
    );
    expect(finding?.message).toBe(
      'The risk “A stranger opens the sluice at night” is accepted without justification, owner or expiry date.',
    );
    expect(finding?.remedy).toContain('`Expires: 2027-03-01`');
    expect(rules(accepted({ justification: 'The sluice is old' }))).toEqual(['TM008']);
  });

  test('does not ask for an owner where none can be named', () => {
    expect(
      rules({ ...accepted({ justification: 'x', expires: '2027-01-01' }), ...unowned }, cannot('owner')),
    ).toEqual([]);
  });
});
