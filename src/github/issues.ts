import { z } from 'zod';
import type { IssueDraft, IssueState, OwnIssue } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import { partsOf } from './about-repository.ts';
import { accountOf, ACTOR, botLogin, simpleUser } from './accounts.ts';
import type { Client, Query } from './client.ts';
import { remarkOf } from './discussion.ts';
import { allPages } from './pages.ts';
import { id, instant } from './shapes.ts';
import type { WhoAmI } from './state.ts';
import { commentNode } from './state-shapes.ts';
import { issueFields, TICKET_FIELDS, ticketStateOf } from './tickets.ts';
import { viewerOf } from './viewer.ts';

export const ISSUE: Query = {
  name: 'Issue',
  text: `query Issue($owner: String!, $name: String!, $number: Int!, $asksViewer: Boolean!) {
  repository(owner: $owner, name: $name) { databaseId issue(number: $number) {
    title body stateReason
    labels(first: 100) { nodes { name } }
    assignees(first: 20) { nodes { login } }
    comments(last: 100) { nodes { id fullDatabaseId body createdAt lastEditedAt authorAssociation author { ...Actor } } }
    ...TicketFields
  } }
  viewer @include(if: $asksViewer) { login }
}${TICKET_FIELDS}${ACTOR}`,
};

const named = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node) });

const answer = z.object({
  repository: z
    .object({
      databaseId: id,
      issue: z
        .object({
          ...issueFields.shape,
          title: z.string(),
          body: z.string(),
          stateReason: z.string().nullable(),
          labels: named(z.object({ name: z.string() })).nullable(),
          assignees: named(z.object({ login: z.string() })),
          comments: named(commentNode),
        })
        .nullable(),
    })
    .nullable(),
  viewer: z.object({ login: z.string() }).nullish(),
});

export async function readIssue(
  client: Client,
  repository: RepositoryRef,
  number: number,
  whoAmI: WhoAmI,
): Promise<IssueState | undefined> {
  const [owner, name] = repository.name.split('/');
  const asksViewer = whoAmI === 'viewer';
  const [{ value }, us] = await Promise.all([
    client.graphql(answer, ISSUE, { owner, name, number, asksViewer }, ({ type }) => type === 'NOT_FOUND'),
    asksViewer ? undefined : whoAmI(),
  ]);
  const found = value.repository;
  if (!found?.issue || found.databaseId !== repository.id) return undefined;
  const { issue } = found;
  const closed = issue.timelineItems.nodes.at(-1)?.actor;
  const self = (us?.login ?? botLogin(value.viewer?.login ?? '')).toLowerCase();
  return {
    number: issue.number,
    url: issue.url,
    title: issue.title,
    body: issue.body,
    labels: issue.labels?.nodes.map((label) => label.name) ?? [],
    assignees: issue.assignees.nodes.map(({ login }) => login),
    ticket: ticketStateOf(issue),
    reason:
      issue.state === 'OPEN'
        ? undefined
        : issue.stateReason === null || issue.stateReason === 'COMPLETED'
          ? 'completed'
          : 'not-planned',
    closedBy: closed ? accountOf(closed) : undefined,
    remarks: issue.comments.nodes
      .map((node) => remarkOf(node, 'comment'))
      .filter(({ by }) => by.login.toLowerCase() !== self),
  };
}

const listed = z.object({
  number: id,
  html_url: z.string(),
  body: z.string().nullish(),
  created_at: instant,
  user: simpleUser.nullable(),
  pull_request: z.unknown().optional(),
});

/** Pages of a hundred. */
const MOST_PAGES = 5;

export async function ownIssues(
  client: Client,
  repository: RepositoryRef,
  label: string,
  whoAmI: WhoAmI,
): Promise<readonly OwnIssue[]> {
  const { items } = await allPages(client, z.array(listed), (found) => found, {
    route: 'GET /repos/{owner}/{repo}/issues',
    parameters: { ...partsOf(repository), labels: label, state: 'all', sort: 'created', direction: 'desc' },
    most: MOST_PAGES,
  });
  const self = whoAmI === 'viewer' ? ((await viewerOf(client))?.login ?? '') : (await whoAmI()).login;
  // Anybody can copy a text: ours is what we wrote.
  return items
    .filter(
      (each) => each.pull_request === undefined && each.user?.login.toLowerCase() === self.toLowerCase(),
    )
    .map(ownIssue);
}

const ownIssue = (each: z.infer<typeof listed>): OwnIssue => ({
  number: each.number,
  url: each.html_url,
  body: each.body ?? '',
  createdAt: each.created_at,
});

export async function createIssue(
  client: Client,
  repository: RepositoryRef,
  { title, body, labels, assignees }: IssueDraft,
): Promise<OwnIssue> {
  const { value } = await client.rest(listed, 'POST /repos/{owner}/{repo}/issues', {
    ...partsOf(repository),
    title,
    body,
    labels,
    assignees,
  });
  return ownIssue(value);
}
