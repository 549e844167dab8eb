import type { Account } from '../core/model/account.ts';
import { Unavailable } from '../review/hosting-errors.ts';
import type { PullRequestCommit, PullRequestState } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import { accountOf, botLogin, peopleOf } from './accounts.ts';
import type { Client } from './client.ts';
import { discussionOf, type Self } from './discussion.ts';
import type { GraphqlError } from './errors.ts';
import { policyFile } from './policy-file.ts';
import { bearable, completed } from './state-pages.ts';
import { askedTeams, pullRequestQuery, teamVariables, type AskedTeam } from './state-query.ts';
import {
  stateAnswer,
  teamAnswer,
  type CommitNode,
  type Lists,
  type PullRequestAnswer,
} from './state-shapes.ts';

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

/** The bot of GitHub's own App for workflows, of which their tokens are. */
const WORKFLOWS = 'github-actions';

/** How it is known which comments are ours: asked elsewhere, or together with the state. */
export type WhoAmI = (() => Promise<Self>) | 'viewer';

/** One request, and more only where lists are longer than a page or a policy's text has to be read byte by byte. */
export async function readPullRequest(
  client: Client,
  ask: { readonly repository: RepositoryRef; readonly number: number; readonly teams: readonly string[] },
  whoAmI: WhoAmI,
): Promise<PullRequestState | undefined> {
  const teams = askedTeams(ask.teams);
  const asksViewer = whoAmI === 'viewer';
  const [owner, name] = ask.repository.name.split('/');
  const target = { owner, name, number: ask.number };
  const [{ value, errors }, us] = await Promise.all([
    client.graphql(
      stateAnswer,
      pullRequestQuery(teams, asksViewer),
      { ...target, ...teamVariables(teams) },
      bearable(teams),
    ),
    asksViewer ? undefined : whoAmI(),
  ]);
  const found = value.repository;
  // Another repository may have the name by now; what is said about it is not about ours.
  if (!found?.pullRequest || found.databaseId !== ask.repository.id) return undefined;
  const { pullRequest } = found;
  const lists = await completed(client, target, ask.repository.id, pullRequest);
  const isPolicyOf = (above: 'repository' | 'organisation', repository: string) =>
    policyFile(client, repository, above, value[above]?.policy ?? null, errors);
  return {
    repository: { id: found.databaseId, name: found.nameWithOwner },
    isPrivate: found.isPrivate,
    defaultBranch: found.defaultBranchRef.name,
    ...aboutItself(pullRequest),
    ...commitsOf(pullRequest, lists.commits),
    ...discussionOf(lists, us ?? { login: botLogin(value.viewer?.login ?? WORKFLOWS) }),
    policy: await isPolicyOf('repository', found.nameWithOwner),
    organisationPolicy: await isPolicyOf('organisation', `${owner ?? ''}/.github`),
    teams: membersOf(ask.teams, teams, value, errors),
  };
}

function aboutItself(answer: PullRequestAnswer) {
  const { headRepository, mergedAt } = answer;
  const changedAt = answer.baseEvents.nodes.at(-1)?.createdAt;
  return {
    number: answer.number,
    state: STATES[answer.state],
    draft: answer.isDraft,
    title: answer.title,
    body: answer.body,
    author: accountOf(answer.author),
    head: answer.headRefOid,
    source: headRepository
      ? {
          repository: { id: headRepository.databaseId, name: headRepository.nameWithOwner },
          branch: answer.headRefName,
        }
      : undefined,
    baseRef: answer.baseRefName,
    base: answer.baseRefOid,
    updatedAt: answer.updatedAt,
    ...(changedAt === undefined ? {} : { baseChangedAt: changedAt }),
    changedFiles: answer.changedFiles,
    ...(mergedAt === null
      ? {}
      : {
          merged: {
            commit: answer.mergeCommit?.oid,
            tree: answer.mergeCommit?.tree.oid,
            parents: answer.mergeCommit?.parents.totalCount,
            onto: answer.mergeCommit?.parents.nodes[0]?.oid,
            by: answer.mergedBy === null ? undefined : accountOf(answer.mergedBy),
            at: mergedAt,
          },
        }),
  } satisfies Partial<PullRequestState>;
}

function commitsOf(
  { state, headRefOid, changedFiles }: PullRequestAnswer,
  list: Lists['commits'],
): Pick<PullRequestState, 'commits' | 'commitsComplete'> {
  const listsHead =
    list.totalCount === 0 ? changedFiles === 0 : list.nodes.some(({ commit }) => commit.oid === headRefOid);
  // GitHub's parts do not learn of a push at the same moment; in a moment they agree.
  if (!listsHead && state === 'OPEN')
    throw new Unavailable(`The listed commits of the pull request do not hold its head ${headRefOid} yet.`);
  return {
    commits: list.nodes.map(commitOf),
    commitsComplete:
      listsHead &&
      !list.pageInfo.hasPreviousPage &&
      list.nodes.length === list.totalCount &&
      list.nodes.every(({ commit: { parents } }) => parents.nodes.length === parents.totalCount),
  };
}

function commitOf({ commit }: CommitNode): PullRequestCommit {
  const { authors } = commit;
  return {
    id: commit.oid,
    parents: commit.parents.nodes.map((parent) => parent.oid),
    message: commit.message,
    people: peopleOf({
      authors: authors.nodes,
      complete: authors.nodes.length === authors.totalCount,
      committer: commit.committer,
    }),
  };
}

/** A team counts only when every one of its members was delivered. */
function membersOf(
  wanted: readonly string[],
  asked: readonly AskedTeam[],
  answer: Readonly<Record<string, unknown>>,
  errors: readonly GraphqlError[],
): PullRequestState['teams'] {
  const members = ({ alias }: AskedTeam): readonly Account[] | undefined => {
    if (errors.some((e) => e.path?.[0] === alias)) return undefined;
    const list = teamAnswer.safeParse(answer[alias]).data?.team?.members;
    if (list?.totalCount !== list?.nodes.length) return undefined;
    return list?.nodes.map(({ databaseId, login }) => ({ id: String(databaseId), login, kind: 'user' }));
  };
  return new Map(
    wanted.map((team) => {
      const of = asked.find((each) => each.team === team);
      return [team, of && members(of)];
    }),
  );
}
