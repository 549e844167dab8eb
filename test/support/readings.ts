import { expect } from '@jest/globals';
import type { Resource } from '../../src/core/model/resource.ts';
import type { Value } from '../../src/core/model/value.ts';
import type { Reader, Reading } from '../../src/core/readers/reader.ts';
import { canonical } from '../../src/core/values/canonical.ts';
import { HOSTILE_YAML } from './hostile-yaml.ts';

/** Reads texts by path, as the pipeline would: only those that the reader recognises, in order of path. */
export function readTexts(reader: Reader, texts: Readonly<Record<string, string>>): Reading {
  const files = Object.entries(texts)
    .map(([path, text]) => ({ path, text }))
    .filter((file) => reader.recognises(file))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return files.length > 0 ? reader.read(files) : { resources: [], doubts: [] };
}

export function find(reading: Reading, address: string): Resource {
  const found = reading.resources.find((r) => r.address === address);
  if (!found)
    throw new Error(`${address} is not among ${reading.resources.map((r) => r.address).join(', ')}`);
  return found;
}

/** `path → to` of every reference. */
export const arrows = (resource: Resource): readonly string[] =>
  resource.references.map((r) => `${r.path} → ${r.to}`);

export const shown = (value: Value | undefined, mode: 'written' | 'effective' = 'effective'): string =>
  value ? canonical(value, mode) : '';

/** What a reading says apart from positions. */
export const meaning = (reading: Reading): readonly string[] =>
  reading.resources
    .map((r) => `${r.address} ${canonical(r.values, 'effective')} ${arrows(r).toSorted().join(', ')}`)
    .toSorted();

/** Nothing that can be written into a file makes a reader throw, or name a line that is not there. */
export function expectHardened(reader: Reader, path: string, wrap: (hostile: string) => string): void {
  const wrong: string[] = [];
  for (const [name, hostile] of Object.entries(HOSTILE_YAML))
    for (const text of [hostile, wrap(hostile)]) {
      const last = text.split('\n').length;
      const inside = (line: number): boolean => line >= 1 && line <= last;
      const { resources, doubts } = reader.read([{ path, text }]);
      if (!doubts.every(({ line = 0 }) => inside(line))) wrong.push(`${name}: a doubt is outside the text`);
      for (const { address, span, values } of resources) {
        const placed = inside(span.startLine) && inside(span.endLine) && span.startLine <= span.endLine;
        if (!placed) wrong.push(`${name}: ${address} is outside the text`);
        if (values.kind !== 'map') wrong.push(`${name}: ${address} has values that are no map`);
      }
    }
  expect(wrong).toEqual([]);
}
