import type { CheckSuite } from './checks.ts';
import type { Account, Repository, Versioned } from './nouns.ts';

/** A file in `.github/workflows`, known from its first run on. */
export interface Workflow {
  readonly id: number;
  readonly repository: Repository;
  readonly file: string;
  lastNumber: number;
}

export type WorkflowConclusion =
  'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

/** A file that a job uploaded. GitHub keeps it for 90 days unless told otherwise. */
export interface WorkflowArtifact {
  readonly id: number;
  readonly name: string;
  readonly zip: Uint8Array<ArrayBuffer>;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface WorkflowRun extends Versioned<WorkflowRun> {
  readonly id: number;
  readonly number: number;
  readonly workflow: Workflow;
  readonly suite: CheckSuite;
  readonly event: string;
  readonly headRepository: Repository;
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly title: string;
  readonly actor: Account;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: WorkflowConclusion | undefined;
  artifacts: readonly WorkflowArtifact[];
  /** Every time somebody had it run again. */
  reruns: readonly { readonly by: Account; readonly at: number }[];
}
