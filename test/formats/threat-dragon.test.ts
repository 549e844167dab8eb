import { describe, expect, test } from '@jest/globals';
import { format } from '../../src/core/formats/threat-dragon.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import { endsOf, fixture, namesOf } from '../support/format-fixtures.ts';

/** A diagram of the current version around the given cells. */
function drawing(cells: readonly unknown[]) {
  return {
    path: 'ThreatDragonModels/m/m.json',
    text: JSON.stringify({
      version: '2.6.0',
      summary: { title: 'm' },
      detail: { contributors: [], diagrams: [{ cells }] },
    }),
  };
}

const at = (x: number, y: number) => ({ position: { x, y }, size: { width: 20, height: 20 } });
const part = (id: string, x: number, y: number, data: object = {}) => ({
  id,
  shape: 'process',
  ...at(x, y),
  data: { type: 'tm.Process', name: id, ...data },
});
const flow = (id: string, source: string, target: string, data: object = {}) => ({
  id,
  shape: 'flow',
  source: { cell: source },
  target: { cell: target },
  data: { type: 'tm.Flow', name: id, ...data },
});
const box = (id: string, x: number, y: number, side: number, data: object = {}) => ({
  id,
  shape: 'trust-boundary-box',
  position: { x, y },
  size: { width: side, height: side },
  data: { type: 'tm.BoundaryBox', name: id, ...data },
});
const curve = (id: string, ...points: readonly (readonly [number, number])[]) => {
  const [first, ...rest] = points.map(([x, y]) => ({ x, y }));
  return {
    id,
    shape: 'trust-broundary-curve',
    source: first,
    vertices: rest.slice(0, -1),
    target: rest.at(-1),
    data: { type: 'tm.Boundary', name: id },
  };
};
const read = (...cells: readonly unknown[]) => format.read(drawing(cells), []);

describe('version 1', () => {
  const model = format.read(fixture('threat-dragon', 'version-1'), []);

  test('is told by its cells: names in attributes and labels, ends by id, scope beside the geometry', () => {
    expect(model.components.map((one) => [one.name, one.kind, one.outOfScope])).toEqual([
      ['Courier app', 'external-entity', undefined],
      ['Tracking API', 'process', undefined],
      ['Parcel store', 'data-store', { reason: 'run by others' }],
    ]);
    expect(endsOf(model)).toEqual(['Courier app → Tracking API', 'Tracking API → ?']);
    expect(model.flows.map((one) => one.name)).toEqual(['Scan events', 'Stray']);
    expect(model.flows[0]).toMatchObject({ encrypted: true, protocol: 'HTTPS' });
  });

  test('a flow through an open curve crosses it', () => {
    expect(model.boundaries).toMatchObject([{ name: 'Internet', members: [], membership: 'geometric' }]);
    expect(namesOf(model, model.flows[0]?.crosses ?? [])).toEqual(['Internet']);
  });

  test('threats without ids are known by cell and title; what the tool put there is nobody’s work', () => {
    expect(model.threats).toMatchObject([
      {
        key: 'threat:tracking api/a stolen phone sends scans',
        origin: 'template-placeholder',
        mitigations: [],
        stride: ['S'],
      },
    ]);
    expect(model.threats[0]?.description).toBeUndefined();
  });

  test('goes by the cells, not by the version it claims', () => {
    const file = fixture('threat-dragon', 'version-1');
    const claimed = format.read({ ...file, text: file.text.replace('{', '{"version": "2.6.0",') }, []);
    expect(claimed.components).toEqual(model.components);
  });
});

describe('boundaries', () => {
  test('boxes hold what lies in their middle, nested ones know the one around them', () => {
    const model = read(
      box('outer', 0, 0, 400),
      box('inner', 100, 100, 100),
      part('a', 10, 10),
      part('b', 140, 140),
      part('c', 500, 500),
      flow('ab', 'a', 'b'),
      flow('bc', 'b', 'c'),
    );
    expect(
      model.boundaries.map((one) => [
        one.name,
        namesOf(model, one.members),
        namesOf(model, one.parent === undefined ? [] : [one.parent]),
        one.membership,
      ]),
    ).toEqual([
      ['outer', ['a', 'b'], [], 'geometric'],
      ['inner', ['b'], ['outer'], 'geometric'],
    ]);
    expect(model.flows.map((one) => namesOf(model, one.crosses))).toEqual([['inner'], ['inner', 'outer']]);
  });

  test('what version 2.6 declares goes before the drawing', () => {
    const model = read(
      box('zone', 0, 0, 50, { containedElements: ['far'], crossingFlows: ['f'] }),
      part('near', 10, 10),
      part('far', 900, 900),
      { ...flow('g', 'near', 'far'), data: { type: 'tm.Flow', name: 'g', trustBoundaryIds: ['zone'] } },
      flow('f', 'near', 'near'),
    );
    expect(model.boundaries[0]).toMatchObject({ membership: 'declared' });
    expect(namesOf(model, model.boundaries[0]?.members ?? [])).toEqual(['far']);
    expect(model.flows.map((one) => namesOf(model, one.crosses))).toEqual([['zone'], ['zone']]);
  });

  test('a curve that closes holds what it encloses, an open one only crosses', () => {
    const closed = read(
      curve('ring', [0, 0], [100, 0], [100, 100], [0, 100], [0, 5]),
      part('in', 40, 40),
      part('out', 200, 40),
      flow('f', 'in', 'out'),
    );
    expect(namesOf(closed, closed.boundaries[0]?.members ?? [])).toEqual(['in']);
    expect(closed.flows.map((one) => namesOf(closed, one.crosses))).toEqual([['ring']]);
    const open = read(
      curve('wall', [100, -50], [100, 200]),
      part('left', 40, 40),
      part('right', 200, 40),
      part('below', 40, 90),
      flow('f', 'left', 'right'),
      flow('g', 'left', 'below'),
    );
    expect(open.flows.map((one) => namesOf(open, one.crosses))).toEqual([['wall'], []]);
  });
});

describe('threats', () => {
  const threat = (over: object) =>
    read(
      part('p', 0, 0, {
        threats: [
          {
            id: '1',
            title: 'The pump runs dry',
            type: 'Denial of service',
            status: 'Open',
            severity: 'High',
            description: 'd',
            mitigation: 'm',
            modelType: 'STRIDE',
            ...over,
          },
        ],
      }),
    ).threats[0];

  test.each([
    ['Veröffentlichung von Informationen', 'I'],
    ['Suplantación', 'S'],
    ['否认', 'R'],
    ['Повышение привилегий', 'E'],
    ['Déni de service', 'D'],
    ['Linkability', ''],
  ])('category %s in the language of the tool', (type, letter) => {
    const one = threat({ type });
    expect(one?.stride.join('')).toBe(letter);
    expect(one?.categories).toEqual([type]);
  });

  test('other schemes keep their words and give no STRIDE letter', () => {
    expect(threat({ type: 'Disclosure of information', modelType: 'LINDDUN' })).toMatchObject({
      stride: [],
      categories: ['Disclosure of information'],
    });
  });

  test.each([
    ['Mitigated', 'mitigated'],
    ['NotApplicable', 'not-applicable'],
    ['Not Applicable', 'not-applicable'],
    ['accepted', 'accepted'],
    ['Transferred', 'transferred'],
    ['Avoided', 'avoided'],
    ['Eliminated', 'avoided'],
    ['', 'unset'],
  ])('status %s', (status, state) => {
    expect(threat({ status })?.status.state).toBe(state);
  });

  test.each([
    ['TBD', 'unrated'],
    ['TBA', 'unrated'],
    ['critical', 'critical'],
  ])('severity %s', (severity, level) => {
    expect(threat({ severity })?.severity.level).toBe(level);
  });

  test('the reason why nothing is done stands where a mitigation would', () => {
    expect(threat({ status: 'Accepted', mitigation: 'The well never dries' })?.status.justification).toBe(
      'The well never dries',
    );
    expect(
      threat({ status: 'Open', mitigation: 'The well never dries' })?.status.justification,
    ).toBeUndefined();
  });

  test.each([
    ['title', { title: 'New STRIDE threat', description: '' }],
    ['title in German', { title: 'Neue STRIDE Bedrohung' }],
    ['description', { description: 'Provide a description for this threat' }],
    ['flag', { new: true }],
  ])('a placeholder is told by its %s', (_, over) => {
    expect(threat(over)?.origin).toBe('template-placeholder');
    expect(threat({})?.origin).toBe('authored');
  });
});

test('a new, empty model of the tool is no model yet', () => {
  const shell = fixture('threat-dragon', 'shell');
  expect(format.recognises(shell)).toBe(true);
  expect(readModels([shell])).toEqual({ models: [], doubts: [], notModels: [shell.path] });
});

test('cells may be missing, null or of the wrong type', () => {
  const model = read(
    null,
    1,
    'x',
    [],
    {},
    { id: 5 },
    { id: 'a', data: null, shape: 'process' },
    { id: 'b', shape: 'flow', source: null, target: 7, vertices: {}, labels: [null] },
    { id: 'c', shape: 'trust-boundary-box', position: { x: 'far' } },
  );
  expect(model.components.map((one) => one.key)).toEqual(['component:a']);
  expect(model.flows.map((one) => [one.name, one.source, one.target])).toEqual([
    ['? → ?', undefined, undefined],
  ]);
  expect(model.boundaries.map((one) => one.membership)).toEqual(['unknown']);
});

test('many boxes around many parts end in bounded time', () => {
  const boxes = Array.from({ length: 1_500 }, (_, n) => box(`z${n}`, 0, 0, 1_000));
  const parts = Array.from({ length: 1_500 }, (_, n) => part(`p${n}`, 10, 10));
  const model = read(...boxes, ...parts);
  expect(model.components).toHaveLength(1_500);
  expect(model.boundaries.at(-1)?.membership).toBe('unknown');
});
