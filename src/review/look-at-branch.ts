import { arrivals, NOTHING, upTo, type Arrivals, type Move } from './branch/arrivals.ts';
import { directPush, rewriting } from './branch/records.ts';
import { readTips, tipOf, writeTips } from './branch/tips.ts';
import { later, type LookDeps } from './deps.ts';
import { Later } from './hosting-errors.ts';
import type { BranchCommit, Hosting } from './hosting.ts';
import { policyChange } from './policy-change.ts';
import { reviewAfterPush } from './re-review/after-bypass.ts';
import { modelsChange } from './record-models.ts';
import type { Lease, PullRequestRow, RepositoryRow, WaitingSignal } from './store.ts';
import type { RepositoryRef, Work } from './work.ts';

/** A commit is not called a direct push before GitHub had time to tell which pull request it belongs to. */
const LINKED_WITHIN_MS = 60_000;
/** Pushes to one branch that are remembered. */
const MOST_PUSHES = 30;

/**
 * A branch moved. On a protected one every commit has to come from a merged pull request: others are direct pushes, and go
 * on record now, because GitHub will not remember them for the auditor. On any other branch nothing is asked.
 */
export async function lookAtBranch(
  repository: RepositoryRef,
  branch: string,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { store } = deps;
  const [row, signals] = await Promise.all([store.repository(repository.id), store.signals(lease.key)]);
  if (!row || !isProtected(row, branch)) {
    // The last ones stay: they tell whoever looks at a pull request from this branch who pushed it.
    await store.apply(lease, { handled: signals.slice(0, -MOST_PUSHES).map((s) => s.id) }, deps.now());
    return;
  }
  const hosting = deps.app.installation(lease.work.installation);
  if (branch === row.defaultBranch && !(await followDefaultBranch(repository, hosting, lease, deps))) return;
  const moves = newsOf(movesOf(signals), tipOf(readTips(row), branch), lease, deps.now());
  const found = await arrivals(repository, branch, { row, moves }, hosting);
  await account(branch, found, signals, lease, deps);
}

function isProtected(row: RepositoryRow, branch: string): boolean {
  return (
    branch === row.defaultBranch || (JSON.parse(row.protectedBranches) as readonly string[]).includes(branch)
  );
}

const movesOf = (signals: readonly WaitingSignal[]): readonly Move[] =>
  signals.flatMap(({ id, guid, receivedAt, signal }) =>
    signal.kind === 'branch-moved' ? [{ ...signal, id, guid, receivedAt }] : [],
  );

/** Within this a sweep has told of a new branch that it is protected. */
const LISTED_WITHIN_MS = 20 * 60_000;

/**
 * Pushes to account for. Where nothing is accounted for yet, most of those that are remembered were none of ours: they came
 * before the branch was protected, unless it was so from the beginning.
 */
function newsOf(moves: readonly Move[], tip: string | undefined, lease: Lease, now: string): readonly Move[] {
  if (tip !== undefined) return moves;
  const created = moves.findLastIndex(
    (m) => NOTHING.test(m.before) && m.receivedAt > later(now, -LISTED_WITHIN_MS),
  );
  return created >= 0 ? moves.slice(created) : moves.filter((m) => m.receivedAt >= lease.since);
}

/**
 * Rules come from the default branch, and take effect before anything is waited for; what its threat models say goes on
 * record. False when the repository is gone.
 */
async function followDefaultBranch(
  repository: RepositoryRef,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<boolean> {
  const { store } = deps;
  const state = await hosting.repositoryState(repository);
  if (!state) {
    const signals = await store.signals(lease.key);
    const { installation } = lease.work;
    const want: readonly Work[] = [{ installation, subject: { kind: 'repository', repository } }];
    await store.apply(lease, { handled: signals.map((s) => s.id), want }, deps.now());
    return false;
  }
  const row = await store.repository(repository.id);
  const rules = await policyChange(state, row, lease, deps);
  if (rules && row) {
    const { policy, ...changes } = rules;
    await store.apply(lease, { ...changes, repository: { ...row, policy } }, deps.now());
  }
  const models = await modelsChange(state, hosting, deps);
  if (models) await store.apply(lease, models, deps.now());
  return true;
}

/** Every commit that arrived is accounted for: by the pull request it came from, or as a direct push. */
async function account(
  branch: string,
  found: Arrivals,
  signals: readonly WaitingSignal[],
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const rows = await rowsOf(found.repository, found.commits, deps);
  const now = deps.now();
  const until = linkedAt(directIn(found, branch), found.moves, lease, now);
  if (until === undefined || until <= now) {
    const handled = signals.map((s) => s.id);
    return put(branch, { found, rows, handled }, lease, deps);
  }
  // Where pushes never end, waiting for the last one would be waiting for ever.
  const settled = found.moves.filter((m) => later(m.receivedAt, LINKED_WITHIN_MS) <= now);
  const part = found.whole ? upTo(settled, found) : undefined;
  if (part) await put(branch, { found: part, rows, handled: settled.map((m) => m.id) }, lease, deps);
  throw new Later('GitHub may not have linked the commits with their pull requests yet', until);
}

type Rows = ReadonlyMap<number, PullRequestRow>;

interface Accounted {
  readonly found: Arrivals;
  readonly rows: Rows;
  /** Signals that are dealt with. */
  readonly handled: readonly number[];
}

async function put(
  branch: string,
  { found, rows, handled }: Accounted,
  lease: Lease,
  { store, now }: LookDeps,
): Promise<void> {
  const { repository, commits } = found;
  const row = await store.repository(repository.id);
  if (!row) return;
  const merged = commits.flatMap((c) => c.pullRequests.filter((p) => p.merged).map((p) => p.number));
  const tips = readTips(row).filter(([name]) => name !== branch);
  const tip = found.tip ?? tipOf(readTips(row), branch);
  const pushes = [
    ...directIn(found, branch).map((commit) => directPush(branch, commit, found, now())),
    ...(found.whole ? [] : [rewriting(branch, found, now())]),
  ];
  await store.apply(
    lease,
    {
      handled,
      records: [...pushes, ...(await reviewAfterPush(pushes, row, store))],
      repository: { ...row, tips: writeTips(tip === undefined ? tips : [...tips, [branch, tip]]) },
      want: [...new Set(merged)]
        .filter((number) => rows.get(number)?.state !== 'merged')
        .map((number) => ({
          installation: lease.work.installation,
          subject: { kind: 'pull-request', repository, number },
        })),
    },
    now(),
  );
}

/**
 * A pull request brings its commits to the branch that it was merged into, and to no other. GitHub says which one that was:
 * we may not have seen yet that it is merged, nor that it was pointed elsewhere before.
 */
const directIn = ({ commits }: Arrivals, branch: string): readonly BranchCommit[] =>
  commits.filter((c) => !c.pullRequests.some(({ merged, base }) => merged && base === branch));

async function rowsOf(
  repository: RepositoryRef,
  commits: readonly BranchCommit[],
  { store }: LookDeps,
): Promise<Rows> {
  const numbers = new Set(commits.flatMap((c) => c.pullRequests.map((p) => p.number)));
  const rows = new Map<number, PullRequestRow>();
  for (const number of numbers) {
    const row = await store.pullRequest(repository.id, number);
    if (row) rows.set(number, row);
  }
  return rows;
}

/** When GitHub has had time to link everything; undefined when there is nothing to be linked. */
function linkedAt(
  direct: readonly BranchCommit[],
  moves: readonly Move[],
  lease: Lease,
  now: string,
): string | undefined {
  if (direct.length === 0) return undefined;
  const heard = moves.map((m) => m.receivedAt).sort();
  // A clock that is ahead of ours by more than this is not GitHub's own.
  const young = direct.map((c) => new Date(c.at).toISOString()).filter((at) => at <= later(now, 30_000));
  const newest = [heard.at(-1) ?? lease.since, ...young].sort().at(-1);
  return newest === undefined ? undefined : later(newest, LINKED_WITHIN_MS);
}
