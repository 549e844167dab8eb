import { later, type LookDeps } from './deps.ts';
import { Later } from './hosting-errors.ts';
import { lookAtBranch } from './look-at-branch.ts';
import { lookAtIssue } from './re-review/look-at-issue.ts';
import { lookAtInstallation } from './look-at-installation.ts';
import { lookAtMergeGroup } from './look-at-merge-group.ts';
import { lookAtRepository } from './look-at-repository.ts';
import { groupInDoubt } from './merge-group/groups.ts';
import { lookAtPullRequest } from './pull-request/look.ts';
import type { Lease } from './store.ts';
import type { RepositoryRef, Subject, Work } from './work.ts';

/**
 * The use case of the service: looks at one subject as it is now. Throws what `hosting.ts` and `store.ts` name, and then
 * has to be called again; calling it once more than needed changes nothing.
 */
export async function lookAt(lease: Lease, deps: LookDeps): Promise<void> {
  const { subject } = lease.work;
  if (subject.kind === 'installation') return lookAtInstallation(lease, deps);
  if (await comesUnderTheGate(subject, lease, deps)) await lookInside(subject, lease, deps);
}

type Inside = Exclude<Subject, { kind: 'installation' }>;

async function lookInside(subject: Inside, lease: Lease, deps: LookDeps): Promise<void> {
  const { repository } = subject;
  switch (subject.kind) {
    case 'pull-request':
      await lookAtPullRequest(repository, subject.number, lease, deps);
      return lookAgainAtGroup(repository, subject.number, lease, deps);
    case 'merge-group':
      return lookAtMergeGroup(subject, lease, deps);
    case 'push':
      return lookAtBranch(repository, subject.branch, lease, deps);
    case 'issue':
      return lookAtIssue(repository, subject.number, lease, deps);
    case 'repository':
      return lookAtRepository(repository, lease, deps);
  }
}

/** An installation that is looked at knows which repositories it has. */
const ADMITTED_WITHIN_MS = 5_000;

/**
 * False when there is nothing to look at. What waits in a repository that has left the gate must not wait for ever; of one
 * that nobody told us of, or that was moved to another installation, the installation knows.
 */
async function comesUnderTheGate(
  { kind, repository }: Inside,
  lease: Lease,
  deps: LookDeps,
): Promise<boolean> {
  const { store, now } = deps;
  const { work, attempts, key } = lease;
  const row = await store.repository(repository.id);
  const ask: Work = { installation: work.installation, subject: { kind: 'installation' } };
  if (row?.active !== true && (row || kind === 'repository')) {
    const signals = await store.signals(key);
    const want = kind === 'repository' ? [ask] : [];
    await store.apply(lease, { handled: signals.map((s) => s.id), want }, now());
    return false;
  }
  if (!row) {
    // An event of it came before the one that would have told of it, or that one never comes.
    await store.apply(lease, { want: [ask] }, now());
    return true;
  }
  if (row.installation === work.installation) return true;
  // Signals stay: they are dealt with by whoever has the rights.
  const again: Work = { ...work, installation: row.installation };
  await store.apply(lease, { want: attempts > 0 ? [ask, again] : [ask] }, now());
  if (attempts > 0) return false;
  throw new Later('the repository may have moved to another installation', later(now(), ADMITTED_WITHIN_MS));
}

async function lookAgainAtGroup(
  repository: RepositoryRef,
  number: number,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const want = await groupInDoubt(repository, number, lease, deps.store);
  if (want.length > 0) await deps.store.apply(lease, { want }, deps.now());
}
