import { rerun } from '../actions/workflows.ts';
import { created, inRepository, page, type Answer, type RepositoryCall, type Route } from '../http/call.ts';
import { workflowPath, workflowRunShape } from '../shapes/workflow.ts';
import { tipOf } from '../state/pulls.ts';
import { notFound } from '../state/refusal.ts';
import { allAsOf } from '../state/time.ts';
import type { WorkflowRun } from '../state/workflows.ts';
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

export const WORKFLOW_ROUTES: readonly Route[] = [
  inRepository('GET', '/actions/workflows/{workflow_id}/runs', ['actions', 'read'], list),
  inRepository('POST', '/actions/runs/{run_id}/rerun', ['actions', 'write'], runAgain),
];
