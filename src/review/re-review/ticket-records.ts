import type { TicketName } from '../../core/audit/ticket-names.ts';
import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { TicketState } from '../hosting.ts';
import { text } from '../pull-request/said.ts';
import type { Instant } from '../store.ts';
import type { RepositoryRef } from '../work.ts';

export interface SeenTicket {
  readonly repository: RepositoryRef;
  readonly now: Instant;
  readonly name: TicketName;
  /** As people write it. */
  readonly ticket: string;
  /** Undefined: there is none of that name, or we may not see it. */
  readonly state: TicketState | undefined;
  /** Source of the review that the issue was opened for. */
  readonly of?: string;
}

/** The last record of each ticket, by its key. */
export const lastTickets = (records: readonly AuditRecord[]): ReadonlyMap<string, AuditRecord> =>
  new Map(
    records.flatMap((r) => {
      const key = r.kind === 'ticket' ? text(r.details['key']) : undefined;
      return key === undefined ? [] : [[key, r] as const];
    }),
  );

/** A record when the ticket is in another state than on record; when nothing changed, none. */
export function ticketRecord(seen: SeenTicket, last: AuditRecord | undefined): readonly RecordDraft[] {
  const { repository, now, name, ticket, state, of } = seen;
  const details: RecordDraft['details'] = {
    ticket,
    key: name.key,
    state: state?.state ?? 'absent',
    ...(state ? { url: state.url, createdAt: state.createdAt } : {}),
    ...(state?.closedAt === undefined ? {} : { closedAt: state.closedAt }),
    ...(state?.closedBy === undefined ? {} : { closedBy: state.closedBy }),
    ...linkOf(name, of, last),
  };
  if (last && CHANGING.every((key) => last.details[key] === details[key])) return [];
  const source = `ticket/${name.key}/${last?.sequence ?? 0}`;
  return [{ kind: 'ticket', repository, at: now, source, details }];
}

/** An address that moved is no news. */
const CHANGING = ['state', 'createdAt', 'closedAt', 'of'] as const;

/** An issue stays that of its review. */
function linkOf(
  name: TicketName,
  of: string | undefined,
  last: AuditRecord | undefined,
): RecordDraft['details'] {
  const review = of ?? text(last?.details['of']);
  return review === undefined || name.kind !== 'github' ? {} : { of: review, issue: name.number };
}
