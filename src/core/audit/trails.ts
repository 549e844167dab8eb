import type { AuditRecord } from '../model/record.ts';

/** A record, or a change of the population. */
interface About {
  readonly repository: { readonly id: number };
  readonly pullRequest?: number | undefined;
}

/** All that is on record about one pull request of one repository, in the order in which it happened. */
export type Trails = (about: About) => readonly AuditRecord[];

export function indexTrails(records: readonly AuditRecord[]): Trails {
  const byPullRequest = Map.groupBy(
    records.filter((r) => r.pullRequest !== undefined),
    keyOf,
  );
  for (const trail of byPullRequest.values()) trail.sort((a, b) => a.sequence - b.sequence);
  return (about) => (about.pullRequest === undefined ? [] : (byPullRequest.get(keyOf(about)) ?? []));
}

/** By number, because a repository may have had several names, and several repositories the same one. */
const keyOf = ({ repository, pullRequest }: About): string => `${repository.id}/${pullRequest ?? ''}`;
