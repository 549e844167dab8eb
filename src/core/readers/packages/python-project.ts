import type { SourceFile } from '../../model/change.ts';
import type { Value } from '../../model/value.ts';
import { parseToml } from '../../syntax/toml.ts';
import { at, entries, get, items, text } from '../../values/value.ts';
import {
  groupNamed,
  withoutCredentials,
  type Dependency,
  type Group,
  type Manifest,
  type ReadManifest,
} from './dependency.ts';
import { normalise, pythonRegistry, requirement } from './python.ts';

export const readPyproject: ReadManifest = (file) => {
  const { value, errors } = parseToml(file.text);
  const sources = at(value, 'tool', 'uv', 'sources');
  const lists: [Value | undefined, Group][] = [
    [at(value, 'project', 'dependencies'), 'runtime'],
    [at(value, 'build-system', 'requires'), 'build'],
    [at(value, 'tool', 'uv', 'dev-dependencies'), 'development'],
    ...named(at(value, 'project', 'optional-dependencies'), 'optional'),
    ...named(at(value, 'dependency-groups'), 'development'),
    ...named(at(value, 'tool', 'pdm', 'dev-dependencies'), 'development'),
  ];
  const listed = lists.flatMap(([list, group]) =>
    items(list).flatMap((v) => requirement(text(v) ?? '', group, v.line) ?? []),
  );
  const indexes = [
    ...items(at(value, 'tool', 'uv', 'index')),
    ...items(at(value, 'tool', 'poetry', 'source')),
  ];
  return {
    dependencies: [...listed.map((d) => redirected(d, sources)), ...poetry(at(value, 'tool', 'poetry'))],
    extras: indexes
      .flatMap((v) => pythonRegistry(text(get(v, 'url')) ?? '', v.line))
      .filter((x) => x.name !== ''),
    errors,
  };
};

const named = (groups: Value | undefined, otherwise: Group): [Value, Group][] =>
  entries(groups).map((e) => [e.value, groupNamed(e.key, otherwise)]);

/** `[tool.uv.sources]` sends a name somewhere else than the index. */
function redirected(d: Dependency, sources: Value | undefined): Dependency {
  const found = entries(sources).find((e) => normalise(e.key) === d.name);
  return found ? { ...d, ...tableOrigin(found.value) } : d;
}

function poetry(table: Value | undefined): Dependency[] {
  const groups: [Value | undefined, Group][] = [
    [get(table, 'dependencies'), 'runtime'],
    [get(table, 'dev-dependencies'), 'development'],
    ...entries(get(table, 'group')).map((e): [Value | undefined, Group] => [
      get(e.value, 'dependencies'),
      groupNamed(e.key, 'optional'),
    ]),
  ];
  return groups.flatMap(([list, group]) => tableDependencies(list, group));
}

function tableDependencies(list: Value | undefined, group: Group): Dependency[] {
  return entries(list)
    .filter((e) => e.key.toLowerCase() !== 'python')
    .map((e) => ({
      ecosystem: 'pypi',
      name: normalise(e.key),
      version: text(e.value) ?? text(get(e.value, 'version')),
      group: text(get(e.value, 'optional')) === 'true' && group === 'runtime' ? 'optional' : group,
      ...tableOrigin(e.value),
      line: e.line,
    }));
}

function tableOrigin(value: Value): Pick<Dependency, 'source' | 'url'> {
  const git = text(get(value, 'git'));
  const path = text(get(value, 'path')) ?? (text(get(value, 'workspace')) === 'true' ? '.' : undefined);
  const url = text(get(value, 'url'));
  if (git !== undefined) return { source: 'git', url: withoutCredentials(git) };
  if (path !== undefined) return { source: 'path', url: path };
  return url === undefined ? { source: 'registry' } : { source: 'url', url: withoutCredentials(url) };
}

export const readPipfile: ReadManifest = (file) => {
  const { value, errors } = parseToml(file.text);
  return {
    dependencies: [
      ...tableDependencies(get(value, 'packages'), 'runtime'),
      ...tableDependencies(get(value, 'dev-packages'), 'development'),
    ],
    extras: items(get(value, 'source')).flatMap((v) => pythonRegistry(text(get(v, 'url')) ?? '', v.line)),
    errors,
  };
};

/**
 * Literal lists of setup.py: `install_requires=[…]` or a variable that holds one. The file is a program; lists that it
 * computes are not seen.
 */
export const readSetupPy: ReadManifest = (file) => {
  const code = file.text.replace(/(^|\s)#[^\n]*/g, '$1');
  const dependencies = [
    ['install_requires', 'runtime'] as const,
    ['setup_requires', 'build'] as const,
    ['tests_require', 'test'] as const,
  ].flatMap(([keyword, group]) => {
    const argument = new RegExp(`\\b${keyword}\\s{0,9}=\\s{0,9}(\\[|[A-Za-z_]\\w{0,99})`).exec(code);
    if (argument?.[1] === undefined) return [];
    const start = argument[1] === '[' ? argument.index + argument[0].length : assignedList(code, argument[1]);
    return start < 0
      ? []
      : listedStrings(code, start).flatMap((s) => requirement(s.value, group, s.line) ?? []);
  });
  return { dependencies, errors: [] };
};

/** Offset behind the bracket of `name = [`, or -1. */
function assignedList(code: string, name: string): number {
  const found = new RegExp(`^${name}\\s{0,9}(?::[^=\\n]{1,100})?=\\s{0,9}\\[`, 'm').exec(code);
  return found ? found.index + found[0].length : -1;
}

function listedStrings(code: string, start: number): { value: string; line: number }[] {
  let line = code.slice(0, start).split('\n').length;
  const out: { value: string; line: number }[] = [];
  for (let at = start; at < code.length && code[at] !== ']'; at++) {
    const c = code[at];
    if (c === '\n') line++;
    if (c !== '"' && c !== "'") continue;
    const end = code.indexOf(c, at + 1);
    if (end < 0) break;
    out.push({ value: code.slice(at + 1, end), line });
    at = end;
  }
  return out;
}

/** `[options] install_requires` and `[options.extras_require]` of setup.cfg. */
export function readSetupCfg(file: SourceFile): Manifest {
  const dependencies: Dependency[] = [];
  let section = '';
  let key = '';
  file.text.split('\n').forEach((raw, i) => {
    const line = raw.replace(/(?:^|\s)[#;].*$/, '').trimEnd();
    const header = /^\[([^\]]{1,200})\]/.exec(line)?.[1];
    const pair = /^([\w.-]{1,200})\s{0,20}[=:](.*)$/.exec(line);
    if (header !== undefined) section = header.trim();
    if (pair?.[1] !== undefined) key = pair[1];
    const spec = (pair ? (pair[2] ?? '') : /^\s/.test(line) ? line : '').trim();
    const group = cfgGroup(section, key);
    if (group === undefined || spec === '' || header !== undefined) return;
    const found = requirement(spec, group, i + 1);
    if (found) dependencies.push(found);
  });
  return { dependencies, errors: [] };
}

function cfgGroup(section: string, key: string): Group | undefined {
  if (section === 'options.extras_require') return groupNamed(key, 'optional');
  if (section !== 'options') return undefined;
  if (key === 'install_requires') return 'runtime';
  if (key === 'setup_requires') return 'build';
  return key === 'tests_require' ? 'test' : undefined;
}
