import { canonicalJson, digestOf } from '../digest.ts';
import type { AuditRecord, RecordDraft } from '../model/record.ts';

/** A place in a chain: the last record there is. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

/** Before the first record. */
export const START: Head = { sequence: 0, hash: `sha256:${'0'.repeat(64)}` };

/** What a record of this content has to be called at this place. */
export function hashOf(draft: RecordDraft, sequence: number, previous: string): string {
  return digestOf(canonicalJson({ ...draft, sequence, previous, hash: undefined }));
}

/** Gives a draft its place behind `head`. The text is the record: what is stored, exported and verified. */
export function seal(draft: RecordDraft, head: Head): { readonly text: string; readonly head: Head } {
  const sequence = head.sequence + 1;
  const hash = hashOf(draft, sequence, head.hash);
  return {
    text: canonicalJson({ ...draft, sequence, previous: head.hash, hash }),
    head: { sequence, hash },
  };
}

/** Reads what `seal` wrote. */
export function parseRecord(text: string): AuditRecord {
  return JSON.parse(text) as AuditRecord;
}
