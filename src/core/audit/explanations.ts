import type { ChangeEntry } from '../model/audit.ts';
import type { Actor, AuditRecord } from '../model/record.ts';
import { text } from './details.ts';
import { instantOf } from './instants.ts';

/** What somebody said about an exception: where it came from, what it did, and what is done about it. */
export interface Explanation {
  /** Sequence number of its record. */
  readonly record: number;
  readonly by: Actor | undefined;
  readonly at: string;
  readonly cause: string | undefined;
  readonly impact: string | undefined;
  readonly response: string | undefined;
}

/** By the record that is explained, as `placeOf` names it. */
export type Explanations = ReadonlyMap<string, Explanation>;

export const placeOf = (repository: { readonly id: number }, sequence: number): string =>
  `${repository.id}/${sequence}`;

/** The last word on each exception, as of an instant; earlier ones stay on record. */
export function explanationsOf(records: readonly AuditRecord[], at: string): Explanations {
  const explained = records.filter(
    (r) => r.kind === 'exception-explained' && !(instantOf(r.at) > instantOf(at)),
  );
  if (explained.length === 0) return new Map();
  const wanted = new Set(explained.map((r) => keyOf(r, text(r.details['of']))));
  const places = new Map(
    records
      .filter((r) => EXPLAINED.has(r.kind) && wanted.has(keyOf(r, r.source)))
      .map((r) => [keyOf(r, r.source), placeOf(r.repository, r.sequence)] as const),
  );
  return new Map(
    explained
      .toSorted((a, b) => a.sequence - b.sequence)
      .flatMap((r) => {
        const place = places.get(keyOf(r, text(r.details['of'])));
        return place === undefined ? [] : [[place, explanationIn(r)] as const];
      }),
  );
}

/** What an explanation may be about: how a change came in, and an outage. */
export const EXPLAINED: ReadonlySet<string> = new Set(['merged', 'direct-push', 'gate-outage']);

const keyOf = ({ repository }: AuditRecord, source: string | undefined): string =>
  `${repository.id} ${source ?? ''}`;

function explanationIn({ sequence, actor, at, details }: AuditRecord): Explanation {
  return {
    record: sequence,
    by: actor,
    at,
    cause: text(details['cause']),
    impact: text(details['impact']),
    response: text(details['response']),
  };
}

/** What was said about a change, where anything was. */
export function explanationOfChange(
  explanations: Explanations | undefined,
  change: Pick<ChangeEntry, 'repository' | 'records'>,
): Explanation | undefined {
  if (!explanations || explanations.size === 0) return undefined;
  for (const sequence of change.records) {
    const found = explanations.get(placeOf(change.repository, sequence));
    if (found) return found;
  }
  return undefined;
}
