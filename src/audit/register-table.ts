import type { AcceptedRisk, Register, RegisterEntry } from '../core/audit/register.ts';
import type { Table } from './csv.ts';

interface RegisterRow extends RegisterEntry, Partial<Pick<AcceptedRisk, 'owner' | 'expires' | 'validity'>> {
  readonly kind: 'accepted' | 'ticket' | 'control';
  readonly asOf: string;
}

export const REGISTER_TABLE: Table<RegisterRow> = {
  columns: [
    ['kind', (e) => e.kind],
    ['validity', (e) => e.validity],
    ['as_of', (e) => e.asOf],
    ['repository_id', (e) => e.repository.id],
    ['repository', (e) => e.repository.name],
    ['pull_request', (e) => e.pullRequest],
    ['pull_request_state', (e) => e.state],
    ['record', (e) => e.record],
    ['scope', (e) => e.scope],
    ['address', (e) => e.address],
    ['question', (e) => e.question],
    ['catalogue_version', (e) => e.catalogue],
    ['text', (e) => e.text],
    ['owner', (e) => e.owner],
    ['expires', (e) => e.expires],
    ['by_id', (e) => e.by?.id],
    ['by', (e) => e.by?.login],
    ['by_role', (e) => e.by?.role],
    ['at', (e) => e.at],
    ['ticket_state', (e) => e.ticket?.state],
    ['ticket_created_at', (e) => e.ticket?.createdAt],
    ['ticket_closed_at', (e) => e.ticket?.closedAt],
    ['ticket_closed_by', (e) => e.ticket?.closedBy],
    ['ticket_url', (e) => e.ticket?.url],
    ['ticket_record', (e) => e.ticket?.record],
    ['later_record', (e) => e.later?.record],
    ['later_pull_request', (e) => e.later?.pullRequest],
    ['later_kind', (e) => e.later?.kind],
  ],
  essence: ['kind', 'validity', 'repository_id', 'record', 'question'],
};

export function registerRows({ at: asOf, accepted, tickets, controls }: Register): readonly RegisterRow[] {
  return [
    ...accepted.map((e) => ({ ...e, kind: 'accepted' as const, asOf })),
    ...tickets.map((e) => ({ ...e, kind: 'ticket' as const, asOf })),
    ...controls.map((e) => ({ ...e, kind: 'control' as const, asOf })),
  ];
}
