import { parseJson } from '../../syntax/json.ts';
import { entries, get, text } from '../../values/value.ts';
import { originOf, type Dependency, type Extra, type Group, type ReadManifest } from './dependency.ts';

const GROUPS: readonly (readonly [string, Group])[] = [
  ['dependencies', 'runtime'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'optional'],
  ['devDependencies', 'development'],
];

/** Scripts that run when the package is installed, here or by those who depend on it. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

export const readPackageJson: ReadManifest = (file) => {
  const { value, errors } = parseJson(file.text);
  const scope = scopeOf(text(get(value, 'name')) ?? '');
  const dependencies = GROUPS.flatMap(([key, group]) =>
    entries(get(value, key)).map((e) => dependency(e.key, text(e.value) ?? '', group, e.line, scope)),
  );
  const extras = entries(get(value, 'scripts')).flatMap((e): Extra[] =>
    INSTALL_SCRIPTS.includes(e.key)
      ? [{ kind: 'npm-script', name: e.key, value: text(e.value) ?? '', line: e.line }]
      : [],
  );
  return { dependencies, extras, errors };
};

function dependency(
  key: string,
  version: string,
  group: Group,
  line: number,
  scope: string | undefined,
): Dependency {
  const alias = /^npm:(@?[^@]{1,214})(?:@(.{0,200}))?$/.exec(version);
  const name = (alias?.[1] ?? key).toLowerCase();
  const range = alias ? alias[2] : version;
  const shorthand = /^[\w.-]{1,100}\/[\w.-]{1,100}(?:#.{0,200})?$/.test(version);
  const origin = shorthand ? { source: 'git' as const, url: `github:${version}` } : originOf(version);
  return {
    ecosystem: 'npm',
    name,
    version: range,
    group,
    ...origin,
    own: scope !== undefined && scopeOf(name) === scope,
    line,
  };
}

const scopeOf = (name: string): string | undefined =>
  name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;

export const readComposerJson: ReadManifest = (file) => {
  const { value, errors } = parseJson(file.text);
  const vendor = (text(get(value, 'name')) ?? '').split('/')[0] ?? '';
  const dependencies = [['require', 'runtime'] as const, ['require-dev', 'development'] as const].flatMap(
    ([key, group]) =>
      entries(get(value, key))
        // Without a slash it is PHP itself or one of its extensions.
        .filter((e) => e.key.includes('/'))
        .map((e): Dependency => ({
          ecosystem: 'composer',
          name: e.key.toLowerCase(),
          version: text(e.value),
          group,
          source: 'registry',
          own: vendor !== '' && e.key.toLowerCase().startsWith(`${vendor.toLowerCase()}/`),
          line: e.line,
        })),
  );
  return { dependencies, errors };
};
