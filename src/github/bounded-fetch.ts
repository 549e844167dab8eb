import type { Log } from '../review/deps.ts';

export type Fetch = typeof globalThis.fetch;

/** The newer version of the API drops fields; without a header GitHub decides which one answers. */
const API_VERSION = '2022-11-28';

/** Statuses that have no body by definition. */
const EMPTY = new Set([101, 204, 205, 304]);

/** Every request, those for tokens too: pinned version, a limit in time that covers the body, and no half bodies. */
export function boundedFetch(fetch: Fetch | undefined, timeoutMs: number): Fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('x-github-api-version', API_VERSION);
    const send = fetch ?? globalThis.fetch;
    const answer = await send(input, { ...init, headers, signal: AbortSignal.timeout(timeoutMs) });
    const body = EMPTY.has(answer.status) ? null : await answer.arrayBuffer();
    return new Response(body, {
      status: answer.status,
      statusText: answer.statusText,
      headers: answer.headers,
    });
  };
}

/** Octokit writes whole requests into its debug log; what people wrote does not belong into ours. */
export function quietLog(log: Log) {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => log.warn({}, message),
    error: (message: string) => log.error({}, message),
  };
}

/** Where the REST and the GraphQL API are; for GitHub Enterprise Server the first ends in `/api/v3`. */
export function addressesOf(options: {
  readonly baseUrl?: string | undefined;
  readonly graphqlUrl?: string | undefined;
}): { readonly baseUrl: string; readonly graphqlUrl: string } {
  const baseUrl = (options.baseUrl ?? 'https://api.github.com').replace(/\/$/, '');
  return { baseUrl, graphqlUrl: options.graphqlUrl ?? `${baseUrl.replace(/\/v3$/, '')}/graphql` };
}
