import type { AskedQuestion } from './question.ts';

/** What a set of facts demands under a policy. */
export interface Requirement {
  /** One demand per fact that the model must cover, sorted by fact id. */
  readonly cover: readonly CoverageDemand[];
  readonly questions: readonly AskedQuestion[];
  /** Whether somebody independent must say yes to this change. */
  readonly approval: boolean;
}

/**
 * What the model must say about one fact.
 * `new`: an element about it must be part of the model delta: a component, flow, boundary or vendor that was not there before.
 * `present`: it is enough that the model has an element about it at head.
 * `removed`: the model must no longer describe it, or must have changed what it says about it.
 */
export type DemandKind = 'new' | 'present' | 'removed';

export interface CoverageDemand {
  readonly fact: string;
  readonly kind: DemandKind;
}
