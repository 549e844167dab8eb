import type { ChangeEntry, Period, Population } from '../model/audit.ts';
import type { Actor, AuditRecord } from '../model/record.ts';
import { inForce, lastWord } from './decisions.ts';
import { numbers, saidAt, text } from './details.ts';
import { explanationsOf, type Explanations } from './explanations.ts';
import { instantOf } from './instants.ts';
import { happenedAt } from './rebuilt.ts';
import { reviewState, type ReviewState } from './review-state.ts';
import { indexTrails } from './trails.ts';

/** Where an exception stands in the trail, and whose it is. */
export interface Exception {
  /** `id` of the change. */
  readonly change: string;
  readonly repository: ChangeEntry['repository'];
  /** Sequence number of its record. */
  readonly record: number;
  readonly by: Actor | undefined;
  /** When it was said, merged or pushed. */
  readonly at: string;
  /** In words: of whoever decided, or ours. */
  readonly reason: string | undefined;
}

export type { ReviewState } from './review-state.ts';

export interface EmergencyException extends Exception {
  /** Whether the merge rests on it: it stood for just what was merged. Else it was taken back, replaced or not needed. */
  readonly letThrough: boolean;
  readonly incident: string | undefined;
  readonly reviewDue: string | undefined;
  readonly review:
    | {
        readonly record: number;
        readonly by: Actor | undefined;
        readonly at: string;
        readonly statement: string | undefined;
      }
    | undefined;
  readonly reviewState: ReviewState;
}

export interface WaiverException extends Exception {
  readonly letThrough: boolean;
  readonly expires: string | undefined;
  /**
   * `ended`: taken back, or replaced by a later word of the same person. `unlimited`: no expiry is on record, so that nothing
   * will ever end it.
   */
  readonly state: 'standing' | 'expired' | 'ended' | 'unlimited';
}

export interface PushException extends Exception {
  readonly branch: string;
  readonly commit: string | undefined;
  /** History was rewritten, or more came than can be listed. */
  readonly rewritten: boolean;
  readonly mergedElsewhere: readonly number[];
}

export interface Outage {
  readonly repository: ChangeEntry['repository'];
  readonly record: number;
  readonly pullRequest: number | undefined;
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** Everything in a population that did not go the ordinary way, as of an instant. In the order of the population. */
export interface Exceptions {
  readonly at: string;
  readonly emergencies: readonly EmergencyException[];
  readonly waivers: readonly WaiverException[];
  readonly bypasses: readonly Exception[];
  readonly pushes: readonly PushException[];
  /** Those that overlap with the period. One for each pull request or group that waited. */
  readonly outages: readonly Outage[];
  /** Ids of changes that nothing on record explains. */
  readonly unexplained: readonly string[];
  /** What people said about them, by the record of the change or outage: see `explanations.ts`. */
  readonly explanations?: Explanations;
}

/**
 * `records` as for the population. As of `at`: what was recorded later is not known yet, so that the same question has the
 * same answer next year. Every emergency and waiver of a change is listed, those on which it does not rest as well.
 */
export function exceptionsOf(
  population: Population,
  records: readonly AuditRecord[],
  at: string,
): Exceptions {
  const trailOf = indexTrails(records);
  const pushes = new Map(
    records.flatMap((r) => (r.kind === 'direct-push' ? [[placeOf(r), r] as const] : [])),
  );
  const { changes, period } = population;
  return {
    at,
    emergencies: changes.flatMap((c) => emergenciesOf(c, trailOf(c), at)),
    waivers: changes.flatMap((c) => waiversOf(c, trailOf(c), at)),
    bypasses: changes.filter((c) => c.way === 'bypassed').map((c) => bypassOf(c, trailOf(c))),
    pushes: changes.filter((c) => c.way === 'direct-push').map((c) => pushOf(c, pushes)),
    outages: outagesIn(period, records),
    unexplained: changes.filter((c) => c.way === 'unexplained').map((c) => c.id),
    explanations: explanationsOf(records, at),
  };
}

const placeOf = ({ repository, sequence }: Pick<AuditRecord, 'repository' | 'sequence'>): string =>
  `${repository.id}/${sequence}`;

function decided(change: ChangeEntry, record: AuditRecord): Exception {
  return {
    change: change.id,
    repository: change.repository,
    record: record.sequence,
    by: record.actor,
    at: saidAt(record),
    reason: text(record.details['reason']),
  };
}

/** Records on which the merge rests. */
function restsOn(
  change: ChangeEntry,
  kind: 'emergency' | 'waived',
  trail: readonly AuditRecord[],
): ReadonlySet<AuditRecord> {
  if (change.way !== kind) return new Set();
  const merged = trail.find((r) => r.kind === 'merged')?.sequence ?? Infinity;
  const before = trail.filter((r) => r.sequence < merged);
  return new Set(inForce(kind, before, change.verdict?.digest, change.at));
}

function emergenciesOf(
  change: ChangeEntry,
  trail: readonly AuditRecord[],
  at: string,
): readonly EmergencyException[] {
  const rests = restsOn(change, 'emergency', trail);
  return trail
    .filter((r) => r.kind === 'emergency')
    .map((record) => {
      const done = trail.find(
        (r) =>
          r.kind === 'review-done' &&
          r.details['of'] === record.source &&
          !(instantOf(happenedAt(r)) > instantOf(at)),
      );
      const reviewDue = text(record.details['reviewDue']);
      return {
        ...decided(change, record),
        letThrough: rests.has(record),
        incident: text(record.details['incident']),
        reviewDue,
        review: done && {
          record: done.sequence,
          by: done.actor,
          at: saidAt(done),
          statement: text(done.details['statement']),
        },
        reviewState: reviewState(reviewDue, done && saidAt(done), at),
      };
    });
}

function waiversOf(
  change: ChangeEntry,
  trail: readonly AuditRecord[],
  at: string,
): readonly WaiverException[] {
  const rests = restsOn(change, 'waived', trail);
  const known = trail.filter((r) => !(instantOf(happenedAt(r)) > instantOf(at)));
  const lastWords = new Set(lastWord('waived', known));
  return trail
    .filter((r) => r.kind === 'waived')
    .map((record) => {
      const expires = text(record.details['expires']);
      return {
        ...decided(change, record),
        letThrough: rests.has(record),
        expires,
        state: known.includes(record) && !lastWords.has(record) ? 'ended' : waiverState(expires, at),
      };
    });
}

function waiverState(expires: string | undefined, at: string): WaiverException['state'] {
  if (expires === undefined) return 'unlimited';
  return instantOf(expires) > instantOf(at) ? 'standing' : 'expired';
}

function bypassOf(change: ChangeEntry, trail: readonly AuditRecord[]): Exception {
  const record = trail.find((r) => r.kind === 'bypassed');
  return {
    change: change.id,
    repository: change.repository,
    record: record?.sequence ?? change.records.at(-1) ?? 0,
    by: record?.actor ?? change.by,
    at: change.at,
    reason: change.why,
  };
}

function pushOf(change: ChangeEntry, pushes: ReadonlyMap<string, AuditRecord>): PushException {
  const record = change.records[0] ?? 0;
  const found = pushes.get(placeOf({ repository: change.repository, sequence: record }));
  return {
    change: change.id,
    repository: change.repository,
    record,
    by: change.by,
    at: change.at,
    reason: change.why,
    branch: change.branch,
    commit: change.commit,
    rewritten: found?.details['complete'] === false,
    mergedElsewhere: numbers(found?.details['mergedElsewhere']),
  };
}

/** An outage is recorded when it is over: one at the turn of a period belongs to both. */
function outagesIn(period: Period, records: readonly AuditRecord[]): readonly Outage[] {
  return records
    .filter((r) => r.kind === 'gate-outage')
    .filter(({ at, details }) => {
      const [from, until] = [text(details['from']) ?? at, text(details['until']) ?? at];
      return !(instantOf(from) >= instantOf(period.to)) && !(instantOf(until) < instantOf(period.from));
    })
    .map(({ repository, sequence, pullRequest, details }) => ({
      repository,
      record: sequence,
      pullRequest,
      from: text(details['from']),
      until: text(details['until']),
    }))
    .sort((a, b) => a.repository.id - b.repository.id || a.record - b.record);
}
