import { canonicalJson } from '../digest.ts';
import type { AuditRecord } from '../model/record.ts';
import { hashOf, START, type Head } from './chain.ts';

export type ChainCheck =
  | { readonly ok: true; readonly count: number; readonly head: Head }
  /** `sequence` is the place where it goes wrong. */
  | { readonly ok: false; readonly sequence: number; readonly why: string };

/**
 * Checks the records of one repository, oldest first, as they are stored and exported. Every character counts: a text that
 * means the same but is written otherwise was not written by us.
 *
 * Records cut off at the end leave a chain that is sound but shorter: compare `head` with one that was kept elsewhere.
 * `after` is the head of what was verified before, for a part of a chain.
 */
export function verifyChain(texts: Iterable<string>, after: Head = START): ChainCheck {
  let head = after;
  for (const text of texts) {
    const sequence = head.sequence + 1;
    const record = read(text);
    if (typeof record === 'string') return { ok: false, sequence, why: record };
    const why = contradiction(record, head);
    if (why !== undefined) return { ok: false, sequence, why };
    head = { sequence, hash: record.hash };
  }
  return { ok: true, count: head.sequence - after.sequence, head };
}

/** The record, or what is wrong with its text. */
function read(text: string): AuditRecord | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not a record';
    return canonicalJson(value) === text ? (value as AuditRecord) : 'it is not written in the canonical form';
  } catch {
    return 'it is not JSON';
  }
}

function contradiction(record: AuditRecord, head: Head): string | undefined {
  const expected = head.sequence + 1;
  if (record.sequence !== expected) return 'another record stands in its place';
  if (record.previous !== head.hash) return 'it does not follow from the record before it';
  if (record.hash !== hashOf(record, expected, head.hash))
    return 'its content does not have the hash it states';
  return undefined;
}
