import { ACTOR, GIT_ACTOR } from './accounts.ts';
import type { Parameters, Query } from './client.ts';
import { ORGANISATION_POLICY, POLICY_AT_HEAD } from './policy-file.ts';
import { TEXT } from './texts.ts';

/** Elements per page, GitHub's most; authors of a commit and parents of a merge seldom are more than one or two. */
const PAGE = 100;

const COMMITS = `
fragment Commits on PullRequestCommitConnection {
  totalCount pageInfo { hasPreviousPage startCursor }
  nodes { commit {
    oid message
    parents(first: 20) { totalCount nodes { oid } }
    authors(first: 20) { totalCount nodes { ...GitActor } }
    committer { ...GitActor }
  } }
}`;

const REVIEWS = `
fragment Reviews on PullRequestReviewConnection {
  totalCount pageInfo { hasPreviousPage startCursor }
  nodes {
    id fullDatabaseId state body submittedAt createdAt lastEditedAt authorAssociation
    author { ...Actor } commit { oid }
  }
}`;

const COMMENTS = `
fragment Comments on IssueCommentConnection {
  totalCount pageInfo { hasPreviousPage startCursor }
  nodes { id fullDatabaseId body createdAt lastEditedAt authorAssociation author { ...Actor } }
}`;

const THREADS = `
fragment Threads on PullRequestReviewThreadConnection {
  totalCount pageInfo { hasPreviousPage startCursor }
  nodes { comments(first: ${PAGE}) {
    totalCount
    nodes {
      id fullDatabaseId body createdAt lastEditedAt authorAssociation
      author { ...Actor } replyTo { fullDatabaseId }
    }
  } }
}`;

const LISTS = `${COMMITS}${REVIEWS}${COMMENTS}${THREADS}${ACTOR}${GIT_ACTOR}`;

/** Events after which the listed commits may belong to another base than the one that is named now. */
const BASE_EVENTS =
  'BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT, BASE_REF_FORCE_PUSHED_EVENT';

const PULL_REQUEST = `
    databaseId nameWithOwner isPrivate defaultBranchRef { name }
    ${POLICY_AT_HEAD}
    pullRequest(number: $number) {
      number state isDraft title body changedFiles updatedAt
      headRefOid headRefName headRepository { databaseId nameWithOwner }
      baseRefName baseRefOid
      author { ...Actor }
      mergedAt mergedBy { ...Actor } mergeCommit { oid tree { oid } parents(first: 1) { totalCount nodes { oid } } }
      baseEvents: timelineItems(last: 1, itemTypes: [${BASE_EVENTS}]) { nodes {
        ... on BaseRefChangedEvent { createdAt }
        ... on AutomaticBaseChangeSucceededEvent { createdAt }
        ... on BaseRefForcePushedEvent { createdAt }
      } }
      commits(last: ${PAGE}) { ...Commits }
      reviews(last: ${PAGE}) { ...Reviews }
      comments(last: ${PAGE}) { ...Comments }
      reviewThreads(last: ${PAGE}) { ...Threads }
    }`;

/** One team of the policy, and the name that its members have in the answer. */
export interface AskedTeam {
  readonly team: string;
  readonly alias: string;
  readonly organisation: string;
  readonly slug: string;
}

/** Teams asked for in one request; whoever names more cannot be shown to have members. */
const MOST_TEAMS = 40;

export function askedTeams(teams: readonly string[]): readonly AskedTeam[] {
  return [...new Set(teams)].slice(0, MOST_TEAMS).flatMap((team, index) => {
    const [, organisation, slug] = /^([\w-]+)\/([\w.-]+)$/.exec(team) ?? [];
    return organisation === undefined || slug === undefined
      ? []
      : [{ team, alias: `team${index}`, organisation, slug }];
  });
}

/** Everything about one pull request, the members of the teams, and perhaps who is asking, in one request. */
export function pullRequestQuery(teams: readonly AskedTeam[], asksViewer = false): Query {
  const variables = teams.map(({ alias }) => `, $${alias}Of: String!, $${alias}: String!`).join('');
  const members = teams.map(
    ({ alias }) => `
  ${alias}: organization(login: $${alias}Of) { team(slug: $${alias}) {
    members(first: ${PAGE}, membership: ALL) { totalCount nodes { login databaseId } }
  } }`,
  );
  const text = `query PullRequest($owner: String!, $name: String!, $number: Int!${variables}) {
  repository(owner: $owner, name: $name) {${PULL_REQUEST}
  }${ORGANISATION_POLICY}${members.join('')}${asksViewer ? '\n  viewer { login }' : ''}
}${LISTS}${TEXT}`;
  return { name: 'PullRequest', text };
}

export function teamVariables(teams: readonly AskedTeam[]): Parameters {
  return Object.fromEntries(
    teams.flatMap(({ alias, organisation, slug }) => [
      [`${alias}Of`, organisation],
      [alias, slug],
    ]),
  );
}

/** Older pages of those lists that have more; a list that is complete is left out. */
export const OLDER_PAGES: Query = {
  name: 'OlderPages',
  text: `query OlderPages(
  $owner: String!, $name: String!, $number: Int!,
  $commits: String, $reviews: String, $comments: String, $reviewThreads: String,
  $moreCommits: Boolean!, $moreReviews: Boolean!, $moreComments: Boolean!, $moreReviewThreads: Boolean!
) {
  repository(owner: $owner, name: $name) { databaseId pullRequest(number: $number) {
    headRefOid
    commits(last: ${PAGE}, before: $commits) @include(if: $moreCommits) { ...Commits }
    reviews(last: ${PAGE}, before: $reviews) @include(if: $moreReviews) { ...Reviews }
    comments(last: ${PAGE}, before: $comments) @include(if: $moreComments) { ...Comments }
    reviewThreads(last: ${PAGE}, before: $reviewThreads) @include(if: $moreReviewThreads) { ...Threads }
  } }
}${LISTS}`,
};
