import { LIMITS } from '../../limits.ts';
import type { SourceFile } from '../../model/change.ts';
import type { Resource } from '../../model/resource.ts';
import type { Span } from '../../model/span.ts';
import type { MapValue, Value } from '../../model/value.ts';
import { shiftLines } from '../../syntax/lines.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { at, entry, expression, get, list, map, resolve, scalar, text } from '../../values/value.ts';

/** Lists of patches, and the key under which an item keeps its text; `''` for items that are the text. */
const PATCH_LISTS: ReadonlyMap<string, string> = new Map([
  ['patches', 'patch'],
  ['patchesJson6902', 'patch'],
  ['patchesStrategicMerge', ''],
]);

/**
 * Takes the patches out of the texts that they are written in. A strategic-merge patch becomes a resource of type
 * `KustomizePatch`, shaped as the manifest that it patches; a list of JSON Patch operations is read in place.
 */
export function readInlinePatches(
  file: SourceFile,
  kustomization: MapValue,
): { readonly patches: readonly Resource[]; readonly rest: MapValue } {
  const patches: Resource[] = [];
  const rest = kustomization.entries.map((e) => {
    const key = PATCH_LISTS.get(e.key);
    const value = resolve(e.value);
    if (key === undefined || value.kind !== 'list') return e;
    const items = value.items.map((item) =>
      key === '' ? readPatch(file, item, patches) : readKeyed(file, item, key, patches),
    );
    return entry(e.key, list(items, value.line), e.line);
  });
  return { patches, rest: map(rest, kustomization.line) };
}

function readKeyed(file: SourceFile, item: Value, key: string, patches: Resource[]): Value {
  const seen = resolve(item);
  if (seen.kind !== 'map') return item;
  const entries = seen.entries.map((e) =>
    e.key === key ? { ...e, value: readPatch(file, e.value, patches) } : e,
  );
  return map(entries, seen.line);
}

/** What stands for the text in the kustomization: the address of the patch made of it, or its operations. */
function readPatch(file: SourceFile, written: Value, patches: Resource[]): Value {
  const source = text(written);
  // A path has one line; a patch has a colon at least.
  if (written.kind !== 'scalar' || source === undefined || !source.includes(':')) return written;
  const { documents, errors } = parseYaml(source);
  const parsed = documents.flatMap(({ value, startLine, endLine }) =>
    value ? [{ value, startLine, endLine }] : [],
  );
  const first = parsed[0]?.value;
  // What is no YAML, or a name only, stays the text that it is.
  if (errors.length > 0 || !first || first.kind === 'scalar') return written;
  // The text of a block scalar begins below its header.
  const shift = source.includes('\n') ? written.line : written.line - 1;
  if (first.kind === 'list') return expression(source, [], written.line, shiftLines(first, shift));
  const made = parsed.flatMap(({ value, startLine, endLine }) =>
    value.kind === 'map'
      ? [patchOf(file, shiftLines(value, shift), { startLine: startLine + shift, endLine: endLine + shift })]
      : [],
  );
  patches.push(...made.slice(0, LIMITS.resources - patches.length));
  return scalar(made.map((p) => p.address).join(' '), written.line);
}

function patchOf(file: SourceFile, value: MapValue, span: Span): Resource {
  const kind = text(get(value, 'kind')) ?? '-';
  const name = text(at(value, 'metadata', 'name')) ?? '-';
  const target = `${kind}/${text(at(value, 'metadata', 'namespace')) ?? '-'}/${name}`;
  return {
    stack: 'kustomize',
    address: `patch ${target}`,
    scope: file.path,
    type: 'KustomizePatch',
    name,
    file: file.path,
    span,
    values: value,
    references: [{ to: target, path: '' }],
  };
}
