/** Events about issues that are no pull requests. */
import { issueRemarkShape, labelShape, plainIssueShape } from '../shapes/issue.ts';
import type { Issue, IssueRemark } from '../state/issues.ts';
import type { Account } from '../state/nouns.ts';
import type { World } from '../state/world.ts';
import { emit } from './emission.ts';

export function issueEvent(
  world: World,
  issue: Issue,
  action: 'opened' | 'labeled' | 'closed' | 'reopened',
  sender: Account,
  { label }: { readonly label?: string } = {},
): void {
  emit(world, issue.repository, {
    event: 'issues',
    action,
    sender,
    body: {
      issue: plainIssueShape(world, issue),
      ...(label === undefined ? {} : { label: labelShape(world, issue, label) }),
    },
  });
}

export function issueRemarkEvent(
  world: World,
  remark: IssueRemark,
  action: 'created' | 'edited' | 'deleted',
  sender: Account,
): void {
  emit(world, remark.issue.repository, {
    event: 'issue_comment',
    action,
    sender,
    body: { issue: plainIssueShape(world, remark.issue), comment: issueRemarkShape(world, remark) },
  });
}
