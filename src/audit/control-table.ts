import { EVIDENCE } from '../core/audit/evidence.ts';
import { FRAMEWORKS, type FrameworkEntry } from '../core/audit/frameworks.ts';
import type { Table } from './csv.ts';
import type { Derived, Terms } from './derive.ts';
import * as files from './package.ts';
import { tableSheet, type Sheet } from './sheet.ts';

/** How much of an item a file holds; what has nothing of it is no evidence for it. */
type Held = (derived: Derived) => number;

/** That there is none is a statement too, where whatever there is would stand in it. */
const evenEmpty: Held = () => 1;
const changes: Held = ({ population }) => population.changes.length;
const drawn: Held = ({ packets }) => packets.size;
const verdicts: Held = ({ documents, rules }) => documents.size - rules.size;
const rules: Held = (derived) => derived.rules.size;
const answers: Held = ({ register: { accepted, tickets, controls } }) =>
  accepted.length + tickets.length + controls.length;
const approvals: Held = ({ population }) =>
  population.changes.filter((c) => c.decisions.some((d) => d.kind === 'approved')).length;
const configured: Held = ({ population }) =>
  population.notes.filter((note) => note.kind !== 'gate-outage').length;

/**
 * What each file is evidence for. Items that are missing are in no file: risks are not rated on any record (E05), nothing
 * signs the merged commit itself (E07), and models are kept by their repositories (E12, E13, E14, E16, E18).
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
  [files.REGISTER, 'E04', answers],
  [files.REGISTER, 'E10', ({ register }) => register.tickets.length],
  [files.REGISTER, 'E11', evenEmpty],
  [files.NOTES, 'E15', configured],
  [files.METRICS, 'E17', evenEmpty],
  [files.SAMPLE, 'E01', drawn],
  [files.SAMPLE_PACKETS, 'E01', drawn],
  [files.SAMPLE_PACKETS, 'E02', drawn],
  [files.INFORMATION, 'E09', evenEmpty],
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
export function controlSheet(derived: Derived, sample: Terms['sample']): Sheet {
  const held = Map.groupBy(
    HOLDINGS.filter(([file, , held]) => isPart(file, sample) && held(derived) > 0),
    ([, item]) => item,
  );
  const rows = FRAMEWORKS.flatMap((control) =>
    control.evidence.flatMap((item): readonly ControlRow[] => {
      const holdings = held.get(item);
      return holdings ? [{ control, item, files: holdings.map(([file]) => file) }] : [];
    }),
  );
  return tableSheet(files.CONTROLS, CONTROL_TABLE, rows, { ofVersion: true });
}

const isPart = (file: string, sample: Terms['sample']): boolean =>
  files.partsOf({ sample }).some((part) => part === file);
