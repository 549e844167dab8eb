import { conclude } from '../../core/assess.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { BranchCommit } from '../hosting.ts';
import { gather } from '../gather.ts';
import { policyOfFiles } from '../read-policy.ts';
import { patiently, type AfreshDeps } from './deps.ts';

/** What came to a branch with one push. */
export interface Arrival {
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string;
  /** Newest first. */
  readonly commits: readonly BranchCommit[];
  readonly direct: readonly BranchCommit[];
  /** False when the push has more commits than were looked at. */
  readonly complete: boolean;
  /** What the whole push changes, judged as if it were a pull request that nobody approved; only where something is direct. */
  readonly verdict?: Verdict;
}

const MOST_COMMITS = 200;

/** Commits that belong to no merged pull request came past the gate: they are named, with what they change. */
export async function judgePush(
  push: { readonly branch: string; readonly before: string | undefined; readonly after: string },
  deps: AfreshDeps,
): Promise<Arrival> {
  const { hosting, repository } = deps;
  const { commits, complete } = await patiently(deps, () =>
    hosting.branchCommits(repository, push.branch, push.before, MOST_COMMITS),
  );
  const direct = commits.filter((c) => !c.pullRequests.some((p) => p.merged));
  const arrival = { ...push, commits, direct, complete };
  if (direct.length === 0 || push.before === undefined) return arrival;
  return { ...arrival, verdict: await verdictOf(push.before, push.after, deps) };
}

async function verdictOf(before: string, after: string, deps: AfreshDeps): Promise<Verdict> {
  const { hosting, repository, analyse, now } = deps;
  const state = await patiently(deps, () => hosting.repositoryState(repository));
  const absent = { kind: 'absent' } as const;
  const { policy, doubts } = await policyOfFiles(
    repository.name,
    state?.policy ?? absent,
    state?.organisationPolicy ?? absent,
  );
  const { change, models } = await patiently(deps, () =>
    gather(hosting.repository(repository), before, after, policy),
  );
  return conclude(await analyse({ change, models, policy, doubts }), { entries: [] }, now());
}
