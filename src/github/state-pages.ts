import { Unavailable } from '../review/hosting-errors.ts';
import type { Client, Parameters } from './client.ts';
import type { GraphqlError } from './errors.ts';
import { concernsPolicy } from './policy-file.ts';
import { OLDER_PAGES, type AskedTeam } from './state-query.ts';
import { olderPagesAnswer, type Lists, type PullRequestAnswer } from './state-shapes.ts';

/** A hundred of each list per page: more than this many pages are not read, and the state says so. */
const MOST_PAGES = 10;

/** Errors of the state's answer that leave the rest of it true. */
export function bearable(teams: readonly AskedTeam[]): (error: GraphqlError) => boolean {
  const aliases = new Set<string | number>(teams.map(({ alias }) => alias));
  return (error) => {
    const path = error.path ?? [];
    // Whoever may not ask who they are is whoever such tokens belong to.
    if (path[0] === 'viewer') return true;
    if (concernsPolicy(error) || (path[0] !== undefined && aliases.has(path[0]))) return true;
    const isWhole = path.length === 1 || (path.length === 2 && path[1] === 'pullRequest');
    return error.type === 'NOT_FOUND' && path[0] === 'repository' && isWhole;
  };
}

/** The lists of the first answer, completed by their older pages within bounds. */
export async function completed(
  client: Client,
  target: Parameters,
  repository: number,
  first: PullRequestAnswer,
): Promise<Lists> {
  let lists: Lists = first;
  for (let page = 1; page < MOST_PAGES && Object.values(keysWithMore(lists)).some(Boolean); page++) {
    const more = keysWithMore(lists);
    const { value } = await client.graphql(olderPagesAnswer, OLDER_PAGES, {
      ...target,
      commits: lists.commits.pageInfo.startCursor,
      reviews: lists.reviews.pageInfo.startCursor,
      comments: lists.comments.pageInfo.startCursor,
      reviewThreads: lists.reviewThreads.pageInfo.startCursor,
      moreCommits: more.commits,
      moreReviews: more.reviews,
      moreComments: more.comments,
      moreReviewThreads: more.reviewThreads,
    });
    const older = value.repository.pullRequest;
    // Pages of two different heads are the list of neither.
    if (value.repository.databaseId !== repository || older.headRefOid !== first.headRefOid)
      throw new Unavailable('The pull request changed while it was read.');
    lists = {
      commits: joined(older.commits, lists.commits),
      reviews: joined(older.reviews, lists.reviews),
      comments: joined(older.comments, lists.comments),
      reviewThreads: joined(older.reviewThreads, lists.reviewThreads),
    };
  }
  return lists;
}

function keysWithMore(lists: Lists): Readonly<Record<keyof Lists, boolean>> {
  const more = ({ pageInfo }: Lists[keyof Lists]) =>
    pageInfo.hasPreviousPage && pageInfo.startCursor !== null;
  return {
    commits: more(lists.commits),
    reviews: more(lists.reviews),
    comments: more(lists.comments),
    reviewThreads: more(lists.reviewThreads),
  };
}

function joined<L extends { readonly nodes: readonly unknown[] }>(older: L | undefined, newer: L): L {
  return older ? { ...older, nodes: [...older.nodes, ...newer.nodes] } : newer;
}
