/** Runs of workflows, as the events of a repository start them and runners end them. */
import { endRun, startRun, uploadArtifact } from '../actions/workflows.ts';
import type { WorkflowArtifact, WorkflowConclusion, WorkflowRun } from '../state/workflows.ts';
import type { World } from '../state/world.ts';
import { workflowRunAt } from './place.ts';

export interface WorkflowRunInput {
  readonly repo: string;
  /** The file's name in `.github/workflows`. */
  readonly workflow: string;
  readonly headSha: string;
  /** `pull_request`, `merge_group`: a run for a pull request's head takes its branch and author from there. */
  readonly event: string;
  /** Without one it is in progress. */
  readonly conclusion?: WorkflowConclusion;
  /** Whose doing it is; who wrote the pull request or the commit unless said. */
  readonly by?: string;
}

export function workflows(world: World) {
  return {
    createWorkflowRun: (input: WorkflowRunInput): WorkflowRun =>
      startRun(world, {
        repository: world.repository(input.repo),
        file: input.workflow,
        headSha: input.headSha,
        event: input.event,
        conclusion: input.conclusion,
        by: input.by === undefined ? undefined : world.account(input.by),
      }),
    uploadArtifact: (input: Pick<WorkflowArtifact, 'name' | 'zip'> & { run: number }): void => {
      uploadArtifact(world, workflowRunAt(world, input.run), input);
    },
    /** Ends a run, or the re-run of one. */
    completeWorkflowRun: (input: { id: number; conclusion: WorkflowConclusion }): void => {
      endRun(world, workflowRunAt(world, input.id), input.conclusion);
    },
  };
}
