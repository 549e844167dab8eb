/** What a branch demands before it moves. */
import type { CheckRun } from '../state/checks.ts';
import type { Account, BranchRules, Repository, RequiredCheck } from '../state/nouns.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';

export function rulesOn(repository: Repository, branch: string): BranchRules[] {
  return repository.rules.filter((rules) => rules.branch === branch || rules.branch === '~ALL');
}

/** Rules that bind this person; some may bypass them on pull requests only. */
export function bindingRules(
  repository: Repository,
  branch: string,
  actor: Account,
  on: 'pull_request' | 'push' = 'pull_request',
): BranchRules[] {
  const login = actor.login.toLowerCase();
  return rulesOn(repository, branch).filter(
    (rules) =>
      !rules.bypass.some((each) => each.toLowerCase() === login) ||
      (on === 'push' && rules.bypassMode === 'pull_request'),
  );
}

/** These let a required check pass; everything else blocks. */
const PASSING = new Set(['success', 'neutral', 'skipped']);

export function latestRuns(runs: readonly CheckRun[]): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of [...runs].sort((a, b) => a.id - b.id)) latest.set(`${run.suite.id} ${run.name}`, run);
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

function passes(world: World, repository: Repository, sha: string, required: RequiredCheck): boolean {
  const runs = latestRuns(world.checkRunsOf(repository, sha)).filter(
    (run) =>
      run.name === required.context &&
      (required.integrationId === undefined || run.suite.app.id === required.integrationId),
  );
  return (
    runs.length > 0 && runs.every((run) => run.status === 'completed' && PASSING.has(run.conclusion ?? ''))
  );
}

/** Required checks that a commit has not passed. */
export function missingChecks(
  world: World,
  repository: Repository,
  sha: string,
  rules: readonly BranchRules[],
): string[] {
  return rules
    .flatMap((each) => each.requiredChecks)
    .filter((required) => !passes(world, repository, sha, required))
    .map((required) => required.context);
}

export function requireChecks(
  world: World,
  repository: Repository,
  sha: string,
  rules: readonly BranchRules[],
): void {
  const [first] = missingChecks(world, repository, sha, rules);
  if (first === undefined) return;
  const state = world.checkRunsOf(repository, sha).some((run) => run.name === first)
    ? 'is not successful'
    : 'is expected';
  throw new Refusal(405, `Required status check "${first}" ${state}.`);
}
