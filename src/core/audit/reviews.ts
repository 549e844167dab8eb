import type { Period } from '../model/audit.ts';
import type { Actor, AuditRecord } from '../model/record.ts';
import { NOT_ON_RECORD, saidAt, text, texts } from './details.ts';
import { instantOf } from './instants.ts';
import { compare } from './order.ts';
import { reviewState, type ReviewState } from './review-state.ts';

/** Why somebody has to look again at what stands already. */
export const REVIEW_CAUSES = ['schedule', 'incident', 'finding', 'bypass', 'emergency'] as const;
export type ReviewCause = (typeof REVIEW_CAUSES)[number];

export const REVIEW_STATES = [
  'due',
  'overdue',
  'done',
  'done-late',
  'no-due-date',
] as const satisfies readonly ReviewState[];

/** A review that is to be held, or was. */
export interface ReviewEntry {
  readonly repository: AuditRecord['repository'];
  /** Sequence number and source of the record that opened it. */
  readonly record: number;
  readonly source: string;
  readonly cause: ReviewCause;
  readonly openedAt: string;
  /** Who opened it; undefined where that was the service. */
  readonly by: Actor | undefined;
  readonly subject: string;
  readonly owner: string | undefined;
  readonly due: string | undefined;
  readonly incident: string | undefined;
  readonly components: readonly string[];
  /** The change that it is about, where it is about one. */
  readonly pullRequest: number | undefined;
  readonly commit: string | undefined;
  /** Number of the issue that stands for it. */
  readonly issue: number | undefined;
  readonly done:
    | {
        readonly record: number;
        readonly by: Actor | undefined;
        readonly at: string;
        readonly statement: string | undefined;
        readonly attendees: readonly string[];
      }
    | undefined;
  readonly state: ReviewState;
  /** Merged pull requests that name the same incident, and those of them that changed the model. */
  readonly followedBy: readonly number[];
  readonly modelChangedBy: readonly number[];
}

/**
 * Every review that is on record, as of an instant: what was recorded later is not known yet. At any instant each is in
 * exactly one state. `records`: all there are of the repositories. In order of repository name, number and record.
 */
export function reviewsOf(records: readonly AuditRecord[], at: string): readonly ReviewEntry[] {
  const byRepository = Map.groupBy(
    records.filter((r) => !(instantOf(r.at) > instantOf(at))),
    (r) => r.repository.id,
  );
  return [...byRepository.values()]
    .flatMap((known) =>
      reviewsIn(
        known.toSorted((a, b) => a.sequence - b.sequence),
        at,
      ),
    )
    .sort(inOrder);
}

export const inOrder = (a: ReviewEntry, b: ReviewEntry): number =>
  compare(a.repository.name, b.repository.name) || a.repository.id - b.repository.id || a.record - b.record;

/** Those that concern a period: opened before its end, and not over before its beginning. */
export const reviewsWithin = (
  reviews: readonly ReviewEntry[],
  { from, to }: Period,
): readonly ReviewEntry[] =>
  reviews.filter(({ openedAt, done }) => {
    const isOver = done && [done.at, openedAt].every((at) => instantOf(at) < instantOf(from));
    return !(instantOf(openedAt) >= instantOf(to)) && isOver !== true;
  });

function reviewsIn(known: readonly AuditRecord[], at: string): readonly ReviewEntry[] {
  const merged = new Map(known.flatMap((r) => (r.kind === 'merged' ? [[r.pullRequest, r] as const] : [])));
  const done = firstBy(known, 'review-done');
  const issues = issuesIn(known);
  const changes = changesByIncident(known, merged);
  return (
    known
      // An emergency lets a merge through: before there is one, nothing is to be reviewed afterwards.
      .filter((r) => r.kind === 'review-opened' || (r.kind === 'emergency' && merged.has(r.pullRequest)))
      .map((record) => entryOf(record, done.get(record.source), issues.get(record.source), changes, at))
  );
}

/** Done once is done. */
function firstBy(known: readonly AuditRecord[], kind: 'review-done'): ReadonlyMap<string, AuditRecord> {
  const first = new Map<string, AuditRecord>();
  for (const record of known) {
    const of = text(record.details['of']);
    if (record.kind === kind && of !== undefined && !first.has(of)) first.set(of, record);
  }
  return first;
}

/** An issue that was opened for a review is on record as its ticket. */
function issuesIn(known: readonly AuditRecord[]): ReadonlyMap<string, number> {
  return new Map(
    known.flatMap(({ kind, details: { of, issue } }) =>
      kind === 'ticket' && typeof of === 'string' && typeof issue === 'number' ? [[of, issue] as const] : [],
    ),
  );
}

interface Change {
  readonly pullRequest: number;
  readonly changesModel: boolean;
}

function changesByIncident(
  known: readonly AuditRecord[],
  merged: ReadonlyMap<number | undefined, AuditRecord>,
): ReadonlyMap<string, readonly Change[]> {
  const verdicts = new Map(
    known.flatMap((r) => (r.kind === 'evaluated' ? [[r.pullRequest, r] as const] : [])),
  );
  const called = known.flatMap(({ kind, pullRequest, details }) => {
    const names =
      kind === 'merged' ? texts(details['incidents']) : kind === 'emergency' ? [details['incident']] : [];
    return pullRequest === undefined || !merged.has(pullRequest)
      ? []
      : names.flatMap((name) => (typeof name === 'string' ? [{ incident: nameOf(name), pullRequest }] : []));
  });
  const all = Map.groupBy(called, ({ incident }) => incident);
  return new Map(
    [...all].map(([incident, some]) => [
      incident,
      [...new Set(some.map((s) => s.pullRequest))]
        .sort((a, b) => a - b)
        .map((pullRequest) => ({
          pullRequest,
          changesModel: Number(verdicts.get(pullRequest)?.details['modelChanges'] ?? 0) > 0,
        })),
    ]),
  );
}

/** `inc-7` and `INC-7` are one incident. */
const nameOf = (incident: string): string => incident.toUpperCase();

function entryOf(
  record: AuditRecord,
  done: AuditRecord | undefined,
  ticket: number | undefined,
  changes: ReadonlyMap<string, readonly Change[]>,
  at: string,
): ReviewEntry {
  const { repository, sequence, source, actor, pullRequest, commit, details } = record;
  const isEmergency = record.kind === 'emergency';
  const due = text(details[isEmergency ? 'reviewDue' : 'due']);
  const incident = text(details['incident']);
  const linked = incident === undefined ? [] : (changes.get(nameOf(incident)) ?? []);
  const { issue } = details;
  return {
    repository,
    record: sequence,
    source,
    cause: isEmergency ? 'emergency' : causeOf(details['cause']),
    openedAt: saidAt(record),
    by: actor,
    subject: text(details['subject']) ?? (pullRequest === undefined ? NOT_ON_RECORD : `#${pullRequest}`),
    owner: text(details['owner']),
    due,
    incident,
    components: texts(details['components']),
    pullRequest,
    commit,
    issue: typeof issue === 'number' ? issue : ticket,
    done: done && {
      record: done.sequence,
      by: done.actor,
      at: saidAt(done),
      statement: text(done.details['statement']),
      attendees: texts(done.details['attendees']),
    },
    state: reviewState(due, done && saidAt(done), at),
    followedBy: linked.map((c) => c.pullRequest),
    modelChangedBy: linked.filter((c) => c.changesModel).map((c) => c.pullRequest),
  };
}

/** A cause of a later version is shown as what most are: something that somebody found. */
const causeOf = (value: unknown): ReviewCause => REVIEW_CAUSES.find((cause) => cause === value) ?? 'finding';

/** How many reviews are in which state, by why they were opened; they add up to all there are. */
export type ReviewFigures = Readonly<Record<ReviewCause, Readonly<Record<ReviewState, number>>>>;

export function reviewFigures(reviews: readonly ReviewEntry[]): ReviewFigures {
  const none = (): Record<ReviewState, number> =>
    Object.fromEntries(REVIEW_STATES.map((state) => [state, 0])) as Record<ReviewState, number>;
  const figures = Object.fromEntries(REVIEW_CAUSES.map((cause) => [cause, none()])) as Record<
    ReviewCause,
    Record<ReviewState, number>
  >;
  for (const { cause, state } of reviews) figures[cause][state] += 1;
  return figures;
}
