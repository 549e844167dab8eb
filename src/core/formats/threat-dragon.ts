import type { SourceFile } from '../model/change.ts';
import type {
  Capabilities,
  Component,
  DataFlow,
  ModelNode,
  Threat,
  ThreatModel,
  TrustBoundary,
} from '../model/threat-model.ts';
import type { Value } from '../model/value.ts';
import { parseJson } from '../syntax/json.ts';
import { at, get, items, text, truth } from '../values/value.ts';
import { isSaid, readConventions } from './conventions.ts';
import type { Format } from './format.ts';
import { fromProblems } from './reading/diagnostics.ts';
import { makeKeys, type Keys } from './reading/keys.ts';
import { refOf, uniqueRefs } from './reading/references.ts';
import { given, oneLine, sortedUnique } from './reading/text.ts';
import { readReaches, type Reach } from './threat-dragon/boundaries.ts';
import { readCells, tagsOf, type Cell } from './threat-dragon/cells.ts';
import { endOf } from './threat-dragon/geometry.ts';
import { readThreats } from './threat-dragon/threats.ts';

const capabilities: Capabilities = {
  components: 'native',
  flows: 'native',
  boundaries: 'derived',
  threats: 'native',
  stride: 'native',
  severity: 'native',
  status: 'native',
  mitigation: 'native',
  owner: 'extension',
  ticket: 'extension',
  resourceRef: 'extension',
};

export const format: Format = {
  id: 'threat-dragon',
  title: 'OWASP Threat Dragon',
  about:
    'Diagrams of versions 1 and 2, told apart cell by cell: actors, processes, stores, flows, trust boundaries (as declared, else by geometry) and their threats. Owners, tickets and resource addresses are lines of text in a description.',
  paths: [
    '**/threatdragonmodels/**/*.json',
    '**/.threatmodel/**/*.json',
    '**/threatmodels/**/*.json',
    '**/*threat?(-|_| )model*.json',
    '**/*threat?(-|_| )dragon*.json',
    '**/threat?(-|_| )@(model|models|modeling|modelling)/**/*.json',
  ],
  capabilities,
  priority: 50,
  // A text that breaks off is still one by the words it begins with.
  recognises: ({ text: source }) =>
    /^\s*\{/.test(source) &&
    /"detail"\s*:/.test(source) &&
    /"(?:diagrams|diagramJson|contributors)"\s*:/.test(source),
  read: (file) => readModel(file),
};

function readModel(file: SourceFile): ThreatModel {
  const { value, errors } = parseJson(file.text);
  const summary = get(value, 'summary');
  const keys = makeKeys();
  const pages = items(at(value, 'detail', 'diagrams')).map((diagram) => readPage(diagram, keys, file.path));
  const owner = text(get(summary, 'owner'));
  const title = text(get(summary, 'title'));
  return {
    file: file.path,
    format: format.id,
    ...given({
      formatVersion: text(get(value, 'version')),
      title: title === undefined || title === '' ? undefined : oneLine(title),
      owner:
        owner !== undefined && isSaid(owner)
          ? oneLine(owner)
          : readConventions(text(get(summary, 'description')) ?? '').owner,
      date: text(get(value, 'released_at')),
    }),
    components: pages.flatMap((page) => page.components),
    flows: pages.flatMap((page) => page.flows),
    boundaries: pages.flatMap((page) => page.boundaries),
    dataAssets: [],
    vendors: [],
    threats: pages.flatMap((page) => page.threats),
    assumptions: [],
    capabilities,
    diagnostics: fromProblems(file.path, errors),
  };
}

interface Page {
  readonly components: readonly Component[];
  readonly flows: readonly DataFlow[];
  readonly boundaries: readonly TrustBoundary[];
  readonly threats: readonly Threat[];
}

/** What one diagram needs to turn ids into keys. */
interface Sheet {
  readonly file: string;
  readonly keyOf: ReadonlyMap<string, string>;
  readonly cellOf: ReadonlyMap<string, Cell>;
  readonly reaches: ReadonlyMap<string, Reach>;
  /** Cell id → ids of the boundaries it lies in, and the same for flows that cross. */
  readonly inside: ReadonlyMap<string, readonly string[]>;
  readonly across: ReadonlyMap<string, readonly string[]>;
}

const ELEMENT_OF = {
  actor: 'component',
  process: 'component',
  store: 'component',
  flow: 'flow',
  curve: 'boundary',
  box: 'boundary',
} as const;

function readPage(diagram: Value, keys: Keys, file: string): Page {
  const cells = readCells(diagram);
  const keyOf = new Map(cells.map((cell) => [cell.id, keys.native(ELEMENT_OF[cell.kind], cell.id)]));
  const reaches = readReaches(cells);
  const sheet: Sheet = {
    file,
    keyOf,
    cellOf: new Map(cells.map((cell) => [cell.id, cell])),
    reaches,
    inside: invert(reaches, 'members'),
    across: invert(reaches, 'crossing'),
  };
  return {
    components: cells
      .filter((cell) => ELEMENT_OF[cell.kind] === 'component')
      .map((cell) => component(cell, sheet)),
    flows: cells.filter((cell) => cell.kind === 'flow').map((cell) => flow(cell, sheet)),
    boundaries: cells
      .filter((cell) => ELEMENT_OF[cell.kind] === 'boundary')
      .map((cell) => boundary(cell, sheet)),
    threats: cells.flatMap((cell) => readThreats(cell, keyOf.get(cell.id) ?? '', keys, file)),
  };
}

function invert(
  reaches: ReadonlyMap<string, Reach>,
  side: 'members' | 'crossing',
): ReadonlyMap<string, readonly string[]> {
  const zones = new Map<string, string[]>();
  for (const [zone, reach] of reaches)
    for (const id of reach[side]) {
      const known = zones.get(id);
      if (known) known.push(zone);
      else zones.set(id, [zone]);
    }
  return zones;
}

function node(cell: Cell, sheet: Sheet, name: string): ModelNode {
  const description = text(get(cell.data, 'description'));
  const said = readConventions(description ?? '');
  const reason = text(get(cell.data, 'reasonOutOfScope'));
  return {
    key: sheet.keyOf.get(cell.id) ?? '',
    nativeId: cell.id,
    name,
    refs: uniqueRefs([...said.refs, ...refOf(cell.name, 'name')]),
    tags: sortedUnique(tagsOf(cell)),
    location: { file: sheet.file, line: cell.line },
    ...given({
      description: description !== undefined && isSaid(description) ? oneLine(description) : undefined,
      owner: said.owner,
      outOfScope:
        truth(get(cell.data, 'outOfScope')) === true
          ? given({ reason: reason === '' ? undefined : reason })
          : undefined,
    }),
  };
}

const KINDS = { actor: 'external-entity', process: 'process', store: 'data-store' } as const;

function component(cell: Cell, sheet: Sheet): Component {
  const zones = (sheet.inside.get(cell.id) ?? []).flatMap((id) => sheet.keyOf.get(id) ?? []);
  const kind =
    cell.kind === 'actor' || cell.kind === 'process' || cell.kind === 'store' ? KINDS[cell.kind] : 'unknown';
  return { ...node(cell, sheet, cell.name), kind, boundaries: zones };
}

function flow(cell: Cell, sheet: Sheet): DataFlow {
  const source = endOf(cell, 'source');
  const target = endOf(cell, 'target');
  const ends = [source, target].map((id) => sheet.cellOf.get(id ?? '')?.name || '?');
  const zones = [...(sheet.across.get(cell.id) ?? []), ...parted(sheet, source, target)];
  const protocol = text(get(cell.data, 'protocol'));
  return {
    ...node(cell, sheet, cell.name || ends.join(' → ')),
    crosses: sortedUnique(zones.flatMap((id) => sheet.keyOf.get(id) ?? [])),
    ...given({
      source: sheet.keyOf.get(source ?? ''),
      target: sheet.keyOf.get(target ?? ''),
      bidirectional: truth(get(cell.data, 'isBidirectional')),
      encrypted: truth(get(cell.data, 'isEncrypted')),
      protocol: protocol === '' ? undefined : protocol,
    }),
  };
}

/** Boundaries with one end inside and the other outside. */
function parted(sheet: Sheet, source: string | undefined, target: string | undefined): readonly string[] {
  if (source === undefined || target === undefined) return [];
  const left = sheet.inside.get(source) ?? [];
  const right = sheet.inside.get(target) ?? [];
  const [inLeft, inRight] = [new Set(left), new Set(right)];
  return [...left, ...right].filter((zone) => inLeft.has(zone) !== inRight.has(zone));
}

function boundary(cell: Cell, sheet: Sheet): TrustBoundary {
  const reach = sheet.reaches.get(cell.id);
  const members = [...(reach?.members ?? [])]
    .flatMap((id) => sheet.keyOf.get(id) ?? [])
    .filter((key) => key.startsWith('component:'));
  return {
    ...node(cell, sheet, cell.name || 'Unnamed boundary'),
    members: sortedUnique(members),
    membership: reach?.membership ?? 'unknown',
    ...given({ parent: reach?.parent === undefined ? undefined : sheet.keyOf.get(reach.parent) }),
  };
}
