import type { Resource } from './resource.ts';
import type { Side } from './span.ts';
import type { Value } from './value.ts';

/**
 * How one resource differs between base and head.
 * `moved`: same thing at another address or place, whatever else changed is in `changes`.
 */
export interface ResourceDelta {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly base?: Resource;
  readonly head?: Resource;
  /**
   * Attribute differences by meaning: lists compare as multisets, white space and order of keys do not count.
   * For an added resource every leaf is an `added` change, for a removed one a `removed` change, so that a detector
   * needs one loop for all three.
   */
  readonly changes: readonly AttributeChange[];
}

export interface AttributeChange {
  /** Dotted path without list positions: `ingress.cidr_blocks`, `spec.template.spec.containers.image`. */
  readonly path: string;
  readonly op: 'added' | 'removed' | 'changed';
  /** The leaf (scalar or expression; or an empty list or map) before and after. */
  readonly before?: Value;
  readonly after?: Value;
  /** The map that holds the leaf, before and after: siblings such as the port beside a CIDR. */
  readonly beforeParent?: Value;
  readonly afterParent?: Value;
  /** Evidence: line of the leaf on `side`, in the resource's own file. */
  readonly line: number;
  readonly side: Side;
  /** The text of the resource did not change here, but what its expression resolves to did (a variable's default, a tfvars value). */
  readonly indirect: boolean;
}
