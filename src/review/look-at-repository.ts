import type { LookDeps } from './deps.ts';
import { policyChange } from './look-at-branch.ts';
import type { OpenPullRequest, RepositoryState } from './hosting.ts';
import { readMemory } from './pull-request/memory.ts';
import { workOf } from './pull-request/publish.ts';
import type { CheckRow, Lease, PullRequestRow, RepositoryRow } from './store.ts';
import type { RepositoryRef, Work } from './work.ts';

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
  const [row, signals] = await Promise.all([store.repository(repository.id), store.signals(lease.key)]);
  const state = await hosting.repositoryState(repository);
  const now = deps.now();
  const handled = signals.map((s) => s.id);
  if (!state) {
    const gone = row ? { repository: { ...row, active: false, sweptAt: now } } : {};
    await store.apply(lease, { handled, ...gone }, now);
    return;
  }
  const branches = await hosting.protectedBranches(repository);
  const rules = policyChange(state, row, now, installation);
  const next: RepositoryRow = {
    tips: '{}',
    ...row,
    repository: state.repository,
    installation,
    active: true,
    defaultBranch: state.defaultBranch,
    protectedBranches: JSON.stringify(branches),
    ...(rules ? { policy: rules.policy } : {}),
    sweptAt: now,
  };
  await store.apply(
    lease,
    {
      handled,
      repository: next,
      records: rules?.records ?? [],
      documents: rules?.documents ?? [],
      want: [
        ...(rules?.want ?? []),
        ...(await unseen(state, installation, deps)),
        ...(movedUnseen(state, next) ? [branchWork(next, state.defaultBranch)] : []),
      ],
    },
    now,
  );
}

async function unseen(
  state: RepositoryState,
  installation: number,
  deps: LookDeps,
): Promise<readonly Work[]> {
  const rows = await deps.store.openPullRequests(state.repository.id);
  const known = new Map(rows.map((r) => [r.number, r]));
  const out: Work[] = [];
  for (const open of state.open) {
    const row = known.get(open.number);
    const checks = row?.head === open.head ? await deps.store.checks(state.repository.id, open.head) : [];
    if (!isServed(open, row, checks, deps.now()))
      out.push({
        installation,
        subject: { kind: 'pull-request', repository: state.repository, number: open.number },
      });
  }
  // What is no longer in the list of open ones was closed or merged; in a list that was cut short it may only be further down.
  const listed = new Set(state.open.map((o) => o.number));
  const ended = state.complete ? rows.filter((r) => !listed.has(r.number)).map(workOf) : [];
  return [...out, ...ended];
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
  const tips = JSON.parse(row.tips) as Readonly<Record<string, string>>;
  return state.defaultTip !== undefined && tips[state.defaultBranch] !== state.defaultTip;
}

function branchWork(row: RepositoryRow, branch: string): Work {
  return {
    installation: row.installation,
    subject: { kind: 'push', repository: row.repository, branch },
  };
}
