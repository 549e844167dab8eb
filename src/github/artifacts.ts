import { z } from 'zod';
import { NotThere, Refused, Unavailable } from '../review/hosting-errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import { partsOf } from './about-repository.ts';
import { addressesOf } from './bounded-fetch.ts';
import type { Client, Query } from './client.ts';
import { allPages } from './pages.ts';
import { id, instant, sha } from './shapes.ts';
import type { TokenOptions } from './with-token.ts';

/** A run of a workflow, and by which file it ran. */
export interface WholeRun {
  readonly id: number;
  readonly suite: number;
  readonly event: string;
  readonly head: string;
  /** `.github/workflows/gate.yml`, without the ref that GitHub may write behind it. */
  readonly path: string;
}

const runs = z.object({
  workflow_runs: z.array(
    z.object({ id, check_suite_id: id, event: z.string(), head_sha: sha, path: z.string() }),
  ),
});

/** Of one suite: a suite belongs to one run. */
export async function runsOf(
  client: Client,
  ref: RepositoryRef,
  suite: number,
): Promise<readonly WholeRun[]> {
  const { value } = await client.rest(runs, 'GET /repos/{owner}/{repo}/actions/runs', {
    ...partsOf(ref),
    check_suite_id: suite,
    per_page: 100,
  });
  return value.workflow_runs
    .filter((run) => run.check_suite_id === suite)
    .map((run) => ({
      id: run.id,
      suite,
      event: run.event,
      head: run.head_sha,
      path: run.path.replace(/@.*$/, ''),
    }));
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly expired: boolean;
  readonly at: string | undefined;
}

const artifacts = z.object({
  artifacts: z.array(
    z.object({
      id,
      name: z.string(),
      size_in_bytes: z.number(),
      expired: z.boolean(),
      created_at: instant.nullable(),
    }),
  ),
});

export async function artifactsOf(
  client: Client,
  ref: RepositoryRef,
  run: number,
): Promise<readonly Artifact[]> {
  const { items } = await allPages(client, artifacts, (answer) => answer.artifacts, {
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    parameters: { ...partsOf(ref), run_id: run },
    most: 10,
  });
  return items.map((each) => ({
    id: each.id,
    name: each.name,
    bytes: each.size_in_bytes,
    expired: each.expired,
    at: each.created_at ?? undefined,
  }));
}

export type Download = (
  ref: RepositoryRef,
  artifact: number,
  most: number,
) => Promise<Uint8Array | undefined>;

/**
 * The zip of an artifact; undefined where it is gone, not to be read, or larger than asked for. GitHub sends on to a store of
 * files, which is asked without the token.
 */
export function downloadWith(options: TokenOptions): Download {
  const { baseUrl } = addressesOf(options);
  const ask = options.fetch ?? fetch;
  const headers = { authorization: `Bearer ${options.token}`, accept: 'application/vnd.github+json' };
  return async (ref, artifact, most) => {
    const { owner = '', repo = '' } = partsOf(ref);
    const path = [owner, repo].map(encodeURIComponent).join('/');
    const signal = AbortSignal.timeout(options.timeoutMs ?? 60_000);
    try {
      const first = await ask(`${baseUrl}/repos/${path}/actions/artifacts/${artifact}/zip`, {
        headers,
        redirect: 'manual',
        signal,
      });
      await first.body?.cancel();
      const location = first.headers.get('location');
      const limited = first.status === 429 || first.headers.has('retry-after');
      if (first.status >= 500 || limited) throw new Unavailable(`The artifact ${artifact} could not be read`);
      if (location === null || !isSafe(location, baseUrl)) return undefined;
      const second = await ask(location, { redirect: 'error', signal });
      if (!second.ok || !second.body) return undefined;
      return await bounded(second.body, most);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      throw new Unavailable(`The artifact ${artifact} could not be read`);
    }
  };
}

/** In clear text only where GitHub itself is asked so. */
function isSafe(location: string, baseUrl: string): boolean {
  if (!URL.canParse(location)) return false;
  const url = new URL(location);
  return url.protocol === 'https:' || url.origin === new URL(baseUrl).origin;
}

async function bounded(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > most) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export const WORKFLOW: Query = {
  name: 'Workflow',
  text: `query Workflow($owner: String!, $name: String!, $base: String!, $head: String!) {
  repository(owner: $owner, name: $name) { databaseId
    base: object(expression: $base) { ... on Blob { oid text } }
    head: object(expression: $head) { ... on Blob { oid } }
  }
}`,
};

const blob = z.object({ oid: sha.optional(), text: z.string().nullish() }).nullable();
const workflow = z.object({ repository: z.object({ databaseId: id, base: blob, head: blob }) });

/** A file of the base as text, where the head has it byte by byte the same; undefined where it has not. */
export async function unchangedText(
  client: Client,
  ref: RepositoryRef,
  path: string,
  commits: { readonly base: string; readonly head: string },
): Promise<string | undefined> {
  const { owner, repo: name } = partsOf(ref);
  const at = (commit: string): string => `${commit}:${path}`;
  try {
    const variables = { owner, name, base: at(commits.base), head: at(commits.head) };
    const { base, head, databaseId } = (await client.graphql(workflow, WORKFLOW, variables)).value.repository;
    const same = base?.oid !== undefined && base.oid === head?.oid && databaseId === ref.id;
    return same ? (base.text ?? undefined) : undefined;
  } catch (error) {
    if (error instanceof NotThere || error instanceof Refused) return undefined;
    throw error;
  }
}

const files = z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() }));

/** Whether a pull request leaves a file alone. Where not all of its files are listed, nobody can tell. */
export async function leavesAlone(
  client: Client,
  ref: RepositoryRef,
  number: number,
  path: string,
): Promise<boolean> {
  const { items, complete } = await allPages(client, files, (answer) => answer, {
    route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
    parameters: { ...partsOf(ref), pull_number: number },
    most: 30,
  });
  // GitHub lists three thousand at most, and then does not say that there are more.
  const listed = complete && items.length < 3_000;
  return listed && !items.some((file) => file.filename === path || file.previous_filename === path);
}

export const OWNED: Query = {
  name: 'Owned',
  text: `query Owned($login: String!, $after: String) {
  repositoryOwner(login: $login) { repositories(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { databaseId nameWithOwner isArchived }
  } }
}`,
};

const owned = z.object({
  repositoryOwner: z
    .object({
      repositories: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(z.object({ databaseId: id, nameWithOwner: z.string(), isArchived: z.boolean() })),
      }),
    })
    .nullable(),
});

/** Names of all repositories of an owner that the token may see, archived ones as well; undefined for nobody. */
export async function ownedBy(client: Client, login: string): Promise<readonly string[] | undefined> {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const page = await ownedPage(client, login, after);
    if (!page) return undefined;
    // Others that the owner may write to are in the list, too.
    const own = page.nodes.map((each) => each.nameWithOwner);
    names.push(...own.filter((name) => name.toLowerCase().startsWith(`${login.toLowerCase()}/`)));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return names.sort();
}

type OwnedPage = NonNullable<z.infer<typeof owned>['repositoryOwner']>['repositories'];

async function ownedPage(
  client: Client,
  login: string,
  after: string | null,
): Promise<OwnedPage | undefined> {
  return (await client.graphql(owned, OWNED, { login, after })).value.repositoryOwner?.repositories;
}
