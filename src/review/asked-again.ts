import { groupAt } from './merge-group/groups.ts';
import type { RepositoryState } from './hosting.ts';
import type { Changes, CheckRow, Lease, Store, WaitingSignal } from './store.ts';
import type { Work } from './work.ts';

/**
 * Somebody had all of our runs of a commit run again: those of several pull requests, or that of a merge group. GitHub takes
 * their suite for unfinished until they are written anew, so what was written is forgotten, and who shows it looks again.
 */
export async function askedAgain(
  { repository, open }: RepositoryState,
  signals: readonly WaitingSignal[],
  lease: Lease,
  store: Pick<Store, 'checks' | 'records'>,
): Promise<Required<Pick<Changes, 'checks' | 'want'>>> {
  const { installation } = lease.work;
  const heads = new Set(signals.flatMap((s) => (s.signal.kind === 'rerequested' ? [s.signal.head] : [])));
  const checks: CheckRow[] = [];
  const want: Work[] = [];
  for (const head of heads) {
    const rows = (await store.checks(repository.id, head)).filter((row) => row.run !== undefined);
    checks.push(...rows.map((row) => ({ ...row, written: '' })));
    want.push(
      ...open
        .filter((each) => each.head === head)
        .map(({ number }): Work => ({
          installation,
          subject: { kind: 'pull-request', repository, number },
        })),
      ...(rows.some((row) => row.subject === 'group') ? await groupAt(repository, head, lease, store) : []),
    );
  }
  return { checks, want };
}
