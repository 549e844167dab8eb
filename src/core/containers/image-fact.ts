import type { Rule } from '../detectors/detector.ts';
import type { Fact, FactKind, Signal } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import { makeFact } from '../facts/make-fact.ts';

/** What a rule has to say of an image; the stage is the resource it is said of. */
export interface Saying {
  readonly kind?: FactKind;
  readonly signals: readonly Signal[];
  readonly statement: string;
  readonly deciding: boolean;
  readonly line?: number | undefined;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly detail?: string;
  readonly side?: 'base' | 'head';
}

export function imageFact(rule: Rule, stage: Resource, said: Saying): Fact {
  return makeFact({
    rule: rule.id,
    kind: 'setting-changed',
    categories: rule.categories,
    resource: stage,
    family: 'compute',
    element: 'process',
    ...said,
  });
}
