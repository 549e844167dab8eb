import { POWERS } from './data.generated.ts';
import { covers, isAll } from './globs.ts';
import type { Grant } from './compare.ts';
import type { Power } from './tables.ts';
import type { Statement } from './statement.ts';

/** Patterns of a power in one system, actions lower case as statements keep them in AWS. */
function patternsOf(power: Power, system: Grant['system']): readonly string[] {
  if (system === 'other') return [];
  const own = power[system] ?? [];
  return system === 'aws'
    ? own.map((p) => (/^(?:policy|job-function)\//.test(p) ? p : p.toLowerCase()))
    : own;
}

/** What holding these grants lets somebody do, strongest first; empty for denies. */
export function powersOf(grant: Grant | Statement): readonly Power[] {
  if (grant.effect === 'deny' || isTrust(grant)) return [];
  if (grant.actions.except) return POWERS.powers.filter((p) => p.id === 'administration');
  return POWERS.powers.filter((power) => {
    if (grant.system === 'kubernetes' && !onMeant(power, grant)) return false;
    const patterns = patternsOf(power, grant.system);
    return grant.actions.patterns.some((a) =>
      patterns.some((p) => covers(a, p) || (!isAll(p) && covers(p, a))),
    );
  });
}

/** Kubernetes verbs mean nothing without what they act on. Bindings name a role instead of verbs. */
function onMeant(power: Power, grant: Grant | Statement): boolean {
  if (grant.actions.patterns.some((a) => a.includes('/'))) return true;
  return (power.on ?? []).some((on) =>
    grant.resources.patterns.some((r) => covers(r, on) || (!isAll(on) && covers(on, r))),
  );
}

const TRUST = new Set(POWERS.trust.map((t) => t.toLowerCase()));

/** A statement of a trust policy: it says who may become the identity that carries it. */
export function isTrust(s: Grant | Statement): boolean {
  return (
    s.system === 'aws' &&
    s.principals.patterns.length > 0 &&
    s.actions.patterns.length > 0 &&
    s.actions.patterns.every((a) => TRUST.has(a))
  );
}

/** All actions of a service, or all actions at all, on every resource. */
export function isWildcard(s: Grant | Statement): boolean {
  // A key or endpoint whose own account may do everything is what such policies begin with.
  const own = s.principals.patterns.length > 0 && s.principals.patterns.every((p) => p === 'aws:own-account');
  if (s.effect === 'deny' || own || isTrust(s)) return false;
  const anywhere =
    s.resources.patterns.includes('*') ||
    (s.system === 'kubernetes' && s.resources.patterns.some((r) => isAll(r) || r === 'core/*'));
  return (
    anywhere &&
    (s.actions.except || s.actions.patterns.some((a) => isAll(a) || (s.system === 'aws' && a.endsWith(':*'))))
  );
}
