import type { Account, PullRequest, Repository } from '../state/nouns.ts';
import type { Issue, IssueRemark } from '../state/issues.ts';
import { mayWrite } from '../state/people.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { issueEvent, issueRemarkEvent } from '../webhooks/issue-events.ts';

export interface IssueInput {
  readonly by: Account;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

const MOST_ASSIGNEES = 10;

/** Whoever may not write gets neither labels nor assignees, without being told. */
export function openIssue(world: World, repository: Repository, input: IssueInput): Issue {
  const { by, title, body = '', labels = [], assignees = [] } = input;
  if (title.trim() === '') throw invalid([{ resource: 'Issue', field: 'title', code: 'missing_field' }]);
  const trusted = by.type === 'Bot' || mayWrite(world, repository, by);
  if (assignees.length > MOST_ASSIGNEES)
    throw invalid([{ resource: 'Issue', field: 'assignees', code: 'invalid' }]);
  for (const login of assignees)
    if (!world.accounts.has(login.toLowerCase()))
      throw invalid([{ resource: 'Issue', field: 'assignees', code: 'invalid', value: login }]);
  const issue: Issue = {
    id: world.nextId(),
    number: ++repository.lastNumber,
    repository,
    author: by,
    title,
    body,
    state: 'open',
    stateReason: undefined,
    labels: trusted ? [...labels] : [],
    assignees: trusted
      ? assignees.map((login) => world.account(login)).filter((each) => mayWrite(world, repository, each))
      : [],
    closedAt: undefined,
    closedBy: undefined,
    closer: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
  world.issues.set(issue.id, issue);
  issueEvent(world, issue, 'opened', by);
  for (const label of issue.labels) issueEvent(world, issue, 'labeled', by, { label });
  return issue;
}

export function labelIssue(world: World, issue: Issue, by: Account, label: string): void {
  if (!mayWrite(world, issue.repository, by)) throw new Refusal(403, 'Must have triage rights.');
  change(issue, world.now, { labels: [...new Set([...issue.labels, label])] });
  issueEvent(world, issue, 'labeled', by, { label });
}

export interface Closing {
  readonly by: Account;
  readonly reason: 'completed' | 'not_planned';
  readonly closer?: PullRequest | undefined;
}

export function closeIssue(world: World, issue: Issue, { by, reason, closer }: Closing): void {
  if (by.id !== issue.author.id && !mayWrite(world, issue.repository, by))
    throw new Refusal(403, 'Must have triage rights.');
  if (issue.state === 'closed') return;
  change(issue, world.now, {
    state: 'closed',
    stateReason: reason,
    closedAt: world.now,
    closedBy: by,
    closer,
  });
  issueEvent(world, issue, 'closed', by);
}

export function reopenIssue(world: World, issue: Issue, by: Account): void {
  change(issue, world.now, {
    state: 'open',
    stateReason: 'reopened',
    closedAt: undefined,
    closedBy: undefined,
    closer: undefined,
  });
  issueEvent(world, issue, 'reopened', by);
}

export function remarkOnIssue(world: World, issue: Issue, by: Account, body: string): IssueRemark {
  const remark: IssueRemark = {
    id: world.nextId(),
    issue,
    author: by,
    body,
    lastEditedAt: undefined,
    editor: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
  world.issueRemarks.set(remark.id, remark);
  change(issue, world.now, {});
  issueRemarkEvent(world, remark, 'created', by);
  return remark;
}
