import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { qualityFindings } from '../../src/core/formats/quality.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import { nodesOf, SAMPLES } from '../support/format-fixtures.ts';

const FOLDERS = {
  'threat-dragon-v1': 'threat-dragon',
  'threat-dragon-v2': 'threat-dragon',
  threagile: 'threagile',
  otm: 'otm',
  markdown: 'markdown',
};

/** Samples without content of their own, or of another format than their folder says. */
const EMPTY: readonly string[] = [
  'threat-dragon__test-v1-model.json',
  'HTI-Storage-Server__New-Threat-Model-1@48fdf2d.json',
  'threat-dragon__demo-v2-new-model.json',
  'threat-dragon__enter-the-dragon-1.json',
  'threat-dragon__test-threat-model.json',
  'threat-dragon__v2-malformed-new-model.json',
];

const present = existsSync(SAMPLES);
const files = present
  ? Object.entries(FOLDERS).flatMap(([folder, format]) =>
      readdirSync(join(SAMPLES, folder)).map((name) => ({ folder, format, name })),
    )
  : [];

if (!present)
  test.skip('the samples (../shared/models) are not here: they are not part of the project', () => undefined);
else
  describe('real models', () => {
    test('are all here', () => {
      expect(files.length).toBeGreaterThan(50);
    });

    test.each(files)('$folder/$name', ({ folder, format, name }) => {
      const file = { path: `docs/${name}`, text: readFileSync(join(SAMPLES, folder, name), 'utf8') };
      const { models, doubts, notModels } = readModels([file]);
      expect(doubts).toEqual([]);
      if (EMPTY.includes(name)) {
        expect([models, notModels]).toEqual([[], [file.path]]);
        return;
      }
      expect(models.map((model) => model.format)).toEqual([format]);
      const lines = file.text.split('\n').length;
      for (const model of models) {
        expect(nodesOf(model).length).toBeGreaterThan(2);
        expect(new Set(nodesOf(model).map((node) => node.key)).size).toBe(nodesOf(model).length);
        for (const node of nodesOf(model)) expect(node.location.line <= lines && node.name !== '').toBe(true);
        for (const finding of qualityFindings(model, 'all')) expect(finding.message).toMatch(/\.$/);
      }
    });
  });
