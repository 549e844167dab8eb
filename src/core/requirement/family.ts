import type { Category, Fact } from '../model/fact.ts';

/** Family that is asked about a fact of an unknown type, by its category; the first that holds. */
const BY_CATEGORY: readonly (readonly [Category, string])[] = [
  ['identity-access', 'identity-access'],
  ['secrets-crypto', 'keys-secrets'],
  ['ci-supply-chain', 'ci-cd'],
  ['external-dependency', 'third-party'],
  ['logging-monitoring', 'logging-monitoring'],
  ['data-classification', 'data-schema'],
  ['data-store', 'database'],
  ['exposure', 'network'],
  ['trust-boundary', 'network'],
  ['data-flow', 'compute'],
  ['new-component', 'compute'],
];

/** The same for a team's own path rules, which are mostly about application code. */
const OF_PATHS: readonly (readonly [Category, string])[] = [
  ['identity-access', 'auth-session'],
  ['data-classification', 'data-schema'],
  ['data-store', 'data-schema'],
  ['data-flow', 'data-schema'],
  ['secrets-crypto', 'auth-session'],
];

/** The catalogue family that a fact's questions come from. */
export function familyOf(fact: Fact): string | undefined {
  if (fact.family !== undefined) return fact.family;
  const table = fact.kind === 'path-touched' ? OF_PATHS : BY_CATEGORY;
  return table.find(([category]) => fact.categories.includes(category))?.[1];
}
