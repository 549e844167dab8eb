import { z } from 'zod';
import type { TicketState } from '../review/hosting.ts';
import { accountOf, ACTOR, actor } from './accounts.ts';
import type { Client, Query } from './client.ts';
import type { GraphqlError } from './errors.ts';
import { id, instant } from './shapes.ts';

export const TICKET_FIELDS = `
fragment TicketFields on Issue {
  number url state createdAt closedAt
  timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent {
    actor { ...Actor } closer { __typename ... on PullRequest { number repository { nameWithOwner } } }
  } } }
}`;

const closer = z
  .object({
    __typename: z.string(),
    number: id.optional(),
    repository: z.object({ nameWithOwner: z.string() }).optional(),
  })
  .nullable();

export const issueFields = z.object({
  number: id,
  url: z.string(),
  state: z.enum(['OPEN', 'CLOSED']),
  createdAt: instant,
  closedAt: instant.nullable(),
  timelineItems: z.object({ nodes: z.array(z.object({ actor, closer })) }),
});

const pullFields = z.object({
  number: id,
  url: z.string(),
  pullState: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  createdAt: instant,
  closedAt: instant.nullable(),
  mergedBy: actor,
});

const node = z.union([
  issueFields.extend({ __typename: z.literal('Issue') }),
  pullFields.extend({ __typename: z.literal('PullRequest') }),
]);

export function ticketStateOf(issue: z.infer<typeof issueFields>): TicketState {
  const { url, state, createdAt, closedAt, timelineItems } = issue;
  if (state === 'OPEN') return { state: 'open', url, createdAt };
  const last = timelineItems.nodes.at(-1);
  const { number, repository } = last?.closer ?? {};
  const by =
    number === undefined
      ? last?.actor && accountOf(last.actor).login
      : `${repository?.nameWithOwner ?? ''}#${number}`;
  return {
    state: 'closed',
    url,
    createdAt,
    ...(closedAt === null ? {} : { closedAt }),
    ...(by ? { closedBy: by } : {}),
  };
}

/** Asked for in one request; each costs GitHub a few look-ups. */
const MOST = 100;

export async function readTickets(
  client: Client,
  names: readonly { readonly repository: string; readonly number: number }[],
): Promise<readonly (TicketState | undefined)[]> {
  const found: (TicketState | undefined)[] = [];
  for (let from = 0; from < names.length; from += MOST)
    found.push(...(await readSome(client, names.slice(from, from + MOST))));
  return found;
}

type Asked = readonly { readonly repository: string; readonly number: number }[];

/** So many tickets; which, the variables say. */
export function ticketsQuery(count: number): Query {
  const places = Array.from({ length: count }, (_, i) => i);
  const variables = places.map((i) => `$o${i}: String!, $r${i}: String!, $n${i}: Int!`).join(', ');
  const fields = places.map(
    (i) => `
  t${i}: repository(owner: $o${i}, name: $r${i}) { issueOrPullRequest(number: $n${i}) {
    __typename ...TicketFields ... on PullRequest { number url pullState: state createdAt closedAt mergedBy { ...Actor } }
  } }`,
  );
  return {
    name: 'Tickets',
    text: `query Tickets(${variables}) {${fields.join('')}\n}${TICKET_FIELDS}${ACTOR}`,
  };
}

async function readSome(client: Client, names: Asked): Promise<readonly (TicketState | undefined)[]> {
  const values: Record<string, unknown> = {};
  names.forEach(({ repository, number }, i) => {
    [values[`o${i}`], values[`r${i}`]] = repository.split('/');
    values[`n${i}`] = number;
  });
  const { value } = await client.graphql(answer, ticketsQuery(names.length), values, bearable);
  return names.map((_, i) => stateIn(value[`t${i}`]));
}

const answer = z.record(z.string(), z.unknown());

/** What is not there, and what we may not see, is one ticket of many. */
const bearable = ({ type, path }: GraphqlError): boolean =>
  (type === 'NOT_FOUND' || type === 'FORBIDDEN') && /^t\d+$/.test(String(path?.[0]));

const found = z.object({ issueOrPullRequest: node });

function stateIn(value: unknown): TicketState | undefined {
  const read = found.safeParse(value);
  if (!read.success) return undefined;
  const { issueOrPullRequest: ticket } = read.data;
  if (ticket.__typename === 'Issue') return ticketStateOf(ticket);
  const { url, pullState, createdAt, closedAt, mergedBy } = ticket;
  if (pullState === 'OPEN') return { state: 'open', url, createdAt };
  return {
    state: 'closed',
    url,
    createdAt,
    ...(closedAt === null ? {} : { closedAt }),
    ...(mergedBy === null ? {} : { closedBy: accountOf(mergedBy).login }),
  };
}
