import type { Comparison, ListedCommit, Missing, RecordedChange } from '../core/audit/reconciliation.ts';
import { reachOf } from '../core/audit/reconcile.ts';
import { instantOf } from '../core/audit/instants.ts';
import { NotThere } from '../review/hosting-errors.ts';
import type { BranchCommit, Hosting } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';

/** First parents that are walked at most. `branchCommits` reads twice as many commits, those of merged branches among them. */
export const MOST_COMMITS = 10_000;
/** Commits that are asked for one by one. */
const MOST_ASKED = 20;

export interface Walk {
  /** Newest commit of the branch; undefined when there is no such branch. */
  readonly tip: string | undefined;
  /** Newest first. */
  readonly commits: readonly ListedCommit[];
  /**
   * `record`: at a commit that was on record before the period. `root`: at the first commit of all. `bound`: what lies below
   * is not known.
   */
  readonly end: 'record' | 'root' | 'bound';
  /** When the last one that was walked says that it was made. */
  readonly oldest: string | undefined;
}

type Asked = Pick<Comparison, 'period' | 'branch' | 'marginMs'>;

/**
 * From the tip to a commit that was on record before the period and its margin. Whatever came later is above that one, whatever
 * the dates of the commits say.
 */
export async function walkBranch(
  hosting: Hosting,
  repository: RepositoryRef,
  changes: readonly RecordedChange[],
  asked: Asked,
): Promise<Walk> {
  const anchor = anchorOf(changes, asked);
  if (anchor) {
    const { tip, commits, complete } = await hosting.branchCommits(
      repository,
      asked.branch,
      anchor.commit,
      MOST_COMMITS,
    );
    if (complete && tip !== undefined)
      return ended(tip, [...listed(commits), asListed(anchor, commits)], 'record');
    const reach = reachOf(listed(commits), changes, asked);
    if (reach !== undefined) return ended(tip, listed(commits).slice(0, reach), 'record');
  }
  const { tip, commits, complete } = await hosting.branchCommits(
    repository,
    asked.branch,
    undefined,
    MOST_COMMITS,
  );
  const all = listed(commits);
  const reach = reachOf(all, changes, asked);
  return reach === undefined
    ? ended(tip, all, complete ? 'root' : 'bound')
    : ended(tip, all.slice(0, reach), 'record');
}

type Anchor = RecordedChange & { readonly commit: string };

/** The newest change before the period of which the commit is known. */
function anchorOf(changes: readonly RecordedChange[], { period, marginMs }: Asked): Anchor | undefined {
  const start = instantOf(period.from) - marginMs;
  return changes
    .filter((c): c is Anchor => c.commit !== undefined && instantOf(c.at) < start)
    .sort((a, b) => instantOf(b.at) - instantOf(a.at))[0];
}

const listed = (commits: readonly BranchCommit[]): readonly ListedCommit[] =>
  commits.map((commit, depth) => ({ ...commit, depth }));

/** The walk ends before it: it is known by its record. */
const asListed = ({ commit, at, by }: Anchor, above: readonly BranchCommit[]): ListedCommit => ({
  id: commit,
  depth: above.length,
  by,
  at,
  pullRequests: [],
});

const ended = (tip: string | undefined, commits: readonly ListedCommit[], end: Walk['end']): Walk => ({
  tip,
  commits,
  end,
  oldest: commits.at(-1)?.at,
});

/** Which of them the branch has by another line than that of first parents, as merging it into something else leaves them. */
export async function reachable(
  hosting: Hosting,
  repository: RepositoryRef,
  missing: readonly Missing[],
  { branch, walk }: Comparison,
): Promise<ReadonlySet<string>> {
  const commits = missing.flatMap(({ change }) => change.commit ?? []);
  const found = new Set<string>();
  if (walk.tip === undefined) return found;
  for (const commit of [...new Set(commits)].slice(0, MOST_ASKED))
    if (await isOnBranch(hosting, repository, commit, branch)) found.add(commit);
  return found;
}

async function isOnBranch(
  hosting: Hosting,
  repository: RepositoryRef,
  commit: string,
  branch: string,
): Promise<boolean> {
  try {
    return await hosting.isOnBranch(repository, commit, branch);
  } catch (error) {
    // GitHub forgets commits that nothing leads to.
    if (error instanceof NotThere) return false;
    throw error;
  }
}
