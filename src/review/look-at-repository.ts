import { askedAgain } from './asked-again.ts';
import type { LookDeps } from './deps.ts';
import { publishHead } from './heads.ts';
import type { BranchTip, OpenPullRequest, RepositoryState } from './hosting.ts';
import { digestOfRules, policyChange } from './policy-change.ts';
import { readMemory } from './pull-request/memory.ts';
import { workOf } from './pull-request/subject.ts';
import { reReview } from './re-review.ts';
import { lastModelsRecord, modelsChange } from './record-models.ts';
import { rulesChange } from './rules-change.ts';
import type { CheckRow, Lease, PullRequestRow, RepositoryRow, Store } from './store.ts';
import { readTips, tipOf, writeTips } from './branch/tips.ts';
import { keyOf, type RepositoryRef, type Work } from './work.ts';

/**
 * A sweep: whatever an event that never came would have told is found here. Every open pull request without our completed
 * check on its head is looked at, so is every one that ended unseen, and the guarded branches that moved.
 */
export async function lookAtRepository(
  repository: RepositoryRef,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { store } = deps;
  const { installation } = lease.work;
  const hosting = deps.app.installation(installation);
  const signals = await store.signals(lease.key);
  const handled = signals.map((s) => s.id);
  const state = await hosting.repositoryState(repository);
  if (!state) return gone(repository, handled, lease, deps);
  const branches = guarded(state, await hosting.protectedBranches(repository));
  // As it is now: another look at the same repository may have written it in the meantime.
  const row = await store.repository(repository.id);
  const policy = await policyChange(state, row, lease, deps);
  const rules = await rulesChange(state, branches, row, hosting, deps);
  // Later ones are seen when the branch moves.
  const models = (await lastModelsRecord(repository, store))
    ? undefined
    : await modelsChange(state, hosting, deps);
  const told = await toldOf(branches, lease, repository, store);
  const next = rowOf(state, branches, told, row, lease, deps.now());
  const again = await askedAgain(state, signals, lease, store);
  await store.apply(
    lease,
    {
      handled,
      repository: {
        ...next,
        ...(policy ? { policy: policy.policy } : {}),
        ...(rules ? { rulesReadAt: rules.readAt } : {}),
      },
      records: [policy, rules, models].flatMap((change) => change?.records ?? []),
      documents: [policy, rules, models].flatMap((change) => change?.documents ?? []),
      checks: again.checks,
      want: [
        ...(policy?.want ?? []),
        ...again.want,
        ...(await unseen(state, installation, deps)),
        ...movedUnseen(branches, next),
        ...newlyProtected(told, row, next),
      ],
    },
    deps.now(),
  );
  await reReview(state, hosting, lease, deps);
  await publishHead(state, lease, hosting, deps);
}

/** Deleted, transferred, or taken from us: the installation knows which repositories it has. */
async function gone(
  repository: RepositoryRef,
  handled: readonly number[],
  lease: Lease,
  { store, now }: LookDeps,
): Promise<void> {
  const row = await store.repository(repository.id);
  const { installation } = lease.work;
  await store.apply(
    lease,
    {
      handled,
      ...(row ? { repository: { ...row, sweptAt: now() } } : {}),
      want: [{ installation, subject: { kind: 'installation' } }],
    },
    now(),
  );
}

/** The default branch, and whatever is protected. An empty repository has none. */
function guarded(
  { defaultBranch, defaultTip }: RepositoryState,
  branches: readonly BranchTip[],
): readonly BranchTip[] {
  const main = defaultTip === undefined ? [] : [{ name: defaultBranch, tip: defaultTip }];
  return [...main, ...branches.filter(({ name }) => name !== defaultBranch)];
}

function rowOf(
  { repository, defaultBranch }: RepositoryState,
  branches: readonly BranchTip[],
  told: ReadonlySet<string>,
  row: RepositoryRow | undefined,
  { work: { installation } }: Lease,
  now: string,
): RepositoryRow {
  const names = new Set([defaultBranch, ...branches.map(({ name }) => name)]);
  const kept = readTips(row).filter(([branch]) => names.has(branch));
  // The default branch, and everything in a repository that is new to us, is accounted for from here on. Of another branch
  // events tell where it begins: only when none came until the next sweep it begins there.
  const seen = new Set(row?.sweptAt === undefined ? names : protectedOf(row));
  const fresh = branches
    .filter(({ name }) => tipOf(kept, name) === undefined)
    .filter(({ name }) => name === defaultBranch || (seen.has(name) && !told.has(name)));
  return {
    active: true,
    installation,
    ...row,
    repository,
    defaultBranch,
    protectedBranches: JSON.stringify([...names]),
    tips: writeTips([...kept, ...fresh.map(({ name, tip }) => [name, tip] as const)]),
    sweptAt: now,
  };
}

async function unseen(
  state: RepositoryState,
  installation: number,
  deps: LookDeps,
): Promise<readonly Work[]> {
  const rows = await deps.store.openPullRequests(state.repository.id);
  const known = new Map(rows.map((r) => [r.number, r]));
  const rules = digestOfRules(state);
  const out: Work[] = [];
  for (const open of state.open) {
    const row = known.get(open.number);
    const checks = row?.head === open.head ? await deps.store.checks(state.repository.id, open.head) : [];
    if (readMemory(row?.memory).rules !== rules || !isServed(open, row, checks, deps.now()))
      out.push({
        installation,
        subject: { kind: 'pull-request', repository: state.repository, number: open.number },
      });
  }
  // What is no longer in the list of open ones was closed or merged; in a list that was cut short it may only be further down.
  const listed = new Set(state.open.map((o) => o.number));
  const ended = state.complete ? rows.filter((r) => !listed.has(r.number)) : [];
  return [...out, ...ended.map((row) => workOf({ ...row, installation, repository: state.repository }))];
}

function isServed(
  open: OpenPullRequest,
  row: PullRequestRow | undefined,
  checks: readonly CheckRow[],
  now: string,
): boolean {
  const { until, updatedAt } = readMemory(row?.memory);
  return (
    (until === undefined || until > now) &&
    updatedAt === open.updatedAt &&
    row?.state === 'open' &&
    row.head === open.head &&
    row.baseRef === open.baseRef &&
    checks.some((c) => c.subject === `pull/${open.number}` && c.run !== undefined && c.written !== undefined)
  );
}

const protectedOf = (row: RepositoryRow | undefined): readonly string[] =>
  JSON.parse(row?.protectedBranches ?? '[]') as string[];

function movedUnseen(branches: readonly BranchTip[], row: RepositoryRow): readonly Work[] {
  const tips = readTips(row);
  return branches
    .filter(({ name, tip }) => (tipOf(tips, name) ?? tip) !== tip)
    .map(({ name }) => branchWork(row, name));
}

/** Branches that events have told of, and that nobody has looked at since. */
async function toldOf(
  branches: readonly BranchTip[],
  { work: { installation } }: Lease,
  repository: RepositoryRef,
  store: Pick<Store, 'signals'>,
): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for (const { name } of branches) {
    const key = keyOf({ installation, subject: { kind: 'push', repository, branch: name } });
    if ((await store.signals(key)).length > 0) told.add(name);
  }
  return told;
}

/** Protected since the last sweep, and told of: one that was created so may have commits that nobody asked us about. */
function newlyProtected(
  told: ReadonlySet<string>,
  row: RepositoryRow | undefined,
  next: RepositoryRow,
): readonly Work[] {
  const before = new Set([row?.defaultBranch, ...protectedOf(row)]);
  return [...told].filter((branch) => !before.has(branch)).map((branch) => branchWork(next, branch));
}

function branchWork(row: RepositoryRow, branch: string): Work {
  return {
    installation: row.installation,
    subject: { kind: 'push', repository: row.repository, branch },
  };
}
