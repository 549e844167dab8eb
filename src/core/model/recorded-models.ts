import type { Component, DataFlow, ModelNode, Threat, ThreatModel, TrustBoundary } from './threat-model.ts';

type Recorded<Node extends ModelNode> = Omit<Node, 'location'>;

/** A threat model without the lines that it stands on: a paragraph that moved is no other model. */
export interface RecordedModel extends Pick<
  ThreatModel,
  'file' | 'format' | 'title' | 'owner' | 'date' | 'assumptions'
> {
  /** Each list in the order of the keys. */
  readonly components: readonly Recorded<Component>[];
  readonly flows: readonly Recorded<DataFlow>[];
  readonly boundaries: readonly Recorded<TrustBoundary>[];
  readonly dataAssets: readonly Recorded<ModelNode>[];
  readonly vendors: readonly Recorded<ModelNode>[];
  readonly threats: readonly Recorded<Threat>[];
}

/** What all threat models of a default branch say at a commit: the document of a `model-recorded` record. */
export interface RecordedModels {
  /** `MAJOR.MINOR` of this form. */
  readonly schema: string;
  /** False when a file could not be read: what is here is then not all there is. */
  readonly complete: boolean;
  /** Sentences about what could not be read. */
  readonly doubts: readonly string[];
  /** In order of their files. */
  readonly models: readonly RecordedModel[];
}
