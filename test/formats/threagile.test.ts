import { describe, expect, test } from '@jest/globals';
import { format } from '../../src/core/formats/threagile.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import { endsOf, fixture, fixtureAt, namesOf } from '../support/format-fixtures.ts';

const read = (text: string) =>
  format.read({ path: 'threagile.yaml', text: `threagile_version: 1.0.0\n${text}` }, []);

describe('the full model', () => {
  const model = format.read(fixture('threagile', 'full'), []);
  const by = new Map(model.threats.map((one) => [one.name, one]));

  test('merge keys are applied', () => {
    expect(model.components.find((one) => one.name === 'Parcel store')).toMatchObject({
      owner: '@parcel-team',
      kind: 'data-store',
      tags: ['aws_dynamodb_table.parcels', 'encryption=none'],
    });
  });

  test('links go from asset to asset, with what secures them; crossings follow from the boundaries', () => {
    expect(endsOf(model)).toEqual(['Courier app → Tracking API', 'Tracking API → Parcel store']);
    expect(model.flows[0]).toMatchObject({
      key: 'flow:app>scan-events',
      encrypted: true,
      tags: [
        'authentication=token',
        'authorization=end-user-identity-propagation',
        'data_assets_sent=addresses',
      ],
    });
    expect(model.flows.map((one) => namesOf(model, one.crosses))).toEqual([['Cloud account'], []]);
  });

  test('tags that are addresses tie assets to resources', () => {
    expect(model.components.flatMap((one) => one.refs)).toEqual([
      { kind: 'address', value: 'aws_lambda_function.tracking', from: 'tag' },
      { kind: 'address', value: 'aws_dynamodb_table.parcels', from: 'tag' },
    ]);
  });

  test('HTML is stripped, tracking is found by id and by pattern', () => {
    expect(by.get('A dump of the parcel store reveals where people live')).toMatchObject({
      tickets: ['PAR-9'],
      status: { state: 'mitigated', justification: 'Keys are in use' },
    });
    expect(by.get('A stolen phone sends scans for parcels it never held')).toMatchObject({
      status: { state: 'in-progress' },
      categories: ['CWE-287', 'spoofing'],
      severity: { level: 'high', likelihood: 'likely', impact: 'high' },
    });
  });

  test('tracking of a computed risk is a threat of the tool', () => {
    expect(by.get('missing hardening at store')).toMatchObject({
      origin: 'tool-generated',
      tickets: ['PAR-11'],
      status: { state: 'mitigated' },
      mitigations: [{ text: 'The image was hardened', state: 'implemented' }],
    });
    expect(namesOf(model, by.get('missing hardening at store')?.targets ?? [])).toEqual(['Parcel store']);
  });
});

describe('includes', () => {
  const files = ['threagile.yaml', 'assets.yaml', 'parts/boundaries.yaml'].map((name) =>
    fixtureAt(`threagile/includes/${name}`),
  );

  test('are read into one model, each with its own file and line, circles and all', () => {
    const { models, doubts, notModels } = readModels([...files].reverse());
    expect([doubts, notModels]).toEqual([[], []]);
    expect(models.map((one) => one.file)).toEqual(['threagile/includes/threagile.yaml']);
    const [model] = models;
    expect(model?.components.map((one) => [one.name, one.location])).toEqual([
      ['Tracking API', { file: 'threagile/includes/assets.yaml', line: 3 }],
      ['Parcel store', { file: 'threagile/includes/assets.yaml', line: 4 }],
    ]);
    expect(model && namesOf(model, model.boundaries[0]?.members ?? [])).toEqual([
      'Parcel store',
      'Tracking API',
    ]);
  });

  test('a missing one is a doubt', () => {
    expect(readModels(files.slice(0, 2)).doubts).toMatchObject([
      {
        code: 'model-unreadable',
        file: 'threagile/includes/threagile.yaml',
        line: 5,
        message: expect.stringContaining('parts/boundaries.yaml'),
      },
    ]);
  });

  test('nothing outside the repository is looked for', () => {
    const model = format.read(
      {
        path: 'threagile.yaml',
        text: 'threagile_version: 1\nincludes: [../../etc/passwd, /etc/passwd, "", "..\\\\x"]\n',
      },
      [],
    );
    expect(model.diagnostics).toEqual([]);
  });
});

test('nested boundaries know their parent, and links within one cross nothing', () => {
  const model = read(
    'technical_assets:\n  A: {id: a, communication_links: {L: {target: b, protocol: http}}}\n  B: {id: b}\ntrust_boundaries:\n  Out: {id: out, technical_assets_inside: [a], trust_boundaries_nested: [in]}\n  In: {id: in, technical_assets_inside: [b]}\n',
  );
  expect(model.boundaries.map((one) => one.parent)).toEqual([undefined, 'boundary:out']);
  expect(model.flows).toMatchObject([{ crosses: ['boundary:in'], encrypted: false }]);
});

test.each([
  ['https', true],
  ['jdbc-encrypted', true],
  ['http', false],
  ['local-file-access', undefined],
  ['something-new', undefined],
])('protocol %s', (protocol, encrypted) => {
  const model = read(
    `technical_assets:\n  A: {id: a, communication_links: {L: {target: a, protocol: ${protocol}}}}\n`,
  );
  expect(model.flows[0]?.encrypted).toBe(encrypted);
});

test('recognises models by content, not other YAML', () => {
  const is = (text: string) => format.recognises({ path: 'threat-model.yaml', text });
  expect(is('threagile_version: 1\n')).toBe(true);
  expect(is('title: x\ntechnical_assets:\n')).toBe(true);
  expect(is('technical_assets_of: us\ntitle: x\n')).toBe(false);
  expect(is('name: x\non: push\n')).toBe(false);
});
