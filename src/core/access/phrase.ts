import type { Grant } from './compare.ts';
import { powersOf } from './powers.ts';
import { spelled, type Condition, type Statement, type Terms } from './statement.ts';

/** Names of one kind that a sentence lists before it counts the rest. */
const LISTED = 4;
/** Characters of one name. */
const NAME = 100;

/** "a, b, c and 3 more". */
export function listNames(names: readonly string[], most = LISTED): string {
  const shown = names.slice(0, most).map((n) => (n.length > NAME ? `${n.slice(0, NAME - 1)}…` : n));
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** A principal as people say it. */
export function showPrincipal(principal: string): string {
  if (principal === '*') return 'anyone';
  if (principal === 'aws:own-account') return 'the own account';
  if (/^aws:\d{12}$/.test(principal)) return `account ${principal.slice(4)}`;
  return principal.replace(/^(?:aws|service|federated|google|canonical):/, '');
}

const who = (t: Terms): string =>
  `${t.except ? 'everyone but ' : ''}${listNames(t.patterns.map(showPrincipal))}`;
const what = (t: Terms): string => `${t.except ? 'everything but ' : ''}${listNames(spelled(t))}`;

function onlyIf(conditions: readonly Condition[]): string {
  if (conditions.length === 0) return '';
  return `, if ${listNames(conditions.map(showTest), 2)}`;
}

function showTest(c: Condition): string {
  if (c.operator === 'only-if')
    return c.values.length > 0 ? `repeated for ${listNames(c.values)}` : 'switched on';
  return `${c.key} ${c.operator}${c.values.length > 0 ? ` ${listNames(c.values, 2)}` : ''}`;
}

/** "s3:GetObject on `…`": what one grant allows or denies, without its holder. */
export function showGrant(g: Grant | Statement): string {
  const on =
    g.resources.patterns.length > 0 && !g.resources.except && g.resources.patterns[0] !== '*'
      ? ` on ${listNames(g.resources.patterns, 2)}`
      : '';
  const anywhere =
    g.resources.patterns[0] === '*' ? ' on everything' : g.resources.except ? ` on ${what(g.resources)}` : '';
  const to = g.principals.patterns.length > 0 ? ` to ${who(g.principals)}` : '';
  return `${what(g.actions)}${on}${anywhere}${to}${onlyIf(g.conditions)}`;
}

/** Several grants in one breath; the strongest power they give is named. */
export function showGrants(grants: readonly (Grant | Statement)[]): string {
  const shown = grants.slice(0, 3).map(showGrant);
  const rest = grants.length - shown.length;
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/** ` (full administration)`, or nothing: what the strongest of the allowing grants amounts to. */
export function showPower(grants: readonly (Grant | Statement)[]): string {
  const strongest = grants.flatMap((g) => powersOf(g).slice(0, 1))[0];
  return strongest ? ` (${strongest.says})` : '';
}

/** Who may become the identity, for statements of trust policies. */
export function showTrustees(grants: readonly (Grant | Statement)[]): string {
  const shown = grants.slice(0, 3).map((g) => `${who(g.principals)}${onlyIf(g.conditions)}`);
  const rest = grants.length - shown.length;
  return `${[...new Set(shown)].join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/** "now allows …; no longer denies …": a difference of permissions as the rest of a sentence. */
export function sayPermissions(gained: readonly Grant[], lost: readonly Grant[]): string {
  const parts = [
    ['now allows ', gained.filter((g) => g.effect === 'allow')],
    ['no longer allows ', lost.filter((g) => g.effect === 'allow')],
    ['now denies ', gained.filter((g) => g.effect === 'deny')],
    ['no longer denies ', lost.filter((g) => g.effect === 'deny')],
  ] as const;
  return parts
    .filter(([, list]) => list.length > 0)
    .map(([verb, list]) => `${verb}${showGrants(list)}${verb === 'now allows ' ? showPower(list) : ''}`)
    .join('; ');
}
