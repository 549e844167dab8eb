import { associationOf } from '../state/people.ts';
import { commitsOf, filesOf, isMergeable } from '../state/pulls.ts';
import type { PullRequest, Repository } from '../state/nouns.ts';
import { iso, isoOrNull } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { accountShape, nodeId } from './account.ts';
import { repositoryPage, repositoryShape, repositoryUrl } from './repository.ts';

export const pullUrl = (world: World, pull: PullRequest): string =>
  `${repositoryUrl(world, pull.repository)}/pulls/${pull.number}`;

export const pullPage = (world: World, pull: PullRequest): string =>
  `${repositoryPage(world, pull.repository)}/pull/${pull.number}`;

function sideShape(world: World, repository: Repository, ref: string, sha: string) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountShape(world, repository.owner),
    repo: repositoryShape(world, repository),
  };
}

function linksOf(world: World, pull: PullRequest) {
  const url = pullUrl(world, pull);
  const issue = `${repositoryUrl(world, pull.repository)}/issues/${pull.number}`;
  return {
    self: { href: url },
    html: { href: pullPage(world, pull) },
    issue: { href: issue },
    comments: { href: `${issue}/comments` },
    review_comments: { href: `${url}/comments` },
    review_comment: { href: `${repositoryUrl(world, pull.repository)}/pulls/comments{/number}` },
    commits: { href: `${url}/commits` },
    statuses: { href: `${repositoryUrl(world, pull.repository)}/statuses/${pull.headSha}` },
  };
}

/** A pull request as lists have it. */
export function simplePullShape(world: World, pull: PullRequest) {
  const links = linksOf(world, pull);
  const page = pullPage(world, pull);
  return {
    url: links.self.href,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue.href,
    commits_url: links.commits.href,
    review_comments_url: links.review_comments.href,
    review_comment_url: links.review_comment.href,
    comments_url: links.comments.href,
    statuses_url: links.statuses.href,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: accountShape(world, pull.author),
    body: pull.body ?? null,
    labels: [],
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: isoOrNull(pull.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: sideShape(world, pull.headRepository, pull.headRef, pull.headSha),
    base: sideShape(world, pull.repository, pull.baseRef, pull.baseSha),
    _links: links,
    author_association: associationOf(world, pull.repository, pull.author),
    auto_merge: null,
    active_lock_reason: null,
    draft: pull.draft,
  };
}

export function pullShape(world: World, pull: PullRequest) {
  const { files } = filesOf(pull);
  const total = (of: 'additions' | 'deletions') => files.reduce((sum, file) => sum + file[of], 0);
  const open = pull.state === 'open';
  const mergeable = open && isMergeable(pull);
  return {
    ...simplePullShape(world, pull),
    merged: pull.mergedAt !== undefined,
    mergeable: open ? mergeable : null,
    rebaseable: open ? mergeable : null,
    mergeable_state: !open ? 'unknown' : mergeable ? 'clean' : 'dirty',
    merged_by: pull.mergedBy ? accountShape(world, pull.mergedBy) : null,
    comments: world.issueCommentsOf(pull).filter((comment) => comment.deletedAt === undefined).length,
    review_comments: world.reviewCommentsOf(pull).filter((comment) => comment.deletedAt === undefined).length,
    maintainer_can_modify: false,
    commits: commitsOf(pull).length,
    additions: total('additions'),
    deletions: total('deletions'),
    changed_files: files.length,
  };
}

/** A pull request as a check run mentions it. */
export function minimalPullShape(world: World, pull: PullRequest) {
  const side = (repository: Repository, ref: string, sha: string) => ({
    ref,
    sha,
    repo: { id: repository.id, url: repositoryUrl(world, repository), name: repository.name },
  });
  return {
    url: pullUrl(world, pull),
    id: pull.id,
    number: pull.number,
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(pull.repository, pull.baseRef, pull.baseSha),
  };
}
