/** Runs of workflows: that they are there and how they ended. What their jobs do is done by whoever plays the runner. */
import type { Account, PullRequest, Repository } from '../state/nouns.ts';
import { accountByEmail, mayWrite } from '../state/people.ts';
import { Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import type { Workflow, WorkflowArtifact, WorkflowConclusion, WorkflowRun } from '../state/workflows.ts';
import { ControlError, fullName, type World } from '../state/world.ts';
import { actionsApp } from './apps.ts';
import { branchAt, suiteFor } from './checks.ts';

export interface RunInput {
  readonly repository: Repository;
  readonly file: string;
  readonly headSha: string;
  readonly event: string;
  readonly conclusion: WorkflowConclusion | undefined;
  readonly by: Account | undefined;
}

export function startRun(world: World, input: RunInput): WorkflowRun {
  const { repository, headSha, conclusion } = input;
  const head = headOf(world, input);
  const workflow = workflowOf(world, repository, input.file);
  const key = { repository, app: actionsApp(world), headSha, headBranch: head.headBranch };
  const run: WorkflowRun = {
    ...head,
    id: world.nextId(),
    number: ++workflow.lastNumber,
    workflow,
    suite: suiteFor(world, key),
    event: input.event,
    headSha,
    status: conclusion === undefined ? 'in_progress' : 'completed',
    conclusion,
    artifacts: [],
    reruns: [],
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
  world.workflowRuns.set(run.id, run);
  return run;
}

function workflowOf(world: World, repository: Repository, file: string): Workflow {
  const known = world.workflowsOf(repository).find((each) => each.file === file);
  if (known) return known;
  const workflow: Workflow = { id: world.nextId(), repository, file, lastNumber: 0 };
  world.workflows.set(workflow.id, workflow);
  return workflow;
}

type Head = Pick<WorkflowRun, 'headRepository' | 'headBranch' | 'title' | 'actor'>;

function headOf(world: World, { repository, headSha, event, by }: RunInput): Head {
  const commit = repository.objects.commit(headSha);
  if (!commit) throw new ControlError(`There is no commit ${headSha} in ${fullName(repository)}.`);
  const pull = event.startsWith('pull_request') ? pullAt(world, repository, headSha) : undefined;
  const author = pull?.author ?? accountByEmail(world, commit.author.email) ?? repository.owner;
  return {
    headRepository: pull?.headRepository ?? repository,
    headBranch: pull?.headRef ?? branchAt(repository, headSha),
    title: pull?.title ?? commit.message.split('\n', 1)[0] ?? '',
    actor: by ?? author,
  };
}

function pullAt(world: World, repository: Repository, headSha: string): PullRequest | undefined {
  return world.pullsOf(repository).findLast((pull) => pull.headSha === headSha);
}

export function endRun(world: World, run: WorkflowRun, conclusion: WorkflowConclusion): void {
  change(run, world.now, { status: 'completed', conclusion });
}

const ARTIFACT_DAYS = 90;

export function uploadArtifact(
  world: World,
  run: WorkflowRun,
  { name, zip }: Pick<WorkflowArtifact, 'name' | 'zip'>,
): void {
  const expiresAt = world.now + ARTIFACT_DAYS * 24 * 3600_000;
  const artifact = { id: world.nextId(), name, zip, createdAt: world.now, expiresAt };
  change(run, world.now, { artifacts: [...run.artifacts, artifact] });
}

const RERUN_DAYS = 30;

/** The same run once more: it keeps its id and its commit. */
export function rerun(world: World, run: WorkflowRun, by: Account): void {
  if (by.type !== 'Bot' && !mayWrite(world, run.workflow.repository, by))
    throw new Refusal(403, 'Must have write access to the repository.');
  if (run.status !== 'completed') throw new Refusal(403, 'This workflow is already running');
  if (world.now - run.createdAt > RERUN_DAYS * 24 * 3600_000)
    throw new Refusal(403, 'Unable to retry this workflow run because it was created over a month ago');
  const at = world.now;
  change(run, at, { status: 'queued', conclusion: undefined, reruns: [...run.reruns, { by, at }] });
  run.suite.requeuedAt = at;
}
