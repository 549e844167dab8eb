import { EVIDENCE } from '../core/audit/evidence.ts';
import { FRAMEWORKS, type FrameworkEntry } from '../core/audit/frameworks.ts';
import type { Table } from './csv.ts';
import type { Derived, Terms } from './derive.ts';
import * as files from './parts.ts';
import { tableSheet, type Sheet } from './sheet.ts';

/** How much of an item a file holds; what has nothing of it is no evidence for it. */
type Held = (derived: Derived) => number;

/** That there is none is a statement too, where whatever there is would stand in it. */
const evenEmpty: Held = () => 1;
const changes: Held = ({ population }) => population.changes.length;
const drawn: Held = ({ packets }) => packets.size;
const verdicts: Held = ({ documents, rules, modelDocuments }) =>
  documents.size - rules.size - modelDocuments.size;
const rules: Held = (derived) => derived.rules.size;
const answers: Held = ({ register: { accepted, tickets, controls } }) =>
  accepted.length + tickets.length + controls.length;
const approvals: Held = ({ population }) =>
  population.changes.filter((c) => c.decisions.some((d) => d.kind === 'approved')).length;
const configured: Held = ({ configuration }) => configuration.length;

/**
 * What each file is evidence for. One item is in no file: the method itself (E18), which is the policy and the team’s own text.
 */
const HOLDINGS: readonly (readonly [file: string, item: string, held: Held])[] = [
  [files.POPULATION, 'E01', changes],
  [files.POPULATION, 'E02', changes],
  [files.POPULATION, 'E09', evenEmpty],
  [files.RECORDS, 'E01', changes],
  [files.RECORDS, 'E04', answers],
  [files.RECORDS, 'E09', evenEmpty],
  [files.DOCUMENTS, 'E02', verdicts],
  [files.DOCUMENTS, 'E03', verdicts],
  [files.DOCUMENTS, 'E15', rules],
  [files.DECISIONS, 'E06', approvals],
  [files.EXCEPTIONS, 'E08', evenEmpty],
  [files.EXCEPTIONS, 'E17', ({ exceptions }) => exceptions.explanations?.size ?? 0],
  [files.REVIEWS, 'E08', ({ reviews }) => reviews.length],
  [files.REVIEWS, 'E16', ({ reviews }) => reviews.filter(({ cause }) => cause !== 'emergency').length],
  [files.REGISTER, 'E04', answers],
  [files.REGISTER, 'E10', ({ register }) => register.tickets.length],
  [files.REGISTER, 'E11', evenEmpty],
  [files.CONFIGURATION, 'E15', configured],
  [files.NOTES, 'E15', configured],
  [files.THREATS, 'E05', ({ models }) => models.threats.length],
  [files.THREATS, 'E11', ({ models }) => models.threats.length],
  [files.ASSUMPTIONS, 'E12', ({ models }) => models.assumptions.length],
  [files.VENDORS, 'E13', ({ models }) => models.vendors.length],
  [files.INVENTORY, 'E14', ({ models }) => models.inventory.length],
  [files.METRICS, 'E17', evenEmpty],
  [files.SAMPLE, 'E01', drawn],
  [files.SAMPLE_PACKETS, 'E01', drawn],
  [files.SAMPLE_PACKETS, 'E02', drawn],
  [files.INFORMATION, 'E09', evenEmpty],
  [files.STATEMENTS, 'E07', ({ merges }) => merges.size],
];

interface ControlRow {
  readonly control: FrameworkEntry;
  readonly item: string;
  readonly files: readonly string[];
}

const CONTROL_TABLE: Table<ControlRow> = {
  columns: [
    ['framework', ({ control }) => control.framework],
    ['version', ({ control }) => control.version],
    ['control', ({ control }) => control.control],
    ['title', ({ control }) => control.title],
    ['fit', ({ control }) => control.fit],
    ['checked', ({ control }) => control.checked],
    ['evidence_for', ({ item }) => item],
    ['evidence', ({ item }) => EVIDENCE.find(({ id }) => id === item)?.title],
    ['files', (row) => row.files],
  ],
  essence: ['framework', 'version', 'control', 'evidence_for'],
};

/** The framework map, of it only what this package holds something for. */
export function controlSheet(derived: Derived, terms: Terms): Sheet {
  return tableSheet(files.CONTROLS, CONTROL_TABLE, controlRows(derived, terms), { ofVersion: true });
}

/** The controls of it, each once. */
export const controlsHeld = (derived: Derived, terms: Terms): readonly FrameworkEntry[] => [
  ...new Set(controlRows(derived, terms).map(({ control }) => control)),
];

function controlRows(derived: Derived, terms: Terms): readonly ControlRow[] {
  const held = Map.groupBy(
    HOLDINGS.filter(([file, , held]) => isPart(file, terms) && held(derived) > 0),
    ([, item]) => item,
  );
  return FRAMEWORKS.flatMap((control) =>
    control.evidence.flatMap((item): readonly ControlRow[] => {
      const holdings = held.get(item);
      return holdings ? [{ control, item, files: holdings.map(([file]) => file) }] : [];
    }),
  );
}

const isPart = (file: string, terms: Terms): boolean => files.partsOf(terms).includes(file);

/** Files that hold an evidence item, where there is any of it. */
export const filesFor = (item: string): readonly string[] => [
  ...new Set(HOLDINGS.filter(([, each]) => each === item).map(([file]) => file)),
];
