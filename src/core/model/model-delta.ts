import type { ModelLocation } from './threat-model.ts';

export const MODEL_ELEMENT_KINDS = [
  'component',
  'flow',
  'boundary',
  'data-asset',
  'vendor',
  'threat',
  'assumption',
] as const;
export type ModelElementKind = (typeof MODEL_ELEMENT_KINDS)[number];

/** One semantic difference of two threat models. Geometry, key order, tool version and counters are not differences. */
export interface ModelChange {
  readonly op: 'added' | 'removed' | 'changed';
  readonly element: ModelElementKind;
  readonly key: string;
  readonly name: string;
  /** Names of the changed properties, sorted, for `changed`; `status: open → mitigated` style details are in `details`. */
  readonly properties: readonly string[];
  readonly details: readonly string[];
  /** At head; for removed elements at base. */
  readonly location: ModelLocation;
  /** Digest material: canonical JSON of the element's meaning at head (or base when removed). */
  readonly meaning: string;
}

export interface ModelDelta {
  /** Model files whose bytes changed, whether or not their meaning did; sorted. */
  readonly touched: readonly string[];
  readonly changes: readonly ModelChange[];
}
