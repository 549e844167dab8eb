import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '../../src/core/model/change.ts';
import type { ModelNode, ThreatModel } from '../../src/core/model/threat-model.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/formats');
/** Real models of public repositories, beside the project; not part of it. */
export const SAMPLES = join(import.meta.dirname, '../../../shared/models');

/** The fixture of a format with this stem, whatever its extension; it stands where a model would. */
export function fixture(format: string, stem: string): SourceFile {
  const folder = join(FIXTURES, format);
  const file = readdirSync(folder).find((name) => name.startsWith(`${stem}.`));
  if (file === undefined) throw new Error(`The format ${format} has no fixture ${stem}.*`);
  return {
    path: `docs/threat-model${file.slice(stem.length)}`,
    text: readFileSync(join(folder, file), 'utf8'),
  };
}

export function fixtureAt(path: string): SourceFile {
  return { path, text: readFileSync(join(FIXTURES, path), 'utf8') };
}

export function nodesOf(model: ThreatModel): readonly ModelNode[] {
  return [
    ...model.components,
    ...model.flows,
    ...model.boundaries,
    ...model.dataAssets,
    ...model.vendors,
    ...model.threats,
  ];
}

export function keysOf(model: ThreatModel): readonly string[] {
  return nodesOf(model)
    .map((node) => node.key)
    .sort();
}

/** `from → to` by names, for flows. */
export function endsOf(model: ThreatModel): readonly string[] {
  const names = new Map(nodesOf(model).map((node) => [node.key, node.name]));
  const name = (key: string | undefined): string => names.get(key ?? '') ?? '?';
  return model.flows.map((flow) => `${name(flow.source)} → ${name(flow.target)}`).sort();
}

/** Names of what the given keys stand for. */
export function namesOf(model: ThreatModel, keys: readonly string[]): readonly string[] {
  const names = new Map(nodesOf(model).map((node) => [node.key, node.name]));
  return keys.map((key) => names.get(key) ?? '?').sort();
}
