import type { Account, Activity, Repository } from '../state/nouns.ts';
import { mayWrite } from '../state/people.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { checkSuiteEvent, NO_COMMIT, pullEvent, pushEvent } from '../webhooks/events.ts';
import { suiteFor } from './checks.ts';
import { markMerged } from './pulls.ts';
import { bindingRules, missingChecks } from './rules.ts';

export interface PushInput {
  readonly repository: Repository;
  readonly branch: string;
  readonly sha: string;
  readonly by: Account;
  readonly force?: boolean;
}

/** A push by a person: refused where the branch's rules bind them. */
export function push(world: World, input: PushInput): void {
  const { repository, branch, by, sha } = input;
  if (!mayWrite(world, repository, by)) throw new Refusal(403, `${by.login} may not push here.`);
  if (!repository.objects.commit(sha)) throw invalid([`No commit found for SHA: ${sha}`]);
  const rules = bindingRules(repository, branch, by, 'push');
  const [missing] = missingChecks(world, repository, sha, rules);
  const forced = input.force === true && rules.some((each) => each.nonFastForward);
  if (missing !== undefined || forced || rules.some((each) => each.requirePullRequest))
    throw new Refusal(422, `GH006: Protected branch update failed for refs/heads/${branch}.`);
  const before = repository.refs.get(`refs/heads/${branch}`);
  if (before !== undefined && !input.force && !repository.objects.isAncestor(before, sha))
    throw new Refusal(422, 'Update is not a fast forward');
  moveBranch(world, { ...input, kind: kindOf(before, input.force) });
  mergeContained(world, repository, branch, by);
}

function kindOf(before: string | undefined, force: boolean | undefined): Activity['kind'] {
  if (before === undefined) return 'branch_creation';
  return force ? 'force_push' : 'push';
}

/** Moves a branch and tells everybody: the push, new check suites, pull requests that come from it. */
export function moveBranch(world: World, input: PushInput & { readonly kind: Activity['kind'] }): void {
  const { repository, branch, sha, by, kind } = input;
  const ref = `refs/heads/${branch}`;
  const before = repository.refs.get(ref) ?? NO_COMMIT;
  if (before === sha) return;
  repository.refs.set(ref, sha);
  repository.pushedAt = world.now;
  const id = world.nextId();
  repository.activities.push({ id, ref, before, after: sha, at: world.now, kind, actor: by });
  pushEvent(world, repository, { ref, before, after: sha, forced: kind === 'force_push' }, by);
  requestSuites(world, repository, branch, sha, by);
  synchronise(world, input);
}

export function removeBranch(world: World, repository: Repository, branch: string, by: Account): void {
  const ref = `refs/heads/${branch}`;
  const before = repository.refs.get(ref);
  if (before === undefined) return;
  repository.refs.delete(ref);
  repository.activities.push({
    id: world.nextId(),
    ref,
    before,
    after: NO_COMMIT,
    at: world.now,
    kind: 'branch_deletion',
    actor: by,
  });
  pushEvent(world, repository, { ref, before, after: NO_COMMIT, forced: false }, by);
}

/** GitHub opens a suite for every app that may write checks, for every commit pushed to the repository itself. */
function requestSuites(world: World, repository: Repository, branch: string, sha: string, by: Account): void {
  for (const { app } of world.installationsOn(repository)) {
    if (app.permissions['checks'] !== 'write') continue;
    const known = world.suitesOf(repository, sha).some((suite) => suite.app === app);
    const suite = suiteFor(world, { repository, app, headSha: sha, headBranch: branch });
    if (!known) checkSuiteEvent(world, suite, 'requested', by);
  }
}

function synchronise(world: World, { repository, branch, sha, by }: PushInput): void {
  for (const pull of world.pulls.values()) {
    if (pull.headRepository !== repository || pull.headRef !== branch || pull.state !== 'open') continue;
    const before = pull.headSha;
    const tip = pull.repository.refs.get(`refs/heads/${pull.baseRef}`);
    change(pull, world.now, { headSha: sha, ...(tip === undefined ? {} : { baseSha: tip }) });
    pullEvent(world, pull, 'synchronize', by, { before, after: sha });
  }
}

/** Whose head has arrived in its base by other means counts as merged. */
function mergeContained(world: World, repository: Repository, branch: string, by: Account): void {
  const tip = repository.refs.get(`refs/heads/${branch}`);
  if (tip === undefined) return;
  for (const pull of world.pullsOf(repository)) {
    if (pull.baseRef !== branch || pull.state !== 'open') continue;
    if (!repository.objects.isAncestor(pull.headSha, tip)) continue;
    markMerged(world, pull, by, tip);
  }
}
