import type { AnswerKind } from '../model/approval.ts';
import type { Actor, AuditRecord } from '../model/record.ts';
import { NOT_ON_RECORD, saidAt, text, textIn } from './details.ts';
import { instantOf } from './instants.ts';
import { compare } from './order.ts';
import { happenedAt } from './rebuilt.ts';
import { ticketOf, ticketsIn, type TicketEntry } from './tickets.ts';
import { indexTrails, type Trails } from './trails.ts';

/** What somebody answered last to one question about one component of a change. */
export interface RegisterEntry {
  readonly repository: AuditRecord['repository'];
  readonly pullRequest: number | undefined;
  /** Sequence number of its record. */
  readonly record: number;
  /** Catalogue id, and the version of the catalogue that it was asked from, where that is on record. */
  readonly question: string;
  readonly catalogue: string | undefined;
  readonly address: string;
  readonly scope: string;
  readonly by: Actor | undefined;
  readonly at: string;
  /** The rationale of an acceptance, the control, the ticket: as written, not escaped. */
  readonly text: string;
  /** What had become of the pull request: an answer on one that never came in is about nothing that exists. */
  readonly state: 'merged' | 'closed' | 'open';
  /** A later answer to the same question about the same component on another pull request; it ends nothing by itself. */
  readonly later:
    | {
        readonly record: number;
        readonly pullRequest: number | undefined;
        readonly kind: AnswerKind;
      }
    | undefined;
  /** Of a ticket: what was last found out about it, where that is on record. */
  readonly ticket?: TicketEntry | undefined;
}

export interface AcceptedRisk extends RegisterEntry {
  readonly owner: string;
  readonly expires: string | undefined;
  /** `unlimited`: no end is on record, though none may be accepted without. */
  readonly validity: 'standing' | 'expired' | 'unlimited';
}

/** In order of repository name, component, question, record. */
export interface Register {
  readonly at: string;
  readonly accepted: readonly AcceptedRisk[];
  /** Answered with a ticket, each with its state where somebody could look. */
  readonly tickets: readonly RegisterEntry[];
  readonly controls: readonly RegisterEntry[];
}

interface Placed {
  readonly record: AuditRecord;
  readonly kind: AnswerKind;
  readonly entry: RegisterEntry;
}

/** As of an instant: what was recorded later is not known yet. `records`: all there are of the repositories. */
export function registerOf(records: readonly AuditRecord[], at: string): Register {
  const known = records.filter((r) => !(instantOf(happenedAt(r)) > instantOf(at)));
  const standing = standingIn(known);
  const tickets = ticketsIn(known);
  const of = (kind: AnswerKind): readonly Placed[] => standing.filter((p) => p.kind === kind);
  return {
    at,
    accepted: of('accept').map(({ record, entry }) => acceptedRisk(record, entry, at)),
    tickets: of('ticket').map(({ entry }) => ({ ...entry, ticket: ticketOf(entry, tickets) })),
    controls: of('control').map(({ entry }) => entry),
  };
}

/**
 * The last word on each question, as `approval/answers.ts` has it: within one pull request, because that is what the gate
 * asks. A tick on a later one does not make a risk go away that somebody owns.
 */
function standingIn(records: readonly AuditRecord[]): readonly Placed[] {
  const trailOf = indexTrails(records);
  const answered = records.filter((r) => r.kind === 'answered').sort(bySequence);
  const last = [...new Map(answered.map((r) => [`${r.pullRequest ?? ''} ${placeOf(r)}`, r])).values()];
  last.sort(bySequence);
  const byPlace = Map.groupBy(last, placeOf);
  return last
    .map((record) => entryOf(record, byPlace, trailOf))
    .sort((a, b) => inRegisterOrder(a.entry, b.entry));
}

const bySequence = (a: AuditRecord, b: AuditRecord): number => a.sequence - b.sequence;

const placeOf = ({ repository, details }: AuditRecord): string =>
  JSON.stringify([repository.id, ...['question', 'scope', 'address'].map((key) => text(details[key]) ?? '')]);

const KINDS: readonly AnswerKind[] = ['considered', 'open', 'control', 'ticket', 'not-applicable', 'accept'];

/** What is no known answer leaves the question open. */
const kindOf = ({ details }: AuditRecord): AnswerKind =>
  KINDS.find((kind) => kind === details['answer']) ?? 'open';

function entryOf(
  record: AuditRecord,
  byPlace: ReadonlyMap<string, readonly AuditRecord[]>,
  trailOf: Trails,
): Placed {
  const { repository, pullRequest, sequence, actor, details } = record;
  const later = byPlace.get(placeOf(record))?.findLast((r) => r.sequence > sequence);
  return {
    record,
    kind: kindOf(record),
    entry: {
      repository,
      pullRequest,
      record: sequence,
      question: text(details['question']) ?? NOT_ON_RECORD,
      catalogue: catalogueOf(record, trailOf(record)),
      address: text(details['address']) ?? '',
      scope: text(details['scope']) ?? '',
      by: actor,
      at: saidAt(record),
      text: text(details['text']) ?? '',
      state: stateOf(trailOf(record)),
      later: later && { record: later.sequence, pullRequest: later.pullRequest, kind: kindOf(later) },
    },
  };
}

/** The one in use when it was answered: an edited question is another question. */
function catalogueOf({ sequence }: AuditRecord, trail: readonly AuditRecord[]): string | undefined {
  const asked = trail.findLast(
    (r) => r.sequence < sequence && (r.kind === 'questions-asked' || r.kind === 'evaluated'),
  );
  return asked && (text(asked.details['catalogue']) ?? textIn(asked.details['tool'], 'catalogue'));
}

/** A pull request that was closed may be opened again, and is judged then. */
function stateOf(trail: readonly AuditRecord[]): RegisterEntry['state'] {
  if (trail.some((r) => r.kind === 'merged')) return 'merged';
  return trail.findLast((r) => r.kind === 'closed' || r.kind === 'evaluated')?.kind === 'closed'
    ? 'closed'
    : 'open';
}

function acceptedRisk(record: AuditRecord, entry: RegisterEntry, at: string): AcceptedRisk {
  const expires = text(record.details['expires']);
  return {
    ...entry,
    owner: text(record.details['owner']) ?? NOT_ON_RECORD,
    expires,
    validity:
      expires === undefined ? 'unlimited' : instantOf(expires) > instantOf(at) ? 'standing' : 'expired',
  };
}

export function inRegisterOrder(a: RegisterEntry, b: RegisterEntry): number {
  return (
    compare(a.repository.name, b.repository.name) ||
    compare(a.scope, b.scope) ||
    compare(a.address, b.address) ||
    compare(a.question, b.question) ||
    a.repository.id - b.repository.id ||
    a.record - b.record
  );
}
