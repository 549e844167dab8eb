import type { AuditRecord } from '../model/record.ts';
import { text } from './details.ts';
import { ticketIn } from './ticket-names.ts';

/** `absent`: there is none of that name, or we may not see it. */
export const TICKET_STATES = ['open', 'closed', 'absent'] as const;
export type TicketStatus = (typeof TICKET_STATES)[number];

/** What a ticket was when it was last looked at. Times are those of the tracker. */
export interface TicketEntry {
  /** Sequence number of its record, and when that was written: since then nothing else was seen. */
  readonly record: number;
  readonly at: string;
  readonly state: TicketStatus;
  readonly url: string | undefined;
  readonly createdAt: string | undefined;
  readonly closedAt: string | undefined;
  /** What closed it: `#12` of a pull request, or a login. */
  readonly closedBy: string | undefined;
}

/** The last record of each ticket, by its key. `records`: in any order. */
export function ticketsIn(records: readonly AuditRecord[]): ReadonlyMap<string, TicketEntry> {
  const last = new Map<string, TicketEntry>();
  for (const record of records) {
    const key = record.kind === 'ticket' ? text(record.details['key']) : undefined;
    if (key === undefined) continue;
    const place = placeOf(record.repository.id, key);
    if ((last.get(place)?.record ?? 0) < record.sequence) last.set(place, entryOf(record));
  }
  return last;
}

/** The ticket that an answer names. */
export function ticketOf(
  {
    repository,
    text: said,
  }: Pick<{ repository: AuditRecord['repository']; text: string }, 'repository' | 'text'>,
  tickets: ReadonlyMap<string, TicketEntry>,
): TicketEntry | undefined {
  const named = ticketIn(said, repository.name);
  return named && tickets.get(placeOf(repository.id, named.key));
}

export const placeOf = (repository: number, key: string): string => `${repository} ${key}`;

function entryOf({ sequence, at, details }: AuditRecord): TicketEntry {
  return {
    record: sequence,
    at,
    state: TICKET_STATES.find((state) => state === details['state']) ?? 'absent',
    url: text(details['url']),
    createdAt: text(details['createdAt']),
    closedAt: text(details['closedAt']),
    closedBy: text(details['closedBy']),
  };
}
