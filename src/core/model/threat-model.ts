/** A format-neutral threat model; every format is read into this. `raw` spellings are kept where meaning was normalised. */
export type ComponentKind = 'process' | 'data-store' | 'external-entity' | 'unknown';
export type Level = 'none' | 'low' | 'medium' | 'high' | 'critical' | 'unrated';
export type ThreatState =
  'open' | 'in-progress' | 'mitigated' | 'accepted' | 'transferred' | 'avoided' | 'not-applicable' | 'unset';
export type StrideLetter = 'S' | 'T' | 'R' | 'I' | 'D' | 'E';

/** Where something of a model stands. */
export interface ModelLocation {
  readonly file: string;
  readonly line: number;
}

/** A mention of a real thing: what coverage matches against facts. */
export interface ResourceRef {
  readonly kind: 'address' | 'arn' | 'file' | 'image' | 'vendor' | 'url';
  /** As written, without decoration; globs (`*`, `?`) allowed for addresses. */
  readonly value: string;
  /** `explicit`: a `Resource:` line or the slot the format has for it; the others: a native id, a tag, a code span in text. */
  readonly from: 'explicit' | 'id' | 'name' | 'tag' | 'attribute' | 'text';
}

export interface ModelNode {
  /** Stable identity within the model: native id if stable, else kind, section and normalised name. */
  readonly key: string;
  readonly nativeId?: string;
  readonly name: string;
  readonly description?: string;
  readonly refs: readonly ResourceRef[];
  readonly tags: readonly string[];
  readonly owner?: string;
  readonly outOfScope?: { readonly reason?: string };
  readonly location: ModelLocation;
}

export interface Component extends ModelNode {
  readonly kind: ComponentKind;
  readonly subtype?: string;
  readonly boundaries: readonly string[];
}

export interface DataFlow extends ModelNode {
  readonly source?: string;
  readonly target?: string;
  readonly bidirectional?: boolean;
  readonly protocol?: string;
  readonly encrypted?: boolean;
  readonly crosses: readonly string[];
}

export interface TrustBoundary extends ModelNode {
  readonly parent?: string;
  readonly members: readonly string[];
  readonly membership: 'declared' | 'geometric' | 'unknown';
}

export interface Mitigation {
  readonly text: string;
  readonly state: 'proposed' | 'in-progress' | 'implemented' | 'rejected' | 'unset';
  readonly owner?: string;
  readonly tickets: readonly string[];
  /** ISO date by which it is promised, if the model says. */
  readonly due?: string;
}

export interface Threat extends ModelNode {
  /** Keys of the components, flows or boundaries it is about. */
  readonly targets: readonly string[];
  /** Names of targets that the model does not declare elsewhere. */
  readonly unresolvedTargets: readonly string[];
  readonly stride: readonly StrideLetter[];
  /** Raw category words, whatever their scheme (LINDDUN, CIA, CAPEC …). */
  readonly categories: readonly string[];
  readonly severity: {
    readonly level: Level;
    readonly raw?: string;
    readonly likelihood?: string;
    readonly impact?: string;
  };
  readonly status: {
    readonly state: ThreatState;
    readonly raw?: string;
    readonly justification?: string;
    readonly expires?: string;
  };
  readonly mitigations: readonly Mitigation[];
  readonly tickets: readonly string[];
  readonly origin: 'authored' | 'tool-generated' | 'template-placeholder';
}

export const CAPABILITIES = [
  'components',
  'flows',
  'boundaries',
  'threats',
  'stride',
  'severity',
  'status',
  'mitigation',
  'owner',
  'ticket',
  'resourceRef',
] as const;
export type Capability = (typeof CAPABILITIES)[number];
/** `native`: the format has a field; `derived`: computed from others; `extension`: by text convention or free field; `none`: cannot be said. */
export type CapabilityLevel = 'native' | 'derived' | 'extension' | 'none';
export type Capabilities = Readonly<Record<Capability, CapabilityLevel>>;

export interface ModelDiagnostic {
  readonly level: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly location: ModelLocation;
}

export interface ThreatModel {
  /** Path of the (main) file. */
  readonly file: string;
  /** Id of the format that read it. */
  readonly format: string;
  readonly formatVersion?: string;
  readonly title?: string;
  readonly owner?: string;
  readonly date?: string;
  readonly components: readonly Component[];
  readonly flows: readonly DataFlow[];
  readonly boundaries: readonly TrustBoundary[];
  readonly dataAssets: readonly ModelNode[];
  readonly vendors: readonly ModelNode[];
  readonly threats: readonly Threat[];
  readonly assumptions: readonly string[];
  readonly capabilities: Capabilities;
  readonly diagnostics: readonly ModelDiagnostic[];
}
