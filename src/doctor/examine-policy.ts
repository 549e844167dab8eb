import type { Policy } from '../core/model/policy.ts';
import { POLICY_PATH } from '../core/selection.ts';
import { findingsAbout, listed, quoted, type Finding } from './finding.ts';
import type { PersonFound, PolicyFound, Setting } from './setting.ts';

const finding = findingsAbout('policy');

/** The rules on the default branch, and whether the people they name are there. */
export function examinePolicy({ policy, people, defaultBranch }: Setting): readonly Finding[] {
  if (policy.kind === 'absent') return [absent(defaultBranch)];
  if (policy.kind === 'unusable') return unusable(policy);
  return [mode(policy.policy), ...approval(policy.policy), ...named(policy.policy, people)];
}

const absent = (branch: string): Finding =>
  finding(
    'policy-absent',
    'warning',
    `There is no policy ${quoted(POLICY_PATH)} on the default branch ${quoted(branch)}.`,
    'Without one Threatgate only observes: it reports what it finds, and nothing is blocked.',
    'Write one with `threatgate init`, and merge it.',
  );

function unusable({ problems }: Extract<PolicyFound, { kind: 'unusable' }>): readonly Finding[] {
  return problems.map(({ code, message, remedy, file, line }) =>
    finding(
      code,
      'problem',
      `${message.replace(/[.:]$/, '')}${line === undefined ? '' : ` (${quoted(`${file ?? POLICY_PATH}:${line}`)})`}.`,
      'No change can be judged by it: the check of every pull request fails until it is mended.',
      remedy,
    ),
  );
}

function mode({ mode: chosen, origin }: Policy): Finding {
  return chosen === 'enforce'
    ? finding('policy-enforces', 'good', `The policy ${quoted(origin)} is valid, and enforced.`)
    : finding(
        'policy-observes',
        'warning',
        `The policy ${quoted(origin)} only observes.`,
        'Changes are judged and reported, and every one of them passes.',
        'Set `mode: enforce` when the reports are as you want them.',
      );
}

function approval({ approval: { required, solo, users, teams } }: Policy): readonly Finding[] {
  const nobody = users.length === 0 && teams.length === 0;
  if (!required)
    return [
      finding(
        'approval-not-required',
        'warning',
        'The policy asks for nobody’s approval.',
        'A relevant change passes when its threat model follows, without anybody having looked at it.',
        'Name approvers under `approval.users` or `approval.teams`.',
      ),
    ];
  return [
    ...(solo ? [SOLO] : []),
    ...(nobody && !solo ? [UNNAMED] : []),
    ...(nobody ? [] : [approvers(users, teams)]),
    ...(users.length === 1 && teams.length === 0 && !solo ? [alone(users[0] ?? '')] : []),
  ];
}

const SOLO = finding(
  'solo',
  'warning',
  'Authors may approve their own changes: `approval.solo` is set.',
  'Nobody independent is asked. It is meant for repositories that one person works in, and recorded as what it is.',
  'As soon as there is a second person, name approvers and take `approval.solo` out.',
);

const UNNAMED = finding(
  'approvers-unnamed',
  'warning',
  'Approval is required, but the policy names nobody who may give it.',
  'Everybody with write access may approve what others change.',
  'Name approvers under `approval.users` or `approval.teams`.',
);

const approvers = (users: readonly string[], teams: readonly string[]): Finding =>
  finding(
    'approvers-named',
    'good',
    `Approval is required, of ${listed([...teams, ...users])}${users.length + teams.length > 1 ? ' (any of them)' : ''}.`,
  );

const alone = (login: string): Finding =>
  finding(
    'approver-alone',
    'warning',
    `${quoted(login)} is the only approver.`,
    'Whoever has a hand in a change cannot approve it, so that a change of the only approver waits for ever, and so does every other while they are away.',
    'Name a second one, or a team.',
  );

function named({ approval, emergency }: Policy, people: readonly PersonFound[]): readonly Finding[] {
  const permissionOf = new Map(people.map(({ login, permission }) => [login, permission]));
  const having = (wanted: PersonFound['permission'], users: readonly string[]) =>
    users.filter((login) => permissionOf.get(login) === wanted);
  const everybody = [...new Set([...approval.users, ...emergency.users])];
  const gone = having('none', everybody);
  const readers = having('read', everybody);
  const unseen = having(undefined, everybody);
  const writers = everybody.length - gone.length - readers.length - unseen.length;
  const nobodyLeft =
    approval.teams.length === 0 &&
    approval.users.length > 0 &&
    having('none', approval.users).length === approval.users.length;
  const teams = [...new Set([...approval.teams, ...emergency.teams])];
  return [
    ...(gone.length > 0 ? [unknown(gone, nobodyLeft)] : []),
    ...(readers.length > 0 ? [mayNotWrite(readers)] : []),
    ...(unseen.length > 0 ? [notSeen(unseen)] : []),
    ...(writers > 0 && writers === everybody.length ? [allWrite(everybody)] : []),
    ...(teams.length > 0 ? [teamsNotSeen(teams)] : []),
  ];
}

const unknown = (logins: readonly string[], nobodyLeft: boolean): Finding =>
  finding(
    'people-unknown',
    nobodyLeft ? 'problem' : 'warning',
    `The policy names ${listed(logins)}: no such account, or without access to the repository.`,
    nobodyLeft
      ? 'No named approver is left: what needs approval cannot be approved.'
      : 'Whoever takes a name that is free could decide in the place of the person you meant.',
    'Correct the name, give access, or take it out of the policy.',
  );

const mayNotWrite = (logins: readonly string[]): Finding =>
  finding(
    'people-may-not-write',
    'warning',
    `The policy names ${listed(logins)}, who may read the repository but not write to it.`,
    'Threatgate counts their approvals; GitHub does not count them among the reviews that a branch requires.',
    'Give them the role `write`, or name somebody who has it.',
  );

const notSeen = (logins: readonly string[]): Finding =>
  finding(
    'people-not-seen',
    'note',
    `Whether ${listed(logins)} exist and may write could not be seen with this token.`,
    undefined,
    'Ask with the token of somebody who may write to the repository.',
  );

const allWrite = (logins: readonly string[]): Finding =>
  finding('people-may-write', 'good', `Everybody whom the policy names may write: ${listed(logins)}.`);

const teamsNotSeen = (teams: readonly string[]): Finding =>
  finding(
    'teams-not-seen',
    'note',
    `Who is in ${listed(teams)} is not looked at.`,
    'GitHub tells about one member at a time. A team without a member who is independent of a change approves nothing.',
  );
