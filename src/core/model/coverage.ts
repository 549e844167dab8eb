import type { ModelElementKind } from './model-delta.ts';
import type { DemandKind } from './requirement.ts';

/** Why a fact and a model element belong together, in the order in which they are tried. */
export type MatchBasis = 'explicit-reference' | 'policy-mapping' | 'native-address' | 'name-similarity';

export interface CoveredBy {
  readonly model: string;
  readonly element: ModelElementKind;
  readonly key: string;
  readonly name: string;
  /** File of the element: not the model's main file when the model includes others. */
  readonly file: string;
  readonly line: number;
  readonly basis: MatchBasis;
  /** 1 for everything but `name-similarity`. Two decimals. */
  readonly score: number;
  /** Whether the element is part of the model delta. */
  readonly inDelta: boolean;
  /**
   * What carried the match: the reference or mapping as written, or for a flow or threat the name of the
   * element through which it belongs (its end, its target).
   */
  readonly through?: string;
}

/** Whether the model says something about one fact. */
export interface FactCoverage {
  readonly fact: string;
  readonly demand: DemandKind;
  /**
   * `stale`: an element matches, but the model did not change about it although the fact is new or removed.
   * A `removed` fact that no model mentions is `covered` by nothing.
   */
  readonly state: 'covered' | 'stale' | 'uncovered';
  /** Best first, at most five. */
  readonly by: readonly CoveredBy[];
  /** The state in one sentence; names are not escaped. */
  readonly reason: string;
}

/** A reference that was not taken into account, and why. */
export interface RefusedReference {
  readonly model: string;
  readonly element: ModelElementKind;
  readonly key: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly reference: string;
  readonly reason: string;
}

export interface Coverage {
  /** One entry per demand, sorted by fact id. */
  readonly facts: readonly FactCoverage[];
  /** Model changes that this change does not explain: information, not an error. */
  readonly unexplained: readonly {
    readonly model: string;
    readonly element: ModelElementKind;
    readonly key: string;
    readonly name: string;
  }[];
  /** References too broad to mean anything, such as `*`. */
  readonly refused: readonly RefusedReference[];
}
