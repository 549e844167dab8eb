import type { App, Repository, Versioned } from './nouns.ts';

export interface CheckSuite {
  readonly id: number;
  readonly repository: Repository;
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly createdAt: number;
  /** Asked to run again: queued until its runs say otherwise. */
  requeuedAt: number | undefined;
}

export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface CheckRun extends Versioned<CheckRun> {
  readonly id: number;
  readonly suite: CheckSuite;
  readonly headSha: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | undefined;
  externalId: string;
  detailsUrl: string | undefined;
  startedAt: number | undefined;
  completedAt: number | undefined;
  title: string | undefined;
  summary: string | undefined;
  text: string | undefined;
  annotations: readonly CheckAnnotation[];
  actions: readonly CheckAction[];
}
