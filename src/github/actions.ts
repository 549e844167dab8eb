import { z } from 'zod';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { Place } from '../review/pull-request/linked.ts';
import type { QueueRef } from '../review/afresh/judge-merge-group.ts';
import type { RepositoryRef } from '../review/work.ts';
import { aboutRepository, partsOf } from './about-repository.ts';
import type { Client } from './client.ts';
import { id, sha } from './shapes.ts';

/** A repository by its name, where this token may read it. */
export async function findRepository(
  client: Client,
  name: string,
): Promise<RepositoryRef | Extract<Place, { readonly why: string }>> {
  try {
    return (await aboutRepository(client, name)).repository;
  } catch (error) {
    if (!(error instanceof NotThere || error instanceof Refused)) throw error;
    return {
      why: 'the token of the workflow cannot read that repository',
      remedy: `Give the Action a \`token\` that may read ${name}, or install the App there.`,
    };
  }
}

const refs = z.array(z.object({ ref: z.string(), object: z.object({ sha }) }));

/** The groups that wait in the merge queue of a branch. */
export async function queueRefs(
  client: Client,
  ref: RepositoryRef,
  branch: string,
): Promise<readonly QueueRef[]> {
  const { value } = await client.rest(refs, 'GET /repos/{owner}/{repo}/git/matching-refs/{+ref}', {
    ...partsOf(ref),
    ref: `heads/gh-readonly-queue/${branch}/`,
  });
  return value.map((each) => ({ ref: each.ref, head: each.object.sha }));
}

const runs = z.object({
  workflow_runs: z.array(
    z.object({ id, event: z.string(), status: z.string().nullable(), conclusion: z.string().nullable() }),
  ),
});

/** One run of a workflow. */
export interface WorkflowRun {
  readonly id: number;
  readonly completed: boolean;
  readonly conclusion: string | undefined;
}

/** Events whose runs are checks of the pull request's head. */
const ON_THE_HEAD: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** The newest run of a workflow that is shown on a commit of a pull request. */
export async function latestRun(
  client: Client,
  ref: RepositoryRef,
  workflow: string,
  head: string,
): Promise<WorkflowRun | undefined> {
  const { value } = await client.rest(
    runs,
    'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    { ...partsOf(ref), workflow_id: workflow, head_sha: head, per_page: 30 },
  );
  const run = value.workflow_runs.find(({ event }) => ON_THE_HEAD.has(event));
  return (
    run && { id: run.id, completed: run.status === 'completed', conclusion: run.conclusion ?? undefined }
  );
}

export async function rerun(client: Client, ref: RepositoryRef, run: number): Promise<void> {
  await client.rest(z.unknown(), 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun', {
    ...partsOf(ref),
    run_id: run,
  });
}
