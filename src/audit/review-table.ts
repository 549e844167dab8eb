import type { ReviewEntry } from '../core/audit/reviews.ts';
import type { Table } from './csv.ts';

export interface ReviewRow extends ReviewEntry {
  readonly asOf: string;
}

export const REVIEW_TABLE: Table<ReviewRow> = {
  columns: [
    ['cause', (r) => r.cause],
    ['state', (r) => r.state],
    ['as_of', (r) => r.asOf],
    ['repository_id', (r) => r.repository.id],
    ['repository', (r) => r.repository.name],
    ['record', (r) => r.record],
    ['source', (r) => r.source],
    ['subject', (r) => r.subject],
    ['incident', (r) => r.incident],
    ['components', (r) => r.components.join(', ')],
    ['pull_request', (r) => r.pullRequest],
    ['commit', (r) => r.commit],
    ['issue', (r) => r.issue],
    ['owner', (r) => r.owner],
    ['opened_at', (r) => r.openedAt],
    ['opened_by_id', (r) => r.by?.id],
    ['opened_by', (r) => r.by?.login],
    ['due', (r) => r.due],
    ['done_record', (r) => r.done?.record],
    ['done_at', (r) => r.done?.at],
    ['done_by_id', (r) => r.done?.by?.id],
    ['done_by', (r) => r.done?.by?.login],
    ['done_by_role', (r) => r.done?.by?.role],
    ['attendees', (r) => r.done?.attendees],
    ['statement', (r) => r.done?.statement],
    ['followed_by', (r) => r.followedBy],
    ['model_changed_by', (r) => r.modelChangedBy],
  ],
  essence: ['cause', 'state', 'repository_id', 'record'],
};

/** Overdue ones first, and within a state as `reviewsOf` has them. */
export const reviewRows = (reviews: readonly ReviewEntry[], asOf: string): readonly ReviewRow[] =>
  reviews
    .map((review) => ({ ...review, asOf }))
    .sort((a, b) => Number(b.state === 'overdue') - Number(a.state === 'overdue'));
