import type { Doubt } from '../../core/model/doubt.ts';
import { compareTrees } from '../compare-trees.ts';
import type { Tree } from '../ports.ts';

/**
 * Whether two trees differ in as many files as GitHub says the pull request changes. GitHub counts a rename once where the
 * trees have a removal and an addition, and counts a file whose mode alone changed. Any other difference means that one of
 * the two speaks of another change, and then nothing may pass.
 */
export function countFits(base: Tree, head: Tree, changedFiles: number): boolean {
  const changes = compareTrees(base, head);
  const added = changes.filter((c) => c.status === 'added').length;
  const removed = changes.filter((c) => c.status === 'removed').length;
  const total = changes.length + modeChanges(base, head);
  return changedFiles <= total && changedFiles >= total - Math.min(added, removed);
}

function modeChanges(base: Tree, head: Tree): number {
  const before = new Map(base.entries.map((e) => [e.path, e]));
  return head.entries.filter((e) => {
    const old = before.get(e.path);
    return old !== undefined && old.id === e.id && old.kind === e.kind && old.executable !== e.executable;
  }).length;
}

export function countDoubt(changedFiles: number): Doubt {
  return {
    code: 'file-list-incomplete',
    message: `GitHub says that ${changedFiles} files change, but the trees of the merge base and the head differ otherwise.`,
    remedy:
      'Comment `/threatgate recheck`. If it stays, merge the base branch into the pull request, so that both agree on where it starts.',
    weight: 'doubt',
  };
}
