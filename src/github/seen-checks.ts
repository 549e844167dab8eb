import { z } from 'zod';
import type { RepositoryRef } from '../review/work.ts';
import { partsOf } from './about-repository.ts';
import type { Client } from './client.ts';
import { allPages } from './pages.ts';
import { id, instant, sha } from './shapes.ts';

/** A check run as it was seen on a commit, whoever reported it. */
export interface SeenCheck {
  readonly name: string;
  readonly app:
    | {
        readonly id: number;
        readonly name: string;
        readonly slug: string;
        /** What it asks for, where GitHub tells. */
        readonly permissions?: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly completedAt: string | undefined;
  readonly conclusion: string | undefined;
}

/** A commit has a few dozen checks at most; pages of a hundred. */
const MOST_PAGES = 5;

const seenChecks = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      conclusion: z.string().nullable(),
      completed_at: instant.nullable(),
      app: z
        .object({
          id,
          name: z.string(),
          slug: z.string().optional(),
          permissions: z.record(z.string(), z.string()).optional(),
        })
        .nullable(),
    }),
  ),
});

/** The newest run of each check at a commit. */
export async function checksAt(
  client: Client,
  ref: RepositoryRef,
  commit: string,
): Promise<readonly SeenCheck[]> {
  const { items } = await allPages(client, seenChecks, (answer) => answer.check_runs, {
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    parameters: { ...partsOf(ref), ref: commit, filter: 'latest' },
    most: MOST_PAGES,
  });
  return items.map(({ name, app, completed_at: at, conclusion }) => ({
    name,
    app: app
      ? {
          id: app.id,
          name: app.name,
          slug: app.slug ?? '',
          ...(app.permissions ? { permissions: app.permissions } : {}),
        }
      : undefined,
    completedAt: at ?? undefined,
    conclusion: conclusion ?? undefined,
  }));
}

const pulls = z.array(z.object({ head: z.object({ sha }) }));

/** Heads of the pull requests into a branch that something happened to last, open or not. */
export async function recentHeads(
  client: Client,
  ref: RepositoryRef,
  branch: string,
  most: number,
): Promise<readonly string[]> {
  const { value } = await client.rest(pulls, 'GET /repos/{owner}/{repo}/pulls', {
    ...partsOf(ref),
    state: 'all',
    base: branch,
    sort: 'updated',
    direction: 'desc',
    per_page: most,
  });
  return value.map(({ head }) => head.sha);
}
