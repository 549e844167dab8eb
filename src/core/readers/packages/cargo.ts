import type { Entry, Value } from '../../model/value.ts';
import { parseToml } from '../../syntax/toml.ts';
import { at, entries, get, text } from '../../values/value.ts';
import { withoutCredentials, type Dependency, type Group, type ReadManifest } from './dependency.ts';

const TABLES: readonly (readonly [string, Group])[] = [
  ['dependencies', 'runtime'],
  ['dev-dependencies', 'development'],
  ['build-dependencies', 'build'],
];

export const readCargo: ReadManifest = (file) => {
  const { value, errors } = parseToml(file.text);
  const targets = entries(get(value, 'target')).map((e) => e.value);
  const dependencies = [value, ...targets].flatMap((holder) =>
    TABLES.flatMap(([key, group]) => entries(get(holder, key)).map((e) => dependency(e, group))),
  );
  const managed = entries(at(value, 'workspace', 'dependencies')).map((e) => dependency(e, 'managed'));
  return { dependencies: [...dependencies, ...managed], errors };
};

function dependency(e: Entry, group: Group): Dependency {
  const name = text(get(e.value, 'package')) ?? e.key;
  const optional = group === 'runtime' && text(get(e.value, 'optional')) === 'true';
  return {
    ecosystem: 'cargo',
    // crates.io takes `-` and `_` for the same.
    name: name.toLowerCase().replaceAll('_', '-'),
    version: text(e.value) ?? text(get(e.value, 'version')),
    group: optional ? 'optional' : group,
    ...origin(e.value),
    line: e.line,
  };
}

function origin(value: Value): Pick<Dependency, 'source' | 'url'> {
  const git = text(get(value, 'git'));
  const path = text(get(value, 'path'));
  if (git !== undefined) return { source: 'git', url: withoutCredentials(git) };
  return path === undefined ? { source: 'registry' } : { source: 'path', url: path };
}
