import { childOf, childText, parseXml, type XmlElement } from '../../syntax/xml.ts';
import {
  hostOf,
  withoutCredentials,
  type Dependency,
  type Extra,
  type Group,
  type ReadManifest,
} from './dependency.ts';

export const readPom: ReadManifest = (file) => {
  const { root, errors } = parseXml(file.text);
  if (!root) return { dependencies: [], errors };
  const group = childText(root, 'groupId') ?? childText(childOf(root, 'parent'), 'groupId') ?? '';
  const profiles = childOf(root, 'profiles')?.children ?? [];
  const sections = [root, ...profiles];
  return {
    dependencies: [...parent(root), ...sections.flatMap((s) => sectionDependencies(s, group))],
    extras: sections.flatMap(repositories),
    errors,
  };
};

function sectionDependencies(section: XmlElement, ownGroup: string): Dependency[] {
  const plugins = [
    ...childrenOf(section, 'build', 'plugins'),
    ...childrenOf(section, 'build', 'pluginManagement', 'plugins'),
  ];
  return [
    ...childrenOf(section, 'dependencies').flatMap((d) => dependency(d, scopeOf(d), ownGroup)),
    ...childrenOf(section, 'dependencyManagement', 'dependencies').flatMap((d) =>
      dependency(d, 'managed', ownGroup),
    ),
    ...plugins.flatMap((p) => dependency(p, 'build', ownGroup)),
  ];
}

const childrenOf = (element: XmlElement, ...path: readonly string[]): readonly XmlElement[] =>
  childOf(element, ...path)?.children ?? [];

const parent = (root: XmlElement): Dependency[] => {
  const element = childOf(root, 'parent');
  return element && childText(element, 'relativePath') === undefined ? dependency(element, 'build', '') : [];
};

function scopeOf(element: XmlElement): Group {
  if (childText(element, 'optional') === 'true') return 'optional';
  const scope = childText(element, 'scope');
  if (scope === 'test') return 'test';
  return scope === 'import' ? 'managed' : 'runtime';
}

function dependency(element: XmlElement, group: Group, ownGroup: string): Dependency[] {
  const artifact = childText(element, 'artifactId');
  const owner = childText(element, 'groupId') ?? (group === 'build' ? 'org.apache.maven.plugins' : undefined);
  if (artifact === undefined || owner === undefined) return [];
  const own =
    ownGroup !== '' &&
    (owner === ownGroup || owner === '${project.groupId}' || owner.startsWith(`${ownGroup}.`));
  const name = `${own && owner.startsWith('$') ? ownGroup : owner}:${artifact}`.toLowerCase();
  return [
    {
      ecosystem: 'maven',
      name,
      version: childText(element, 'version'),
      group,
      source: 'registry',
      own,
      line: element.line,
      endLine: element.endLine,
    },
  ];
}

function repositories(section: XmlElement): Extra[] {
  const all = [...childrenOf(section, 'repositories'), ...childrenOf(section, 'pluginRepositories')];
  return all.flatMap((r) => mavenRegistry(childText(r, 'url'), r.line));
}

/** A repository other than the public ones that every build asks. */
export function mavenRegistry(url: string | undefined, line: number): Extra[] {
  if (url === undefined || !/^https?:/i.test(url)) return [];
  const host = hostOf(url);
  if (
    [
      'repo1.maven.org',
      'repo.maven.apache.org',
      'plugins.gradle.org',
      'maven.google.com',
      'dl.google.com',
    ].includes(host)
  )
    return [];
  return [{ kind: 'package-registry', name: host, value: withoutCredentials(url), line }];
}
