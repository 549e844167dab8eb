import { covers, intersects, isWild } from './globs.ts';
import {
  keyOfStatement,
  keyOfTerms,
  showCondition,
  terms,
  withPatterns,
  type Condition,
  type Statement,
  type Terms,
} from './statement.ts';
import type { GrantSystem } from './tables.ts';

/** One thing that is allowed (or denied) on one side and not on the other. */
export interface Grant {
  readonly system: GrantSystem;
  readonly effect: 'allow' | 'deny';
  readonly principals: Terms;
  readonly actions: Terms;
  readonly resources: Terms;
  readonly conditions: readonly Condition[];
  /** Line on the side that has it. */
  readonly line: number;
  /** `conditions`: the other side has it too, under other conditions only. */
  readonly differs: 'grant' | 'conditions';
}

export interface Comparison {
  /** What head says and base does not. */
  readonly gained: readonly Grant[];
  /** What base says and head does not. */
  readonly lost: readonly Grant[];
  readonly direction: 'widened' | 'narrowed' | 'changed' | 'none';
}

/** Combinations that one side is split into; what is beyond stays whole statements. */
const ATOMS = 40_000;
/** Pattern comparisons of one run; beyond, what is not literally the same counts as different. */
const COMPARISONS = 2_000_000;

/**
 * Compares what two lists of statements come to. Order, splitting, merging, names and spelling of statements do not
 * count; `s3:*` contains `s3:GetObject`; fewer conditions are wider; a deny works the other way round.
 */
export function compareStatements(base: readonly Statement[], head: readonly Statement[]): Comparison {
  const budget = { left: COMPARISONS };
  const gained = surplus(head, base, budget);
  const lost = surplus(base, head, budget);
  const wider = gained.some((g) => g.effect === 'allow') || lost.some((g) => g.effect === 'deny');
  const narrower = lost.some((g) => g.effect === 'allow') || gained.some((g) => g.effect === 'deny');
  const direction = wider ? (narrower ? 'changed' : 'widened') : narrower ? 'narrowed' : 'none';
  return { gained, lost, direction };
}

interface Budget {
  left: number;
}

/** A set of terms with its literal members at hand. */
interface Indexed {
  readonly terms: Terms;
  readonly literal: ReadonlySet<string>;
  readonly wild: readonly string[];
}

interface IndexedStatement {
  readonly of: Statement;
  readonly principals: Indexed;
  readonly actions: Indexed;
  readonly resources: Indexed;
}

function surplus(mine: readonly Statement[], theirs: readonly Statement[], budget: Budget): Grant[] {
  const known = new Set(theirs.map(keyOfStatement));
  const open = mine.filter((s) => !known.has(keyOfStatement(s)));
  const against = theirs.map(indexStatement);
  const found: Grant[] = [];
  let room = ATOMS;
  for (const s of open) {
    const atoms = split(s, room);
    room -= atoms.length;
    for (const atom of atoms) {
      const holders = against.filter((t) => holds(t, atom, budget));
      if (holders.some((t) => impliesAll(t.of.conditions, atom.conditions))) continue;
      found.push({ ...atom, differs: holders.length > 0 ? 'conditions' : 'grant' });
    }
  }
  return merge(found);
}

function indexStatement(of: Statement): IndexedStatement {
  return { of, principals: index(of.principals), actions: index(of.actions), resources: index(of.resources) };
}

function index(t: Terms): Indexed {
  return { terms: t, literal: new Set(t.patterns), wild: t.patterns.filter(isWild) };
}

function split(s: Statement, room: number): Statement[] {
  const [p, a, r] = [singles(s.principals), singles(s.actions), singles(s.resources)];
  if (p.length * a.length * r.length > room) return [s];
  return p.flatMap((principals) =>
    a.flatMap((actions) => r.map((resources) => ({ ...s, principals, actions, resources }))),
  );
}

const singles = (t: Terms): Terms[] =>
  t.except || t.patterns.length <= 1 ? [t] : t.patterns.map((x) => withPatterns(t, [x]));

/** Whether a statement says at least what the atom says, conditions aside. */
function holds(s: IndexedStatement, atom: Statement, budget: Budget): boolean {
  return (
    spend(budget) &&
    s.of.effect === atom.effect &&
    s.of.system === atom.system &&
    contains(s.actions, atom.actions, budget) &&
    contains(s.principals, atom.principals, budget) &&
    contains(s.resources, atom.resources, budget)
  );
}

function contains(outer: Indexed, inner: Terms, budget: Budget): boolean {
  if (inner.patterns.length === 0 || outer.terms.patterns.length === 0)
    return inner.patterns.length === outer.terms.patterns.length && inner.except === outer.terms.except;
  if (!outer.terms.except)
    return !inner.except ? inner.patterns.every((p) => matched(outer, p, budget)) : outer.literal.has('*');
  // Everything but X contains everything but Y when X is part of Y, and a pattern when it stays clear of X.
  if (inner.except) {
    const whole = index(terms(inner.patterns));
    return outer.terms.patterns.every((p) => matched(whole, p, budget));
  }
  return inner.patterns.every((p) => outer.terms.patterns.every((x) => spend(budget) && !intersects(x, p)));
}

function matched(set: Indexed, pattern: string, budget: Budget): boolean {
  return set.literal.has(pattern) || set.wild.some((w) => spend(budget) && covers(w, pattern));
}

function spend(budget: Budget): boolean {
  return budget.left-- > 0;
}

/** Whether whoever meets `theirs` meets all of `required` as well. */
function impliesAll(required: readonly Condition[], theirs: readonly Condition[]): boolean {
  return required.every((need) => theirs.some((have) => implies(have, need)));
}

function implies(have: Condition, need: Condition): boolean {
  if (have.operator !== need.operator || have.key.toLowerCase() !== need.key.toLowerCase()) return false;
  const glob = /like/.test(have.operator);
  const within = (inner: readonly string[], outer: readonly string[]): boolean => {
    const literal = new Set(outer);
    return inner.every(
      (v) => literal.has(v) || (glob && outer.length <= 200 && outer.some((o) => covers(o, v))),
    );
  };
  return /not/.test(have.operator) ? within(need.values, have.values) : within(have.values, need.values);
}

/** Puts atoms back together for people: first by action, then by resource, then by principal. */
function merge(atoms: readonly Grant[]): Grant[] {
  const byAction = join(atoms, 'actions');
  const byResource = join(byAction, 'resources');
  return join(byResource, 'principals');
}

const SIDES = ['principals', 'actions', 'resources'] as const;

function join(grants: readonly Grant[], along: (typeof SIDES)[number]): Grant[] {
  const groups = new Map<string, Grant[]>();
  for (const g of grants) {
    const others = SIDES.filter((s) => s !== along).map((s) => keyOfTerms(g[s]));
    const key = JSON.stringify([
      g.system,
      g.effect,
      g.differs,
      g[along].except ? keyOfTerms(g[along]) : '',
      others,
      g.conditions.map(showCondition),
    ]);
    const group = groups.get(key);
    if (group) group.push(g);
    else groups.set(key, [g]);
  }
  return [...groups.values()].flatMap((group) => {
    const first = group[0];
    if (!first) return [];
    const line = group.reduce((least, g) => Math.min(least, g.line), first.line);
    return [
      { ...first, line, [along]: first[along].except ? first[along] : together(group.map((g) => g[along])) },
    ];
  });
}

function together(all: readonly Terms[]): Terms {
  const spelling = new Map(
    all.flatMap((t) =>
      t.spelling ? t.patterns.map((p): [string, string] => [p, t.spelling?.get(p) ?? p]) : [],
    ),
  );
  return { ...terms(all.flatMap((t) => t.patterns)), ...(spelling.size > 0 ? { spelling } : {}) };
}

/** Things handed on by name: which thing it is was decided where the name gets its value. */
const HANDED_ON = /\$\{(?:var|local|each|data\.terraform_remote_state)\.[^{}()]*\}/g;

/**
 * Whether the two differ in nothing but the variables through which the things are named (`var.bucket` became
 * `local.bucket`). Actions, parties and conditions count in full.
 */
export function isOnlyRewired(base: readonly Statement[], head: readonly Statement[]): boolean {
  const blurred = (list: readonly Statement[]): Statement[] =>
    list.map((s) => ({
      ...s,
      resources: terms(
        s.resources.patterns.map((r) => r.replace(HANDED_ON, '${…}')),
        s.resources.except,
      ),
    }));
  return compareStatements(blurred(base), blurred(head)).direction === 'none';
}
