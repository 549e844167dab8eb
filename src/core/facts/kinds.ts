import type { Category, ElementKind, Signal } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { describeImage, describeType } from '../semantics/describe.ts';
import { compilePath, normalisePath } from '../semantics/patterns.ts';
import { isSetting } from '../semantics/settings.ts';
import { splitWords, phraseOccurs } from '../semantics/words.ts';
import { resolve, text } from '../values/value.ts';

/** What one resource is, after its own attributes and name had their say. */
export interface Kind {
  readonly family?: string;
  readonly element?: ElementKind;
  readonly categories: readonly Category[];
  readonly signals: readonly Signal[];
}

const NOTHING: Kind = { categories: [], signals: [] };

/** What a resource is: by its type, a variant of it, or (for a module) by what its name and source suggest. */
export function kindOf(r: Resource): Kind {
  if (isSetting(r.type) || r.address.startsWith('data.')) return NOTHING;
  if (r.type === 'module') return kindOfModule(r);
  const described = describeType(r.stack, r.type);
  const words = splitWords(r.name);
  if (described.plumbingNames?.some((p) => phraseOccurs(splitWords(p), words))) return NOTHING;
  const variant = described.variants?.find((v) => hasValue(r.values, [v.when.path], v.when.is));
  const own = asImage(r, variant ?? described);
  const more =
    described.also?.filter((a) => hasValue(r.values, a.when.path, a.when.is)).flatMap((a) => a.categories) ??
    [];
  return more.length === 0 || own.categories.length === 0
    ? own
    : { ...own, categories: [...new Set([...own.categories, ...more])] };
}

const IMAGE = compilePath('**.image');

/** A workload is what it runs, when that is well-known software: a database in a container is a data store. */
function asImage(r: Resource, kind: Kind): Kind {
  if (kind.element !== 'process' || (r.stack !== 'kubernetes' && r.stack !== 'compose')) return kind;
  for (const image of imagesOf(r)) {
    const known = describeImage(image);
    if (known) return known;
  }
  return kind;
}

/** Images of a workload as written, those that its start-up runs left out. */
export function imagesOf(r: Resource): readonly string[] {
  return leaves(r.values).flatMap(([path, leaf]) =>
    IMAGE(normalisePath(path)) && !/init_?containers/i.test(path) ? (text(leaf) ?? []) : [],
  );
}

/** A module is what its name and the last part of its source say; when they say nothing, a new component. */
function kindOfModule(r: Resource): Kind {
  const source = sourceOf(r);
  const name = describeType('terraform', `module_${r.name}`);
  const last =
    source
      .split('?')[0]
      ?.replace(/\.git$/, '')
      .split(/[/:]/)
      .filter((s) => s !== '')
      .at(-1) ?? '';
  const bySource = describeType('terraform', `module_${last.replace(/^terraform-/, '')}`);
  return bySource.categories.length === 0 || isPlainComponent(name) ? bySource : name;
}

const isPlainComponent = (k: Kind): boolean => k.family === undefined && k.element === undefined;

export function sourceOf(r: Resource): string {
  const value = r.values.kind === 'map' ? r.values.entries.find((e) => e.key === 'source')?.value : undefined;
  return text(value) ?? '';
}

function hasValue(values: Value, paths: readonly string[], is: readonly string[]): boolean {
  const tests = paths.map(compilePath);
  return leaves(values).some(
    ([p, v]) =>
      tests.some((test) => test(normalisePath(p))) && (is.includes('*') || is.includes(text(v) ?? '')),
  );
}

/** Leaves of a value with their dotted paths and the map they stand in, seen through resolved expressions; bounded. */
export function leaves(value: Value, most = 5_000): (readonly [path: string, leaf: Value, parent: Value])[] {
  const out: (readonly [string, Value, Value])[] = [];
  const walk = (v: Value, path: string, parent: Value, depth: number): void => {
    if (out.length >= most || depth > 60) return;
    const seen = resolve(v);
    if (seen.kind === 'map')
      for (const e of seen.entries) walk(e.value, path ? `${path}.${e.key}` : e.key, seen, depth + 1);
    else if (seen.kind === 'list') for (const item of seen.items) walk(item, path, parent, depth + 1);
    else out.push([path, v, parent]);
  };
  walk(value, '', value, 0);
  return out;
}
