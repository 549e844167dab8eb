import type { Category, Signal } from '../model/fact.ts';
import type { Comparison, Grant } from './compare.ts';
import { powersOf, isTrust, isWildcard } from './powers.ts';
import { classifyPrincipal, confinedTo, type PrincipalClass } from './principal.ts';
import type { Statement } from './statement.ts';

/** What is notable about grants that came. */
export type Mark = 'public-principal' | 'cross-account' | 'wildcard' | 'power';

/** What stands out in allowing grants, most telling first. */
export function marksOf(grants: readonly (Grant | Statement)[]): readonly Mark[] {
  const allowed = grants.filter((g) => g.effect === 'allow');
  const classes = new Set(allowed.flatMap(classesOf));
  return [
    ...(classes.has('public') ? (['public-principal'] as const) : []),
    ...(classes.has('other-account') || classes.has('federated') || classes.has('organisation')
      ? (['cross-account'] as const)
      : []),
    ...(allowed.some(isWildcard) ? (['wildcard'] as const) : []),
    ...(allowed.some((g) => powersOf(g).some((p) => p.notable)) ? (['power'] as const) : []),
  ];
}

/** Parties that a grant speaks of; somebody confined by a condition is not "the public". */
function classesOf(g: Grant | Statement): readonly PrincipalClass[] {
  if (g.principals.except) return ['public'];
  const confined = confinedTo(g.conditions);
  return g.principals.patterns.map(classifyPrincipal).map((c) => (c === 'public' ? (confined ?? c) : c));
}

/** Grants that stand out by one mark. */
export function withMark(grants: readonly Statement[], mark: Mark): readonly Statement[] {
  return grants.filter((g) => marksOf([g]).includes(mark));
}

export function categoriesOf(marks: readonly Mark[]): readonly Category[] {
  return [
    'identity-access',
    ...(marks.includes('public-principal') ? (['exposure', 'trust-boundary'] as const) : []),
    ...(marks.includes('cross-account') ? (['trust-boundary'] as const) : []),
  ];
}

/** Catalogue words for a difference. */
export function signalsOf(c: Comparison, marks: readonly Mark[]): readonly Signal[] {
  const all = [...c.gained, ...c.lost];
  const trust = all.some(isTrust);
  const widened = c.direction === 'widened' || c.direction === 'changed';
  const narrowed = c.direction === 'narrowed' || c.direction === 'changed';
  const newcomers = c.gained.some(
    (g) => g.effect === 'allow' && g.principals.patterns.length > 0 && g.differs === 'grant',
  );
  const out: Signal[] = [];
  if (widened) out.push(trust ? 'trust-widened' : 'permission-widened');
  if (narrowed) out.push(trust ? 'trust-narrowed' : 'permission-narrowed');
  if (newcomers) out.push('principal-added');
  if (marks.includes('public-principal')) out.push('exposure-widened');
  if (marks.includes('power')) out.push('privilege-raised');
  if (c.lost.some((g) => g.effect === 'deny')) out.push('guardrail-loosened');
  return out;
}

/** Splits a comparison into what is about trust (who may become it) and what is about permissions. */
export function partition(c: Comparison): { readonly trust: Comparison; readonly permissions: Comparison } {
  const pick = (want: boolean): Comparison => {
    const gained = c.gained.filter((g) => isTrust(g) === want);
    const lost = c.lost.filter((g) => isTrust(g) === want);
    const wider = gained.some((g) => g.effect === 'allow') || lost.some((g) => g.effect === 'deny');
    const narrower = lost.some((g) => g.effect === 'allow') || gained.some((g) => g.effect === 'deny');
    return {
      gained,
      lost,
      direction: wider ? (narrower ? 'changed' : 'widened') : narrower ? 'narrowed' : 'none',
    };
  };
  return { trust: pick(true), permissions: pick(false) };
}
