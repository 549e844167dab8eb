import { z } from 'zod';
import { UserError } from '../review/errors.ts';
import type { TicketState } from '../review/hosting.ts';
import type { Jira } from '../review/re-review/follow-tickets.ts';

export type Fetch = typeof globalThis.fetch;

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 256 * 1024;

const instant = z
  .string()
  .max(60)
  .transform((text) => Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
  .refine((at) => !Number.isNaN(at))
  .transform((at) => new Date(at).toISOString());

/** Only what is needed of an answer; everything else in it is left unread. */
const answer = z.object({
  key: z.string().max(100),
  fields: z.object({
    created: instant,
    resolutiondate: instant.nullish(),
    status: z.object({ statusCategory: z.object({ key: z.string().max(50) }) }),
  }),
});

/**
 * Jira as `JIRA_URL` and `JIRA_TOKEN` name it: read only, one ticket at a time, bounded in time and size. A token with a
 * colon is `name:token` of its cloud, any other one a personal access token. Undefined when neither is set.
 */
export function jiraOf(
  env: Readonly<Record<string, string | undefined>>,
  fetch: Fetch = globalThis.fetch,
): Jira | undefined {
  const [address, token] = ['JIRA_URL', 'JIRA_TOKEN'].map((name) => env[name]?.trim() ?? '');
  if (!address && !token) return undefined;
  const base = baseOf(address ?? '');
  if (!token || !/^[\x21-\x7e]+$/.test(token))
    throw new UserError(
      'JIRA_URL is set, but JIRA_TOKEN is no token.',
      'Set JIRA_TOKEN to a personal access token, or for the cloud to `address@example.org:token`.',
    );
  const authorization = token.includes(':')
    ? `Basic ${Buffer.from(token).toString('base64')}`
    : `Bearer ${token}`;
  return {
    follows: (host) => host === undefined || host === base.host,
    read: (issue) => readIssue(issue, base, authorization, fetch),
  };
}

function baseOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '') return url;
  throw new UserError(
    'JIRA_URL is not an https address.',
    'Write it as https://example.atlassian.net, without a query; the token travels there.',
  );
}

async function readIssue(
  issue: string,
  base: URL,
  authorization: string,
  fetch: Fetch,
): Promise<TicketState | undefined> {
  const root = base.href.replace(/\/+$/, '');
  const name = encodeURIComponent(issue);
  const response = await fetch(`${root}/rest/api/2/issue/${name}?fields=status,created,resolutiondate`, {
    headers: { accept: 'application/json', authorization, 'user-agent': 'threatgate' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`Jira answered with status ${response.status}`);
  }
  const { key, fields } = answer.parse(JSON.parse(await textOf(response)));
  const isClosed = fields.status.statusCategory.key === 'done';
  return {
    state: isClosed ? 'closed' : 'open',
    url: `${root}/browse/${encodeURIComponent(key)}`,
    createdAt: fields.created,
    ...(isClosed && fields.resolutiondate ? { closedAt: fields.resolutiondate } : {}),
  };
}

/** Never more than what is allowed, whatever the length is said to be. */
async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > MOST_BYTES) throw new Error('Jira’s answer is too long');
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces).toString('utf8');
}
