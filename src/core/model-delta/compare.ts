import { MODEL_ELEMENT_KINDS, type ModelChange, type ModelDelta } from '../model/model-delta.ts';
import type { ThreatModel } from '../model/threat-model.ts';
import { compareText, elementsOf, poolKey, type Element } from './elements.ts';
import { match } from './match.ts';
import type { Meaning } from './meanings.ts';

/**
 * The semantic difference of two states of the threat models. Geometry, order, ids that were renumbered, tool versions,
 * white space, emphasis and the file an element stands in are no differences. `touched`: model files whose bytes changed.
 */
export function compareModels(
  base: readonly ThreatModel[],
  head: readonly ThreatModel[],
  touched: readonly string[],
): ModelDelta {
  const before = elementsOf(base);
  const after = elementsOf(head);
  const { pairs, removed, added } = match(before, after);
  const headName = namesOf(after);
  // At base a reference is read as what became of it, so that a renamed component does not change all its flows.
  const becameName = new Map([
    ...namesOf(before),
    ...pairs.map(
      ([one, other]) =>
        [poolKey(one.file, one.key), headName.get(poolKey(other.file, other.key)) ?? other.form] as const,
    ),
  ]);
  const changes = [
    ...removed.map((one) => whole('removed', one, namesOf(before))),
    ...added.map((one) => whole('added', one, headName)),
    ...pairs.flatMap(([one, other]) => changed(one, other, becameName, headName) ?? []),
  ];
  return { touched: [...new Set(touched)].sort(), changes: changes.sort(inOrder) };
}

type Names = ReadonlyMap<string, string>;

function namesOf(elements: readonly Element[]): Names {
  return new Map(elements.map((one) => [poolKey(one.file, one.key), one.form === '' ? one.key : one.form]));
}

function meaningAt(one: Element, names: Names): Meaning {
  return one.meaning((key) => names.get(poolKey(one.file, key)) ?? key);
}

function whole(op: 'added' | 'removed', one: Element, names: Names): ModelChange {
  return {
    op,
    element: one.kind,
    key: one.key,
    name: one.name,
    properties: [],
    details: [],
    location: one.location,
    meaning: canonical(meaningAt(one, names)),
  };
}

function changed(one: Element, other: Element, baseNames: Names, headNames: Names): ModelChange | undefined {
  const before = meaningAt(one, baseNames);
  const after = meaningAt(other, headNames);
  const properties = Object.keys(after)
    .filter((property) => canonicalValue(before[property]) !== canonicalValue(after[property]))
    .sort();
  if (properties.length === 0) return undefined;
  return {
    op: 'changed',
    element: other.kind,
    key: other.key,
    name: other.name,
    properties,
    details: properties.map((property) => `${property}: ${describe(before[property], after[property])}`),
    location: other.location,
    meaning: canonical(after),
  };
}

/** JSON with sorted keys; properties that say nothing are left out. */
function canonical(meaning: Meaning): string {
  const said = Object.keys(meaning)
    .sort()
    .filter((property) => canonicalValue(meaning[property]) !== '')
    .map((property) => `${JSON.stringify(property)}:${JSON.stringify(meaning[property])}`);
  return `{${said.join(',')}}`;
}

function canonicalValue(value: Meaning[string] | undefined): string {
  if (value === undefined || value.length === 0) return '';
  return JSON.stringify(value);
}

const SHOWN = 80;

/** `open → mitigated`; of lists only what came and went. */
function describe(before: Meaning[string] | undefined, after: Meaning[string] | undefined): string {
  if (typeof before === 'object' && typeof after === 'object') {
    const [was, is] = [new Set(before), new Set(after)];
    const gone = before.filter((item) => !is.has(item)).map((item) => `− ${cut(item)}`);
    const come = after.filter((item) => !was.has(item)).map((item) => `+ ${cut(item)}`);
    return [...gone, ...come].slice(0, 8).join(', ');
  }
  return `${show(before)} → ${show(after)}`;
}

function show(value: Meaning[string] | undefined): string {
  const text = typeof value === 'string' ? value : (value ?? []).join(', ');
  return text === '' ? '(nothing)' : cut(text);
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

function inOrder(a: ModelChange, b: ModelChange): number {
  const kind = MODEL_ELEMENT_KINDS.indexOf(a.element) - MODEL_ELEMENT_KINDS.indexOf(b.element);
  return (
    kind || compareText(`${a.op}\n${a.location.file}\n${a.key}`, `${b.op}\n${b.location.file}\n${b.key}`)
  );
}
