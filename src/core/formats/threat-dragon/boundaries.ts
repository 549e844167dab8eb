import type { TrustBoundary } from '../../model/threat-model.ts';
import { get, texts } from '../../values/value.ts';
import type { Cell } from './cells.ts';
import {
  areaOf,
  boxOf,
  centreOf,
  contains,
  crosses,
  encloses,
  isClosed,
  lineOf,
  MOST_COMPARISONS,
  type Box,
  type Point,
} from './geometry.ts';

/** What lies inside and what crosses one boundary, by cell ids. */
export interface Reach {
  readonly members: ReadonlySet<string>;
  readonly crossing: ReadonlySet<string>;
  readonly membership: TrustBoundary['membership'];
  /** The box right around it. */
  readonly parent?: string;
}

/**
 * Boundaries of one diagram. Version 2.6 and later write down what a boundary contains; before that only the drawing
 * tells: middles inside a box or a closed curve, and flows whose line crosses an open curve.
 */
export function readReaches(cells: readonly Cell[]): ReadonlyMap<string, Reach> {
  const boxes = new Map<string, Box>();
  const centres = new Map<string, Point>();
  for (const cell of cells) {
    const box = boxOf(cell);
    if (!box) continue;
    boxes.set(cell.id, box);
    if (cell.kind !== 'box') centres.set(cell.id, centreOf(box));
  }
  const drawn = {
    cells,
    boxes,
    centres,
    flows: cells.filter((cell) => cell.kind === 'flow'),
    budget: { left: MOST_COMPARISONS },
  };
  const zones = cells.filter((cell) => cell.kind === 'box' || cell.kind === 'curve');
  const stated = statedCrossings(cells);
  return new Map(
    zones.map((zone) => [
      zone.id,
      declared(zone, stated) ?? (zone.kind === 'box' ? byBox(zone, drawn) : byCurve(zone, drawn)),
    ]),
  );
}

/** Boundary id → flows that say that they cross it. */
function statedCrossings(cells: readonly Cell[]): ReadonlyMap<string, readonly string[]> {
  const flows = new Map<string, string[]>();
  for (const cell of cells)
    for (const zone of texts(get(cell.data, 'trustBoundaryIds'))) {
      const known = flows.get(zone);
      if (known) known.push(cell.id);
      else flows.set(zone, [cell.id]);
    }
  return flows;
}

const NOTHING: Reach = { members: new Set(), crossing: new Set(), membership: 'unknown' };

interface Drawing {
  readonly cells: readonly Cell[];
  readonly boxes: ReadonlyMap<string, Box>;
  readonly centres: ReadonlyMap<string, Point>;
  readonly flows: readonly Cell[];
  readonly budget: { left: number };
}

function declared(zone: Cell, stated: ReadonlyMap<string, readonly string[]>): Reach | undefined {
  const members = get(zone.data, 'containedElements');
  const crossing = get(zone.data, 'crossingFlows');
  if (!members && !crossing) return undefined;
  return {
    members: new Set(texts(members)),
    crossing: new Set([...texts(crossing), ...(stated.get(zone.id) ?? [])]),
    membership: 'declared',
  };
}

function byBox(zone: Cell, drawing: Drawing): Reach {
  const own = drawing.boxes.get(zone.id);
  drawing.budget.left -= drawing.cells.length;
  if (!own || drawing.budget.left < 0) return NOTHING;
  const members = [...drawing.centres].filter(([, centre]) => contains(own, centre)).map(([id]) => id);
  const around = drawing.cells
    .filter((cell) => cell.kind === 'box' && cell.id !== zone.id)
    .flatMap((cell) => {
      const box = drawing.boxes.get(cell.id);
      return box && contains(box, centreOf(own)) && areaOf(box) > areaOf(own)
        ? [{ id: cell.id, area: areaOf(box) }]
        : [];
    })
    .sort((a, b) => a.area - b.area || (a.id < b.id ? -1 : 1));
  return {
    members: new Set(members),
    crossing: new Set(),
    membership: 'geometric',
    ...(around[0] ? { parent: around[0].id } : {}),
  };
}

function byCurve(zone: Cell, drawing: Drawing): Reach {
  const line = lineOf(zone, drawing.centres);
  drawing.budget.left -= drawing.cells.length;
  if (isClosed(line) && drawing.budget.left > 0) {
    drawing.budget.left -= line.length * drawing.centres.size;
    const members = [...drawing.centres].filter(([, centre]) => encloses(line, centre)).map(([id]) => id);
    return { members: new Set(members), crossing: new Set(), membership: 'geometric' };
  }
  const crossing = drawing.flows.filter((flow) => {
    if (drawing.budget.left <= 0) return false;
    const path = lineOf(flow, drawing.centres);
    drawing.budget.left -= path.length * line.length;
    return drawing.budget.left > 0 && crosses(path, line);
  });
  return {
    members: new Set(),
    crossing: new Set(crossing.map((flow) => flow.id)),
    membership: crossing.length > 0 ? 'geometric' : 'unknown',
  };
}
