/** Issues that are no pull requests. They share their numbers, and nothing else, with those. */
import type { Account, PullRequest, Repository, Versioned } from './nouns.ts';

export interface Issue extends Versioned<Issue> {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  title: string;
  body: string;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | undefined;
  labels: readonly string[];
  assignees: readonly Account[];
  closedAt: number | undefined;
  closedBy: Account | undefined;
  /** The merged pull request that closed it, where one did. */
  closer: PullRequest | undefined;
}

export interface IssueRemark extends Versioned<IssueRemark> {
  readonly id: number;
  readonly issue: Issue;
  readonly author: Account;
  body: string;
  lastEditedAt: number | undefined;
  editor: Account | undefined;
}
