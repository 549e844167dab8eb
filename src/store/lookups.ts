import type { Store } from '../review/store.ts';
import { fromCheck, fromComment, fromPullRequest, fromRepository, fromSignal, linkTarget } from './rows.ts';
import type { Queries } from './tables.ts';

type Lookups = Pick<
  Store,
  | 'signals'
  | 'pullRequest'
  | 'pullRequestsAt'
  | 'openPullRequests'
  | 'linkedTo'
  | 'checks'
  | 'shown'
  | 'comments'
  | 'repository'
  | 'repositories'
>;

/** Reads of what `step.ts` and `intake.ts` have written. */
export function lookupsIn(queries: Queries): Lookups {
  return { ...pullRequestLookups(queries), ...otherLookups(queries) };
}

function pullRequestLookups(
  queries: Queries,
): Pick<Lookups, 'pullRequest' | 'pullRequestsAt' | 'openPullRequests' | 'linkedTo'> {
  const open = queries.selectFrom('pull_requests').selectAll('pull_requests').where('state', '=', 'open');
  return {
    pullRequest: async (repository, number) => {
      const row = await queries
        .selectFrom('pull_requests')
        .selectAll()
        .where('repository', '=', repository)
        .where('number', '=', number)
        .executeTakeFirst();
      return row === undefined ? undefined : fromPullRequest(row);
    },
    pullRequestsAt: async (repository, head) => {
      const query = open.where('repository', '=', repository).where('head', '=', head);
      return (await query.orderBy('number').execute()).map(fromPullRequest);
    },
    openPullRequests: async (repository) =>
      (await open.where('repository', '=', repository).orderBy('number').execute()).map(fromPullRequest),
    linkedTo: async (target) => {
      const rows = await open
        .innerJoin('links', (join) =>
          join
            .onRef('links.repository', '=', 'pull_requests.repository')
            .onRef('links.number', '=', 'pull_requests.number'),
        )
        .where('links.target', '=', linkTarget(target))
        .orderBy('pull_requests.repository')
        .orderBy('pull_requests.number')
        .execute();
      return rows.map(fromPullRequest);
    },
  };
}

function otherLookups(
  queries: Queries,
): Pick<Lookups, 'signals' | 'checks' | 'shown' | 'comments' | 'repository' | 'repositories'> {
  return {
    signals: async (key) =>
      (await queries.selectFrom('signals').selectAll().where('key', '=', key).orderBy('id').execute()).map(
        fromSignal,
      ),
    checks: async (repository, head) => {
      const query = queries.selectFrom('checks').selectAll().where('repository', '=', repository);
      return (await query.where('head', '=', head).orderBy('subject').execute()).map(fromCheck);
    },
    shown: async (repository, number) => {
      const query = queries.selectFrom('shown').selectAll().where('repository', '=', repository);
      const rows = await query.where('number', '=', number).orderBy('at').orderBy('id').execute();
      return rows.map(({ head, digest, at }) => ({ head, digest, at }));
    },
    comments: async (repository, number) => {
      const query = queries.selectFrom('comments').selectAll().where('repository', '=', repository);
      return (await query.where('number', '=', number).orderBy('component').execute()).map(fromComment);
    },
    repository: async (id) => {
      const row = await queries
        .selectFrom('repositories')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : fromRepository(row);
    },
    repositories: async () =>
      (await queries.selectFrom('repositories').selectAll().orderBy('id').execute()).map(fromRepository),
  };
}
