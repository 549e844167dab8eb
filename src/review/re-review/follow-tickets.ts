import { ticketIn, type TicketName } from '../../core/audit/ticket-names.ts';
import type { AuditRecord, RecordDraft, RecordKind } from '../../core/model/record.ts';
import type { Hosting, TicketState } from '../hosting.ts';
import { text } from '../pull-request/said.ts';
import type { Instant } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import { lastTickets, ticketRecord } from './ticket-records.ts';

/** A tracker beside GitHub. */
export interface Jira {
  /** Whether it is the one at this host; of a ticket without an address it is. */
  follows(host: string | undefined): boolean;
  /** Undefined when there is none of that name. */
  read(issue: string): Promise<TicketState | undefined>;
}

export const TICKET_KINDS: readonly RecordKind[] = ['answered', 'ticket'];

/** Looked at in one round, those that were open last before all others; GitHub takes a hundred in one request. */
const MOST_ON_GITHUB = 300;
const MOST_ON_JIRA = 50;

export interface NamedTicket {
  readonly name: TicketName;
  /** As it was written. */
  readonly ticket: string;
}

/** Every ticket that an answer or a review names, once each. `records`: of the kinds above, in order. */
export function ticketsNamed(records: readonly AuditRecord[]): readonly NamedTicket[] {
  const named = new Map<string, NamedTicket>();
  for (const { kind, details, repository } of records) {
    const isAnswer = kind === 'answered' && details['answer'] === 'ticket';
    const written = isAnswer
      ? text(details['text'])
      : kind === 'ticket'
        ? text(details['ticket'])
        : undefined;
    const name = written === undefined ? undefined : ticketIn(written, repository.name);
    if (written !== undefined && name && !named.has(name.key))
      named.set(name.key, { name, ticket: /^\S{1,400}/.exec(written.trim())?.[0] ?? written });
  }
  return [...named.values()];
}

export interface Round {
  readonly records: readonly RecordDraft[];
  /** How many were asked for, and how many nobody here can ask for. */
  readonly asked: number;
  readonly unasked: number;
  /** Jira’s that gave no answer: next time, then. */
  readonly unanswered: number;
}

/** Asks how far they are; one record for each that is in another state than on record. */
export async function followTickets(
  repository: RepositoryRef,
  records: readonly AuditRecord[],
  hosting: Pick<Hosting, 'tickets'>,
  { jira, now }: { readonly jira?: Jira | undefined; readonly now: () => Instant },
): Promise<Round> {
  const last = lastTickets(records);
  const isClosed = ({ name }: NamedTicket): boolean => last.get(name.key)?.details['state'] === 'closed';
  const named = ticketsNamed(records).toSorted((a, b) => Number(isClosed(a)) - Number(isClosed(b)));
  const github = named
    .flatMap((one) => (one.name.kind === 'github' ? [{ ...one, name: one.name }] : []))
    .slice(0, MOST_ON_GITHUB);
  const ours = named
    .flatMap((one) =>
      one.name.kind === 'jira' && jira?.follows(one.name.host) === true ? [{ ...one, name: one.name }] : [],
    )
    .slice(0, MOST_ON_JIRA);
  const states = new Map<NamedTicket, TicketState | undefined>();
  if (github.length > 0) {
    const found = await hosting.tickets(github.map(({ name }) => name));
    github.forEach((one, i) => states.set(one, found[i]));
  }
  let unanswered = 0;
  for (const one of ours)
    try {
      states.set(one, await jira?.read(one.name.issue));
    } catch {
      unanswered += 1;
    }
  return {
    records: [...states].flatMap(([{ name, ticket }, state]) =>
      ticketRecord({ repository, now: now(), name, ticket, state }, last.get(name.key)),
    ),
    asked: states.size,
    unasked: named.length - github.length - ours.length,
    unanswered,
  };
}
