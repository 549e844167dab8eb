import type { Insertable, Selectable } from 'kysely';
import type { CheckRow, CommentRow, PullRequestRow, RepositoryRow, WaitingSignal } from '../review/store.ts';
import type { Signal } from '../review/work.ts';
import type { CheckTable, CommentTable, PullRequestTable, RepositoryTable, SignalTable } from './tables.ts';

/** What the port calls it ↔ what the table has: one pair of functions per table. */

export function toPullRequest(row: PullRequestRow): Insertable<PullRequestTable> {
  return {
    repository: row.repository.id,
    number: row.number,
    name: row.repository.name,
    installation: row.installation,
    state: row.state,
    head: row.head,
    base_ref: row.baseRef,
    base: row.base ?? null,
    digest: row.digest ?? null,
    conclusion: row.conclusion ?? null,
    evaluated_at: row.evaluatedAt ?? null,
    memory: row.memory,
    links: row.links,
  };
}

export function fromPullRequest(row: Selectable<PullRequestTable>): PullRequestRow {
  return {
    repository: { id: row.repository, name: row.name },
    installation: row.installation,
    number: row.number,
    state: row.state as PullRequestRow['state'],
    head: row.head,
    baseRef: row.base_ref,
    ...given('base', row.base),
    ...given('digest', row.digest),
    ...given('conclusion', row.conclusion),
    ...given('evaluatedAt', row.evaluated_at),
    memory: row.memory,
    links: row.links,
  };
}

/** Names of owners and repositories are the same in any case. */
export function linkTarget(link: string): string {
  return link.toLowerCase();
}

export function toCheck(row: CheckRow): Insertable<CheckTable> {
  return {
    repository: row.repository.id,
    head: row.head,
    subject: row.subject,
    name: row.repository.name,
    intent: row.intent ?? null,
    run: row.run ?? null,
    written: row.written ?? null,
    conclusion: row.conclusion ?? null,
    digest: row.digest ?? null,
    shown_at: row.shownAt ?? null,
  };
}

export function fromCheck(row: Selectable<CheckTable>): CheckRow {
  return {
    repository: { id: row.repository, name: row.name },
    head: row.head,
    subject: row.subject,
    ...given('intent', row.intent),
    ...given('run', row.run),
    ...given('written', row.written),
    ...given('conclusion', row.conclusion),
    ...given('digest', row.digest),
    ...given('shownAt', row.shown_at),
  };
}

export function toComment(row: CommentRow): Insertable<CommentTable> {
  return {
    repository: row.repository.id,
    number: row.number,
    component: row.component,
    name: row.repository.name,
    intent: row.intent ?? null,
    comment: row.comment ?? null,
    written: row.written ?? null,
    state: row.state,
  };
}

export function fromComment(row: Selectable<CommentTable>): CommentRow {
  return {
    repository: { id: row.repository, name: row.name },
    number: row.number,
    component: row.component,
    ...given('intent', row.intent),
    ...given('comment', row.comment),
    ...given('written', row.written),
    state: row.state as CommentRow['state'],
  };
}

export function toRepository(row: RepositoryRow): Insertable<RepositoryTable> {
  return {
    id: row.repository.id,
    name: row.repository.name,
    installation: row.installation,
    active: row.active ? 1 : 0,
    default_branch: row.defaultBranch ?? null,
    protected_branches: row.protectedBranches,
    policy: row.policy ?? null,
    swept_at: row.sweptAt ?? null,
    rules_read_at: row.rulesReadAt ?? null,
    tips: row.tips,
  };
}

export function fromRepository(row: Selectable<RepositoryTable>): RepositoryRow {
  return {
    repository: { id: row.id, name: row.name },
    installation: row.installation,
    active: row.active !== 0,
    ...given('defaultBranch', row.default_branch),
    protectedBranches: row.protected_branches,
    ...given('policy', row.policy),
    ...given('sweptAt', row.swept_at),
    ...given('rulesReadAt', row.rules_read_at),
    tips: row.tips,
  };
}

export function fromSignal(row: Selectable<SignalTable>): WaitingSignal {
  return {
    id: row.id,
    guid: row.guid,
    receivedAt: row.received_at,
    signal: JSON.parse(row.signal) as Signal,
  };
}

/** An optional property is absent where the column is empty. */
function given<K extends string, V>(key: K, value: V | null): { readonly [P in K]?: V } {
  return value === null ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
