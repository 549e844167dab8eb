import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Format } from '../../src/core/formats/format.ts';
import { formats } from '../../src/core/formats/index.generated.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import { compareModels } from '../../src/core/model-delta/compare.ts';
import type { SourceFile } from '../../src/core/model/change.ts';
import { CAPABILITIES, type Capability, type ThreatModel } from '../../src/core/model/threat-model.ts';
import { fixture, keysOf, nodesOf } from '../support/format-fixtures.ts';

/** What a format need not do, and why; the check then expects the opposite, so that no exception outlives its reason. */
const EXCEPTIONS: Readonly<Record<string, Partial<Readonly<Record<'truncation', string>>>>> = {
  threagile: {
    truncation:
      'YAML that ends after any whole line is sound YAML, so most cuts can only show as a difference.',
  },
  markdown: {
    truncation:
      'Any beginning of a Markdown text is a sound Markdown text, so a cut can only show as a difference.',
  },
};

const read = (format: Format, file: SourceFile): ThreatModel => format.read(file, []);
const delta = (before: ThreatModel, after: ThreatModel) => compareModels([before], [after], []).changes;
const hasError = (model: ThreatModel): boolean => model.diagnostics.some((one) => one.level === 'error');

/** Whether a model says anything for a capability. */
const SHOWS: Readonly<Record<Capability, (model: ThreatModel) => boolean>> = {
  components: (m) => m.components.length > 0,
  flows: (m) => m.flows.some((one) => one.source !== undefined && one.target !== undefined),
  boundaries: (m) => m.boundaries.some((one) => one.members.length > 0),
  threats: (m) => m.threats.some((one) => one.targets.length > 0),
  stride: (m) => m.threats.some((one) => one.stride.length > 0),
  severity: (m) => m.threats.some((one) => one.severity.level !== 'unrated'),
  status: (m) => m.threats.some((one) => one.status.state !== 'unset'),
  mitigation: (m) => m.threats.some((one) => one.mitigations.length > 0),
  owner: (m) => m.threats.some((one) => one.owner !== undefined),
  ticket: (m) => m.threats.some((one) => one.tickets.length > 0),
  resourceRef: (m) => nodesOf(m).some((one) => one.refs.some((ref) => ref.kind === 'address')),
};

test('formats have ids of their own and are all asked', () => {
  expect(formats.length).toBeGreaterThanOrEqual(4);
  expect(new Set(formats.map((format) => format.id)).size).toBe(formats.length);
});

test.each(Object.values(EXCEPTIONS).flatMap((one) => Object.values(one)))(
  'an exception gives its reason: %s',
  (reason) => {
    expect(reason.length).toBeGreaterThan(40);
  },
);

describe.each(formats.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const full = read(format, fixture(id, 'full'));

  test('says what it is and where it is kept', () => {
    expect(format.title).not.toBe('');
    expect(format.about).toMatch(/^[A-Z].*\.$/s);
    expect(format.paths.every((glob) => glob.startsWith('**/'))).toBe(true);
  });

  test('takes its own files, and no other format does', () => {
    for (const stem of ['full', 'minimal', 'reordered', 'unknown-fields', 'round-numbers']) {
      const file = fixture(id, stem);
      expect(formats.filter((one) => one.recognises(file)).map((one) => one.id)).toEqual([id]);
      expect(read(format, file)).toMatchObject({ format: id, file: file.path });
    }
  });

  test('reads the full model without complaint', () => {
    expect(full.diagnostics.filter((one) => one.level !== 'info')).toEqual([]);
    expect(full.title).toBe('Parcel tracker');
    expect(full.owner).toBe('@parcel-team');
    expect(full.components.map((one) => one.name).sort()).toEqual([
      'Courier app',
      'Parcel store',
      'Tracking API',
    ]);
    const names = full.threats.map((one) => one.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'A stolen phone sends scans for parcels it never held',
        'A dump of the parcel store reveals where people live',
        'A flood of status queries starves the couriers',
      ]),
    );
  });

  test('says the same of the same system as every other format', () => {
    const byName = new Map(full.threats.map((one) => [one.name, one]));
    const [phone, dump, flood] = [
      'A stolen phone sends scans for parcels it never held',
      'A dump of the parcel store reveals where people live',
      'A flood of status queries starves the couriers',
    ].map((name) => byName.get(name));
    expect(phone).toMatchObject({
      stride: ['S'],
      severity: { level: 'high' },
      owner: '@identity-team',
      tickets: ['PAR-12'],
    });
    expect(phone?.mitigations).toMatchObject([
      { text: expect.stringContaining('Bind every session'), due: '2027-03-01' },
    ]);
    expect(dump).toMatchObject({
      stride: ['I'],
      severity: { level: 'critical' },
      status: { state: 'mitigated' },
    });
    expect(dump?.mitigations).toMatchObject([{ state: 'implemented' }]);
    expect(flood).toMatchObject({
      stride: ['D'],
      severity: { level: 'medium' },
      status: { state: 'accepted', expires: '2027-06-30' },
    });
    expect(flood?.status.justification).toContain('ouriers queue scans for a day');
    const kinds = new Map(full.components.map((one) => [one.name, one.kind]));
    expect([kinds.get('Courier app'), kinds.get('Tracking API'), kinds.get('Parcel store')]).toEqual([
      'external-entity',
      'process',
      'data-store',
    ]);
    const api = full.components.find((one) => one.name === 'Tracking API');
    expect(api?.refs.map((ref) => ref.value)).toContain('aws_lambda_function.tracking');
    expect(full.flows.find((one) => one.name === 'Scan events')).toMatchObject({
      protocol: expect.stringMatching(/https/i),
    });
  });

  test('declares its capabilities honestly', () => {
    for (const capability of CAPABILITIES)
      expect([capability, SHOWS[capability](full)]).toEqual([
        capability,
        full.capabilities[capability] !== 'none',
      ]);
  });

  test('points at lines that exist and hold the name', () => {
    const file = fixture(id, 'full');
    const lines = file.text.split('\n');
    for (const node of nodesOf(full)) {
      expect(node.location.file).toBe(file.path);
      const line = lines[node.location.line - 1];
      expect(line).toBeDefined();
      if (lines.some((one) => one.includes(node.name))) expect(line).toContain(node.name);
    }
  });

  test('gives every element a key of its own, and references lead somewhere', () => {
    const keys = new Set(keysOf(full));
    expect(keys.size).toBe(nodesOf(full).length);
    const references = [
      ...full.flows.flatMap((one) => [one.source, one.target, ...one.crosses]),
      ...full.components.flatMap((one) => one.boundaries),
      ...full.boundaries.flatMap((one) => [...one.members, one.parent]),
      ...full.threats.flatMap((one) => one.targets),
    ];
    for (const key of references) if (key !== undefined) expect(keys).toContain(key);
  });

  test('keeps keys and meaning when everything is written in another order', () => {
    const again = read(format, fixture(id, 'reordered'));
    expect(keysOf(again)).toEqual(keysOf(full));
    expect(delta(full, again)).toEqual([]);
  });

  test('reads CRLF, a byte-order mark and trailing white space as the same model', () => {
    const file = fixture(id, 'full');
    const windows = read(format, { ...file, text: `\uFEFF${file.text.replace(/\n/g, '\r\n')}\r\n` });
    expect(hasError(windows)).toBe(false);
    expect(delta(full, windows)).toEqual([]);
    expect(windows.threats.map((one) => one.location.line)).toEqual(
      full.threats.map((one) => one.location.line),
    );
  });

  test('does not mind what it does not know', () => {
    const small = read(format, fixture(id, 'minimal'));
    const strange = read(format, fixture(id, 'unknown-fields'));
    expect(small.threats).toHaveLength(1);
    expect(hasError(strange)).toBe(false);
    expect(keysOf(strange)).toEqual(keysOf(small));
    expect(delta(small, strange)).toEqual([]);
  });

  test('keeps names and ids that look like numbers as they are written', () => {
    const model = read(format, fixture(id, 'round-numbers'));
    expect(model.components.map((one) => one.name)).toEqual(['100', '1.10', '007']);
    expect(model.threats).toMatchObject([{ tickets: ['1.10'] }]);
    expect(model.threats[0]?.targets).toEqual([model.components[2]?.key]);
  });

  test('an empty file is no model', () => {
    const file = fixture(id, 'empty');
    expect(readModels([file])).toEqual({ models: [], doubts: [], notModels: [file.path] });
    expect(nodesOf(read(format, file))).toEqual([]);
  });

  test('a broken file is a doubt with its place, and what can be read is kept', () => {
    const file = fixture(id, 'broken');
    const { models, doubts } = readModels([file]);
    expect(doubts).toMatchObject([{ code: 'model-unreadable', file: file.path, weight: 'doubt' }]);
    expect(doubts[0]?.line).toBeGreaterThan(1);
    expect(doubts[0]?.column).toBeGreaterThan(0);
    expect(doubts[0]?.remedy).not.toBe('');
    expect(models.flatMap(nodesOf).length).toBeGreaterThan(0);
  });

  test('a text cut anywhere never passes for the whole', () => {
    const file = fixture(id, 'full');
    const end = file.text.trimEnd().length;
    let sound = 0;
    for (let at = 0; at < end; at += 11) {
      const cut = { ...file, text: file.text.slice(0, at) };
      const { models, doubts } = readModels([cut]);
      const same = models[0] !== undefined && delta(full, models[0]).length === 0;
      const rest = file.text.slice(at);
      if (at > 0 && doubts.length === 0) sound++;
      // What can go missing unnoticed is only what says nothing: brackets, pipes, white space.
      if (doubts.length === 0 && /[\p{L}\p{N}]/u.test(rest)) expect([at, same]).toEqual([at, false]);
    }
    expect(sound > 0).toBe(EXCEPTIONS[id]?.truncation !== undefined);
  });

  test('never throws, whatever it is given', () => {
    const { path, text } = fixture(id, 'full');
    const at = fc.nat({ max: text.length });
    const mutated = fc
      .tuple(
        at,
        at,
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 40 }),
          fc.constantFrom(
            '{',
            '[',
            '"',
            '\0',
            '<<: *x\n',
            '| |',
            '```',
            '__proto__',
            '\ud800',
            '- - - -',
            '&a [*a]',
          ),
        ),
      )
      .map(([from, to, put]) => text.slice(0, Math.min(from, to)) + put + text.slice(Math.max(from, to)));
    fc.assert(
      fc.property(
        fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 300 }), fc.json({ maxDepth: 4 })),
        (source) => {
          const file = { path, text: source };
          expect(typeof format.recognises(file)).toBe('boolean');
          const model = read(format, file);
          const lines = source.split(/\r\n?|\n/).length;
          for (const node of nodesOf(model)) {
            expect(node.location.line).toBeGreaterThanOrEqual(1);
            expect(node.location.line).toBeLessThanOrEqual(lines + 1);
          }
          expect(delta(model, model)).toEqual([]);
        },
      ),
      { seed: 20260504, numRuns: 120 },
    );
  });

  test.each([
    ['one long line', 'a'.repeat(1_000_000)],
    ['white space', ' '.repeat(1_000_000)],
    ['open brackets', '[{"a":'.repeat(150_000)],
    ['pipes', '|a'.repeat(400_000)],
    ['empty rows', '| | |\n'.repeat(160_000)],
    ['dashes', '- '.repeat(500_000)],
    ['keys', Array.from({ length: 15_000 }, (_, n) => `k${n}: {id: ${n}}`).join('\n')],
  ])('stays bounded on a hostile megabyte of %s', (_, body) => {
    const file = { ...fixture(id, 'empty'), text: body };
    expect(nodesOf(read(format, file)).length).toBeLessThan(50_000);
  });

  test('does not trust names of the language', () => {
    const text = fixture(id, 'full')
      .text.replaceAll('Tracking API', '__proto__')
      .replaceAll('Parcel store', 'constructor');
    const model = read(format, { ...fixture(id, 'full'), text });
    const names = model.components.map((one) => one.name);
    expect(names).toContain('constructor');
    // In Markdown the underscores are emphasis.
    expect(names.some((name) => name === '__proto__' || name === 'proto')).toBe(true);
    expect(names).toHaveLength(3);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
