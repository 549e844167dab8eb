import { recordedChanges } from '../core/audit/reconcile.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { needed } from '../github/environment.ts';
import { walkBranch } from '../reconcile/walk.ts';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Work } from './backfill.ts';
import type { BranchRead } from './missing.ts';
import { withPatience } from './patience.ts';
import { pushesTo, type Placed } from './pushes.ts';

/** What came to the branches of a repository and is not on record, oldest first. */
export interface Changes {
  readonly repository: RepositoryRef;
  readonly branches: readonly BranchRead[];
  readonly items: readonly (Placed | { readonly at: string; readonly number: number })[];
  /** False when there are more merges than could be listed. */
  readonly complete: boolean;
}

/** The clock of a client may be off by so much. */
const MARGIN_MS = 24 * 3_600_000;

export async function changesOf(name: string, work: Work): Promise<Changes> {
  const { past, recorder, from } = work;
  const patiently = <T>(read: () => Promise<T>): Promise<T> => withPatience(work, read);
  const { repository, defaultBranch } = await needed(
    patiently(() => past.about(name)),
    `the repository \`${name}\``,
    'metadata: read',
  );
  work.tell(`${repository.name}: looking for changes`);
  const recorded = await recorder.records({ repository: repository.id, kinds: ['merged', 'direct-push'] });
  const merged = await needed(
    patiently(() => past.merged(repository, from)),
    `the pull requests of \`${repository.name}\``,
    'pull requests: read',
  );
  const known = new Set(recorded.flatMap((r) => (r.kind === 'merged' ? (r.pullRequest ?? []) : [])));
  const mergedAt = new Map(merged.items.map((m) => [m.number, m.mergedAt]));
  const reading = { repository, recorded, mergedAt };
  const { branches, pushes } = await needed(
    branchesOf([...new Set([defaultBranch, ...(await guarded(repository, work))])], reading, work),
    `the commits of \`${repository.name}\``,
    'contents: read',
  );
  const merges = merged.items
    .filter(({ number }) => !known.has(number))
    .map(({ number, mergedAt: at }) => ({ number, at }));
  const items = [...merges, ...pushes].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
  return { repository, branches, items, complete: merged.complete };
}

/** Where they cannot be read, the default branch is looked at alone. */
async function guarded(repository: RepositoryRef, work: Work): Promise<readonly string[]> {
  try {
    const found = await withPatience(work, () => work.past.hosting.protectedBranches(repository));
    return found.map((branch) => branch.name);
  } catch (error) {
    if (error instanceof NotThere || error instanceof Refused) return [];
    throw error;
  }
}

interface Reading {
  readonly repository: RepositoryRef;
  readonly recorded: readonly AuditRecord[];
  readonly mergedAt: ReadonlyMap<number, string>;
}

/** The default branch first: what others have of it is accounted for there. */
async function branchesOf(
  names: readonly string[],
  { repository, recorded, mergedAt }: Reading,
  work: Work,
): Promise<{ readonly branches: readonly BranchRead[]; readonly pushes: readonly Placed[] }> {
  const branches: BranchRead[] = [];
  const pushes: Placed[] = [];
  const elsewhere = new Set<string>();
  const asked = { from: work.from, now: work.now(), past: recorded };
  for (const name of names) {
    const { commits, end } = await withPatience(work, () =>
      walkBranch(work.past.hosting, repository, recordedChanges(recorded, name), {
        period: { from: work.from, to: asked.now },
        branch: name,
        marginMs: MARGIN_MS,
      }),
    );
    const activity = await withPatience(work, () => work.past.activity(repository, name));
    const moves = activity?.items ?? [];
    pushes.push(
      ...pushesTo({ repository, name, commits, moves, mergedAt, elsewhere: new Set(elsewhere) }, asked),
    );
    for (const { id } of commits) elsewhere.add(id);
    branches.push({
      name,
      activity: activity === undefined ? 'unreadable' : activity.complete ? 'whole' : 'part',
      whole: end !== 'bound',
    });
  }
  return { branches, pushes };
}
