import { LIMITS } from '../../limits.ts';
import type { SourceFile } from '../../model/change.ts';
import type { Doubt } from '../../model/doubt.ts';
import type { Resource } from '../../model/resource.ts';
import type { Entry, Value } from '../../model/value.ts';
import { doubtsOf } from '../../syntax/doubts.ts';
import { blockSpan, indexLines } from '../../syntax/lines.ts';
import { readYamlSource } from '../../syntax/yaml-source.ts';
import { entries, entry, expression, get, items, map, resolve, scalar, text } from '../../values/value.ts';
import type { Reading } from '../reader.ts';
import { interpolate, NO_ENVIRONMENT, type Environment } from './interpolation.ts';
import { referencesOf } from './references.ts';
import { normaliseService } from './short-forms.ts';

/** Top-level maps of named things: address word and type of each. */
const SECTIONS = [
  { section: 'services', word: 'service' },
  { section: 'networks', word: 'network' },
  { section: 'volumes', word: 'volume' },
  { section: 'secrets', word: 'secret' },
  { section: 'configs', word: 'config' },
] as const;

type Draft = Omit<Resource, 'references'>;

export function readComposeFile(file: SourceFile, environment: Environment = NO_ENVIRONMENT): Reading {
  const source = readYamlSource(file);
  const project = source.documents.find((d) => d.value?.kind === 'map')?.value;
  if (!project) return { resources: [], doubts: source.doubts };
  const index = indexLines(file.text);
  const drafts: Draft[] = [];
  for (const { word, at } of things(project))
    drafts.push({
      stack: 'compose',
      address: `${word}/${at.key}`,
      scope: file.path,
      type: `compose-${word}`,
      name: at.key,
      file: file.path,
      span: blockSpan(index, at.line, at.value),
      values: valuesOf(word, at, environment),
    });
  const kept = drafts.slice(0, LIMITS.resources);
  const addresses = new Set(kept.map((draft) => draft.address));
  const resources = kept.map((draft) => ({
    ...draft,
    references: referencesOf(draft.address, draft.values, addresses),
  }));
  return { resources, doubts: [...source.doubts, ...tooMany(file.path, drafts)] };
}

function things(project: Value): readonly { readonly word: string; readonly at: Entry }[] {
  return [
    ...SECTIONS.flatMap(({ section, word }) => entries(get(project, section)).map((at) => ({ word, at }))),
    ...items(get(project, 'include')).flatMap(includes),
  ];
}

/** Another Compose file that this one takes in: a path, or `{path}` with one or several. */
function includes(item: Value): readonly { readonly word: string; readonly at: Entry }[] {
  return items(get(item, 'path') ?? item).flatMap((path) => {
    const name = text(path);
    if (name === undefined) return [];
    const values =
      item.kind === 'map' ? item : map([entry('path', scalar(name, item.line), item.line)], item.line);
    return [{ word: 'include', at: entry(name, values, item.line) }];
  });
}

function valuesOf(word: string, at: Entry, environment: Environment): Value {
  const seen = resolve(at.value);
  const written = seen.kind === 'map' ? seen : map([], at.line);
  if (word !== 'service') return interpolate(written, environment);
  // Short forms are split before their variables are looked at: `${PORT:-80}:80` has one colon that separates.
  return withPassedThrough(interpolate(normaliseService(written), environment), environment);
}

/** A setting of which only the name is written takes the value that is set beside the file. */
function withPassedThrough(service: Value, environment: Environment): Value {
  if (service.kind !== 'map' || environment.size === 0) return service;
  const pass = ({ key, value, ...rest }: Entry): Entry => {
    const set = value.kind === 'scalar' && value.value === null ? environment.get(key) : undefined;
    return {
      key,
      ...rest,
      value: set === undefined ? value : expression(`\${${key}}`, [key], value.line, scalar(set, value.line)),
    };
  };
  return map(
    service.entries.map((e) =>
      e.key === 'environment' && e.value.kind === 'map'
        ? { ...e, value: map(e.value.entries.map(pass), e.value.line) }
        : e,
    ),
    service.line,
  );
}

function tooMany(file: string, drafts: readonly Draft[]): readonly Doubt[] {
  const first = drafts[LIMITS.resources];
  if (!first) return [];
  const message = `More than ${LIMITS.resources} services and other things`;
  return doubtsOf(file, 'Compose', [{ message, line: first.span.startLine, column: 1, limit: true }]);
}
