import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readModels } from '../src/core/formats/read-models.ts';
import { compareModels } from '../src/core/model-delta/compare.ts';
import type { ModelChange, ModelElementKind } from '../src/core/model/model-delta.ts';
import { SAMPLES } from './support/format-fixtures.ts';

type Texts = Readonly<Record<string, string>>;

const read = (texts: Texts) =>
  readModels(Object.entries(texts).map(([path, text]) => ({ path, text }))).models;
const changes = (base: Texts, head: Texts) => compareModels(read(base), read(head), []).changes;
const brief = (list: readonly ModelChange[]) =>
  list.map((one) => [one.op, one.element, one.name, one.properties.join()]);

const FILE = 'docs/threat-model.md';
const between = (base: string, head: string) => brief(changes({ [FILE]: base }, { [FILE]: head }));

interface Parts {
  readonly components?: readonly string[];
  readonly flows?: readonly string[];
  readonly threats?: readonly string[];
}

/** A model of rows: `name|type|zone|description`, `name|from|to|protocol`, `id|title|component|stride|severity|status|mitigation`. */
function model({ components = [], flows = [], threats = [] }: Parts): string {
  const table = (header: string, rows: readonly string[]): string =>
    [header, header.replace(/[^|]+/g, '---'), ...rows].map((row) => `|${row}|`).join('\n');
  return [
    '# M',
    ...(components.length > 0
      ? ['## Components', table('Component|Type|Trust zone|Description', components)]
      : []),
    ...(flows.length > 0 ? ['## Data flows', table('Flow|Source|Target|Protocol', flows)] : []),
    ...(threats.length > 0
      ? ['## Threats', table('ID|Threat|Component|STRIDE|Severity|Status|Mitigation', threats)]
      : []),
  ].join('\n\n');
}

const COMPONENTS = [
  'Gauge|Process|Shore|measures',
  'Tide table|Data store|Shore|holds',
  'Office|External entity||reads',
];
const FLOWS = ['Readings|Gauge|Tide table|SQL', 'Queries|Office|Tide table|HTTPS'];
const THREATS = [
  'T1|The gauge lies about the tide|Gauge|T|High|Open|A second gauge',
  'T2|The table is read by strangers|Tide table|I|Low|Mitigated|Accounts',
];
const BASE = model({ components: COMPONENTS, flows: FLOWS, threats: THREATS });
const with_ = (over: Parts) => model({ components: COMPONENTS, flows: FLOWS, threats: THREATS, ...over });

describe('what is no difference', () => {
  test.each([
    ['the same text', BASE],
    ['other order', with_({ components: [...COMPONENTS].reverse(), threats: [...THREATS].reverse() })],
    [
      'white space and emphasis',
      BASE.replaceAll('|Gauge|', '|   **Gauge**  |').replace('A second gauge', '`A second   gauge`'),
    ],
    [
      'renumbered ids',
      with_({ threats: THREATS.map((row, index) => row.replace(/^T\d/, `X-0${index + 8}`)) }),
    ],
    ['other words for one rating, status or category', BASE.replace('|T|High|Open|', '|Tampering|P1|❌|')],
    ['another heading above', BASE.replace('## Threats', '## 4. Threat analysis')],
    ['chatter', `${BASE}\n\nSee also the almanac.\n`],
  ])('%s', (_, head) => {
    expect(between(BASE, head)).toEqual([]);
  });

  test('a file that moved, and elements that moved between files of the model', () => {
    expect(changes({ 'docs/threat-model.md': BASE }, { 'security/threat-model.md': BASE })).toEqual([]);
    const split = {
      'threatmodels/parts.md': model({ components: COMPONENTS, flows: FLOWS }),
      'threatmodels/threats.md': model({ threats: THREATS }),
    };
    const moved = brief(changes({ [FILE]: BASE }, split));
    // Threats now stand apart from the components they are about, but they are the same threats about the same names.
    expect(moved).toEqual([]);
  });

  test('ids that a tool made anew', () => {
    const dragon = (prefix: string) => ({
      'threat-model.json': JSON.stringify({
        summary: { title: 'm' },
        detail: {
          diagrams: [
            {
              cells: [
                {
                  id: `${prefix}1`,
                  shape: 'process',
                  data: {
                    type: 'tm.Process',
                    name: 'Gauge',
                    threats: [{ id: `${prefix}t`, title: 'The gauge lies' }],
                  },
                },
                { id: `${prefix}2`, shape: 'store', data: { type: 'tm.Store', name: 'Table' } },
                {
                  id: `${prefix}3`,
                  shape: 'flow',
                  source: { cell: `${prefix}1` },
                  target: { cell: `${prefix}2` },
                  data: { type: 'tm.Flow', name: '' },
                },
              ],
            },
          ],
        },
      }),
    });
    expect(changes(dragon('a'), dragon('b'))).toEqual([]);
  });

  test('a curve that was nudged on the canvas', () => {
    const curve = (x: number) => ({
      'threat-model.json': JSON.stringify({
        summary: { title: 'm' },
        detail: {
          diagrams: [
            {
              cells: [
                {
                  id: 'a',
                  shape: 'process',
                  position: { x: 0, y: 0 },
                  size: { width: 10, height: 10 },
                  data: { name: 'A' },
                },
                {
                  id: 'b',
                  shape: 'process',
                  position: { x: 100, y: 0 },
                  size: { width: 10, height: 10 },
                  data: { name: 'B' },
                },
                { id: 'f', shape: 'flow', source: { cell: 'a' }, target: { cell: 'b' }, data: { name: 'F' } },
                {
                  id: 'c',
                  shape: 'trust-boundary-curve',
                  source: { x, y: -50 },
                  target: { x, y: 50 },
                  data: { name: 'C' },
                },
              ],
            },
          ],
        },
      }),
    });
    expect(changes(curve(50), curve(500))).toEqual([]);
  });
});

describe('what is one', () => {
  test('elements that came and went', () => {
    const head = with_({
      components: [...COMPONENTS.slice(0, 2), 'Siren|Process||warns'],
      flows: FLOWS.slice(0, 1),
      threats: [...THREATS, 'T3|The siren wakes nobody|Siren|D|Low|Open|Louder'],
    });
    expect(between(BASE, head)).toEqual([
      ['added', 'component', 'Siren', ''],
      ['removed', 'component', 'Office', ''],
      ['removed', 'flow', 'Queries', ''],
      ['added', 'threat', 'The siren wakes nobody', ''],
    ]);
  });

  test('a threat put in before the others changes no other, though all ids moved', () => {
    const [first, second] = THREATS.map((row, index) => row.replace(/^T\d/, `T${index + 2}`));
    const head = with_({
      threats: ['T1|The moon comes loose|Gauge|D|Low|Open|A rope', first ?? '', second ?? ''],
    });
    expect(between(BASE, head)).toEqual([['added', 'threat', 'The moon comes loose', '']]);
  });

  test.each([
    ['title', 'The gauge lies about the tide', 'The gauge lies about the spring tide'],
    ['category', '|T|High|', '|S|High|'],
    ['severity', '|T|High|', '|T|Critical|'],
    ['mitigation,status', '|High|Open|', '|High|Mitigated|'],
    ['mitigation', 'A second gauge', 'A third gauge'],
    ['targets', 'tide|Gauge|T', 'tide|Office|T'],
  ])('of a threat: %s', (properties, from, to) => {
    expect(BASE).toContain(from);
    const list = between(BASE, BASE.replace(from, to));
    expect(list.map(([op, element, , changed]) => [op, element, changed])).toEqual([
      ['changed', 'threat', properties],
    ]);
  });

  test('owner, ticket, date and expiry told in text', () => {
    const head = BASE.replace(
      'A second gauge',
      'A second gauge. Owner: @tide. Ticket: TIDE-1 Due: 2027-01-01',
    );
    expect(between(BASE, head).map(([, , , properties]) => properties)).toEqual(['mitigation,owner,tickets']);
  });

  test('ends and properties of a flow', () => {
    expect(
      between(BASE, BASE.replace('Queries|Office|Tide table|HTTPS', 'Queries|Office|Gauge|HTTPS')),
    ).toEqual([['changed', 'flow', 'Queries', 'target']]);
    expect(between(BASE, BASE.replace('|HTTPS|', '|HTTP|'))).toEqual([
      ['changed', 'flow', 'Queries', 'protocol'],
    ]);
  });

  test('a component that joined a boundary is told by the boundary, and by flows that now cross it', () => {
    const head = BASE.replace('Office|External entity||', 'Office|External entity|Shore|');
    expect(between(BASE, head)).toEqual([
      ['changed', 'flow', 'Queries', 'crosses'],
      ['changed', 'boundary', 'Shore', 'members'],
    ]);
  });

  test('a renamed component is a rename; its flows, boundary and threats stay as they are', () => {
    const head = BASE.replaceAll('Gauge', 'Tide gauge');
    expect(between(BASE, head)).toEqual([['changed', 'component', 'Tide gauge', 'name']]);
  });

  test('details say what became what', () => {
    const [change] = changes({ [FILE]: BASE }, { [FILE]: BASE.replace('|T|High|Open|', '|T|Low|Accepted|') });
    expect(change?.details).toEqual([
      'mitigation: − A second gauge [proposed], + A second gauge [unset]',
      'severity: high → low',
      'status: open → accepted',
    ]);
    expect(change?.location).toEqual({ file: FILE, line: 22 });
  });

  test('an assumption', () => {
    const said = (text: string) => `${BASE}\n\n## Assumptions\n\n- ${text}\n`;
    expect(between(said('The moon stays'), said('The sun stays'))).toEqual([
      ['changed', 'assumption', 'The sun stays', 'text'],
    ]);
    expect(between(BASE, said('The moon stays'))).toEqual([['added', 'assumption', 'The moon stays', '']]);
  });
});

describe('what goes into the digest', () => {
  const meanings = (base: string, head: string) =>
    changes({ [FILE]: base }, { [FILE]: head }).map((one) => one.meaning);
  const added = with_({ threats: [...THREATS, 'T3|The siren wakes nobody|Gauge|D|Low|Open|Louder'] });

  test('the same statement in another place, order or numbering', () => {
    const elsewhere = `Some words.\n\n${added.replace('|T3|', '|X9|')}`;
    expect(meanings(BASE, elsewhere)).toEqual(meanings(BASE, added));
  });

  test('JSON with sorted keys and nothing that says nothing', () => {
    const [meaning] = meanings(BASE, added);
    const parsed = JSON.parse(meaning ?? '') as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(Object.keys(parsed).sort());
    expect(parsed).toEqual({
      category: ['D'],
      mitigation: ['Louder [proposed]'],
      severity: 'low',
      status: 'open',
      targets: ['gauge'],
      title: 'The siren wakes nobody',
    });
  });

  test('changes with what the element says', () => {
    expect(meanings(BASE, added.replace('Louder', 'Much louder'))).not.toEqual(meanings(BASE, added));
  });

  test('touched files are listed once and sorted', () => {
    expect(compareModels([], [], ['b', 'a', 'b']).touched).toEqual(['a', 'b']);
  });
});

test('thousands of differences end in bounded time', () => {
  const rows = (word: string) =>
    Array.from({ length: 1_500 }, (_, n) => `T${n}|${word} number ${n * 7919}|Gauge|T|High|Open|x`);
  const list = changes(
    { [FILE]: model({ threats: rows('left') }) },
    { [FILE]: model({ threats: rows('right') }) },
  );
  expect(list.length).toBeGreaterThan(1_500);
});

/**
 * Real pairs with the differences counted by a quick extractor. Where we count otherwise on purpose, the reason is here.
 * Counts are added/removed/changed of components, flows, boundaries, threats.
 */
const OTHERWISE: Readonly<Record<string, { readonly ours: readonly string[]; readonly reason: string }>> = {
  'threagile__demo-example@74ef3fd.yaml': {
    ours: ['+0/-0/~3', '+0/-0/~0', '+0/-0/~0', '+0/-0/~0'],
    reason:
      'Two components were respelled (Fileserver, Buildserver) and one justification reworded: three changes. What refers to them, and enum values that the tool renamed, says the same as before.',
  },
  'automotive-threagile__threagile@f03d39c.yaml': {
    ours: ['+5/-0/~0', '+5/-0/~6', '+0/-0/~3', '+0/-0/~0'],
    reason:
      'Six links went from no authentication to credentials, which the quick extractor did not look at.',
  },
  'automotive-threagile__threagile@01d7e1a.yaml': {
    ours: ['+0/-0/~0', '+0/-0/~1', '+0/-0/~1', '+0/-0/~0'],
    reason: 'A link changed its tags and a boundary its description; both are statements of the model.',
  },
  'automotive-threagile__threagile@2937f8a.yaml': {
    ours: ['+0/-0/~3', '+0/-0/~0', '+0/-0/~0', '+0/-0/~0'],
    reason: 'Three components process new data assets, four of which were added.',
  },
};

const present = existsSync(SAMPLES);
const FORMATS = new Set(['threat-dragon-v1', 'threat-dragon-v2', 'threagile', 'otm', 'markdown']);
const pairs = present
  ? readFileSync(join(SAMPLES, 'PAIRS.tsv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      .filter(([format]) => FORMATS.has(format ?? ''))
      .map(([, base = '', head = '', , path = '', , , ...counts]) => ({
        base,
        head,
        path,
        counts: counts.slice(0, 4),
      }))
  : [];

const count = (list: readonly ModelChange[], element: ModelElementKind): string => {
  const of = (op: ModelChange['op']): number =>
    list.filter((one) => one.element === element && one.op === op).length;
  return `+${of('added')}/-${of('removed')}/~${of('changed')}`;
};

if (!present)
  test.skip('the samples (../shared/models) are not here: they are not part of the project', () => undefined);
else
  describe('real pairs', () => {
    test('are here', () => {
      expect(pairs.filter((one) => one.counts.every((text) => text !== '')).length).toBeGreaterThanOrEqual(9);
    });

    test.each(pairs)('$head', ({ base, head, path, counts }) => {
      const side = (name: string): Texts => ({ [path]: readFileSync(join(SAMPLES, name), 'utf8') });
      const list = changes(side(base), side(head));
      const ours = (['component', 'flow', 'boundary', 'threat'] as const).map((element) =>
        count(list, element),
      );
      const name = head.slice(head.indexOf('/') + 1);
      const expected = OTHERWISE[name]?.ours ?? counts;
      if (expected.every((text) => text !== '')) expect(ours).toEqual(expected);
      // A text that is compared with itself never differs, and what was added one way is removed the other way.
      expect(changes(side(head), side(head))).toEqual([]);
      const back = changes(side(head), side(base));
      expect(back.filter((one) => one.op === 'removed').length).toBe(
        list.filter((one) => one.op === 'added').length,
      );
    });

    test.each(Object.entries(OTHERWISE))(
      '%s differs for a reason, and really does',
      (name, { ours, reason }) => {
        const pair = pairs.find((one) => one.head.endsWith(`/${name}`));
        expect(pair?.counts).not.toEqual(ours);
        expect(reason.length).toBeGreaterThan(40);
      },
    );
  });
