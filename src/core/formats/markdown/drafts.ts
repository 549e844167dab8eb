import type { ModelElementKind } from '../../model/model-delta.ts';
import type { StrideLetter } from '../../model/threat-model.ts';

/** A threat as written, before its targets are looked up. */
export interface ThreatDraft {
  readonly id?: string;
  readonly title: string;
  readonly description?: string;
  /** Names as written in a component, asset, flow or boundary column or field. */
  readonly about: readonly string[];
  /** The heading it stands under, when that names a thing rather than a chapter. */
  readonly heading?: string;
  readonly stride: readonly StrideLetter[];
  readonly categories: readonly string[];
  readonly severity?: string;
  /** Top of the numeric scale of its table. */
  readonly scale?: number;
  readonly likelihood?: string;
  readonly impact?: string;
  readonly status?: string;
  readonly mitigations: readonly { readonly text: string; readonly planned: boolean }[];
  readonly owner?: string;
  readonly tickets: readonly string[];
  readonly due?: string;
  readonly expires?: string;
  readonly justification?: string;
  readonly tags: readonly string[];
  readonly resource?: string;
  /** Source of all of it, where text conventions are looked for. */
  readonly raw: string;
  readonly line: number;
}

/** A component, flow, boundary, asset or vendor as written. */
export interface ElementDraft {
  readonly element: Exclude<ModelElementKind, 'threat' | 'assumption'>;
  readonly id?: string;
  readonly name: string;
  readonly description?: string;
  /** Words that tell the kind of a component. */
  readonly type?: string;
  readonly source?: string;
  readonly target?: string;
  readonly bidirectional?: boolean;
  readonly protocol?: string;
  readonly encrypted?: boolean;
  /** Trust boundary it lies in (component) or crosses (flow). */
  readonly boundary?: string;
  readonly members?: readonly string[];
  readonly parent?: string;
  readonly owner?: string;
  readonly outOfScope?: { readonly reason?: string };
  readonly tags: readonly string[];
  readonly resource?: string;
  readonly raw: string;
  readonly line: number;
  /** From a diagram: says less than a table or list about the same thing, and never repeats it. */
  readonly drawn?: boolean;
}

/** What a document says, part by part, in the order written. */
export interface Drafts {
  readonly threats: ThreatDraft[];
  readonly elements: ElementDraft[];
  readonly assumptions: string[];
  /** Mitigations listed apart, with the ids of the threats they answer. */
  readonly mitigations: {
    readonly text: string;
    readonly threats: readonly string[];
    readonly status?: string;
  }[];
}

/** One document's share is bounded; beyond it the reading says so. */
export const MOST_DRAFTS = 5_000;
