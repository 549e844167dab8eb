import { z } from 'zod';
import type { Account } from '../core/model/account.ts';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import { partsOf } from './about-repository.ts';
import { accountOfUser, simpleUser } from './accounts.ts';
import type { Client, Query } from './client.ts';
import type { Headers } from './errors.ts';
import { allPages } from './pages.ts';
import { id, instant, sha } from './shapes.ts';

/** What GitHub still knows of the past of a repository, for whoever was not there. */

/** A merged pull request in a list: enough to put it into its place in time. */
export interface MergedPullRequest {
  readonly number: number;
  readonly mergedAt: string;
  readonly head: string;
}

export interface Remembered<T> {
  readonly items: readonly T[];
  /** False when there are more than may be read. */
  readonly complete: boolean;
}

export const MERGED: Query = {
  name: 'Merged',
  text: `query Merged($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) { databaseId
    pullRequests(states: MERGED, first: 100, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor } nodes { number mergedAt updatedAt headRefOid }
    }
  }
}`,
};

const mergedAnswer = z.object({
  repository: z.object({
    databaseId: id,
    pullRequests: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(z.object({ number: id, mergedAt: instant, updatedAt: instant, headRefOid: sha })),
    }),
  }),
});

/** Pages of a hundred. */
const MOST_PAGES = { merged: 500, activity: 100, runs: 10 };

/** Merged at or after an instant, oldest first. Nothing is merged after it was last touched, so that the list ends early. */
export async function mergedSince(
  client: Client,
  ref: RepositoryRef,
  from: string,
): Promise<Remembered<MergedPullRequest>> {
  const found = new Map<number, MergedPullRequest>();
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES.merged; page++) {
    const pullRequests = await mergedPage(client, ref, after);
    for (const { number, mergedAt, headRefOid } of pullRequests.nodes)
      if (mergedAt >= from) found.set(number, { number, mergedAt, head: headRefOid });
    const { hasNextPage, endCursor } = pullRequests.pageInfo;
    const reached = (pullRequests.nodes.at(-1)?.updatedAt ?? '') < from;
    if (!hasNextPage || endCursor === null || reached) return { items: inOrder(found), complete: true };
    after = endCursor;
  }
  return { items: inOrder(found), complete: false };
}

type MergedPage = z.infer<typeof mergedAnswer>['repository']['pullRequests'];

async function mergedPage(client: Client, ref: RepositoryRef, after: string | null): Promise<MergedPage> {
  const { owner, repo: name } = partsOf(ref);
  const { value } = await client.graphql(mergedAnswer, MERGED, { owner, name, after });
  const { databaseId, pullRequests } = value.repository;
  if (databaseId !== ref.id) throw new NotThere(`Merged: ${ref.name} is another repository now`);
  return pullRequests;
}

const inOrder = (found: ReadonlyMap<number, MergedPullRequest>): readonly MergedPullRequest[] =>
  [...found.values()].sort((a, b) =>
    a.mergedAt === b.mergedAt ? a.number - b.number : a.mergedAt < b.mergedAt ? -1 : 1,
  );

/** A branch moved, as the activity of the repository has it. */
export interface BranchMove {
  readonly before: string;
  readonly after: string;
  readonly by: Account | undefined;
  readonly at: string;
  readonly forced: boolean;
  /** Somebody's own push, and not the merge of a pull request, nor a branch that came to be or went. */
  readonly pushed: boolean;
}

const moves = z.array(
  z.object({
    before: sha,
    after: sha,
    timestamp: instant,
    activity_type: z.string(),
    actor: simpleUser.nullable(),
  }),
);

/** Newest first; undefined where the activity may not be read. */
export async function branchActivity(
  client: Client,
  ref: RepositoryRef,
  branch: string,
): Promise<Remembered<BranchMove> | undefined> {
  const items: BranchMove[] = [];
  let next: Readonly<Record<string, string>> | undefined = {};
  try {
    for (let page = 0; page < MOST_PAGES.activity && next; page++) {
      const { value, headers } = await client.rest(moves, 'GET /repos/{owner}/{repo}/activity', {
        ...partsOf(ref),
        ref: `refs/heads/${branch}`,
        per_page: 100,
        ...next,
      });
      items.push(...value.map(moveOf));
      next = nextOf(headers);
    }
  } catch (error) {
    if (error instanceof NotThere || error instanceof Refused) return undefined;
    throw error;
  }
  return { items, complete: next === undefined };
}

const moveOf = (move: z.infer<typeof moves>[number]): BranchMove => ({
  before: move.before,
  after: move.after,
  by: move.actor ? accountOfUser(move.actor) : undefined,
  at: move.timestamp,
  forced: move.activity_type === 'force_push',
  pushed: move.activity_type === 'push',
});

/** What the link to the next page asks for: GitHub counts some lists by cursors, which are nobody's to make up. */
function nextOf(headers: Headers): Readonly<Record<string, string>> | undefined {
  const [, url] = /<([^<>]{1,2000})>; rel="next"/.exec(String(headers['link'] ?? '')) ?? [];
  if (url === undefined || !URL.canParse(url)) return undefined;
  const asked = new URL(url).searchParams;
  const kept = ['after', 'page'].flatMap((key) => {
    const value = asked.get(key);
    return value === null ? [] : [[key, value] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** A check run with all that it says. */
export interface WholeCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head: string;
  readonly app: { readonly id: number; readonly slug: string } | undefined;
  readonly suite: number | undefined;
  readonly externalId: string;
  readonly completedAt: string | undefined;
  readonly conclusion: string | undefined;
  readonly text: string;
}

const runs = z.object({
  check_runs: z.array(
    z.object({
      id,
      name: z.string(),
      head_sha: sha,
      external_id: z.string().nullable(),
      status: z.string(),
      conclusion: z.string().nullable(),
      completed_at: instant.nullable(),
      check_suite: z.object({ id }).nullable(),
      app: z.object({ id, slug: z.string().optional() }).nullable(),
      output: z.object({ text: z.string().nullable() }),
    }),
  ),
});

/** An App by its number, or by the name in its addresses, which GitHub gives to one only. */
export type AppNamed = { readonly id: number } | { readonly slug: string };

/** All runs of one App at a commit, superseded ones too. None where GitHub has forgotten the commit. */
export async function checkRunsOf(
  client: Client,
  ref: RepositoryRef,
  head: string,
  app: AppNamed,
): Promise<readonly WholeCheckRun[]> {
  try {
    const { items } = await allPages(client, runs, (answer) => answer.check_runs, {
      route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
      parameters: { ...partsOf(ref), ref: head, ...('id' in app ? { app_id: app.id } : {}), filter: 'all' },
      most: MOST_PAGES.runs,
    });
    // What is asked for is not always what is answered: whose a run is decides everything that is made of it.
    const isOurs = (run: (typeof items)[number]): boolean =>
      run.head_sha === head && ('id' in app ? run.app?.id === app.id : run.app?.slug === app.slug);
    return items.filter(isOurs).map(wholeOf);
  } catch (error) {
    if (error instanceof NotThere) return [];
    throw error;
  }
}

function wholeOf(run: z.infer<typeof runs>['check_runs'][number]): WholeCheckRun {
  const done = run.status === 'completed';
  return {
    id: run.id,
    name: run.name,
    head: run.head_sha,
    app: run.app ? { id: run.app.id, slug: run.app.slug ?? '' } : undefined,
    suite: run.check_suite?.id,
    externalId: run.external_id ?? '',
    completedAt: done ? (run.completed_at ?? undefined) : undefined,
    conclusion: done ? (run.conclusion ?? undefined) : undefined,
    text: run.output.text ?? '',
  };
}
