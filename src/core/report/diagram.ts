import type { ElementKind } from '../model/fact.ts';
import { compare } from './diagram-order.ts';

/** What happened to an element: `context` is there before and after, and only shows where the others are. */
export type Mark = 'new' | 'changed' | 'removed' | 'context';

export interface DiagramNode {
  readonly key: string;
  /** Neither is escaped. */
  readonly name: string;
  readonly address: string | undefined;
  readonly element: ElementKind | undefined;
  readonly mark: Mark;
  /** Trust boundary that it is drawn in; undefined outside of all. */
  readonly box: string | undefined;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly mark: Mark;
  readonly label?: string;
}

/** A part of a data-flow diagram, with both sides of a change in it. Boxes are the trust boundaries. */
export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  /** How many elements are left out, because nobody reads a picture with more. */
  readonly left: number;
}

/** What was there before the change, or is there after it. An edge needs both of its ends. */
export function sideOf(diagram: Diagram, side: 'before' | 'after'): Diagram {
  const absent: Mark = side === 'before' ? 'new' : 'removed';
  const nodes = diagram.nodes.filter((n) => n.mark !== absent);
  const keys = new Set(nodes.map((n) => n.key));
  const edges = diagram.edges.filter((e) => e.mark !== absent && keys.has(e.from) && keys.has(e.to));
  const used = new Set(edges.flatMap((e) => [e.from, e.to]));
  // Without its arrows an element of the context has nothing to do with the change.
  return { ...diagram, edges, nodes: nodes.filter((n) => n.mark !== 'context' || used.has(n.key)) };
}

const DID: Readonly<Record<Mark, string>> = {
  new: 'new',
  changed: 'changed',
  removed: 'removed',
  context: 'unchanged',
};

/** The same in sentences, for those who cannot see it. Not escaped. */
export function wordsOf({ nodes, edges, left }: Diagram): readonly string[] {
  const nameOf = new Map(nodes.map((n) => [n.key, n.name]));
  const boxes = Map.groupBy(nodes, (n) => n.box);
  const inBoxes = [...boxes.entries()]
    .sort(([a], [b]) => compare(a ?? '', b ?? ''))
    .map(
      ([box, inside]) =>
        `${box === undefined ? 'In no trust boundary' : `Inside ${box}`}: ${inside.map(nodeInWords).join(', ')}.`,
    );
  const arrows = edges.map(
    (e) =>
      `${nameOf.get(e.from) ?? e.from} reaches ${nameOf.get(e.to) ?? e.to}${e.label === undefined ? '' : ` with ${e.label}`} (${DID[e.mark]}).`,
  );
  return [...inBoxes, ...arrows, ...(left > 0 ? [`${left} more are not drawn.`] : [])];
}

const nodeInWords = ({ name, address, element, mark }: DiagramNode): string =>
  `${name}${address === undefined || address === name ? '' : ` (${address})`}, ${[DID[mark], element?.replaceAll('-', ' ')].filter((w) => w !== undefined).join(' ')}`;
