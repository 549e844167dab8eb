import type { Category, ElementKind, Signal } from '../model/fact.ts';

/** The families of the question catalogue. */
export const FAMILIES = [
  'object-storage',
  'database',
  'messaging',
  'compute',
  'edge',
  'network',
  'identity-access',
  'keys-secrets',
  'logging-monitoring',
  'dns-certificates',
  'ci-cd',
  'third-party',
  'auth-session',
  'data-schema',
  'ai-llm',
] as const;
export type Family = (typeof FAMILIES)[number];

/** What an attribute is about; each aspect has one detector. */
export const ASPECTS = [
  'exposure', // who can reach it: CIDR, public flag, scheme, published port
  'access', // who may do what: policy documents, role bindings, members
  'identity', // as whom it runs: roles, service accounts, instance profiles
  'authentication', // how callers prove who they are: providers, guards, tokens, MFA
  'privilege', // what the runtime may do to its host: privileged, capabilities, root, host namespaces
  'encryption', // at rest and in transit, TLS versions, certificates
  'key', // which key, rotation, deletion
  'secret', // values that are secret and who is given them
  'logging', // logs, audit, monitoring, retention of those
  'network', // paths and placement: peering, routes, subnets, NAT, endpoints
  'replication', // copies of data elsewhere
  'flow', // events, subscriptions, targets, origins
  'external', // hosts and services outside the system
  'protection', // deletion protection, backup, locks, WAF, scanning
] as const;
export type Aspect = (typeof ASPECTS)[number];

/** How two values of an attribute compare. */
export const READINGS = [
  'cidr', // address ranges: a wider or additional range widens
  'opens-when-true',
  'closes-when-true',
  'levels', // `levels` lists values from weakest to strongest; unlisted values sit between by position of `*`
  'policy', // a policy document, compared by statement
  'set', // members: each added one widens, each removed one narrows
  'present', // having it at all strengthens; losing it weakens
  'absent', // having it at all widens; losing it narrows
  'any', // any difference is a fact, direction unknown
] as const;
export type ReadingKind = (typeof READINGS)[number];

export interface AttributeSemantics {
  /** Dotted path pattern: `*` within a segment, `**` across segments; case does not count. */
  readonly path: string;
  readonly aspect: Aspect;
  readonly reading: ReadingKind;
  /** For `levels`: weakest first. */
  readonly levels?: readonly string[];
  /** The value in force when the attribute is not written, where that matters: `"false"`, `"public"`. */
  readonly absent?: string;
  readonly signals?: readonly Signal[];
  /** Replaces the aspect's own categories when given. */
  readonly categories?: readonly Category[];
  /** `false`: a difference is shown but does not alone make a change relevant. */
  readonly decides?: false;
  /** Worth a fact of its own on a resource that is new: a weak value there is a decision, not a default. */
  readonly notable?: true;
  /** Counts only when what it stands in was there before and is there after: the port of a new rule is told with the rule. */
  readonly inPlace?: true;
  /** Guessed from the attribute's name, not known from the type. */
  readonly guessed?: true;
}

/** What an entry means when one of its attributes has one of these values: an egress rule is no ingress rule. */
export interface Variant {
  readonly when: { readonly path: string; readonly is: readonly string[] };
  readonly family?: string;
  readonly element?: ElementKind;
  readonly categories: readonly Category[];
  readonly signals: readonly Signal[];
}

/** Categories that an entry has besides its own when one of its attributes has one of these values. */
export interface Addition {
  readonly when: { readonly path: readonly string[]; readonly is: readonly string[] };
  readonly categories: readonly Category[];
}

/** One entry of `data/*.yaml`, as generated. */
export interface TypeEntry {
  /** Type names, globs with `*`, or `stack:Type` where two stacks use one name. */
  readonly match: readonly string[];
  readonly family?: string;
  readonly element?: ElementKind;
  readonly categories: readonly Category[];
  readonly signals: readonly Signal[];
  readonly attributes: readonly AttributeSemantics[];
  /** Paths of this type that never matter. */
  readonly noise?: readonly string[];
  /** Names (word phrases) that make one plumbing: a record that only validates a certificate. */
  readonly plumbingNames?: readonly string[];
  readonly variants?: readonly Variant[];
  readonly also?: readonly Addition[];
}

/** What a name alone suggests; the first entry that matches wins. */
export interface LexiconEntry {
  /** Phrases of words, `*` at an end of a word stands for any letters. */
  readonly words: readonly string[];
  readonly unless: readonly string[];
  /** `setting`: only for variables, parameters, module arguments and the like; the aspect detectors of known types do not use it. */
  readonly applies: 'setting' | 'attribute' | 'both';
  readonly semantics: Omit<AttributeSemantics, 'path'>;
}

export interface Lexicon {
  readonly noise: {
    /** A path through one of these segments never matters. */
    readonly segments: readonly string[];
    readonly leaves: readonly { readonly words: readonly string[]; readonly unless: readonly string[] }[];
  };
  /** Last segments that say nothing without the one before: `enabled`, `value`. */
  readonly generic: readonly string[];
  /** Words that turn the meaning of a switch around: `disable`, `block`. */
  readonly inverting: readonly string[];
  readonly attributes: readonly LexiconEntry[];
  /** For types that no data knows, by the words of the type's name. */
  readonly types: readonly {
    readonly words: readonly string[];
    readonly unless: readonly string[];
    readonly family?: string;
    readonly element?: ElementKind;
    readonly categories: readonly Category[];
    readonly signals: readonly Signal[];
  }[];
  /** Well-known software by the words of its image's name: what a workload is that runs it. */
  readonly images: Lexicon['types'];
}

/** What a resource type is. */
export interface TypeSemantics {
  readonly family?: string;
  readonly element?: ElementKind;
  /** Categories of adding one (removing maps `new-component` to `removed-component`). Empty: plumbing, never a fact of its own. */
  readonly categories: readonly Category[];
  readonly signals: readonly Signal[];
  readonly attributes: readonly AttributeSemantics[];
  readonly noise?: readonly string[];
  readonly plumbingNames?: readonly string[];
  readonly variants?: readonly Variant[];
  readonly also?: readonly Addition[];
  /** Whether the data knows the type, or the lexicon guessed from its name. */
  readonly known: boolean;
}
