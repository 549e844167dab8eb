import { QUESTIONS } from '../catalogue/catalogue.generated.ts';
import { nearest } from '../values/nearest.ts';
import { isCatchAll } from '../values/wildcard.ts';
import { faultOfGlob } from './globs.ts';
import type { PlacedProblem } from './problem.ts';
import { isReason } from './reasons.ts';
import type { CompletePolicy } from './schema.ts';

/** Something a complete policy must satisfy beyond its shape. */
type CrossRule = (policy: CompletePolicy) => readonly PlacedProblem[];

/** Every rule, each under a name that says what it demands. */
export const CROSS_RULES = {
  globsMatchSomething,
  addressesAreParticular,
  reasonsSaySomething,
  usersAreLogins,
  auditorsAreLogins,
  teamsNameTheirOrganisation,
  reviewsHaveOwnersWithNames,
  enforcedApprovalHasApprovers,
  pathRulesHaveOneName,
  excludedQuestionsExist,
  linkedRepositoriesNameTheirOwner,
  resourcesAreMappedOnce,
} as const satisfies Readonly<Record<string, CrossRule>>;

export function crossCheck(policy: CompletePolicy): readonly PlacedProblem[] {
  return Object.values(CROSS_RULES).flatMap((rule) => rule(policy));
}

function globsMatchSomething(policy: CompletePolicy): readonly PlacedProblem[] {
  const lists: readonly (readonly [readonly (string | number)[], readonly string[]])[] = [
    [['model', 'paths'], policy.model.paths],
    [['model', 'ignore'], policy.model.ignore],
    [['architecture'], policy.architecture],
    [['ignore'], policy.ignore],
    ...policy.path_rules.map((rule, i) => [['path_rules', i, 'paths'], rule.paths] as const),
  ];
  return lists.flatMap(([path, globs]) =>
    globs.flatMap((glob, i) => {
      const fault = faultOfGlob(glob);
      return fault
        ? [problem([...path, i], `The glob \`${glob.slice(0, 60)}\` ${fault.message}.`, fault.remedy)]
        : [];
    }),
  );
}

function addressesAreParticular(policy: CompletePolicy): readonly PlacedProblem[] {
  const addresses = [
    ...policy.except.map((e, i) => [['except', i, 'resource'], e.resource] as const),
    ...policy.matching.map.map((m, i) => [['matching', 'map', i, 'resource'], m.resource] as const),
  ];
  return addresses
    .filter(([, address]) => isCatchAll(address) || address.trim() === '')
    .map(([path, address]) =>
      problem(
        path,
        `\`${address.slice(0, 60)}\` names no resource in particular.`,
        'Name the type at least, such as `aws_cloudwatch_dashboard.*`. To ask less of all changes, see `model.require` and `categories`.',
      ),
    );
}

function reasonsSaySomething(policy: CompletePolicy): readonly PlacedProblem[] {
  const reasons = [
    ...policy.except.map((e, i) => [['except', i, 'reason'], e.reason] as const),
    ...policy.path_rules.map((r, i) => [['path_rules', i, 'reason'], r.reason] as const),
  ];
  return reasons
    .filter(([, reason]) => !isReason(reason))
    .map(([path, reason]) =>
      problem(
        path,
        `\`${reason.slice(0, 60)}\` is no reason.`,
        'Say in a few words why: whoever meets this rule in a year has nothing else to go by.',
      ),
    );
}

/** Places where people are named; users and teams look the same in all of them. */
const PEOPLE = ['approval', 'emergency'] as const;

const LOGIN = /^[a-z\d][a-z\d_-]{0,99}$/i;
const TEAM = /^[a-z\d][a-z\d-]{0,99}\/[a-z\d][\w.-]{0,99}$/i;

function usersAreLogins(policy: CompletePolicy): readonly PlacedProblem[] {
  return PEOPLE.flatMap((key) =>
    policy[key].users.flatMap((user, i) =>
      LOGIN.test(user)
        ? []
        : [
            problem(
              [key, 'users', i],
              `\`${user.slice(0, 60)}\` is no login.`,
              `Write the login alone, without \`@\`; teams belong under \`${key}.teams\`.`,
            ),
          ],
    ),
  );
}

function auditorsAreLogins({ auditors }: CompletePolicy): readonly PlacedProblem[] {
  return auditors.flatMap((user, i) =>
    LOGIN.test(user)
      ? []
      : [
          problem(
            ['auditors', i],
            `\`${user.slice(0, 60)}\` is no login.`,
            'Write the login alone, without `@`. Teams cannot be named here.',
          ),
        ],
  );
}

function teamsNameTheirOrganisation(policy: CompletePolicy): readonly PlacedProblem[] {
  return PEOPLE.flatMap((key) =>
    policy[key].teams.flatMap((team, i) =>
      TEAM.test(team)
        ? []
        : [
            problem(
              [key, 'teams', i],
              `\`${team.slice(0, 60)}\` is no team.`,
              'Write `organisation/team`, without `@`, as in the address of the team’s page.',
            ),
          ],
    ),
  );
}

/** Logins and teams in one list: whoever sees to a review need not be one person. */
function reviewsHaveOwnersWithNames({ review }: CompletePolicy): readonly PlacedProblem[] {
  return review.owners.flatMap((owner, i) =>
    LOGIN.test(owner) || TEAM.test(owner)
      ? []
      : [
          problem(
            ['review', 'owners', i],
            `\`${owner.slice(0, 60)}\` is neither a login nor a team.`,
            'Write the login alone, without `@`, or a team as `organisation/team`.',
          ),
        ],
  );
}

function enforcedApprovalHasApprovers({ mode, approval }: CompletePolicy): readonly PlacedProblem[] {
  const nobody = approval.users.length === 0 && approval.teams.length === 0 && !approval.solo;
  return mode === 'enforce' && approval.required && nobody
    ? [
        problem(
          ['approval', 'required'],
          'Approval is required, but nobody may give it.',
          'Name approvers under `approval.users` or `approval.teams`; in a one-person repository set `approval.solo: true`.',
        ),
      ]
    : [];
}

function pathRulesHaveOneName(policy: CompletePolicy): readonly PlacedProblem[] {
  const seen = new Set<string>();
  return policy.path_rules.flatMap((rule, i) => {
    const path = ['path_rules', i, 'id'] as const;
    const known = seen.has(rule.id);
    seen.add(rule.id);
    if (known) return [problem(path, `Two path rules are called \`${rule.id}\`.`, 'Give each its own id.')];
    return /^[a-z][a-z\d-]*$/.test(rule.id)
      ? []
      : [
          problem(
            path,
            `\`${rule.id}\` is no id of a rule.`,
            'Use small letters, digits and dashes: `payment-code`.',
          ),
        ];
  });
}

function excludedQuestionsExist(policy: CompletePolicy): readonly PlacedProblem[] {
  const ids = QUESTIONS.map((q) => q.id);
  return policy.questions.exclude.flatMap((id, i) => {
    if (ids.includes(id)) return [];
    const meant = nearest(id, ids);
    return [
      problem(
        ['questions', 'exclude', i],
        `There is no question \`${id.slice(0, 60)}\`.`,
        `${meant ? `Did you mean \`${meant}\`? ` : ''}docs/reference/questions.md lists all of them.`,
      ),
    ];
  });
}

function linkedRepositoriesNameTheirOwner(policy: CompletePolicy): readonly PlacedProblem[] {
  return policy.linked.repositories.flatMap((name, i) =>
    /^[a-z\d][a-z\d-]{0,99}\/(?!\.)[\w.-]{1,100}$/i.test(name)
      ? []
      : [
          problem(
            ['linked', 'repositories', i],
            `\`${name.slice(0, 60)}\` is no repository.`,
            'Write `owner/name`, without the address of the server.',
          ),
        ],
  );
}

function resourcesAreMappedOnce(policy: CompletePolicy): readonly PlacedProblem[] {
  const seen = new Set<string>();
  return policy.matching.map.flatMap((entry, i) => {
    const key = `${entry.resource}\n${entry.element.toLowerCase()}`;
    const known = seen.has(key);
    seen.add(key);
    return known
      ? [
          problem(
            ['matching', 'map', i, 'resource'],
            'The same mapping stands above.',
            'Take one of the two out.',
          ),
        ]
      : [];
  });
}

function problem(path: readonly (string | number)[], message: string, remedy: string): PlacedProblem {
  return { path, on: 'value', message, remedy };
}
