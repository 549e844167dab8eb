import { iso } from '../state/time.ts';
import type { WorkflowArtifact, WorkflowRun } from '../state/workflows.ts';
import type { World } from '../state/world.ts';
import { accountShape, nodeId } from './account.ts';
import { pullsOfSuite } from './check.ts';
import { simpleCommitShape } from './commit.ts';
import { minimalPullShape } from './pull.ts';
import { minimalRepositoryShape, repositoryPage, repositoryUrl } from './repository.ts';

export const workflowPath = (file: string): string => `.github/workflows/${file}`;

export function workflowRunShape(world: World, run: WorkflowRun) {
  const { workflow, suite } = run;
  const { repository } = workflow;
  const latest = run.reruns.at(-1);
  const path = workflowPath(workflow.file);
  return {
    id: run.id,
    // A workflow without a name of its own is called by its path.
    name: path,
    node_id: nodeId('WFR', run.id),
    check_suite_id: suite.id,
    check_suite_node_id: nodeId('CS', suite.id),
    head_branch: run.headBranch ?? null,
    head_sha: run.headSha,
    path,
    run_number: run.number,
    run_attempt: run.reruns.length + 1,
    referenced_workflows: [],
    event: run.event,
    display_title: run.title,
    status: run.status,
    conclusion: run.conclusion ?? null,
    workflow_id: workflow.id,
    ...linksOf(world, run),
    pull_requests: pullsOfSuite(world, suite).map((pull) => minimalPullShape(world, pull)),
    created_at: iso(run.createdAt),
    updated_at: iso(run.updatedAt),
    actor: accountShape(world, run.actor),
    triggering_actor: accountShape(world, latest?.by ?? run.actor),
    run_started_at: iso(latest?.at ?? run.createdAt),
    head_commit: simpleCommitShape(repository.objects.commitAt(run.headSha)),
    repository: minimalRepositoryShape(world, repository),
    head_repository: minimalRepositoryShape(world, run.headRepository),
  };
}

export function artifactShape(world: World, run: WorkflowRun, artifact: WorkflowArtifact) {
  const url = `${repositoryUrl(world, run.workflow.repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId('A', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expiresAt <= world.now,
    created_at: iso(artifact.createdAt),
    expires_at: iso(artifact.expiresAt),
    updated_at: iso(artifact.createdAt),
    workflow_run: {
      id: run.id,
      repository_id: run.workflow.repository.id,
      head_repository_id: run.headRepository.id,
      head_branch: run.headBranch ?? '',
      head_sha: run.headSha,
    },
  };
}

function linksOf(world: World, { id, workflow, suite, reruns }: WorkflowRun) {
  const base = repositoryUrl(world, workflow.repository);
  const url = `${base}/actions/runs/${id}`;
  return {
    url,
    html_url: `${repositoryPage(world, workflow.repository)}/actions/runs/${id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: reruns.length === 0 ? null : `${url}/attempts/${reruns.length}`,
    workflow_url: `${base}/actions/workflows/${workflow.id}`,
  };
}
