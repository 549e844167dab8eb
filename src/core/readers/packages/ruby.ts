import {
  groupNamed,
  hostOf,
  withoutCredentials,
  type Dependency,
  type Extra,
  type Group,
  type ReadManifest,
} from './dependency.ts';

const GEM = /^gem[\s(]\s{0,9}["']([\w.-]{1,200})["'](.{0,1000})$/;
const OPTION =
  /(?:^|[\s,{]):?(group|groups|git|github|path|source)(?::|\s{0,9}=>)\s{0,9}(\[[^\]]{0,300}\]|%i\[[^\]]{0,300}\]|:\w{1,60}|["'][^"']{0,500}["'])/g;
const BLOCK = /\bdo(?:\s{0,9}\|[^|]{0,50}\|)?$/;

/** What an open `group … do` or `source … do` says about the gems inside. */
interface Frame {
  readonly group?: Group;
  readonly git?: string;
  readonly path?: string;
}

/** Gemfile: gems with their groups and sources. A Gemfile is a program; what it computes is not seen. */
export const readGemfile: ReadManifest = (file) => {
  const dependencies: Dependency[] = [];
  const extras: Extra[] = [];
  const frames: Frame[] = [];
  file.text.split('\n').forEach((raw, i) => {
    const line = raw
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .slice(0, 2_000);
    const source = /^source[\s(]\s{0,9}["']([^"']{1,500})["']/.exec(line)?.[1];
    if (source !== undefined) extras.push(...registry(source, i + 1));
    const gem = GEM.exec(line);
    if (gem?.[1] !== undefined) dependencies.push(dependency(gem[1], gem[2] ?? '', frames, i + 1));
    if (BLOCK.test(line)) frames.push(frame(line));
    else if (/^(?:if|unless|case|begin)\b/.test(line)) frames.push({});
    else if (line === 'end') frames.pop();
  });
  return { dependencies, extras, errors: [] };
};

function registry(url: string, line: number): Extra[] {
  const host = hostOf(url);
  return host === 'rubygems.org'
    ? []
    : [{ kind: 'package-registry', name: host, value: withoutCredentials(url), line }];
}

function frame(line: string): Frame {
  const first = /["']([^"']{1,500})["']/.exec(line)?.[1];
  if (line.startsWith('group')) return { group: groupsNamed(line) };
  if (line.startsWith('git') && first !== undefined) return { git: first };
  return line.startsWith('path') && first !== undefined ? { path: first } : {};
}

/** In several groups the most exposed one counts. */
function groupsNamed(words: string): Group {
  const groups = [...words.matchAll(/:?(\w{2,60})/g)]
    .map((m) => m[1] ?? '')
    .filter((w) => !['group', 'groups', 'do', 'optional', 'true'].includes(w));
  const named = groups.map((g) => groupNamed(g, 'runtime'));
  return named.find((g) => g === 'runtime') ?? named[0] ?? 'runtime';
}

function dependency(name: string, rest: string, frames: readonly Frame[], line: number): Dependency {
  const options = new Map([...rest.matchAll(OPTION)].map((m) => [m[1] ?? '', unquote(m[2] ?? '')]));
  const group = options.get('group') ?? options.get('groups');
  const outer = frames.findLast((f) => f.group !== undefined)?.group ?? 'runtime';
  const git =
    options.get('git') ??
    (options.has('github')
      ? `github:${options.get('github') ?? ''}`
      : frames.findLast((f) => f.git !== undefined)?.git);
  const path = options.get('path') ?? frames.findLast((f) => f.path !== undefined)?.path;
  const version = [...rest.matchAll(/,\s{0,9}["']([~<>=!\s\d][^"']{0,60})["']/g)].map((m) => m[1]).join(', ');
  return {
    ecosystem: 'rubygems',
    name: name.toLowerCase(),
    ...(version === '' ? {} : { version }),
    group: group === undefined ? outer : groupsNamed(group),
    ...(git === undefined
      ? path === undefined
        ? { source: 'registry' }
        : { source: 'path', url: path }
      : { source: 'git', url: withoutCredentials(git) }),
    line,
  };
}

const unquote = (text: string): string => text.replace(/^["']|["']$/g, '');

const GEMSPEC =
  /\.add_(runtime_|development_)?dependency[\s(]\s{0,9}["']([\w.-]{1,200})["'](?:\s{0,9},\s{0,9}["']([^"']{0,60})["'])?/;

export const readGemspec: ReadManifest = (file) => ({
  dependencies: file.text.split('\n').flatMap((raw, i): Dependency[] => {
    const found = GEMSPEC.exec(raw.slice(0, 2_000));
    if (found?.[2] === undefined || raw.trimStart().startsWith('#')) return [];
    return [
      {
        ecosystem: 'rubygems',
        name: found[2].toLowerCase(),
        version: found[3],
        group: found[1] === 'development_' ? 'development' : 'runtime',
        source: 'registry',
        line: i + 1,
      },
    ];
  }),
  errors: [],
});
