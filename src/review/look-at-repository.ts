import { askedAgain } from './asked-again.ts';
import type { LookDeps } from './deps.ts';
import type { OpenPullRequest, RepositoryState } from './hosting.ts';
import { digestOfRules, policyChange } from './policy-change.ts';
import { readMemory } from './pull-request/memory.ts';
import { workOf } from './pull-request/subject.ts';
import type { CheckRow, Lease, PullRequestRow, RepositoryRow, Store } from './store.ts';
import { readTips, writeTips } from './branch/tips.ts';
import { keyOf, type RepositoryRef, type Work } from './work.ts';

/**
 * A sweep: whatever an event that never came would have told is found here. Every open pull request without our completed
 * check on its head is looked at, so is every one that ended unseen, and the default branch when it moved.
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
  const branches = await hosting.protectedBranches(repository);
  // As it is now: another look at the same repository may have written it in the meantime.
  const row = await store.repository(repository.id);
  const rules = await policyChange(state, row, lease, deps);
  const next = rowOf(state, branches, row, lease, deps.now());
  const again = await askedAgain(state, signals, lease, store);
  await store.apply(
    lease,
    {
      handled,
      repository: { ...next, ...(rules ? { policy: rules.policy } : {}) },
      records: rules?.records ?? [],
      documents: rules?.documents ?? [],
      checks: again.checks,
      want: [
        ...(rules?.want ?? []),
        ...again.want,
        ...(await unseen(state, installation, deps)),
        ...(movedUnseen(state, next) ? [branchWork(next, state.defaultBranch)] : []),
        ...(await newlyProtected(branches, row, next, store)),
      ],
    },
    deps.now(),
  );
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

function rowOf(
  { repository, defaultBranch, defaultTip }: RepositoryState,
  branches: readonly string[],
  row: RepositoryRow | undefined,
  { work: { installation } }: Lease,
  now: string,
): RepositoryRow {
  const kept = readTips(row).filter(([branch]) => branch === defaultBranch || branches.includes(branch));
  // A default branch that was never seen before is accounted for from here on.
  const isNew = defaultTip !== undefined && !kept.some(([branch]) => branch === defaultBranch);
  return {
    active: true,
    installation,
    ...row,
    repository,
    defaultBranch,
    protectedBranches: JSON.stringify(branches),
    tips: writeTips(isNew ? [...kept, [defaultBranch, defaultTip]] : kept),
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

function movedUnseen(state: RepositoryState, row: RepositoryRow): boolean {
  const tip = readTips(row).find(([branch]) => branch === state.defaultBranch)?.[1];
  return state.defaultTip !== undefined && tip !== state.defaultTip;
}

/** Protected since the last sweep, and told of: one that was created so may have commits that nobody asked us about. */
async function newlyProtected(
  branches: readonly string[],
  row: RepositoryRow | undefined,
  next: RepositoryRow,
  store: Pick<Store, 'signals'>,
): Promise<readonly Work[]> {
  const before = new Set([row?.defaultBranch, ...(JSON.parse(row?.protectedBranches ?? '[]') as string[])]);
  const out: Work[] = [];
  for (const branch of branches) {
    const work = branchWork(next, branch);
    if (!before.has(branch) && (await store.signals(keyOf(work))).length > 0) out.push(work);
  }
  return out;
}

function branchWork(row: RepositoryRow, branch: string): Work {
  return {
    installation: row.installation,
    subject: { kind: 'push', repository: row.repository, branch },
  };
}
