import type { LookDeps } from './deps.ts';
import { lookAtBranch } from './look-at-branch.ts';
import { lookAtInstallation } from './look-at-installation.ts';
import { lookAtMergeGroup } from './look-at-merge-group.ts';
import { lookAtRepository } from './look-at-repository.ts';
import { lookAtPullRequest } from './pull-request/look.ts';
import type { Lease } from './store.ts';

/**
 * The use case of the service: looks at one subject as it is now. Throws what `hosting.ts` and `store.ts` name, and then
 * has to be called again; calling it once more than needed changes nothing.
 */
export function lookAt(lease: Lease, deps: LookDeps): Promise<void> {
  const { subject } = lease.work;
  switch (subject.kind) {
    case 'pull-request':
      return lookAtPullRequest(subject.repository, subject.number, lease, deps);
    case 'merge-group':
      return lookAtMergeGroup(subject, lease, deps);
    case 'push':
      return lookAtBranch(subject.repository, subject.branch, lease, deps);
    case 'repository':
      return lookAtRepository(subject.repository, lease, deps);
    case 'installation':
      return lookAtInstallation(lease, deps);
  }
}
