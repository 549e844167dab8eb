import type { CheckRun, CheckSuite } from '../state/checks.ts';
import type { PullRequest } from '../state/nouns.ts';
import { iso, isoOrNull } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { appShape, nodeId } from './account.ts';
import { simpleCommitShape } from './commit.ts';
import { minimalPullShape } from './pull.ts';
import { minimalRepositoryShape, repositoryPage, repositoryUrl } from './repository.ts';

/** Only pull requests from the repository itself: GitHub does not see those of forks, nor merge groups. */
export function pullsOfSuite(world: World, suite: CheckSuite): PullRequest[] {
  return world
    .pullsOf(suite.repository)
    .filter((pull) => pull.state === 'open' && pull.headSha === suite.headSha)
    .filter((pull) => pull.headRepository === suite.repository);
}

export function checkRunShape(world: World, run: CheckRun) {
  const url = `${repositoryUrl(world, run.suite.repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(world, run.suite.repository)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${world.htmlUrl}/apps/${run.suite.app.slug}`,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: isoOrNull(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: {
      title: run.title ?? null,
      summary: run.summary ?? null,
      text: run.text ?? null,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appShape(world, run.suite.app),
    pull_requests: pullsOfSuite(world, run.suite).map((pull) => minimalPullShape(world, pull)),
  };
}

/** Worst first: what a suite concludes when all its runs are complete. */
const WORST = ['failure', 'timed_out', 'cancelled', 'action_required', 'success', 'neutral', 'skipped'];

export function suiteState(
  world: World,
  suite: CheckSuite,
): { status: 'queued' | 'in_progress' | 'completed'; conclusion: string | null } {
  const runs = [...world.checkRuns.values()].filter((run) => run.suite === suite);
  const fresh = runs.filter((run) => suite.requeuedAt === undefined || run.updatedAt > suite.requeuedAt);
  if (fresh.length === 0) return { status: 'queued', conclusion: null };
  if (fresh.some((run) => run.status !== 'completed')) return { status: 'in_progress', conclusion: null };
  const conclusion = WORST.find((each) => fresh.some((run) => run.conclusion === each)) ?? 'neutral';
  return { status: 'completed', conclusion };
}

export function checkSuiteShape(world: World, suite: CheckSuite) {
  const url = `${repositoryUrl(world, suite.repository)}/check-suites/${suite.id}`;
  const runs = [...world.checkRuns.values()].filter((run) => run.suite === suite);
  const head = suite.repository.objects.commitAt(suite.headSha);
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch ?? null,
    head_sha: suite.headSha,
    ...suiteState(world, suite),
    url,
    before: head.parents[0] ?? null,
    after: suite.headSha,
    pull_requests: pullsOfSuite(world, suite).map((pull) => minimalPullShape(world, pull)),
    app: appShape(world, suite.app),
    repository: minimalRepositoryShape(world, suite.repository),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.requeuedAt ?? suite.createdAt),
    head_commit: simpleCommitShape(head),
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

export function annotationShapes(world: World, run: CheckRun) {
  const page = repositoryPage(world, run.suite.repository);
  return run.annotations.map((each) => ({
    path: each.path,
    blob_href: `${page}/blob/${run.headSha}/${encodeURI(each.path)}`,
    start_line: each.start_line,
    start_column: each.start_column ?? null,
    end_line: each.end_line,
    end_column: each.end_column ?? null,
    annotation_level: each.annotation_level,
    title: each.title ?? null,
    message: each.message,
    raw_details: each.raw_details ?? null,
  }));
}
