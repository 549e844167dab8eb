import { describe, expect, test } from '@jest/globals';
import { formats } from '../../src/core/formats/index.generated.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import { pathMatcher } from '../../src/core/paths.ts';
import { fixture } from '../support/format-fixtures.ts';

const isPlace = pathMatcher(formats.flatMap((format) => format.paths));

test.each([
  'THREAT_MODEL.md',
  'THREATMODEL.md',
  'docs/threat-model.md',
  'docs/security/Threat Model.markdown',
  'docs/threat-model/README.md',
  'docs/threat-models/api.md',
  'draft-THREAT-MODEL.md',
  'docs/ja/THREAT_MODEL_ja.md',
  'security/stride-analysis.md',
  'SECURITY.md',
  'ThreatDragonModels/New Threat Model/New Threat Model.json',
  '.threatmodel/current.json',
  'docs/threat_model.json',
  'threagile.yaml',
  'model/my-threagile.yml',
  'docs/threat-model/parts/assets.yaml',
  'threat-model.otm',
  '.iriusrisk/current.otm',
])('%s is a place of threat models', (path) => {
  expect(isPlace(path)).toBe(true);
});

test.each([
  'README.md',
  'docs/model.md',
  'package.json',
  'src/threats.ts',
  '.github/workflows/ci.yml',
  'docs/threats/list.txt',
])('%s is none', (path) => {
  expect(isPlace(path)).toBe(false);
});

describe('several files', () => {
  const files = ['markdown', 'otm', 'threagile', 'threat-dragon'].map((id) => ({
    ...fixture(id, 'minimal'),
    path: `${id}/${fixture(id, 'minimal').path}`,
  }));

  test('go each to their format, in order of their paths', () => {
    const { models, doubts, notModels } = readModels([...files].reverse());
    expect(models.map((model) => [model.file, model.format])).toEqual(
      files.map((file) => [file.path, file.path.split('/')[0]]),
    );
    expect([doubts, notModels]).toEqual([[], []]);
  });

  test('the order they are given in does not matter', () => {
    expect(readModels([...files].reverse())).toEqual(readModels(files));
  });
});

describe('files that nobody recognises', () => {
  test.each([
    ['threat-model.json', '{"summary": {"title": "cut o', true],
    ['threat-model.json', 'not JSON at all', true],
    ['threat-model.yaml', 'a: [1, 2', true],
    ['threat-model.json', '{"name": "something else"}', false],
    ['threat-model.yaml', 'name: something else', false],
    ['threat-model.json', '  \n', false],
    ['threat-model.md', 'nothing but words', false],
  ])('%s with %j', (path, text, doubted) => {
    const { models, doubts, notModels } = readModels([{ path, text }]);
    expect(models).toEqual([]);
    expect(doubts.map((doubt) => doubt.code)).toEqual(doubted ? ['model-unreadable'] : []);
    expect(notModels).toEqual(doubted ? [] : [path]);
  });
});
