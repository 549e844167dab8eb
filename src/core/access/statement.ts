import type { GrantSystem } from './tables.ts';

/** A set of names: everything that matches one of the patterns or, with `except`, everything else. */
export interface Terms {
  readonly except: boolean;
  /** Sorted, without repeats. */
  readonly patterns: readonly string[];
  /** How people write a pattern, where that differs from the pattern: `s3:getobject` → `s3:GetObject`. Not compared. */
  readonly spelling?: ReadonlyMap<string, string>;
}

/** One test that must hold besides. `operator` and `key` as written in their language, lower case; values sorted. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The one normal form of "these principals may (not) do these actions on these resources if …". */
export interface Statement {
  readonly system: GrantSystem;
  readonly effect: 'allow' | 'deny';
  /** Nobody named: the statement speaks of whoever it is attached to. */
  readonly principals: Terms;
  readonly actions: Terms;
  /** Nothing named: the thing that carries the statement. */
  readonly resources: Terms;
  readonly conditions: readonly Condition[];
  readonly line: number;
}

export const terms = (patterns: readonly string[], except = false): Terms => ({
  except,
  patterns: [...new Set(patterns)].sort(),
});

/** Patterns that are compared without case but shown as they were written. */
export function caseless(names: readonly string[], except = false): Terms {
  return {
    ...terms(
      names.map((n) => n.toLowerCase()),
      except,
    ),
    spelling: new Map(names.map((n) => [n.toLowerCase(), n])),
  };
}

/** The same kind of terms with other patterns. */
export function withPatterns(like: Terms, patterns: readonly string[]): Terms {
  return { ...like, patterns: [...new Set(patterns)].sort() };
}

export const NOTHING: Terms = terms([]);

export const condition = (operator: string, key: string, values: readonly string[]): Condition => ({
  operator: operator.toLowerCase(),
  key,
  values: [...new Set(values)].sort(),
});

/** Sorted, so that the order in which conditions were written does not count. */
export function conditions(list: readonly Condition[]): readonly Condition[] {
  return [...list].sort((x, y) => compareText(showCondition(x), showCondition(y)));
}

const compareText = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

export const showCondition = (c: Condition): string => `${c.operator} ${c.key} [${c.values.join(', ')}]`;

export const spelled = (t: Terms): readonly string[] => t.patterns.map((p) => t.spelling?.get(p) ?? p);

export const showTerms = (t: Terms): string => `${t.except ? 'all but ' : ''}${spelled(t).join(', ')}`;

/** Canonical text of everything but the line. */
export function keyOfStatement(s: Statement): string {
  return JSON.stringify([
    s.system,
    s.effect,
    keyOfTerms(s.principals),
    keyOfTerms(s.actions),
    keyOfTerms(s.resources),
    s.conditions.map(showCondition),
  ]);
}

export const keyOfTerms = (t: Terms): string => JSON.stringify([t.except, t.patterns]);

/** Reads every text of a statement through a renaming, so that a renamed thing is no difference. */
export function renameStatement(s: Statement, rename: (text: string) => string): Statement {
  const renamed = (t: Terms): Terms => withPatterns(t, t.patterns.map(rename));
  return {
    ...s,
    principals: renamed(s.principals),
    actions: renamed(s.actions),
    resources: renamed(s.resources),
    conditions: conditions(
      s.conditions.map((c) => condition(c.operator, rename(c.key), c.values.map(rename))),
    ),
  };
}
