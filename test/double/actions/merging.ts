import { mergeCommit, type MergeMethod } from '../git/building.ts';
import type { Account, PullRequest } from '../state/nouns.ts';
import { mayWrite, noReply } from '../state/people.ts';
import { tipOf } from '../state/pulls.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { markMerged } from './pulls.ts';
import { moveBranch } from './pushes.ts';
import { bindingRules, requireChecks } from './rules.ts';

export interface MergeInput {
  readonly pull: PullRequest;
  readonly by: Account;
  readonly method: MergeMethod;
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

/** Merges by button: refused while a required check is not green on the head, unless the rules let this person through. */
export function mergePull(world: World, input: MergeInput): string {
  const { pull, by, method } = input;
  const { repository } = pull;
  if (!mayWrite(world, repository, by)) throw new Refusal(403, 'Must have write access to the repository.');
  if (pull.state !== 'open' || pull.draft) throw new Refusal(405, 'Pull Request is not mergeable');
  if (input.sha !== undefined && input.sha !== pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  const rules = bindingRules(repository, pull.baseRef, by);
  requireChecks(world, repository, pull.headSha, rules);
  if (rules.some((each) => each.mergeQueue !== undefined))
    throw new Refusal(405, 'Changes must be made through the merge queue');
  const sha = mergedCommit(world, pull, method, by, input.title, input.message);
  moveBranch(world, { repository, branch: pull.baseRef, sha, by, kind: 'pr_merge' });
  markMerged(world, pull, by, sha);
  return sha;
}

function mergedCommit(
  world: World,
  pull: PullRequest,
  method: MergeMethod,
  by: Account,
  title?: string,
  body?: string,
): string {
  const base = tipOf(pull.repository, pull.baseRef);
  const sha =
    base === undefined
      ? undefined
      : buildMerge(world, { pull, base, method, by, message: messageOf(pull, method, title, body) });
  if (sha === undefined) throw new Refusal(405, 'Merge conflict');
  return sha;
}

function messageOf(pull: PullRequest, method: MergeMethod, title?: string, body?: string): string {
  const standard =
    method === 'squash'
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${pull.headRepository.owner.login}/${pull.headRef}`;
  const rest = body ?? (method === 'merge' ? pull.title : undefined);
  return rest === undefined ? (title ?? standard) : `${title ?? standard}\n\n${rest}`;
}

export interface BuildInput {
  readonly pull: PullRequest;
  readonly base: string;
  readonly method: MergeMethod;
  readonly by: Account;
  readonly message?: string;
}

/** The commit that merging would make on top of another; nothing when there is a conflict. */
export function buildMerge(world: World, input: BuildInput): string | undefined {
  return mergeCommit(input.pull.repository.objects, {
    base: input.base,
    head: input.pull.headSha,
    method: input.method,
    message: input.message ?? messageOf(input.pull, input.method),
    by: { name: input.by.name, email: noReply(input.by), at: world.now },
  });
}
