import type { ModelDelta, ModelElementKind } from '../model/model-delta.ts';
import type { ComponentKind, ModelNode, ThreatModel } from '../model/threat-model.ts';
import { namesOf, type Name } from './names.ts';

/** One element of one model, whatever its kind. */
export interface ModelElement {
  readonly model: string;
  readonly element: ModelElementKind;
  readonly node: ModelNode;
  /** Of components. */
  readonly kind?: ComponentKind;
  /** Keys of the elements it hangs on: a flow's ends, a threat's targets. */
  readonly hangsOn: readonly string[];
  /** Names by which it can be recognised. Titles of threats are prose and left out. */
  readonly names: readonly Name[];
  readonly inDelta: boolean;
}

/** A mention of something in an element. */
export interface Mention {
  readonly element: ModelElement;
  /** The reference as written. */
  readonly written: string;
}

/** A reference that stands for several addresses. */
export interface PatternMention extends Mention {
  readonly matches: (text: string) => boolean;
}

/** Most targets of one threat that are compared by name. */
const MOST_TARGETS = 8;

/**
 * Elements of all models, those of the delta first, so that a bound on how many are looked at never loses them.
 * `side` tells whether the delta's removed elements (base) or its added and changed ones (head) are marked.
 */
export function listElements(
  models: readonly ThreatModel[],
  delta: ModelDelta,
  side: 'base' | 'head',
): readonly ModelElement[] {
  const changed = new Set(
    delta.changes
      .filter((c) => (c.op === 'removed') === (side === 'base'))
      .map((c) => elementId(c.element, c.location.file, c.key)),
  );
  const all = models.flatMap((model) => elementsOf(model, changed));
  return [...all.filter((e) => e.inDelta), ...all.filter((e) => !e.inDelta)];
}

export function elementId(element: ModelElementKind, file: string, key: string): string {
  return `${element}\0${file}\0${key}`;
}

function elementsOf(model: ThreatModel, changed: ReadonlySet<string>): readonly ModelElement[] {
  const named = new Map(
    [...model.components, ...model.boundaries, ...model.dataAssets, ...model.vendors].map((n) => [
      n.key,
      n.name,
    ]),
  );
  const make = (
    element: ModelElementKind,
    node: ModelNode,
    more: Partial<ModelElement> = {},
  ): ModelElement => ({
    model: model.file,
    element,
    node,
    hangsOn: [],
    names: namesOf(node.name),
    inDelta: changed.has(elementId(element, node.location.file, node.key)),
    ...more,
  });
  return [
    ...model.components.map((c) => make('component', c, { kind: c.kind })),
    ...model.flows.map((f) => {
      const ends = [f.source, f.target].filter((end) => end !== undefined);
      const between = ends.map((end) => named.get(end) ?? end).join(' ');
      return make('flow', f, { hangsOn: ends, names: [...new Set([f.name, between])].flatMap(namesOf) });
    }),
    ...model.boundaries.map((b) => make('boundary', b)),
    ...model.dataAssets.map((a) => make('data-asset', a)),
    ...model.vendors.map((v) => make('vendor', v)),
    // What a tool put there for somebody to fill in says nothing yet.
    ...model.threats
      .filter((t) => t.origin !== 'template-placeholder')
      .map((t) =>
        make('threat', t, {
          hangsOn: t.targets,
          names: t.unresolvedTargets.slice(0, MOST_TARGETS).flatMap(namesOf),
        }),
      ),
  ];
}
