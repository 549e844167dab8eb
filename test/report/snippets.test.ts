import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format as markdown } from '../../src/core/formats/markdown.ts';
import { format as otm } from '../../src/core/formats/otm.ts';
import { format as threagile } from '../../src/core/formats/threagile.ts';
import type { ElementKind } from '../../src/core/model/fact.ts';
import type { ThreatModel } from '../../src/core/model/threat-model.ts';
import { nameOf, snippetFor } from '../../src/core/report/snippets.ts';

const address = 'aws_s3_bucket.user_exports';

/** Everything of a model that may refer to resources. */
const nodesOf = (m: ThreatModel) => [
  ...m.components,
  ...m.flows,
  ...m.boundaries,
  ...m.vendors,
  ...m.dataAssets,
];

const refersTo = (m: ThreatModel): readonly string[] =>
  nodesOf(m).flatMap((n) => n.refs.filter((r) => r.from === 'explicit').map((r) => r.value));

const indent = (lines: readonly string[], by: number): string =>
  lines.map((l) => ' '.repeat(by) + l).join('\n');

describe('what the guide says to paste is read back as an explicit reference', () => {
  test.each<[ElementKind, string]>([
    ['process', 'Components'],
    ['data-store', 'Components'],
    ['external-entity', 'External dependencies'],
    ['trust-boundary', 'Trust boundaries'],
  ])('Markdown, %s', (element, heading) => {
    const { place, snippet } = snippetFor('markdown', 'docs/threat-model.md', {
      kind: 'add',
      address,
      element,
    });
    expect(place).toContain(heading);
    const text = `# Threat model: Shop\n\n## Components\n\n- **Api** (process): takes orders\n- **Orders** (data store): all orders\n\n## ${heading}\n\n${snippet.join('\n')}\n`;
    const file = { path: 'docs/threat-model.md', text };
    expect(markdown.recognises(file)).toBe(true);
    const model = markdown.read(file, []);
    expect(refersTo(model)).toContain(address);
    expect(nodesOf(model).map((n) => n.name)).toContain('User exports');
  });

  test('OTM as YAML', () => {
    const { snippet, language } = snippetFor('otm', 'shop.otm', {
      kind: 'add',
      address,
      element: 'data-store',
    });
    expect(language).toBe('yaml');
    const text = `otmVersion: 0.2.0\nproject:\n  id: shop\n  name: Shop\ncomponents:\n${indent(snippet, 2)}\n`;
    expect(refersTo(otm.read({ path: 'shop.otm', text }, []))).toContain(address);
  });

  test('OTM as JSON', () => {
    const { snippet, language } = snippetFor('otm', 'shop.otm.json', {
      kind: 'add',
      address,
      element: 'data-store',
    });
    expect(language).toBe('json');
    const text = `{"otmVersion": "0.2.0", "project": {"id": "shop", "name": "Shop"}, "components": [${snippet.join('\n')}]}`;
    expect(refersTo(otm.read({ path: 'shop.otm.json', text }, []))).toContain(address);
  });

  test('Threagile', () => {
    const { snippet } = snippetFor('threagile', 'threagile.yaml', {
      kind: 'add',
      address,
      element: 'data-store',
    });
    const text = `threagile_version: 1.0.0\ntitle: Shop\ntechnical_assets:\n${indent(snippet, 2)}\n`;
    expect(refersTo(threagile.read({ path: 'threagile.yaml', text }, []))).toContain(address);
  });
});

test('a format without an entry of its own takes the text convention', () => {
  for (const format of ['something-new', 'constructor', '__proto__'])
    expect(snippetFor(format, 'model.x', { kind: 'add', address, element: 'process' }).snippet).toEqual([
      `Resource: ${address}`,
    ]);
});

test('names come from any address, and are never empty', () => {
  expect(nameOf('aws_s3_bucket.user_exports')).toBe('User exports');
  expect(nameOf('Deployment/prod/api-gateway')).toBe('Api gateway');
  expect(nameOf('AWS::S3::Bucket LogsBucket')).toBe('Logs bucket');
  expect(nameOf('npm:@stripe/stripe-js')).toBe('Stripe js');
  expect(nameOf('.github/workflows/path-to-live.yml')).toBe('Path to live');
  expect(nameOf('stage service/worker/Dockerfile#2')).toBe('Worker 2');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(nameOf(text)).toMatch(/^\S/);
    }),
    { seed: 5, numRuns: 200 },
  );
});
