import { z } from 'zod';
import type { Account } from '../core/model/account.ts';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { PullRequestState } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import { accountOfUser, simpleUser } from './accounts.ts';
import type { Client } from './client.ts';
import { sha } from './shapes.ts';

const permission = z.object({ permission: z.enum(['admin', 'write', 'read', 'none']) });

/** What somebody may do; GitHub counts `maintain` as write and `triage` as read. */
export async function permissionOf(
  client: Client,
  repository: RepositoryRef,
  login: string,
): Promise<'admin' | 'write' | 'read' | 'none'> {
  const [owner, repo] = repository.name.split('/');
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  const found = await unlessAbsent(client.rest(permission, route, { owner, repo, username: login }));
  return found?.value.permission ?? 'none';
}

const membership = z.object({ state: z.enum(['active', 'pending']) });

/** Members of child teams are members. Whoever was invited and has not accepted is none. */
export async function isMember(client: Client, team: string, account: Account): Promise<boolean> {
  const [org, team_slug] = team.split('/');
  const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
  const found = await unlessAbsent(
    client.rest(membership, route, { org, team_slug, username: account.login }),
  );
  return found?.value.state === 'active';
}

const activity = z.array(z.object({ after: sha, actor: simpleUser.nullable() }));
type Activity = z.infer<typeof activity>;

/** Moves of a branch that one page lists, GitHub's most. */
const PAGE = 100;

/** The last one known to have put the head where it is. A private fork does not tell us. */
export async function pusherOf(client: Client, state: PullRequestState): Promise<Account | undefined> {
  const found = await activityOf(client, state);
  const actor = found?.find(({ after }) => after === state.head)?.actor;
  return actor ? accountOfUser(actor) : undefined;
}

/**
 * Everybody who ever moved the branch, for one who remembers nothing. Undefined where that is not told, the head is not
 * among it (yet), or there is more than a page, in which somebody could be missing.
 */
export async function branchPushers(
  client: Client,
  state: PullRequestState,
): Promise<readonly Account[] | undefined> {
  const found = await activityOf(client, state);
  if (!found || found.length >= PAGE || !found.some(({ after }) => after === state.head)) return undefined;
  const people = found.map(({ actor }) => (actor ? accountOfUser(actor) : undefined));
  if (people.includes(undefined)) return undefined;
  return [...new Map(people.flatMap((p) => (p ? [[p.id, p] as const] : []))).values()];
}

/** Newest first. */
async function activityOf(client: Client, { source }: PullRequestState): Promise<Activity | undefined> {
  if (!source) return undefined;
  const [owner, repo] = source.repository.name.split('/');
  const found = await client
    .rest(activity, 'GET /repos/{owner}/{repo}/activity', {
      owner,
      repo,
      ref: `refs/heads/${source.branch}`,
      per_page: PAGE,
    })
    .catch((error: unknown) => {
      if (error instanceof NotThere || error instanceof Refused) return undefined;
      throw error;
    });
  return found?.value;
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}
