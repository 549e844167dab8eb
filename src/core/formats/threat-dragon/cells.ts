import type { Value } from '../../model/value.ts';
import { at, entries, get, items, text } from '../../values/value.ts';
import { oneLine } from '../reading/text.ts';

export type CellKind = 'actor' | 'process' | 'store' | 'flow' | 'curve' | 'box';

/** A cell of a diagram, whichever version of the tool drew it. */
export interface Cell {
  readonly id: string;
  readonly kind: CellKind;
  /** Empty when the author gave none. */
  readonly name: string;
  readonly line: number;
  /** Where the properties are: below `data` since version 2, beside the geometry before. */
  readonly data: Value;
  readonly raw: Value;
}

const KINDS: Readonly<Record<string, CellKind>> = {
  'tm.actor': 'actor',
  'tm.process': 'process',
  'tm.store': 'store',
  'tm.flow': 'flow',
  'tm.boundary': 'curve',
  'tm.boundarybox': 'box',
  actor: 'actor',
  process: 'process',
  store: 'store',
  flow: 'flow',
  'trust-boundary': 'curve',
  'trust-boundary-curve': 'curve',
  // The misspelling is in released versions of the tool.
  'trust-broundary-curve': 'curve',
  'trust-boundary-box': 'box',
};

/** The cells of one diagram; text blocks and unknown shapes are left out. */
export function readCells(diagram: Value): readonly Cell[] {
  const list = get(diagram, 'cells') ?? at(diagram, 'diagramJson', 'cells');
  return items(list).flatMap((raw) => readCell(raw) ?? []);
}

function readCell(raw: Value): Cell | undefined {
  const below = get(raw, 'data');
  const data = below?.kind === 'map' ? below : raw;
  const type = (text(get(data, 'type')) ?? text(get(raw, 'type')) ?? '').toLowerCase();
  const shape = (text(get(raw, 'shape')) ?? '').toLowerCase();
  const kind = lookUp(type) ?? lookUp(shape);
  const id = text(get(raw, 'id')) ?? '';
  if (!kind || id === '') return undefined;
  const name = nameOf(raw, data);
  return { id, kind, name: name ? oneLine(name.text) : '', line: name?.line ?? lineOf(raw), data, raw };
}

function lookUp(word: string): CellKind | undefined {
  return Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
}

function lineOf(raw: Value): number {
  return get(raw, 'id')?.line ?? raw.line;
}

function nameOf(raw: Value, data: Value): { readonly text: string; readonly line: number } | undefined {
  const label = items(get(raw, 'labels'))[0];
  const places = [
    get(data, 'name'),
    at(raw, 'attrs', 'text', 'text'),
    label?.kind === 'scalar' ? label : undefined,
    at(label, 'attrs', 'labelText', 'text'),
    at(label, 'attrs', 'text', 'text'),
    at(label, 'attrs', 'label', 'text'),
  ];
  for (const place of places) {
    const words = text(place);
    if (place && words !== undefined && words.trim() !== '') return { text: words, line: place.line };
  }
  return undefined;
}

/** Properties that are no geometry, no text and not part of the neutral model, kept when they say something. */
const OWN = new Set(
  ...[
    [
      'type',
      'name',
      'description',
      'outOfScope',
      'reasonOutOfScope',
      'hasOpenThreats',
      'threats',
      'isTrustBoundary',
      'protocol',
      'isEncrypted',
      'isBidirectional',
      'threatFrequency',
      'containedElements',
      'crossingFlows',
      'trustBoundaryIds',
      'id',
      'source',
      'target',
      'labels',
      'attrs',
      'position',
      'size',
      'angle',
      'z',
      'zIndex',
      'vertices',
      'smooth',
      'shape',
      'number',
      '$$hashKey',
      'open',
      'ports',
      'markup',
      'visible',
      'connector',
      'width',
      'height',
    ],
  ],
);

/** `storesCredentials`, `privilegeLevel=high`: what the author ticked or filled in on a cell. */
export function tagsOf(cell: Cell): readonly string[] {
  return entries(cell.data).flatMap((entry) => {
    const value = text(entry.value);
    if (OWN.has(entry.key) || value === undefined || value === '' || value === 'false') return [];
    return [value === 'true' ? entry.key : `${entry.key}=${oneLine(value)}`];
  });
}
