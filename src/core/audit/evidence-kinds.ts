import type { RecordKind } from '../model/record.ts';
import { EVIDENCE } from './evidence.ts';
import { FRAMEWORKS, type FrameworkEntry } from './frameworks.ts';

/**
 * Which kinds of records speak to which evidence item. An item may have more sources than records: drawings and signed
 * statements are made of records, too, but are files of a package.
 */
export const KINDS_OF_EVIDENCE: Readonly<Record<string, readonly RecordKind[]>> = {
  E01: ['merged', 'direct-push', 'closed'],
  E02: ['evaluated', 'merge-group-evaluated', 'merged'],
  E03: ['evaluated', 'model-recorded'],
  E04: ['questions-asked', 'answered'],
  E05: ['model-recorded', 'answered'],
  E06: ['approved', 'approval-ended', 'decision-refused', 'review-done'],
  // The signed end of a chain covers every record before it, those of merged commits among them.
  E07: ['head-published'],
  E08: [
    'emergency',
    'waived',
    'bypassed',
    'direct-push',
    'gate-outage',
    'review-opened',
    'review-done',
    'exception-explained',
  ],
  E09: ['merged', 'direct-push', 'reconciled', 'rebuilt', 'head-published', 'hold-placed', 'hold-released'],
  E10: ['ticket', 'answered'],
  E11: ['answered', 'ticket'],
  E12: ['model-recorded'],
  E13: ['model-recorded'],
  E14: ['model-recorded'],
  E15: ['policy-changed', 'rules-changed', 'installed', 'uninstalled', 'gate-outage'],
  E16: ['review-opened', 'review-done', 'model-recorded'],
  E17: ['bypassed', 'gate-outage', 'exception-explained', 'reconciled', 'review-opened'],
  E18: ['policy-changed', 'model-recorded'],
};

const BY_ID: ReadonlyMap<string, FrameworkEntry> = new Map(
  FRAMEWORKS.map((c) => [c.control.toLowerCase(), c]),
);

/** By its id alone, which no two frameworks of the map share, without regard to case. */
export const controlOf = (id: string): FrameworkEntry | undefined => BY_ID.get(id.toLowerCase());

/** Kinds of records that are evidence for a control, each once, in the order of its items. */
export function kindsFor({ evidence }: Pick<FrameworkEntry, 'evidence'>): readonly RecordKind[] {
  return [...new Set(evidence.flatMap((item) => KINDS_OF_EVIDENCE[item] ?? []))];
}

/** What an evidence item is, in words. */
export const titleOfEvidence = (id: string): string => EVIDENCE.find((item) => item.id === id)?.title ?? id;
