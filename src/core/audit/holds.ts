import type { AuditRecord } from '../model/record.ts';
import { NOT_ON_RECORD, text } from './details.ts';

/** A legal hold that stands. */
export interface Hold {
  readonly name: string;
  readonly reason: string;
  readonly by: AuditRecord['actor'];
  readonly since: string;
  /** Sequence number of its record. */
  readonly record: number;
}

/** In the order in which they were placed. `records`: of one repository. */
export function holdsOf(records: readonly AuditRecord[]): readonly Hold[] {
  const standing = new Map<string, Hold>();
  for (const { kind, details, actor, at, sequence } of [...records].sort((a, b) => a.sequence - b.sequence)) {
    const name = text(details['hold']);
    if (name === undefined) continue;
    if (kind === 'hold-released') standing.delete(name);
    if (kind === 'hold-placed' && !standing.has(name))
      standing.set(name, {
        name,
        reason: text(details['reason']) ?? NOT_ON_RECORD,
        by: actor,
        since: at,
        record: sequence,
      });
  }
  return [...standing.values()];
}
