import type {
  AssumptionLine,
  InventoryLine,
  ModelRegister,
  ThreatLine,
  VendorLine,
} from '../core/audit/model-register.ts';
import type { Table } from './csv.ts';
import * as files from './parts.ts';
import { tableSheet, type Sheet } from './sheet.ts';

/** Where a line comes from: every table of models begins with it. */
type Origin = Pick<ThreatLine, 'repository' | 'record' | 'at' | 'file' | 'model'>;

const ORIGIN = [
  ['repository_id', (line: Origin) => line.repository.id],
  ['repository', (line: Origin) => line.repository.name],
  ['record', (line: Origin) => line.record],
  ['recorded_at', (line: Origin) => line.at],
  ['file', (line: Origin) => line.file],
  ['model', (line: Origin) => line.model],
] as const;

const THREATS: Table<ThreatLine> = {
  columns: [
    ...ORIGIN,
    ['threat', (t) => t.threat],
    ['description', (t) => t.description],
    ['stride', (t) => t.stride],
    ['about', (t) => t.about],
    ['severity', (t) => t.severity],
    ['likelihood', (t) => t.likelihood],
    ['impact', (t) => t.impact],
    ['status', (t) => t.status],
    ['justification', (t) => t.justification],
    ['expires', (t) => t.expires],
    ['owner', (t) => t.owner],
    ['mitigations', (t) => t.mitigations],
    ['tickets', (t) => t.tickets],
  ],
  essence: ['repository_id', 'record', 'file', 'threat'],
};

const VENDORS: Table<VendorLine> = {
  columns: [
    ...ORIGIN,
    ['vendor', (v) => v.vendor],
    ['description', (v) => v.description],
    ['owner', (v) => v.owner],
    ['flows', (v) => v.flows],
    ['boundaries', (v) => v.boundaries],
  ],
  essence: ['repository_id', 'record', 'file', 'vendor'],
};

const ASSUMPTIONS: Table<AssumptionLine> = {
  columns: [...ORIGIN, ['assumption', (a) => a.assumption]],
  essence: ['repository_id', 'record', 'file', 'assumption'],
};

const INVENTORY: Table<InventoryLine> = {
  columns: [
    ...ORIGIN,
    ['kind', (i) => i.kind],
    ['name', (i) => i.name],
    ['type', (i) => i.type],
    ['description', (i) => i.description],
    ['owner', (i) => i.owner],
    ['boundaries', (i) => i.boundaries],
    ['resources', (i) => i.resources],
    ['tags', (i) => i.tags],
  ],
  essence: ['repository_id', 'record', 'file', 'kind', 'name'],
};

/** What the threat models said at the end, as far as it is on record. */
export function modelSheets({ threats, vendors, assumptions, inventory }: ModelRegister): readonly Sheet[] {
  return [
    tableSheet(files.THREATS, THREATS, threats),
    tableSheet(files.VENDORS, VENDORS, vendors),
    tableSheet(files.ASSUMPTIONS, ASSUMPTIONS, assumptions),
    tableSheet(files.INVENTORY, INVENTORY, inventory),
  ];
}
