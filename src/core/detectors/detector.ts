import type { Category, Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Graph } from '../graph/graph.ts';
import type { Change } from '../model/change.ts';
import type { PathRule } from '../model/policy.ts';

/** What `threatgate explain` and the reference page show about a rule. */
export interface Rule {
  /** `<detector>/<name>`. */
  readonly id: string;
  readonly title: string;
  /** Why a security architect would want to know, in one or two sentences. */
  readonly why: string;
  readonly categories: readonly Category[];
}

/** Everything detectors see. */
export interface Evidence {
  readonly deltas: readonly ResourceDelta[];
  readonly base: Graph;
  readonly head: Graph;
  readonly change: Change;
  readonly pathRules: readonly PathRule[];
}

/** Resource deltas → facts. Pure; one file per detector in this folder, found by the generator through `export const detector`. */
export interface Detector {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly Rule[];
  detect(evidence: Evidence): readonly Fact[];
}
