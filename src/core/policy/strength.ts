import type { CompletePolicy } from './schema.ts';
import { daysOf } from './spans.ts';

/** How two values of a key compare in strictness. */
export type Strength =
  | { readonly kind: 'levels'; readonly weakestFirst: readonly (string | boolean)[] }
  /** Whether the higher or the lower number is stricter. */
  | { readonly kind: 'higher' | 'lower' }
  /** Must keep every entry, may have more; or must not have others. */
  | { readonly kind: 'keeps-all' | 'adds-none' }
  /** Times such as `90d`: the shorter one is stricter, and `never` is the weakest. */
  | { readonly kind: 'sooner' }
  /** Any other value is another rule. */
  | { readonly kind: 'same' };

const FALSE_IS_WEAK: Strength = { kind: 'levels', weakestFirst: [false, true] };
const TRUE_IS_WEAK: Strength = { kind: 'levels', weakestFirst: [true, false] };
const WEIGHT: Strength = { kind: 'levels', weakestFirst: ['off', 'warning', 'error'] };

/** Every key that can be locked, and what makes it weaker. */
export const STRENGTHS: Readonly<Record<string, Strength>> = {
  mode: { kind: 'levels', weakestFirst: ['observe', 'enforce'] },
  'model.require': { kind: 'levels', weakestFirst: ['touched', 'updated', 'covered'] },
  'model.paths': { kind: 'adds-none' },
  'model.ignore': { kind: 'adds-none' },
  architecture: { kind: 'keeps-all' },
  unreadable: { kind: 'levels', weakestFirst: ['note', 'doubt'] },
  ignore: { kind: 'adds-none' },
  ignore_defaults: TRUE_IS_WEAK,
  categories: { kind: 'keeps-all' },
  except: { kind: 'adds-none' },
  'matching.names': TRUE_IS_WEAK,
  'matching.threshold': { kind: 'higher' },
  'matching.map': { kind: 'adds-none' },
  path_rules: { kind: 'keeps-all' },
  'questions.enabled': FALSE_IS_WEAK,
  'questions.max_per_component': { kind: 'higher' },
  'questions.exclude': { kind: 'adds-none' },
  'questions.answers': { kind: 'levels', weakestFirst: ['optional', 'required'] },
  'approval.required': FALSE_IS_WEAK,
  'approval.users': { kind: 'adds-none' },
  'approval.teams': { kind: 'adds-none' },
  'approval.solo': TRUE_IS_WEAK,
  'emergency.users': { kind: 'adds-none' },
  'emergency.teams': { kind: 'adds-none' },
  'emergency.review_within_days': { kind: 'lower' },
  'review.every': { kind: 'sooner' },
  'review.owners': { kind: 'keeps-all' },
  'review.grace': { kind: 'sooner' },
  'review.bypassed': { kind: 'sooner' },
  'review.open_issues': FALSE_IS_WEAK,
  'review.incident_label': { kind: 'same' },
  'quality.TM001': WEIGHT,
  'quality.TM002': WEIGHT,
  'quality.TM003': WEIGHT,
  'quality.TM004': WEIGHT,
  'quality.TM005': WEIGHT,
  'quality.TM006': WEIGHT,
  'quality.TM007': WEIGHT,
  'quality.TM008': WEIGHT,
  'linked.repositories': { kind: 'adds-none' },
  'linked.must_be_merged': FALSE_IS_WEAK,
  auditors: { kind: 'keeps-all' },
  'limits.file_bytes': { kind: 'higher' },
};

/** Keys that a locked word stands for: itself, or all keys below it. */
export function lockedKeys(word: string): readonly string[] {
  return Object.keys(STRENGTHS).filter((key) => key === word || key.startsWith(`${word}.`));
}

/** Whether `mine` asks for less than `theirs` under this key. */
export function isWeaker(key: string, mine: CompletePolicy, theirs: CompletePolicy): boolean {
  const strength = STRENGTHS[key];
  if (!strength) return false;
  const a = valueOf(mine, key);
  const b = valueOf(theirs, key);
  switch (strength.kind) {
    case 'levels':
      return strength.weakestFirst.indexOf(a as string) < strength.weakestFirst.indexOf(b as string);
    case 'higher':
      return (a as number) < (b as number);
    case 'lower':
      return (a as number) > (b as number);
    case 'sooner':
      return (daysOf(a as string) ?? Infinity) > (daysOf(b as string) ?? Infinity);
    case 'same':
      return a !== b;
    case 'keeps-all':
      return !includesAll(a as readonly unknown[], b as readonly unknown[]);
    case 'adds-none':
      return !includesAll(b as readonly unknown[], a as readonly unknown[]);
  }
}

function includesAll(all: readonly unknown[], some: readonly unknown[]): boolean {
  const known = new Set(all.map(fingerprint));
  return some.every((item) => known.has(fingerprint(item)));
}

/** Entries are compared by content; the order of their keys is that of the schema. */
function fingerprint(item: unknown): string {
  return JSON.stringify(item);
}

function valueOf(policy: CompletePolicy, key: string): unknown {
  return key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], policy);
}
