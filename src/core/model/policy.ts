import type { Category } from './fact.ts';

/** The normalised policy: never the raw YAML, every default filled in. */
export interface Policy {
  /** Where it came from: a path on the default branch, or `built-in` when the repository has none. */
  readonly origin: string;
  readonly mode: 'observe' | 'enforce';
  readonly model: {
    readonly require: 'touched' | 'updated' | 'covered';
    /** Globs of model files, in addition to the places every format is looked for. */
    readonly paths: readonly string[];
    readonly ignore: readonly string[];
  };
  /** Globs of files that must be readable: an unreadable one is a doubt. */
  readonly architecture: readonly string[];
  readonly unreadable: 'doubt' | 'note';
  /** Globs of paths that are not classified (tests, examples, generated files). */
  readonly ignore: readonly string[];
  /** Facts in these categories demand coverage; the others are shown only. */
  readonly categories: readonly Category[];
  /** Addresses (globs) that need no coverage, each with its reason. */
  readonly except: readonly { readonly resource: string; readonly reason: string }[];
  readonly matching: {
    readonly names: boolean;
    /** Least similarity, 0 to 1, for a match by name. */
    readonly threshold: number;
    /** Resource address glob → name of the model element. */
    readonly map: readonly { readonly resource: string; readonly element: string }[];
  };
  readonly pathRules: readonly PathRule[];
  readonly questions: {
    readonly enabled: boolean;
    readonly maxPerComponent: number;
    readonly exclude: readonly string[];
    /** `required`: the change waits until every asked question has an answer. */
    readonly answers: 'optional' | 'required';
  };
  readonly approval: {
    readonly required: boolean;
    readonly users: readonly string[];
    readonly teams: readonly string[];
    readonly solo: boolean;
  };
  /** Who, besides the approvers, may let a change through in an emergency, and by when it is reviewed afterwards. */
  readonly emergency: {
    readonly users: readonly string[];
    readonly teams: readonly string[];
    readonly reviewWithinDays: number;
  };
  /** When the threat model is looked at again although nothing changed it. */
  readonly review: {
    /** Absent: never. */
    readonly everyDays?: number;
    /** Logins and teams. */
    readonly owners: readonly string[];
    readonly graceDays: number;
    /** Absent: never. */
    readonly bypassedDays?: number;
    readonly openIssues: boolean;
    readonly incidentLabel: string;
  };
  readonly quality: Readonly<Record<QualityRuleId, 'error' | 'warning' | 'off'>>;
  readonly linked: { readonly repositories: readonly string[]; readonly mustBeMerged: boolean };
  /** Logins of people who may look at the audit trail although they cannot read the repository. */
  readonly auditors: readonly string[];
  readonly limits: { readonly fileBytes: number };
}

export const QUALITY_RULES = [
  'TM001',
  'TM002',
  'TM003',
  'TM004',
  'TM005',
  'TM006',
  'TM007',
  'TM008',
] as const;
/** The four classic audit findings TM001–TM004, then: owner, vague wording or template text, uniform ratings, acceptance without justification and expiry. */
export type QualityRuleId = (typeof QUALITY_RULES)[number];

/** The repository's own rule: these paths matter to us for this reason. */
export interface PathRule {
  readonly id: string;
  readonly paths: readonly string[];
  readonly categories: readonly Category[];
  readonly reason: string;
}
