import type { Side } from './span.ts';

export const CATEGORIES = [
  'new-component',
  'removed-component',
  'data-store',
  'data-flow',
  'trust-boundary',
  'exposure',
  'identity-access',
  'secrets-crypto',
  'external-dependency',
  'ci-supply-chain',
  'logging-monitoring',
  'data-classification',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const FACT_KINDS = [
  'resource-added',
  'resource-removed',
  'resource-changed',
  'setting-changed',
  'permission-changed',
  'endpoint-added',
  'endpoint-removed',
  'dependency-added',
  'dependency-removed',
  'reachability-changed',
  'policy-changed',
  'path-touched',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** What a fact means for the question catalogue: the words of `when` in `core/catalogue/families/*.yaml`. */
export const SIGNALS = [
  'resource-added',
  'resource-removed',
  'exposure-widened',
  'exposure-narrowed',
  'permission-widened',
  'permission-narrowed',
  'trust-widened',
  'trust-narrowed',
  'principal-added',
  'identity-changed',
  'static-key-created',
  'guardrail-loosened',
  'privilege-raised',
  'privilege-lowered',
  'encryption-weakened',
  'encryption-strengthened',
  'key-changed',
  'rotation-changed',
  'secret-added',
  'secret-consumer-added',
  'logging-weakened',
  'logging-strengthened',
  'retention-changed',
  'sink-added',
  'network-path-added',
  'network-path-removed',
  'route-changed',
  'segmentation-changed',
  'replication-changed',
  'subscription-added',
  'subscription-removed',
  'consumer-added',
  'listener-added',
  'endpoint-added',
  'endpoint-removed',
  'origin-changed',
  'waf-changed',
  'cors-changed',
  'cache-changed',
  'record-changed',
  'certificate-changed',
  'external-host-added',
  'dependency-added',
  'dependency-removed',
  'vendor-added',
  'provider-added',
  'webhook-added',
  'trigger-changed',
  'runner-changed',
  'action-added',
  'check-removed',
  'deploy-path-changed',
  'image-changed',
  'environment-changed',
  'scale-changed',
  'lifecycle-changed',
  'setting-changed',
  'login-method-changed',
  'session-changed',
  'token-validation-changed',
  'policy-file-changed',
  'path-touched',
  'schema-changed',
  'field-added',
  'field-reclassified',
  'data-copied',
  'code-signs-url',
  'model-endpoint-added',
  'prompt-changed',
  'tool-added',
  'retrieval-source-added',
] as const;
export type Signal = (typeof SIGNALS)[number];

export type ElementKind = 'process' | 'data-store' | 'external-entity' | 'data-flow' | 'trust-boundary';

/** One observed, security-relevant statement about the difference between the base and head resources. */
export interface Fact {
  /** Identity within the verdict, free of line numbers and commit ids: rule, scope, address and detail. */
  readonly id: string;
  /** Id of the rule that saw it, `<detector>/<rule>`: `exposure/cidr-widened`. */
  readonly rule: string;
  readonly kind: FactKind;
  readonly categories: readonly Category[];
  readonly signals: readonly Signal[];
  readonly stack: string;
  readonly address: string;
  readonly scope: string;
  readonly type: string;
  /** Catalogue family of the resource: `object-storage`, `network` …; absent when the type is unknown. */
  readonly family?: string;
  readonly element?: ElementKind;
  /** The observation in one sentence, with the values that matter. No line numbers. Not escaped. */
  readonly statement: string;
  readonly file: string;
  readonly line: number;
  readonly side: Side;
  /** Short renderings of the value before and after, where there is one. */
  readonly before?: string;
  readonly after?: string;
  /** Addresses this fact reaches, e.g. the instances behind an opened security group. */
  readonly reaches?: readonly string[];
  /** Whether it alone makes the change relevant. Facts that only explain others do not decide. */
  readonly deciding: boolean;
}
