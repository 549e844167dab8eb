import type { ElementKind } from '../model/fact.ts';
import type { ModelChange, ModelDelta } from '../model/model-delta.ts';
import { nameForm } from '../model-delta/plain-text.ts';
import type { Diagram, DiagramEdge, DiagramNode, Mark } from './diagram.ts';

const MOST_NODES = 24;
const MOST_EDGES = 60;

const MARKS: Readonly<Record<ModelChange['op'], Mark>> = {
  added: 'new',
  changed: 'changed',
  removed: 'removed',
};

/**
 * What the threat model says otherwise: components and vendors, the flows between them, and the boundaries around those whose
 * boundary changed. Of elements that did not change themselves only the name is known. Undefined when nothing of it can be
 * drawn.
 */
export function diagramOfModel({ changes }: ModelDelta): Diagram | undefined {
  const drawable = changes.filter((c) => c.element === 'component' || c.element === 'vendor');
  const nodes = new Map<string, DiagramNode>();
  const boxes = boxesOf(changes);
  for (const change of drawable.slice(0, MOST_NODES)) nodes.set(formOf(change), nodeOf(change, boxes));
  const edges = changes
    .filter((c) => c.element === 'flow')
    .flatMap(flowOf)
    .slice(0, MOST_EDGES);
  for (const form of [...edges.flatMap((e) => [e.from, e.to]), ...boxes.keys()])
    if (!nodes.has(form) && nodes.size < MOST_NODES * 2)
      nodes.set(form, {
        key: form,
        name: form,
        address: undefined,
        element: undefined,
        mark: 'context',
        box: boxes.get(form),
      });
  const drawn = edges.filter((e) => nodes.has(e.from) && nodes.has(e.to));
  const left = Math.max(0, drawable.length - MOST_NODES);
  return nodes.size === 0 ? undefined : { nodes: [...nodes.values()], edges: drawn, left };
}

/** The name alone: without its kind, and without the word and the marks that some formats write before it. */
const RESOURCE = /[^\s`]+(?=`?$)/;

function nodeOf(change: ModelChange, boxes: ReadonlyMap<string, string>): DiagramNode {
  const form = formOf(change);
  const resource = listOf(change, 'resources')[0]?.match(RESOURCE)?.[0];
  return {
    key: form,
    name: change.name,
    address: resource,
    element: change.element === 'vendor' ? 'external-entity' : elementOf(textOf(change, 'kind')),
    mark: MARKS[change.op],
    box: boxes.get(form),
  };
}

const ELEMENTS: readonly ElementKind[] = ['process', 'data-store', 'external-entity'];
const elementOf = (kind: string | undefined): ElementKind | undefined => ELEMENTS.find((e) => e === kind);

/** By name of the member. A component that stands in two of them is drawn in the first. */
function boxesOf(changes: readonly ModelChange[]): ReadonlyMap<string, string> {
  const boxes = new Map<string, string>();
  for (const change of changes)
    if (change.element === 'boundary')
      for (const member of listOf(change, 'members')) if (!boxes.has(member)) boxes.set(member, change.name);
  return boxes;
}

function flowOf(change: ModelChange): readonly DiagramEdge[] {
  const [from, to] = [textOf(change, 'source'), textOf(change, 'target')];
  return from === undefined || to === undefined || from === to
    ? []
    : [{ from, to, mark: MARKS[change.op], label: change.name }];
}

/** Other elements call it this. */
const formOf = (change: ModelChange): string => nameForm(change.name);

function meaningOf({ meaning }: ModelChange): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(meaning);
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map();
  } catch {
    return new Map();
  }
}

function textOf(change: ModelChange, property: string): string | undefined {
  const value = meaningOf(change).get(property);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(change: ModelChange, property: string): readonly string[] {
  const value = meaningOf(change).get(property);
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
}
