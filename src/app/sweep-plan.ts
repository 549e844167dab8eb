import type { Instant, RepositoryRow } from '../review/store.ts';
import type { Work } from '../review/work.ts';
import { msBetween } from './clock.ts';

/**
 * Looks at repositories of one installation in an hour, at most: with two requests each, a quarter of the 5,000 that GitHub
 * allows. With more repositories than that (100 in ten minutes), an interval does not suffice for all of them, and whoever
 * waited longest comes first.
 */
const SWEEPS_PER_HOUR = 600;

/**
 * The repositories to sweep in one of the `rounds` of an interval. A share of each installation is taken at a time, so that
 * after the first interval they are spread over it by themselves; two rounds are kept free, so that the bound holds.
 */
export function dueRepositories(
  repositories: readonly RepositoryRow[],
  at: Instant,
  intervalMs: number,
  rounds: number,
): readonly Work[] {
  const shares = rounds - 2;
  const oldEnough = (intervalMs * shares) / rounds;
  const most = Math.max(1, Math.floor((SWEEPS_PER_HOUR * intervalMs) / 3_600_000 / shares));
  const active = repositories.filter((r) => r.active);
  return [...Map.groupBy(active, (r) => r.installation).values()].flatMap((all) => {
    const share = Math.min(most, Math.ceil(all.length / shares));
    return all
      .filter((r) => r.sweptAt === undefined || msBetween(r.sweptAt, at) >= oldEnough)
      .sort((a, b) => compare(a.sweptAt ?? '', b.sweptAt ?? '') || a.repository.id - b.repository.id)
      .slice(0, share)
      .map(({ installation, repository }) => ({ installation, subject: { kind: 'repository', repository } }));
  });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
