import type { ChangeEntry, Population } from '../model/audit.ts';
import type { Account } from '../model/account.ts';
import type { Actor, AuditRecord, Json } from '../model/record.ts';
import { WAIT_BOUNDS, type ExceptionRow, type RegisterRow } from '../model/view.ts';
import { changeOf } from './change.ts';
import { text } from './details.ts';
import { exceptionsOf, type Exception, type Exceptions } from './exceptions.ts';
import { placeOf, type Explanation } from './explanations.ts';
import { instantOf } from './instants.ts';
import { waitsOf } from './metrics.ts';
import { compare } from './order.ts';
import type { AcceptedRisk, Register, RegisterEntry } from './register.ts';

/** A change with the record that makes it one: a merge or a push. */
export interface PlacedChange {
  readonly record: AuditRecord;
  readonly change: ChangeEntry;
}

/** `trail`: of the pull request; of a push nothing. */
export const placedChange = (record: AuditRecord, trail: readonly AuditRecord[]): PlacedChange => ({
  record,
  change: changeOf(record, trail),
});

/** What `exceptionsOf` may need of one change: its own record, its pull request, and what was said about it elsewhere. */
function around(
  { record }: PlacedChange,
  trail: readonly AuditRecord[],
  explained: readonly AuditRecord[],
): readonly AuditRecord[] {
  const all = new Map([...trail, record, ...explained].map((r) => [r.sequence, r]));
  return [...all.values()].sort((a, b) => a.sequence - b.sequence);
}

const NONE = { counts: {} as Population['counts'], notes: [] };
const ALWAYS = { from: '0000-01-01T00:00:00.000Z', to: '9999-12-31T23:59:59.999Z' };

/**
 * The exceptions of one change as of an instant: always the same ones in the same order, as only what is known of them grows.
 * `explained`: records of the kind `exception-explained` of the repository, those that may be about it.
 */
export function exceptionRowsOf(
  placed: PlacedChange,
  trail: readonly AuditRecord[],
  explained: readonly AuditRecord[],
  at: string,
): readonly ExceptionRow[] {
  const { change, record } = placed;
  const population = { period: ALWAYS, changes: [change], ...NONE };
  const found = exceptionsOf(population, around(placed, trail, explained), at);
  const explanation = found.explanations?.get(placeOf(record.repository, record.sequence));
  const row = rowMaker(change, explanation);
  return [
    ...found.emergencies.map((e) => row('emergency', e, e.reviewState, emergencyDetails(e), e.reviewDue)),
    ...found.waivers.map((e) => row('waiver', e, e.state, { letThrough: e.letThrough, expires: e.expires })),
    ...found.bypasses.map((e) => row('bypass', e, '', {})),
    ...found.pushes.map((e) =>
      row('direct-push', e, e.rewritten ? 'rewritten' : 'pushed', {
        branch: e.branch,
        commit: e.commit,
        mergedElsewhere: e.mergedElsewhere,
      }),
    ),
    ...(change.way === 'unexplained' ? [unexplained(change, row)] : []),
  ];
}

type RowMaker = (
  kind: ExceptionRow['kind'],
  exception: Pick<Exception, 'record' | 'by' | 'at' | 'reason'>,
  state: string,
  details: ExceptionRow['details'],
  due?: string,
) => ExceptionRow;

function rowMaker(change: ChangeEntry, explanation: Explanation | undefined): RowMaker {
  return (kind, { record, by, at, reason }, state, details, due) => ({
    kind,
    repository: change.repository,
    record,
    change: change.id,
    pullRequest: change.pullRequest,
    at,
    state,
    due,
    details: { by: actorJson(by), reason, ...details, ...explanationJson(explanation) },
  });
}

const unexplained = (change: ChangeEntry, row: RowMaker): ExceptionRow =>
  row(
    'unexplained',
    { record: change.records.at(-1) ?? 0, by: change.by, at: change.at, reason: change.why },
    '',
    { branch: change.branch, commit: change.commit },
  );

function emergencyDetails(e: Exceptions['emergencies'][number]): ExceptionRow['details'] {
  const { letThrough, incident, review } = e;
  return {
    letThrough,
    incident,
    ...(review ? { review: { ...review, by: actorJson(review.by) } } : {}),
  };
}

const actorJson = (actor: Actor | undefined): Json | undefined =>
  actor && { id: actor.id, login: actor.login, kind: actor.kind, role: actor.role };

function explanationJson(explanation: Explanation | undefined): ExceptionRow['details'] {
  return explanation ? { explanation: { ...explanation, by: actorJson(explanation.by) } } : {};
}

/** From when until when the gate was away, in milliseconds; what cannot be read has no end on that side. */
export function boundsOfOutage({ at, details }: AuditRecord): {
  readonly from: number;
  readonly until: number;
} {
  const [from, until] = [text(details['from']) ?? at, text(details['until']) ?? at].map(instantOf);
  return {
    from: from === undefined || Number.isNaN(from) ? -Infinity : from,
    until: until === undefined || Number.isNaN(until) ? Infinity : until,
  };
}

export function outageRow(record: AuditRecord, explained: readonly AuditRecord[], at: string): ExceptionRow {
  const { repository, sequence, pullRequest, details } = record;
  const population = { period: ALWAYS, changes: [], ...NONE };
  const { explanations } = exceptionsOf(population, [record, ...explained], at);
  const explanation = explanations?.get(placeOf(repository, sequence));
  const [from, until] = [text(details['from']), text(details['until'])];
  return {
    kind: 'outage',
    repository,
    record: sequence,
    change: undefined,
    pullRequest,
    at: record.at,
    state: '',
    due: undefined,
    details: { from, until, ...explanationJson(explanation) },
  };
}

/** Everybody who had a hand in a change: its author, whoever merged or pushed it, and whoever decided about it. */
export function peopleOfChange({ author, by, decisions }: ChangeEntry): readonly Account[] {
  return [author, by, ...decisions.map((d) => d.actor)].filter((a) => a !== undefined);
}

/** How a person can be asked for: the number, and the login in small letters. */
export const namesOf = (people: readonly Account[]): readonly string[] => [
  ...new Set(people.flatMap(({ id, login }) => [login.toLowerCase(), id.toLowerCase()])),
];

/** Seconds from the first verdict to the approval that stood when it was merged. */
export const waitOf = ({ change }: PlacedChange, trail: readonly AuditRecord[]): number | undefined =>
  waitsOf([change], trail).get(change);

/** How many fall into each of the steps of `WAIT_BOUNDS`. */
export function waitCounts(seconds: readonly number[]): readonly number[] {
  const counts = new Array<number>(WAIT_BOUNDS.length + 1).fill(0);
  for (const each of seconds) {
    const step = waitStep(each);
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}

export function waitStep(seconds: number): number {
  const step = WAIT_BOUNDS.findIndex((bound) => seconds <= bound);
  return step === -1 ? WAIT_BOUNDS.length : step;
}

export function registerRows({ accepted, tickets, controls }: Register): readonly RegisterRow[] {
  return [
    ...accepted.map((e) => registerRow('accept', e, e)),
    ...tickets.map((e) => registerRow('ticket', e)),
    ...controls.map((e) => registerRow('control', e)),
  ];
}

function registerRow(
  kind: RegisterRow['kind'],
  entry: RegisterEntry,
  risk?: Pick<AcceptedRisk, 'owner' | 'expires' | 'validity'>,
): RegisterRow {
  const { repository, pullRequest, record, question, address, scope, by, at, state, ticket } = entry;
  return {
    kind,
    repository,
    pullRequest,
    record,
    question,
    address,
    scope,
    by,
    at,
    text: entry.text,
    state,
    owner: risk?.owner,
    expires: risk?.expires,
    validity: risk?.validity,
    ...(ticket ? { ticket } : {}),
  };
}

/** Characters of each part that count for the order: texts of strangers have no end. */
const SORTED_BY = 100;

/**
 * By component and question, within a repository. Hexadecimal digits, so that every database sorts it the same way, by code
 * unit, whatever the text is.
 */
export function registerKey({
  scope,
  address,
  question,
}: Pick<RegisterRow, 'scope' | 'address' | 'question'>): string {
  return [scope, address, question].map((part) => hex(part.slice(0, SORTED_BY))).join(' ');
}

function hex(text: string): string {
  let digits = '';
  for (let i = 0; i < text.length; i++) digits += text.charCodeAt(i).toString(16).padStart(4, '0');
  return digits;
}

/** Repositories as pages list them; two may have had one name. */
export const byName = (
  a: { readonly name: string; readonly id: number },
  b: { readonly name: string; readonly id: number },
): number => compare(a.name.toLowerCase(), b.name.toLowerCase()) || a.id - b.id;
