import { openIssue } from '../actions/issues.ts';
import { created, inRepository, page, type Answer, type RepositoryCall, type Route } from '../http/call.ts';
import { plainIssueShape } from '../shapes/issue.ts';
import { allAsOf } from '../state/time.ts';
import { writer } from './lookup.ts';

/** Newest first. GitHub lists pull requests among them; whoever reads this has to pass over those. */
function list(call: RepositoryCall): Answer {
  const { state = 'open', labels = '' } = call.query;
  const wanted = labels.split(',').filter((label) => label !== '');
  const issues = allAsOf(call.world.issuesOf(call.repository), call.at)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => wanted.every((label) => issue.labels.includes(label)))
    .sort((a, b) => b.number - a.number);
  return page(call, issues, (issue) => plainIssueShape(call.world, issue));
}

interface Body {
  readonly title: string | number;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

function create(call: RepositoryCall): Answer {
  const { title, ...more } = call.body as Body;
  const issue = openIssue(call.world, call.repository, { ...more, title: String(title), by: writer(call) });
  return created(plainIssueShape(call.world, issue));
}

export const ISSUE_ROUTES: readonly Route[] = [
  inRepository('GET', '/issues', ['issues', 'read'], list),
  inRepository('POST', '/issues', ['issues', 'write'], create, { content: true }),
];
