import type { Account } from './account.ts';

/** What the audit trail knows of; each happens once and is never altered. */
export const RECORD_KINDS = [
  'installed',
  'uninstalled',
  'evaluated',
  'questions-asked',
  'answered',
  'approved',
  'approval-ended',
  'waived',
  'emergency',
  'review-done',
  'decision-refused',
  'merge-group-evaluated',
  'merged',
  'closed',
  'bypassed',
  'direct-push',
  'policy-changed',
  'gate-outage',
  /** GitHub's own rules for a branch, and who need not obey them, are others than before. */
  'rules-changed',
  /** The threat models on the default branch say something else than before. */
  'model-recorded',
  /** Somebody compared the records with what GitHub has. */
  'reconciled',
  /** A review of what stands already is due: by schedule, after an incident, for a finding, for a change past the gate. */
  'review-opened',
  /** A ticket that something rests on was found to be open or closed. */
  'ticket',
  /** Somebody said what an exception came from, what it did, and what is done about it. */
  'exception-explained',
  /** The end of the chain was signed, or shown where the database cannot take it back. */
  'head-published',
  'hold-placed',
  'hold-released',
  /** What follows from here on was filled in from what GitHub remembers. */
  'rebuilt',
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Plain data, as JSON has it. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Who did it, and what they were allowed to do at that moment. */
export interface Actor extends Account {
  /** `approver (team acme/security)`, `write`, `author`: as looked up then. */
  readonly role: string;
}

/** A record before it has its place in the chain. */
export interface RecordDraft {
  readonly kind: RecordKind;
  readonly repository: { readonly id: number; readonly name: string };
  /** Server time, ISO 8601 in UTC. */
  readonly at: string;
  /**
   * What in the world it is about: `review/123`, `comment/45`, `merge/7`. At most one record per repository, kind and
   * source, so that looking twice, or after a crash, writes once.
   */
  readonly source: string;
  readonly actor?: Actor;
  readonly pullRequest?: number;
  /** Head commit it speaks of. */
  readonly commit?: string;
  /** Delta digest it speaks of. */
  readonly digest?: string;
  /** What else there is to say; per kind in `docs/reference/records.md`. */
  readonly details: { readonly [key: string]: Json | undefined };
}

/** An immutable entry of the audit trail; one chain per repository. */
export interface AuditRecord extends RecordDraft {
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  /** Hash of the record before it; of the first one `sha256:` and 64 zeros. */
  readonly previous: string;
  /** `sha256:` over the canonical JSON of everything else in it. */
  readonly hash: string;
}
