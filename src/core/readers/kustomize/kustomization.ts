import type { SourceFile } from '../../model/change.ts';
import type { Reference, Resource } from '../../model/resource.ts';
import type { MapValue, Value } from '../../model/value.ts';
import { readYamlSource } from '../../syntax/yaml-source.ts';
import { get, items, text } from '../../values/value.ts';
import type { Reading } from '../reader.ts';
import { readInlinePatches } from './patches.ts';

/** Keys whose items are paths or URLs, or objects that have one under the named key. */
const PATH_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['resources', []],
  ['bases', []],
  ['components', []],
  ['crds', []],
  ['configurations', []],
  ['generators', []],
  ['transformers', []],
  ['validators', []],
  ['patchesStrategicMerge', []],
  ['patchesJson6902', ['path']],
  ['patches', ['path']],
  ['replacements', ['path']],
  ['configMapGenerator', ['files', 'envs', 'env']],
  ['secretGenerator', ['files', 'envs', 'env']],
  ['helmCharts', ['repo', 'valuesFile']],
]);

export function readKustomization(file: SourceFile): Reading {
  const { documents, doubts } = readYamlSource(file);
  const found = documents.find((d) => d.value?.kind === 'map') ?? documents[0];
  const value = found?.value;
  if (!found || value?.kind !== 'map') return { resources: [], doubts };
  const slash = file.path.lastIndexOf('/');
  const directory = slash < 0 ? '' : file.path.slice(0, slash);
  const { patches, rest } = readInlinePatches(file, value);
  const kustomization: Resource = {
    stack: 'kustomize',
    address: addressOf(directory),
    scope: file.path,
    type: 'Kustomization',
    name: directory || '.',
    file: file.path,
    span: { startLine: found.startLine, endLine: found.endLine },
    values: rest,
    references: [
      ...pathReferences(value, directory),
      ...patches.map((p): Reference => ({ to: p.address, path: 'patches' })),
    ],
  };
  return { resources: [kustomization, ...patches], doubts };
}

function addressOf(directory: string): string {
  return `Kustomization/${directory || '.'}`;
}

function pathReferences(value: MapValue, directory: string): readonly Reference[] {
  const found = new Map<string, Reference>();
  for (const [key, inner] of PATH_KEYS)
    for (const item of items(get(value, key)))
      for (const [written, path] of pathsOf(item, key, inner)) {
        const to = locate(written, directory);
        if (to) found.set(`${to}\n${path}`, { to, path });
      }
  return [...found.values()];
}

function pathsOf(item: Value, key: string, inner: readonly string[]): readonly (readonly [string, string])[] {
  const own = text(item);
  if (own !== undefined) return [[own, key]];
  return inner.flatMap((name) =>
    items(get(item, name)).flatMap((v): (readonly [string, string])[] => {
      // A generated file may be renamed: `name=path`.
      const written = text(v)?.replace(/^[^=/]{1,255}=/, '');
      return written === undefined ? [] : [[written, `${key}.${name}`]];
    }),
  );
}

/** A URL as written; a file by its path from the root; a directory as the kustomization in it. */
function locate(written: string, directory: string): string | undefined {
  // Strategic-merge patches may be written inline where a path is expected.
  if (written === '' || written.includes('\n')) return undefined;
  if (isRemote(written)) return written;
  const path = join(directory, written);
  if (path === undefined) return written;
  return /\.[A-Za-z]\w*$/.test(written) ? path : addressOf(path);
}

const HOSTS = /^(?:www\.)?(?:github|gitlab|bitbucket|dev\.azure)\.[\w.]{2,100}\//i;

/** Remote bases: with a scheme, as `git@host:…`, on a well-known host, or with a reference to a revision. */
function isRemote(written: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]{0,30}:/i.test(written) ||
    /^[\w.-]{1,100}@[\w.-]{1,253}:/.test(written) ||
    HOSTS.test(written) ||
    /[?&]ref=/.test(written)
  );
}

/** Joins two paths; undefined when it leads out of the repository. */
function join(directory: string, written: string): string | undefined {
  const parts = directory === '' ? [] : directory.split('/');
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
