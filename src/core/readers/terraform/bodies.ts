import type { Reference } from '../../model/resource.ts';
import type { Entry, MapValue, Value } from '../../model/value.ts';
import type { HclAttribute, HclBlock, HclExpression, HclItem } from '../../syntax/hcl-tree.ts';
import { entry, list, map, scalar } from '../../values/value.ts';
import { bind, elementsOf, evaluate } from './evaluate.ts';
import { type Bound, eachMention } from './mentions.ts';
import type { Scope } from './scope.ts';

/** Iterations of a dynamic block that are written out. */
const WRITTEN_OUT = 50;

/** Attributes and nested blocks by name; every nested block is a list of maps, also when written once. */
export function readValues(items: readonly HclItem[], line: number, scope: Scope): MapValue {
  const entries: Entry[] = [];
  const blocks = new Map<string, Value[]>();
  const add = (name: string, at: number, maps: readonly Value[]): void => {
    const known = blocks.get(name);
    if (known) return void known.push(...maps);
    const fresh = [...maps];
    blocks.set(name, fresh);
    entries.push(entry(name, list(fresh, at), at));
  };
  for (const item of items) {
    if (item.kind === 'attribute') entries.push(readAttribute(item, scope));
    else if (item.type === 'dynamic') add(item.labels[0] ?? item.type, item.line, readDynamic(item, scope));
    else add(item.type, item.line, [readBlock(item, scope)]);
  }
  return map(entries, line);
}

function readAttribute(attribute: HclAttribute, scope: Scope): Entry {
  return entry(attribute.name, evaluate(attribute.value, scope), attribute.line);
}

function readBlock(block: HclBlock, scope: Scope): MapValue {
  const values = readValues(block.body, block.line, scope);
  if (block.labels.length === 0) return values;
  const label = entry('$label', scalar(block.labels.join(' '), block.line), block.line);
  return map([label, ...values.entries], block.line);
}

/** A dynamic block as the blocks it makes: one for each element when those are known, else one that stands for all. */
function readDynamic(block: HclBlock, scope: Scope): MapValue[] {
  const { collection, content, iterator } = partsOf(block);
  if (!collection) return [readValues(content, block.line, bind(scope, [[iterator, undefined]]))];
  const forEach = readAttribute(collection, scope);
  const elements = elementsOf(forEach.value) ?? [];
  const count = elements.length <= WRITTEN_OUT ? elements.length : 0;
  const made = elements.slice(0, count).map(({ key, value }) => {
    const element = map([entry('key', key, key.line), entry('value', value, value.line)], value.line);
    return readValues(content, block.line, bind(scope, [[iterator, element]]));
  });
  const [first, ...rest] =
    made.length > 0 ? made : [readValues(content, block.line, bind(scope, [[iterator, undefined]]))];
  return [map([forEach, ...(first?.entries ?? [])], block.line), ...rest];
}

interface DynamicParts {
  readonly collection?: HclAttribute;
  readonly content: readonly HclItem[];
  readonly iterator: string;
}

function partsOf(block: HclBlock): DynamicParts {
  const attribute = (name: string): HclAttribute | undefined =>
    block.body.find((item): item is HclAttribute => item.kind === 'attribute' && item.name === name);
  const named = attribute('iterator')?.value;
  const collection = attribute('for_each');
  return {
    content: block.body.flatMap((item) =>
      item.kind === 'block' && item.type === 'content' ? item.body : [],
    ),
    iterator: named?.kind === 'traversal' ? named.root : (block.labels[0] ?? block.type),
    ...(collection ? { collection } : {}),
  };
}

/** Everything a body mentions, each address once per attribute path, in written order. */
export function readReferences(items: readonly HclItem[], bound: Bound): Reference[] {
  const found = new Map<string, Reference>();
  collectReferences(items, '', bound, (to, path) => {
    const key = `${to}\n${path}`;
    if (!found.has(key)) found.set(key, { to, path });
  });
  return [...found.values()];
}

/** References of one expression that stands at a path. */
export function referencesOf(value: HclExpression, path: string, bound: Bound): Reference[] {
  return readReferences(
    [{ kind: 'attribute', name: path, value, line: value.line, endLine: value.line }],
    bound,
  );
}

type Visit = Parameters<typeof eachMention>[3];

function collectReferences(items: readonly HclItem[], prefix: string, bound: Bound, visit: Visit): void {
  for (const item of items) {
    if (item.kind === 'attribute') {
      // Names of the resource's own attributes, not of other things.
      if (item.name !== 'ignore_changes') eachMention(item.value, prefix + item.name, bound, visit);
    } else if (item.type === 'dynamic') {
      const { collection, content, iterator } = partsOf(item);
      const name = `${prefix}${item.labels[0] ?? item.type}`;
      if (collection) eachMention(collection.value, `${name}.for_each`, bound, visit);
      collectReferences(content, `${name}.`, new Set([...bound, iterator]), visit);
    } else collectReferences(item.body, `${prefix}${item.type}.`, bound, visit);
  }
}
