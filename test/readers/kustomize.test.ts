import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reader } from '../../src/core/readers/kustomize.ts';
import { at, get, items } from '../../src/core/values/value.ts';
import { arrows, expectHardened, find, meaning, readTexts, shown } from '../support/readings.ts';

const TEXT = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: prod
resources:
  - ../../base
  - ingress.yaml
  - https://example.com/manifests//cluster?ref=v1
  - git@example.com:team/repo.git//deploy
  - ./
components: [../tls]
patches:
  - path: replicas.yaml
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: shop
      spec:
        replicas: 3
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: shop, namespace: x}
      spec: {type: NodePort}
  - target: {kind: Deployment}
    patch: |-
      - op: add
        path: /spec/hostNetwork
        value: true
configMapGenerator:
  - name: settings
    files: [app.ini=conf/app.ini, plain.txt]
    literals: [A=1]
images:
  - name: shop
    newTag: "1.10"
`;
const read = (text: string, path = 'deploy/overlays/prod/kustomization.yaml') =>
  readTexts(reader, { [path]: text });
const ADDRESS = 'Kustomization/deploy/overlays/prod';

describe('kustomization', () => {
  test('is one resource named by its directory, and each inline patch is another', () => {
    expect(read(TEXT).resources.map((r) => [r.address, r.type, r.span.startLine, r.span.endLine])).toEqual([
      [ADDRESS, 'Kustomization', 1, 36],
      ['patch Deployment/-/shop', 'KustomizePatch', 14, 19],
      ['patch Service/x/shop', 'KustomizePatch', 21, 24],
    ]);
    expect(read('', 'kustomization.yml')).toEqual({ resources: [], doubts: [] });
    expect(read('namePrefix: a\n', 'kustomization.yml').resources[0]).toMatchObject({
      address: 'Kustomization/.',
      name: '.',
    });
  });

  test('it refers to what it builds on, generates from and patches', () => {
    expect(arrows(find(read(TEXT), ADDRESS))).toEqual([
      'resources → Kustomization/deploy/base',
      'resources → deploy/overlays/prod/ingress.yaml',
      'resources → https://example.com/manifests//cluster?ref=v1',
      'resources → git@example.com:team/repo.git//deploy',
      'resources → Kustomization/deploy/overlays/prod',
      'components → Kustomization/deploy/overlays/tls',
      'patches.path → deploy/overlays/prod/replicas.yaml',
      'configMapGenerator.files → deploy/overlays/prod/conf/app.ini',
      'configMapGenerator.files → deploy/overlays/prod/plain.txt',
      'patches → patch Deployment/-/shop',
      'patches → patch Service/x/shop',
    ]);
  });

  test('a path that leaves the repository is kept as written', () => {
    expect(arrows(find(read('resources: [../../../../x]\n'), ADDRESS))).toEqual([
      'resources → ../../../../x',
    ]);
  });

  test('inline patches have the shape of what they patch, and lines of this file', () => {
    const { values, references } = find(read(TEXT), 'patch Deployment/-/shop');
    expect(at(values, 'spec', 'replicas')).toMatchObject({ value: 3, line: 19 });
    expect(references).toEqual([{ to: 'Deployment/-/shop', path: '' }]);
  });

  test('JSON Patch operations are read in place', () => {
    const operations = get(items(get(find(read(TEXT), ADDRESS).values, 'patches'))[2], 'patch');
    expect(shown(operations)).toBe('[{"op":"add","path":"/spec/hostNetwork","value":true}]');
    expect(get(items(operations)[0], 'value')).toMatchObject({ line: 29 });
  });

  test('what is no YAML stays text', () => {
    const { values } = find(read('patches:\n  - patch: "a: [b"\n'), ADDRESS);
    expect(get(items(get(values, 'patches'))[0], 'patch')).toMatchObject({ kind: 'scalar', value: 'a: [b' });
  });

  test('an image tag is text, whatever number it looks like', () => {
    expect(get(items(get(find(read(TEXT), ADDRESS).values, 'images'))[0], 'newTag')).toMatchObject({
      value: '1.10',
    });
  });
});

describe('broken and hostile files', () => {
  test('an error is a doubt, the rest is kept', () => {
    const { resources, doubts } = read('resources: [a.yaml\nnamespace: x\n');
    expect(doubts[0]).toMatchObject({ code: 'parse-error' });
    expect(resources).toHaveLength(1);
  });

  test('hostile texts', () => {
    expectHardened(
      reader,
      'kustomization.yaml',
      (t) => `patches:\n  - patch: |-\n      ${t.replaceAll('\n', '\n      ')}\n`,
    );
  });

  test('keys of any shape', () => {
    const shape = fc.constantFrom(
      'x',
      '~',
      '[]',
      '{}',
      '[[a]]',
      '[{path: [a]}]',
      '[{patch: "kind: X"}]',
      '[{patch: "- op: a"}]',
      '{patch: "a: b"}',
      '[{files: {a: b}}]',
      '["kind: A\\nmetadata: {name: [x]}"]',
      '[{patch: {kind: A}}]',
      '[../../../..]',
      '["a\\nb"]',
    );
    fc.assert(
      fc.property(shape, shape, shape, (a, b, c) => {
        const text = `resources: ${a}\npatches: ${b}\npatchesStrategicMerge: ${c}\nconfigMapGenerator: ${a}\nhelmCharts: ${b}\n`;
        expect(reader.read([{ path: 'k/kustomization.yaml', text }]).doubts).toEqual([]);
      }),
      { seed: 17, numRuns: 400 },
    );
  });

  test('comments, indentation and line ends change nothing', () => {
    const other = TEXT.replaceAll('\n', '\r\n')
      .replace('namespace: prod', 'namespace: "prod" # c')
      .replace('resources:\r\n  - ../../base', '# c\r\nresources:\r\n  -   ../../base');
    expect(other).toContain('-   ../../base');
    expect(meaning(read(other))).toEqual(meaning(read(TEXT)));
  });
});
