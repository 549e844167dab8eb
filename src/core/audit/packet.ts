import type { ChangeEntry } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { rankOf } from './sample.ts';

/** All that is to be looked at for one drawn change, without a search for it. */
export interface Packet {
  /** Why it was drawn: of all the changes, those with the smallest ranks are. */
  readonly rank: string;
  readonly change: Omit<ChangeEntry, 'decisions' | 'records'>;
  readonly decisions: ChangeEntry['decisions'];
  /** What each record holds besides stands in the records themselves, under its sequence number. */
  readonly records: readonly Pick<AuditRecord, 'sequence' | 'kind' | 'at' | 'actor' | 'source' | 'hash'>[];
  /** Digest of the verdict in full; null when none is on record. */
  readonly document: string | null;
}

/** One for each change, in their order. `records`: all there are of the repositories. */
export function packetsOf(
  drawn: readonly ChangeEntry[],
  records: readonly AuditRecord[],
  seed: string,
): ReadonlyMap<ChangeEntry, Packet> {
  const wanted = new Set(
    drawn.flatMap((c) => c.records.map((sequence) => placeOf(c.repository.id, sequence))),
  );
  const found = new Map<string, AuditRecord>();
  for (const record of records) {
    const place = placeOf(record.repository.id, record.sequence);
    if (wanted.has(place)) found.set(place, record);
  }
  return new Map(drawn.map((change) => [change, packetOf(change, found, seed)]));
}

const placeOf = (repository: number, sequence: number): string => `${repository}/${sequence}`;

function packetOf(entry: ChangeEntry, found: ReadonlyMap<string, AuditRecord>, seed: string): Packet {
  const { decisions, records, ...change } = entry;
  return {
    rank: rankOf(entry.id, seed),
    change,
    decisions,
    records: records
      .flatMap((sequence) => found.get(placeOf(entry.repository.id, sequence)) ?? [])
      .map(({ sequence, kind, at, actor, source, hash }) => ({
        sequence,
        kind,
        at,
        ...(actor ? { actor } : {}),
        source,
        hash,
      })),
    document: entry.verdict?.document ?? null,
  };
}
