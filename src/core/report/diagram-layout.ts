import type { Diagram, DiagramEdge, DiagramNode } from './diagram.ts';
import { compare } from './diagram-order.ts';

/** Measures of the drawing, in units that are about pixels of a page. */
export const NODE = { width: 150, height: 46, gapX: 56, gapY: 18 } as const;
export const BOX = { pad: 14, title: 20, gap: 18 } as const;

export interface PlacedNode {
  readonly node: DiagramNode;
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly {
    readonly edge: DiagramEdge;
    readonly from: PlacedNode;
    readonly to: PlacedNode;
  }[];
}

/**
 * Columns by how far something is from where it begins, rows by trust boundary: each boundary has rows of its own, so that
 * boxes never overlap and nothing stands in a box that it does not belong to.
 */
export function layOut({ nodes, edges }: Diagram): Layout {
  const column = columnsOf(nodes, edges);
  const lanes = lanesOf(nodes);
  const columns = Math.max(1, ...nodes.map((n) => (column.get(n.key) ?? 0) + 1));
  const inner = columns * NODE.width + (columns - 1) * NODE.gapX;
  const placed: PlacedNode[] = [];
  const boxes: PlacedBox[] = [];
  let y = BOX.gap / 2;
  for (const { name, inside } of lanes) {
    const top = name === undefined ? y : y + BOX.title;
    const filled = new Map<number, number>();
    for (const node of inside) {
      const at = column.get(node.key) ?? 0;
      const row = filled.get(at) ?? 0;
      filled.set(at, row + 1);
      placed.push({
        node,
        x: BOX.gap / 2 + BOX.pad + at * (NODE.width + NODE.gapX),
        y: top + BOX.pad + row * (NODE.height + NODE.gapY),
      });
    }
    const rows = Math.max(...filled.values());
    const height = rows * NODE.height + (rows - 1) * NODE.gapY + 2 * BOX.pad + (top - y);
    if (name !== undefined) boxes.push({ name, x: BOX.gap / 2, y, width: inner + 2 * BOX.pad, height });
    y += height + BOX.gap;
  }
  return {
    width: inner + 2 * BOX.pad + BOX.gap,
    height: y - BOX.gap / 2,
    nodes: placed,
    boxes,
    edges: connected(edges, placed),
  };
}

/** Outside of every boundary first, then boundaries by name. */
function lanesOf(
  nodes: readonly DiagramNode[],
): readonly { readonly name: string | undefined; readonly inside: readonly DiagramNode[] }[] {
  return [...Map.groupBy(nodes, (n) => n.box)]
    .sort(([a], [b]) => compare(a === undefined ? '' : `b${a}`, b === undefined ? '' : `b${b}`))
    .map(([name, inside]) => ({ name, inside }));
}

/** Longest way from a beginning. An arrow that closes a circle is not followed, so that it ends. */
function columnsOf(
  nodes: readonly DiagramNode[],
  edges: readonly DiagramEdge[],
): ReadonlyMap<string, number> {
  const outgoing = Map.groupBy(edges, (e) => e.from);
  const column = new Map(nodes.map((n) => [n.key, 0]));
  const follow = (key: string, at: number, way: ReadonlySet<string>): void => {
    if (at > 0 && at <= (column.get(key) ?? 0)) return;
    column.set(key, at);
    for (const { to } of outgoing.get(key) ?? [])
      if (!way.has(to) && at < MOST_COLUMNS - 1) follow(to, at + 1, new Set([...way, to]));
  };
  const entered = new Set(edges.map((e) => e.to));
  const beginnings = nodes.filter((n) => !entered.has(n.key));
  for (const { key } of beginnings.length > 0 ? beginnings : nodes.slice(0, 1))
    follow(key, 0, new Set([key]));
  return column;
}

/** Wider than this and it does not fit on a page: the rest stands in the last column. */
const MOST_COLUMNS = 6;

function connected(edges: readonly DiagramEdge[], placed: readonly PlacedNode[]): Layout['edges'] {
  const byKey = new Map(placed.map((p) => [p.node.key, p]));
  return edges.flatMap((edge) => {
    const [from, to] = [byKey.get(edge.from), byKey.get(edge.to)];
    return from && to ? [{ edge, from, to }] : [];
  });
}
