import type { Value } from '../../model/value.ts';
import { at, get, items, text } from '../../values/value.ts';
import type { Cell } from './cells.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Comparisons of points and lines in one diagram; beyond it membership stays unknown. */
export const MOST_COMPARISONS = 2_000_000;

export function boxOf(cell: Cell): Box | undefined {
  const corner = pointOf(get(cell.raw, 'position'));
  const width = numberOf(at(cell.raw, 'size', 'width'));
  const height = numberOf(at(cell.raw, 'size', 'height'));
  if (!corner || width === undefined || height === undefined) return undefined;
  return { left: corner.x, top: corner.y, right: corner.x + width, bottom: corner.y + height };
}

export function centreOf(box: Box): Point {
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

export function contains(box: Box, point: Point): boolean {
  return point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom;
}

export function areaOf(box: Box): number {
  return (box.right - box.left) * (box.bottom - box.top);
}

/** The line of a flow or curve: its ends (at the middle of the cells it joins) and its bends. */
export function lineOf(cell: Cell, centres: ReadonlyMap<string, Point>): readonly Point[] {
  const end = (side: 'source' | 'target'): Point | undefined => {
    const value = get(cell.raw, side);
    return centres.get(endOf(cell, side) ?? '') ?? pointOf(value);
  };
  const bends = items(get(cell.raw, 'vertices')).map(pointOf);
  return [end('source'), ...bends, end('target')].filter((point) => point !== undefined);
}

/** Id of the cell at an end of a flow; undefined when it ends in the open. */
export function endOf(cell: Cell, side: 'source' | 'target'): string | undefined {
  const value = get(cell.raw, side);
  return (
    text(get(value, 'cell')) ?? text(get(value, 'id')) ?? (value?.kind === 'scalar' ? text(value) : undefined)
  );
}

/** A curve that comes back to where it began encloses an area: its ends are near each other compared to its length. */
export function isClosed(line: readonly Point[]): boolean {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || line.length < 4) return false;
  const length = line.reduce((sum, point, index) => sum + distance(line[index - 1] ?? point, point), 0);
  return length > 0 && distance(first, last) < length * 0.2;
}

/** Whether a point lies inside the area a closed line encloses. */
export function encloses(line: readonly Point[], point: Point): boolean {
  let inside = false;
  line.forEach((a, index) => {
    const b = line[(index + 1) % line.length] ?? a;
    if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x)
      inside = !inside;
  });
  return inside;
}

/** Whether two lines cross. */
export function crosses(a: readonly Point[], b: readonly Point[]): boolean {
  return a.some((from, i) => {
    const to = a[i + 1];
    return (
      to !== undefined &&
      b.some((start, j) => {
        const end = b[j + 1];
        return end !== undefined && intersect(from, to, start, end);
      })
    );
  });
}

function intersect(a: Point, b: Point, c: Point, d: Point): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a: Point, b: Point, p: Point): number {
  return Math.sign((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x));
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function pointOf(value: Value | undefined): Point | undefined {
  const x = numberOf(get(value, 'x'));
  const y = numberOf(get(value, 'y'));
  return x === undefined || y === undefined ? undefined : { x, y };
}

function numberOf(value: Value | undefined): number | undefined {
  const number = Number(text(value) ?? NaN);
  return Number.isFinite(number) ? number : undefined;
}
