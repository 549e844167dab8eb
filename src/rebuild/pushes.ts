import type { ListedCommit } from '../core/audit/reconciliation.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { BranchMove } from '../github/remembered.ts';
import { moverOf, type Arrivals, type Move } from '../review/branch/arrivals.ts';
import { directPush } from '../review/branch/records.ts';
import type { RepositoryRef } from '../review/work.ts';

/** A branch as GitHub has it now, and how it moved as far as that is remembered. */
export interface Branch {
  readonly repository: RepositoryRef;
  readonly name: string;
  /** First parents, newest first. */
  readonly commits: readonly ListedCommit[];
  readonly moves: readonly BranchMove[];
  /** When pull requests were merged, by number. */
  readonly mergedAt: ReadonlyMap<number, string>;
  /** Commits that are accounted for on another branch. */
  readonly elsewhere: ReadonlySet<string>;
}

/** Something that came to a branch, or is to be looked at, in its place in time. */
export interface Placed {
  readonly at: string;
  readonly draft: RecordDraft;
}

interface Asked {
  readonly from: string;
  readonly now: string;
  /** Merges and pushes on record. */
  readonly past: readonly AuditRecord[];
}

/** What came to the branch since an instant by no pull request into it, and what is on no record yet. */
export function pushesTo(branch: Branch, { from, now, past }: Asked): readonly Placed[] {
  const known = knownIn(past, branch.name);
  const found = arrivalsOf(branch);
  const dates = datesOf(branch, found, now);
  const pushes = branch.commits
    .filter((commit) => !isMergedInto(commit, branch.name) && !branch.elsewhere.has(commit.id))
    .filter((commit) => !known.has(commit.id))
    .map((commit): Placed => {
      const at = dates.get(commit.id) ?? commit.at;
      const draft = directPush(branch.name, commit, found, now);
      const datedBy = moverOf(commit.id, found) ? 'activity' : 'commit';
      return { at, draft: { ...draft, details: { ...draft.details, arrivedAt: at, datedBy } } };
    });
  const gone = lostPushes(branch, known, now);
  return [...pushes.reverse(), ...gone, ...rewritings(branch, past, now)].filter(({ at }) => at >= from);
}

/** A pull request brings its commits to the branch that it was merged into, and to no other. */
const isMergedInto = ({ pullRequests }: ListedCommit, branch: string): boolean =>
  pullRequests.some(({ merged, base }) => merged && base === branch);

function knownIn(past: readonly AuditRecord[], branch: string): ReadonlySet<string> {
  return new Set(
    past.flatMap(({ kind, commit, details }) =>
      kind === 'direct-push' && details['branch'] === branch && commit !== undefined
        ? [commit]
        : kind === 'merged' && typeof details['mergeCommit'] === 'string'
          ? [details['mergeCommit']]
          : [],
    ),
  );
}

function arrivalsOf({ repository, commits, moves }: Branch): Arrivals {
  // What a rewritten history had before is gone, so that nobody can tell which commits the push brought.
  const told = [...moves]
    .reverse()
    .flatMap(({ by, before, after, at, forced }, id): readonly Move[] =>
      by && !forced
        ? [{ kind: 'branch-moved', by, before, after, forced, id, guid: '', receivedAt: at }]
        : [],
    );
  return { repository, after: undefined, tip: commits[0]?.id, commits, whole: true, moves: told };
}

/**
 * When each commit came to the branch: as the activity says, or the merge of its pull request. Of any other its own date is all
 * there is, which whoever made it could choose: it is kept between what is known of the commits around it.
 */
function datesOf(branch: Branch, found: Arrivals, now: string): ReadonlyMap<string, string> {
  const known = new Map(
    branch.commits.flatMap((commit) => {
      const at = moverOf(commit.id, found)?.receivedAt ?? mergeOf(commit, branch);
      return at === undefined ? [] : [[commit.id, at] as const];
    }),
  );
  const dates = new Map<string, string>();
  let latest = now;
  for (const { id, at } of branch.commits) {
    const date = known.get(id) ?? (at < latest ? at : latest);
    dates.set(id, date);
    latest = known.get(id) ?? latest;
  }
  let earliest = '';
  for (const { id } of [...branch.commits].reverse()) {
    const date = dates.get(id) ?? '';
    if (!known.has(id) && date < earliest) dates.set(id, earliest);
    earliest = known.get(id) ?? earliest;
  }
  return dates;
}

function mergeOf({ pullRequests }: ListedCommit, { name, mergedAt }: Branch): string | undefined {
  const into = pullRequests.find(({ merged, base }) => merged && base === name);
  return into && mergedAt.get(into.number);
}

/** The activity remembers pushes of what is not on the branch any more: of each the last commit is all there is. */
function lostPushes(
  { repository, name, commits, moves }: Branch,
  known: ReadonlySet<string>,
  now: string,
): readonly Placed[] {
  const there = new Set(commits.map(({ id }) => id));
  return moves
    .filter(({ pushed, after }) => pushed && !there.has(after) && !known.has(after))
    .reverse()
    .map(({ after, by, at }) => ({
      at,
      draft: {
        kind: 'direct-push',
        repository,
        at: now,
        source: `direct/${name}/${after}`,
        ...(by ? { actor: { ...by, role: 'pushed it' } } : {}),
        commit: after,
        details: { branch: name, arrivedAt: at, datedBy: 'activity' },
      },
    }));
}

/** The activity remembers that history was rewritten, though the commits that were there may be gone. */
function rewritings(
  { repository, name, moves }: Branch,
  past: readonly AuditRecord[],
  now: string,
): readonly Placed[] {
  const known = past.filter((r) => r.kind === 'direct-push' && r.source.startsWith(`rewritten/${name}/`));
  return moves
    .filter(({ forced }) => forced)
    .filter(({ before, after }) => !known.some((r) => r.commit === after || r.details['after'] === before))
    .reverse()
    .map(({ before, after, by, at }) => ({
      at,
      draft: {
        kind: 'direct-push',
        repository,
        at: now,
        source: `rewritten/${name}/${before}/${after}`,
        ...(by ? { actor: { ...by, role: 'pushed it' } } : {}),
        commit: after,
        details: {
          branch: name,
          after: before,
          forced: true,
          complete: false,
          arrivedAt: at,
          datedBy: 'activity',
        },
      },
    }));
}
