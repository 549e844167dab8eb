import type { SourceFile } from '../../model/change.ts';
import { parseXml, childText, type XmlElement } from '../../syntax/xml.ts';
import type { Dependency, Group, ReadManifest } from './dependency.ts';

/** Project files, `Directory.Packages.props` and `packages.config`. */
export const readNuget: ReadManifest = (file) => {
  const { root, errors } = parseXml(file.text);
  const all = root ? descendants(root) : [];
  const project: Group = isTest(file, all) ? 'test' : 'runtime';
  return { dependencies: all.flatMap((e) => reference(e, project)), errors };
};

/** Every element; MSBuild puts item groups into conditions and choices. */
const descendants = (element: XmlElement): XmlElement[] => [
  element,
  ...element.children.flatMap(descendants),
];

function isTest(file: SourceFile, all: readonly XmlElement[]): boolean {
  const name = file.path.split('/').at(-1) ?? '';
  return (
    /[._-]?tests?\.\w{2}proj$/i.test(name) ||
    all.some((e) => childText(e, 'IsTestProject')?.toLowerCase() === 'true')
  );
}

function reference(e: XmlElement, project: Group): Dependency[] {
  const attribute = (name: string): string | undefined => e.attributes.get(name) ?? childText(e, name);
  const make = (name: string | undefined, version: string | undefined, group: Group): Dependency[] =>
    name === undefined
      ? []
      : [
          {
            ecosystem: 'nuget',
            name: name.toLowerCase(),
            version,
            group,
            source: 'registry',
            line: e.line,
            endLine: e.endLine,
          },
        ];
  switch (e.name) {
    case 'PackageReference':
      return make(
        e.attributes.get('Include'),
        attribute('Version'),
        /\ball\b/i.test(attribute('PrivateAssets') ?? '') ? 'development' : project,
      );
    case 'GlobalPackageReference':
      return make(e.attributes.get('Include'), attribute('Version'), 'development');
    case 'PackageVersion':
      return make(e.attributes.get('Include'), attribute('Version'), 'managed');
    case 'package':
      return make(
        e.attributes.get('id'),
        e.attributes.get('version'),
        e.attributes.get('developmentDependency') === 'true' ? 'development' : project,
      );
    default:
      return [];
  }
}
