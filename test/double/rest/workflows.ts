import { rerun } from '../actions/workflows.ts';
import {
  created,
  inRepository,
  numberOf,
  page,
  type Answer,
  type Call,
  type RepositoryCall,
  type Route,
} from '../http/call.ts';
import { artifactShape, workflowPath, workflowRunShape } from '../shapes/workflow.ts';
import { tipOf } from '../state/pulls.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { allAsOf } from '../state/time.ts';
import type { WorkflowRun } from '../state/workflows.ts';
import type { World } from '../state/world.ts';
import { workflowRunIn, writer } from './lookup.ts';

/** Of a workflow named by its id or its file, newest first. One that never ran yet is a file on the default branch. */
function runsNamed(call: RepositoryCall): WorkflowRun[] {
  const { world, repository } = call;
  const name = call.params['workflow_id'] ?? '';
  const workflow = world
    .workflowsOf(repository)
    .find((each) => each.file === name || String(each.id) === name);
  if (workflow)
    return allAsOf(
      world.workflowRunsOf(repository).filter((run) => run.workflow === workflow),
      call.at,
    );
  const tip = tipOf(repository, repository.defaultBranch);
  if (tip === undefined || !repository.objects.entry(tip, workflowPath(name))) throw notFound();
  return [];
}

function list(call: RepositoryCall): Answer {
  const { head_sha: sha, event, branch, status, actor } = call.query;
  const bare = call.query['exclude_pull_requests'] === 'true';
  const runs = runsNamed(call)
    .filter((run) => sha === undefined || run.headSha === sha)
    .filter((run) => event === undefined || run.event === event)
    .filter((run) => branch === undefined || run.headBranch === branch)
    .filter((run) => status === undefined || run.status === status || run.conclusion === status)
    .filter((run) => actor === undefined || run.actor.login === actor);
  return page(
    call,
    runs,
    (run) => ({ ...workflowRunShape(call.world, run), ...(bare ? { pull_requests: [] } : {}) }),
    (items) => ({ total_count: runs.length, workflow_runs: items }),
  );
}

function runAgain(call: RepositoryCall): Answer {
  rerun(call.world, workflowRunIn(call).live, writer(call));
  return created({});
}

/** Newest first. */
function listAll(call: RepositoryCall): Answer {
  const { head_sha: sha, event, check_suite_id: suite } = call.query;
  const runs = allAsOf(call.world.workflowRunsOf(call.repository), call.at)
    .filter((run) => sha === undefined || run.headSha === sha)
    .filter((run) => event === undefined || run.event === event)
    .filter((run) => suite === undefined || run.suite.id === Number(suite));
  return page(
    call,
    runs,
    (run) => workflowRunShape(call.world, run),
    (items) => ({ total_count: runs.length, workflow_runs: items }),
  );
}

function artifactsOf(call: RepositoryCall): Answer {
  const run = workflowRunIn(call).then;
  return page(
    call,
    run.artifacts,
    (artifact) => artifactShape(call.world, run, artifact),
    (items) => ({ total_count: run.artifacts.length, artifacts: items }),
  );
}

/** GitHub answers with an address elsewhere that needs no token and holds for a minute. */
function download(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const found = artifactWith(world, numberOf(call, 'artifact_id'));
  if (found?.run.workflow.repository !== repository || call.params['archive_format'] !== 'zip')
    throw notFound();
  if (found.artifact.expiresAt <= world.now) throw new Refusal(410, 'Artifact has expired');
  return { status: 302, headers: { location: `${world.apiUrl}/_stored/${found.artifact.id}` } };
}

function stored(call: Call): Answer {
  const found = artifactWith(call.world, numberOf(call, 'artifact_id'));
  if (!found) throw notFound();
  return { status: 200, raw: found.artifact.zip };
}

function artifactWith(world: World, id: number) {
  for (const run of world.workflowRuns.values())
    for (const artifact of run.artifacts) if (artifact.id === id) return { run, artifact };
  return undefined;
}

export const WORKFLOW_ROUTES: readonly Route[] = [
  inRepository('GET', '/actions/runs', ['actions', 'read'], listAll),
  inRepository('GET', '/actions/runs/{run_id}/artifacts', ['actions', 'read'], artifactsOf),
  inRepository('GET', '/actions/artifacts/{artifact_id}/{archive_format}', ['actions', 'read'], download),
  { method: 'GET', template: '/_stored/{artifact_id}', access: undefined, run: stored },
  inRepository('GET', '/actions/workflows/{workflow_id}/runs', ['actions', 'read'], list),
  inRepository('POST', '/actions/runs/{run_id}/rerun', ['actions', 'write'], runAgain),
];
