import type { ElementKind, Signal } from './fact.ts';
import type { StrideLetter } from './threat-model.ts';

/** One catalogue entry. */
export interface Question {
  /** Stable: `OBJ-I1`. Never reused for another question. */
  readonly id: string;
  readonly family: string;
  readonly stride: StrideLetter;
  readonly element: ElementKind;
  readonly when: readonly Signal[];
  readonly ask: string;
  readonly why: string;
  readonly evidence: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly references: Readonly<Record<string, readonly string[]>>;
}

/** A question that a set of facts fired, for one component. */
export interface AskedQuestion {
  readonly id: string;
  readonly address: string;
  readonly scope: string;
  /** Ids of the facts that fired it. */
  readonly because: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** Questions about one kind of thing: object storage, identities, pipelines. One YAML file each in `core/catalogue/families`. */
export interface QuestionFamily {
  /** What `Fact.family` says: `object-storage`. */
  readonly id: string;
  /** Three capital letters that every id of the family begins with. */
  readonly prefix: string;
  readonly title: string;
  /** What a resource of the family is in a data-flow diagram, mostly. */
  readonly element: ElementKind;
  readonly about: string;
}
