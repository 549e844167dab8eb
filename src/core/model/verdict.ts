import type { Coverage } from './coverage.ts';
import type { Doubt } from './doubt.ts';
import type { Fact } from './fact.ts';
import type { ModelDelta } from './model-delta.ts';
import type { AskedQuestion } from './question.ts';

/** `pending`: waits on people. `doubt`: could not be judged, never a pass. `info`: says something, decides nothing. */
export type JudgementState = 'pass' | 'fail' | 'pending' | 'doubt' | 'info' | 'not-applicable';

/** A judgement with its reason; the verdict is a tree of these and every surface renders the tree. */
export interface Judgement {
  /** Stable id of what was judged: `model.coverage`, `TM002`, `approval`. */
  readonly id: string;
  readonly title: string;
  readonly state: JudgementState;
  readonly reason: string;
  /** What to do about it, when there is something to do. */
  readonly remedy?: string;
  /** Ids of the facts this rests on. */
  readonly because: readonly string[];
  readonly at?: { readonly file: string; readonly line: number };
  readonly children: readonly Judgement[];
}

/** Check-run conclusion: `neutral` does not exist here on purpose. */
export type Conclusion = 'success' | 'action_required' | 'failure';

/** What was looked at, so that every "no" is explained. */
export interface Examined {
  readonly files: readonly {
    readonly path: string;
    readonly reader?: string;
    readonly outcome: 'read' | 'not-read' | 'ignored' | 'unreadable' | 'model' | 'policy';
  }[];
  readonly resources: { readonly base: number; readonly head: number };
  readonly models: readonly {
    readonly file: string;
    readonly format: string;
    readonly components: number;
    readonly flows: number;
    readonly threats: number;
  }[];
}

/** One line of what changed among resources, security-relevant or not: the material the facts were drawn from. */
export interface ResourceChange {
  readonly kind: 'resource-added' | 'resource-removed' | 'resource-changed' | 'resource-moved';
  readonly stack: string;
  readonly address: string;
  readonly previousAddress?: string;
  readonly type: string;
  readonly file: string;
  readonly line: number;
  readonly side: 'base' | 'head';
}

export interface Verdict {
  /** Version of this document's schema, `MAJOR.MINOR`. */
  readonly schema: string;
  readonly tool: {
    readonly name: 'threatgate';
    readonly version: string;
    readonly rules: string;
    readonly catalogue: string;
  };
  readonly repository: string;
  readonly base: string;
  readonly head: string;
  readonly mode: 'observe' | 'enforce';
  readonly conclusion: Conclusion;
  /** Whether a deciding fact, or a doubt, made the change relevant. */
  readonly applicable: boolean;
  /** State in one line. */
  readonly title: string;
  /** Delta digest: `sha256:<hex>`. */
  readonly digest: string;
  readonly policy: { readonly origin: string; readonly digest: string };
  readonly judgement: Judgement;
  readonly facts: readonly Fact[];
  readonly resources: readonly ResourceChange[];
  readonly coverage: Coverage;
  readonly model: ModelDelta;
  readonly questions: readonly AskedQuestion[];
  readonly doubts: readonly Doubt[];
  readonly examined: Examined;
}
