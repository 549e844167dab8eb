import { OUTCOME } from '../core/report/exit-code.ts';
import type { TokenGitHub } from '../github/with-token.ts';
import type { AfreshDeps } from '../review/afresh/deps.ts';
import type { Inputs } from './inputs.ts';
import type { Right } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

/** What every kind of run has at hand. */
export interface Context {
  readonly inputs: Inputs;
  readonly surroundings: Surroundings;
  readonly github: TokenGitHub;
  readonly deps: AfreshDeps;
}

/** What a run came to. */
export interface Outcome {
  readonly exitCode: number;
  /** One line: why the job ends as it does. */
  readonly title: string;
  /** Markdown for the job's summary. */
  readonly summary: string;
  readonly missing: readonly Right[];
}

export const nothingToDo = (why: string): Outcome => ({
  exitCode: OUTCOME.pass,
  title: `Nothing to do: ${why}`,
  summary: '',
  missing: [],
});
