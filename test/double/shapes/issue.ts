import type { Issue, IssueRemark } from '../state/issues.ts';
import { associationOf } from '../state/people.ts';
import { iso, isoOrNull } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { accountShape, nodeId } from './account.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';

export const issuePage = (world: World, issue: Issue): string =>
  `${repositoryPage(world, issue.repository)}/issues/${issue.number}`;

export function labelShape(world: World, issue: Issue, name: string) {
  return {
    id: 1,
    node_id: nodeId('LA', 1),
    url: `${repositoryUrl(world, issue.repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: null,
    color: 'ededed',
    default: false,
  };
}

export function plainIssueShape(world: World, issue: Issue) {
  const base = repositoryUrl(world, issue.repository);
  const url = `${base}/issues/${issue.number}`;
  const remarks = [...world.issueRemarks.values()].filter((each) => each.issue.id === issue.id);
  const [assignee] = issue.assignees;
  return {
    id: issue.id,
    node_id: nodeId('I', issue.id),
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(world, issue),
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason ?? null,
    title: issue.title,
    body: issue.body,
    user: accountShape(world, issue.author),
    labels: issue.labels.map((name) => labelShape(world, issue, name)),
    assignee: assignee ? accountShape(world, assignee) : null,
    assignees: issue.assignees.map((each) => accountShape(world, each)),
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: remarks.filter((each) => each.deletedAt === undefined).length,
    closed_at: isoOrNull(issue.closedAt),
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    author_association: associationOf(world, issue.repository, issue.author),
  };
}

export function issueRemarkShape(world: World, remark: IssueRemark) {
  const { issue } = remark;
  const base = repositoryUrl(world, issue.repository);
  return {
    id: remark.id,
    node_id: nodeId('IC', remark.id),
    url: `${base}/issues/comments/${remark.id}`,
    html_url: `${issuePage(world, issue)}#issuecomment-${remark.id}`,
    issue_url: `${base}/issues/${issue.number}`,
    user: accountShape(world, remark.author),
    body: remark.body,
    created_at: iso(remark.createdAt),
    updated_at: iso(remark.updatedAt),
    author_association: associationOf(world, issue.repository, remark.author),
    performed_via_github_app: null,
  };
}
