import type { Bypass, Rules } from '../core/model/branch-rules.ts';
import { isOurs, isOursByFile } from './expectation.ts';
import { findingsAbout, quoted, type Finding } from './finding.ts';
import type { Setting } from './setting.ts';

const finding = findingsAbout('bypass');

/** Who need not obey the rules that hold the gate: those with our check, or with the pull request it is reported on. */
export function examineBypass({ rules: { rules }, expected }: Setting): readonly Finding[] {
  const holding = rules.filter(
    (each) =>
      each.pullRequest !== undefined ||
      each.mergeQueue ||
      each.checks.some(({ name }) => isOurs(name, expected)) ||
      each.workflows.some(isOursByFile),
  );
  return holding.flatMap((each) => [...bypassOf(each), ...ownOf(each)]);
}

function bypassOf(rules: Rules): readonly Finding[] {
  const { bypass } = rules;
  if (bypass === undefined)
    return [
      finding(
        'bypass-not-seen',
        'note',
        `Who may bypass ${nameOf(rules)} could not be seen with this token.`,
        'GitHub tells it to those only who may change the rules.',
        'Ask with the token of an administrator.',
      ),
    ];
  if (bypass.length === 0) return [finding('bypass-nobody', 'good', `Nobody may bypass ${nameOf(rules)}.`)];
  return bypass.map((each) => MODES[each.mode](whoIs(each), nameOf(rules)));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const MODES: Readonly<Record<Bypass['mode'], (who: string, rules: string) => Finding>> = {
  exempt: (who, rules) =>
    finding(
      'bypass-exempt',
      'problem',
      `${capital(rules)} is not run for ${who}: exempt.`,
      'GitHub keeps no record that the rules were bypassed: nobody can tell afterwards.',
      'In the ruleset’s bypass list, take the entry out, or change “Exempt” to “For pull requests only”.',
    ),
  always: (who, rules) =>
    finding(
      'bypass-always',
      'warning',
      `${capital(who)} may bypass ${rules} at any time, by a direct push too.`,
      'The gate does not hold for them. Threatgate records such changes where it learns of them.',
      'Take the entry out, or allow it for pull requests only; the way out in an emergency is `/threatgate emergency`.',
    ),
  'pull-request': (who, rules) =>
    finding(
      'bypass-pull-request',
      'warning',
      `${capital(who)} may merge pull requests in spite of ${rules}.`,
      'A blocked change gets in when they want it. There is a pull request to look it up in.',
      'Take the entry out; the way out in an emergency is `/threatgate emergency`.',
    ),
};

/** Numbers that GitHub gives its own roles. */
const ROLES: Readonly<Record<number, string>> = { 1: 'read', 2: 'maintain', 4: 'write', 5: 'admin' };

function whoIs({ who, id }: Bypass): string {
  switch (who) {
    case 'app':
      return `the App ${id ?? ''}`.trimEnd();
    case 'organisation-admins':
      return 'owners of the organisation';
    case 'role':
      return `whoever has the role ${quoted(ROLES[id ?? 0] ?? String(id ?? 'unknown'))}`;
    case 'team':
      return `the team with the number ${id ?? 'unknown'}`;
    case 'deploy-key':
      return 'deploy keys';
    case 'user':
      return `the user with the number ${id ?? 'unknown'}`;
    case 'admins':
      return 'administrators';
  }
}

/** Told even where the list is not. */
function ownOf(rules: Rules): readonly Finding[] {
  const { ownBypass: own, bypass } = rules;
  if (own === undefined || own === 'never' || bypass !== undefined) return [];
  return [
    finding(
      'bypass-own',
      own === 'exempt' ? 'problem' : 'warning',
      `Whoever this token belongs to may bypass ${nameOf(rules)}${own === 'exempt' ? ', without a record' : ''}.`,
      'And so may everybody who is on the same list for the same reason.',
      'Look at the ruleset’s bypass list.',
    ),
  ];
}

function nameOf({ kind, name }: Rules): string {
  if (kind === 'protection') return 'the protection of the branch';
  return name === undefined ? 'a ruleset' : `the ruleset ${quoted(name)}`;
}
