import type { RecordDraft } from '../../core/model/record.ts';
import type { BranchCommit } from '../hosting.ts';
import { moverOf, type Arrivals } from './arrivals.ts';

/** A commit that no pull request brought to the branch. */
export function directPush(branch: string, commit: BranchCommit, found: Arrivals, at: string): RecordDraft {
  const pusher = moverOf(commit.id, found)?.by;
  const by = pusher ?? commit.by;
  const elsewhere = commit.pullRequests.filter((p) => p.merged).map((p) => p.number);
  return {
    kind: 'direct-push',
    repository: found.repository,
    at,
    source: `direct/${branch}/${commit.id}`,
    // Anybody can be named as the author of a commit: whoever only is, is called that.
    ...(by ? { actor: { ...by, role: pusher ? 'pushed it' : 'named as its author' } } : {}),
    commit: commit.id,
    details: {
      branch,
      committedAt: commit.at,
      author: commit.by ? { ...commit.by } : undefined,
      ...(elsewhere.length > 0 ? { mergedElsewhere: elsewhere } : {}),
    },
  };
}

/** History was rewritten, or more came at once than can be listed: not every commit can be accounted for one by one. */
export function rewriting(branch: string, found: Arrivals, at: string): RecordDraft {
  const { repository, after, tip, moves } = found;
  const move = moves.findLast((m) => m.forced) ?? moves.at(-1);
  return {
    kind: 'direct-push',
    repository,
    at,
    source: `rewritten/${branch}/${move?.guid ?? `${after ?? 'nothing'}/${tip ?? 'nothing'}`}`,
    ...(move ? { actor: { ...move.by, role: 'pushed it' } } : {}),
    ...(tip === undefined ? {} : { commit: tip }),
    details: { branch, after, forced: move?.forced ?? false, complete: false },
  };
}
