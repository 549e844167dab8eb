import type { Value } from '../../model/value.ts';
import { parseToml } from '../../syntax/toml.ts';
import { at, entries, get, text } from '../../values/value.ts';
import { mavenRegistry } from './maven.ts';
import type { Dependency, Extra, Group, ReadManifest } from './dependency.ts';

/** Configuration names → purpose; anything that ends in them too (`debugImplementation`, `kspTest`). */
const CONFIGURATIONS: readonly (readonly [RegExp, Group])[] = [
  [/test|jmh/i, 'test'],
  [/^(?:classpath|annotationProcessor|kapt|ksp)|AnnotationProcessor$|protoc$/i, 'build'],
  [/^debug/i, 'development'],
  [
    /^(?:api|implementation|runtime|runtimeOnly|compile|compileOnly|compileOnlyApi|provided)$|(?:Api|Implementation|RuntimeOnly|CompileOnly)$/,
    'runtime',
  ],
];

const CALL = /^(\w{2,60})(?:\s|\()/;
const NOTATION = /["']([\w.-]{1,200}):([\w.-]{1,200})(?::([^"'@]{0,200}))?[^"']{0,50}["']/g;
const NAMED =
  /\bgroup\s{0,9}[:=]\s{0,9}["']([^"']{1,200})["'].{0,60}\bname\s{0,9}[:=]\s{0,9}["']([^"']{1,200})["'](?:.{0,60}\bversion\s{0,9}[:=]\s{0,9}["']([^"']{0,200})["'])?/;
const PLUGIN = /^id\s{0,9}\(?\s{0,9}["']([\w.-]{1,200})["']/;
const REPOSITORY = /\burl\s{0,9}(?:=\s{0,9})?(?:\(\s{0,9})?(?:uri\s{0,9}\(\s{0,9})?["']([^"']{1,500})["']/;

/**
 * `build.gradle` and `build.gradle.kts`: dependencies with a written coordinate. Build scripts are programs; a coordinate
 * that is put together by code or taken from a catalogue is not seen here (the catalogue is read as a file of its own).
 */
export const readGradle: ReadManifest = (file) => {
  const dependencies: Dependency[] = [];
  const extras: Extra[] = [];
  let listing: Group | undefined;
  withoutComments(file.text).forEach((line, i) => {
    const statement = line
      .trim()
      .replace(/^(?:add\s?\(\s?["'](\w{2,60})["']\s?,\s?)/, '$1(')
      .slice(0, 1_000);
    const call = CALL.exec(statement);
    const plugin = PLUGIN.exec(statement)?.[1];
    const url = REPOSITORY.exec(statement)?.[1];
    if (plugin?.includes('.'))
      dependencies.push(coordinate(plugin, `${plugin}.gradle.plugin`, undefined, 'build', i + 1));
    if (url !== undefined) extras.push(...mavenRegistry(url, i + 1));
    // A list of coordinates may go on over several lines: `implementation "a:b:1",`.
    const group =
      CONFIGURATIONS.find(([name]) => name.test(call?.[1] ?? ''))?.[1] ??
      (/^["']/.test(statement) ? listing : undefined);
    listing = statement.endsWith(',') ? group : undefined;
    if (group) dependencies.push(...coordinates(statement, group, i + 1));
  });
  return { dependencies, extras, errors: [] };
};

function coordinates(statement: string, group: Group, line: number): Dependency[] {
  const named = NAMED.exec(statement);
  const all = named ? [named] : [...statement.matchAll(NOTATION)];
  return all.flatMap((p) =>
    p[1] === undefined || p[2] === undefined ? [] : [coordinate(p[1], p[2], p[3], group, line)],
  );
}

const coordinate = (
  group: string,
  artifact: string,
  version: string | undefined,
  purpose: Group,
  line: number,
): Dependency => ({
  ecosystem: 'maven',
  name: `${group}:${artifact}`.toLowerCase(),
  version,
  group: purpose,
  source: 'registry',
  line,
});

/** Lines with comments blanked; `//` within a URL is no comment. */
function withoutComments(source: string): string[] {
  let inside = false;
  return source.split('\n').map((raw) => {
    let line = raw;
    if (inside) {
      const end = line.indexOf('*/');
      if (end < 0) return '';
      inside = false;
      line = line.slice(end + 2);
    }
    const start = line.indexOf('/*');
    if (start >= 0 && !/["']/.test(line.slice(0, start))) {
      const end = line.indexOf('*/', start + 2);
      inside = end < 0;
      line = line.slice(0, start) + (end < 0 ? '' : line.slice(end + 2));
    }
    const slashes = line.indexOf('//');
    return slashes >= 0 && line[slashes - 1] !== ':' ? line.slice(0, slashes) : line;
  });
}

/** `gradle/libs.versions.toml`: the libraries and plugins that build scripts take by alias. */
export const readVersionCatalog: ReadManifest = (file) => {
  const { value, errors } = parseToml(file.text);
  const libraries = entries(get(value, 'libraries')).flatMap((e) => {
    const [group, artifact, version] = catalogued(e.value);
    return group && artifact ? [coordinate(group, artifact, version, purposeOf(e.key), e.line)] : [];
  });
  const plugins = entries(get(value, 'plugins')).flatMap((e) => {
    const id = text(get(e.value, 'id')) ?? text(e.value)?.split(':')[0];
    return id === undefined ? [] : [coordinate(id, `${id}.gradle.plugin`, undefined, 'build', e.line)];
  });
  return { dependencies: [...libraries, ...plugins], errors };
};

function catalogued(value: Value): readonly (string | undefined)[] {
  const short = text(value) ?? text(get(value, 'module'));
  const version = text(get(value, 'version')) ?? text(at(value, 'version', 'ref'));
  if (short === undefined) return [text(get(value, 'group')), text(get(value, 'name')), version];
  const parts = short.split(':');
  return [parts[0], parts[1], parts[2] ?? version];
}

/** The alias is all a catalogue says about the purpose. */
const purposeOf = (alias: string): Group =>
  /(?:^|[-_.])tests?(?:[-_.]|$)/i.test(alias) ? 'test' : 'runtime';
