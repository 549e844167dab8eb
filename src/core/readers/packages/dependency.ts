import type { SourceFile } from '../../model/change.ts';
import type { Resource } from '../../model/resource.ts';
import type { Entry } from '../../model/value.ts';
import type { SyntaxProblem } from '../../syntax/problem.ts';
import { entry, map, scalar } from '../../values/value.ts';

export type Ecosystem = 'npm' | 'pypi' | 'go' | 'maven' | 'cargo' | 'nuget' | 'rubygems' | 'composer';

/**
 * What a manifest wants a package for. `managed`: only its version is fixed here; `locked`: listed by a tool because
 * something else needs it; `indirect`: the same, said by Go.
 */
export type Group =
  'runtime' | 'optional' | 'build' | 'test' | 'development' | 'managed' | 'locked' | 'indirect';

export type Origin = 'registry' | 'git' | 'path' | 'url';

export interface Dependency {
  readonly ecosystem: Ecosystem;
  /** Normalised as its registry compares names. */
  readonly name: string;
  readonly version?: string | undefined;
  readonly group: Group;
  readonly source: Origin;
  /** Where `git`, `path` and `url` point, without credentials. */
  readonly url?: string | undefined;
  /** Published by whoever publishes this manifest, by the registry's own naming (npm scope, Go module owner, Maven group). */
  readonly own?: boolean;
  readonly line: number;
  readonly endLine?: number;
}

/** Something else a manifest says: a registry that is asked besides the usual one, a script that runs on installation. */
export interface Extra {
  readonly kind: 'package-registry' | 'npm-script';
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface Manifest {
  readonly dependencies: readonly Dependency[];
  readonly extras?: readonly Extra[];
  readonly errors: readonly SyntaxProblem[];
}

/** Reads one manifest; the other files are those of the same directory. */
export type ReadManifest = (file: SourceFile, siblings: readonly SourceFile[]) => Manifest;

const RANK: readonly Group[] = [
  'runtime',
  'optional',
  'build',
  'test',
  'development',
  'indirect',
  'managed',
  'locked',
];

/** One resource a package: when a manifest lists it for several purposes, the most exposed one counts. */
export function dependencyResources(path: string, dependencies: readonly Dependency[]): Resource[] {
  const byName = new Map<string, Dependency>();
  for (const d of dependencies) {
    const key = `${d.ecosystem}:${d.name}`;
    const known = byName.get(key);
    if (d.name !== '' && (!known || RANK.indexOf(d.group) < RANK.indexOf(known.group))) byName.set(key, d);
  }
  return [...byName].map(([address, d]) => ({
    stack: 'packages',
    address,
    scope: path,
    type: d.ecosystem,
    name: d.name,
    file: path,
    span: { startLine: d.line, endLine: Math.max(d.line, d.endLine ?? d.line) },
    values: map(attributes(d), d.line),
    references: [],
  }));
}

function attributes(d: Dependency): Entry[] {
  const part = (key: string, value: string | boolean | undefined): Entry[] =>
    value === undefined ? [] : [entry(key, scalar(value, d.line), d.line)];
  return [
    ...part('name', d.name),
    ...part('version', d.version === '' ? undefined : d.version),
    ...part('group', d.group),
    ...part('source', d.source),
    ...part('url', d.url),
    ...part('own', d.own === true ? true : undefined),
  ];
}

export function extraResources(path: string, extras: readonly Extra[]): Resource[] {
  const seen = new Set<string>();
  return extras.flatMap((x) => {
    const address = x.kind === 'npm-script' ? `npm-script ${path}#${x.name}` : `registry ${x.name}`;
    if (seen.has(address)) return [];
    seen.add(address);
    const key = x.kind === 'npm-script' ? 'command' : 'url';
    return [
      {
        stack: 'packages',
        address,
        scope: path,
        type: x.kind,
        name: x.name,
        file: path,
        span: { startLine: x.line, endLine: x.line },
        values: map(
          [entry('name', scalar(x.name, x.line), x.line), entry(key, scalar(x.value, x.line), x.line)],
          x.line,
        ),
        references: [],
      },
    ];
  });
}

/** A URL without user, password and query, which may hold tokens. */
export const withoutCredentials = (url: string): string =>
  url.replace(/\/\/[^/@\s]{0,500}@/, '//').replace(/[?#].*$/, '');

/** `https://packages.example.com/simple/` → `packages.example.com`. */
export const hostOf = (url: string): string =>
  /^[\w+.-]{1,20}:\/\/(?:[^/@\s]{0,500}@)?([^/:?#\s]{1,255})/.exec(url)?.[1]?.toLowerCase() ?? url;

/** Where a reference points, by its spelling. */
export function originOf(reference: string): { readonly source: Origin; readonly url?: string } {
  const lower = reference.toLowerCase();
  if (
    /^(git\+|git:|ssh:|git@|github:|gitlab:|bitbucket:|gist:|hg\+|svn\+|bzr\+)/.test(lower) ||
    /^https?:\/\/[^\s]{1,500}\.git(?:[#@]|$)/.test(lower)
  )
    return { source: 'git', url: withoutCredentials(reference) };
  if (/^(file:|link:|portal:|workspace:|\.{1,2}\/|\/|~\/)/.test(lower) || reference === '.')
    return { source: 'path', url: reference };
  if (/^(https?|ftp):\/\//.test(lower)) return { source: 'url', url: withoutCredentials(reference) };
  return { source: 'registry' };
}

/** Purpose behind a free group name (`dev`, `docs`, `tests` …), as extras and dependency groups use them. */
export function groupNamed(name: string, otherwise: Group): Group {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const has = (...list: readonly string[]): boolean => words.some((w) => list.includes(w));
  if (has('test', 'tests', 'testing', 'ci', 'e2e')) return 'test';
  if (
    has(
      'dev',
      'develop',
      'development',
      'lint',
      'linting',
      'docs',
      'doc',
      'typing',
      'types',
      'mypy',
      'style',
      'format',
      'quality',
      'tools',
      'local',
      'debug',
      'profiling',
      'benchmark',
      'bench',
    )
  )
    return 'development';
  if (has('build', 'packaging', 'release')) return 'build';
  return otherwise;
}
