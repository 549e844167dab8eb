import { canonicalJson } from '../digest.ts';
import type { Bypass, BranchRules, Rules } from '../model/branch-rules.ts';
import { compare } from './order.ts';

/** A guarded branch with what GitHub demands of it; undefined where the App is not told. */
export interface RuledBranch {
  readonly branch: string;
  readonly rules: BranchRules | undefined;
}

/** The text that is stored: the same rules, the same text, in whatever order GitHub lists them and whatever the tip is. */
export function rulesText(branches: readonly RuledBranch[]): string {
  return canonicalJson({
    schema: '1.0',
    branches: [...branches]
      .sort((a, b) => compare(a.branch, b.branch))
      .map(({ branch, rules }) => ({
        branch,
        complete: rules?.complete ?? false,
        rules: (rules?.rules ?? []).map(canonicalRules).sort(),
      })),
  });
}

/** As text, so that they have an order. */
function canonicalRules(rules: Rules): string {
  return canonicalJson({
    ...rules,
    checks: rules.checks.map(canonicalJson).sort(),
    workflows: [...rules.workflows].sort(),
    bypass: rules.bypass?.map(canonicalJson).sort(),
  });
}

/** What holds, one sentence each, sorted: a sentence that comes is a rule that begins, one that goes a rule that ends. */
export function statementsOf(branches: readonly RuledBranch[]): readonly string[] {
  const all = branches.flatMap(({ branch, rules }) =>
    (rules === undefined
      ? ['What GitHub demands is not told to the App.']
      : [...rules.rules.flatMap(statementsOfRules), ...gapsOf(rules)]
    ).map((sentence) => `${branch}: ${sentence}`),
  );
  return [...new Set(all)].sort(compare);
}

const gapsOf = ({ rules, complete }: BranchRules): readonly string[] => [
  ...(rules.length === 0 ? ['GitHub demands nothing.'] : []),
  ...(complete ? [] : ['There is branch protection that the App is not told all of.']),
];

function statementsOfRules(rules: Rules): readonly string[] {
  const by = rules.kind === 'protection' ? 'branch protection' : `ruleset ${quoted(rules.name)}`;
  const when = (holds: boolean, sentence: string): readonly string[] => (holds ? [sentence] : []);
  return [
    ...rules.checks.map(({ name, source }) => {
      const from = source === undefined ? 'reported by anybody' : `reported by App ${source}`;
      return `The check ${quoted(name)} has to pass, ${from} (${by}).`;
    }),
    ...rules.workflows.map((file) => `The workflow ${quoted(file)} has to pass (${by}).`),
    ...when(rules.pullRequest !== undefined, `Changes come by pull requests (${by}).`),
    ...when(rules.pullRequest?.dismissesStale === true, `New commits dismiss approvals (${by}).`),
    ...when(rules.mergeQueue, `Merges go through a queue (${by}).`),
    ...when(rules.refusesForcePush, `History cannot be rewritten (${by}).`),
    ...when(rules.refusesDeletion, `The branch cannot be deleted (${by}).`),
    ...(rules.bypass?.map((each) => bypassing(each, by)) ?? [
      `Who may bypass it is not told to the App (${by}).`,
    ]),
  ];
}

const WHO: Readonly<Record<Bypass['who'], string>> = {
  app: 'App',
  'organisation-admins': 'Administrators of the organisation',
  role: 'Role',
  team: 'Team',
  'deploy-key': 'Deploy keys',
  user: 'Account',
  admins: 'Administrators of the repository',
};

const HOW: Readonly<Record<Bypass['mode'], string>> = {
  always: 'may bypass it always',
  'pull-request': 'may bypass it by pull requests',
  exempt: 'is exempt from it, and GitHub keeps no note of that',
};

function bypassing({ who, id, mode }: Bypass, by: string): string {
  return `${WHO[who]}${id === undefined ? '' : ` ${id}`} ${HOW[mode]} (${by}).`;
}

const quoted = (name: string | undefined): string =>
  name === undefined ? 'without a name' : JSON.stringify(name);

/** Whether a check of this name has to pass before the branch moves, and who may report it. */
export function requiredness(
  name: string,
  rules: BranchRules | undefined,
): 'pinned' | 'any-source' | 'no' | 'unknown' {
  if (rules === undefined) return 'unknown';
  const required = rules.rules.flatMap(({ checks }) => checks.filter((check) => check.name === name));
  if (required.some(({ source }) => source !== undefined)) return 'pinned';
  if (required.length > 0) return 'any-source';
  return rules.complete ? 'no' : 'unknown';
}
