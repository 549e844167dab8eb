import { analyse, type Analysis, type ModelSources } from '../core/assess.ts';
import type { Change } from '../core/model/change.ts';
import type { Doubt } from '../core/model/doubt.ts';
import type { Policy } from '../core/model/policy.ts';

/** Everything `analyse` takes, as one plain value that can be sent to another thread. */
export interface AnalysisInput {
  readonly change: Change;
  readonly models: ModelSources;
  readonly policy: Policy;
  readonly doubts: readonly Doubt[];
}

export function analyseInput({ change, models, policy, doubts }: AnalysisInput): Analysis {
  return analyse(change, models, policy, doubts);
}
