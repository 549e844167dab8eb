import { ProbotOctokit } from 'probot';
import { VERSION } from '../core/version.generated.ts';
import type { Log } from '../review/deps.ts';
import type { CreateJwt } from './app-jwt.ts';

export type Fetch = typeof globalThis.fetch;

export interface Connection {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly log: Log;
}

/** The newer version of the API drops fields; without a header GitHub decides which one answers. */
const API_VERSION = '2022-11-28';

/** Statuses that have no body by definition. */
const EMPTY = new Set([101, 204, 205, 304]);

export type Octokit = ProbotOctokit;

/**
 * Probot's Octokit without its waiting and repeating: a worker that sleeps holds a lease, so whoever runs into a limit or
 * an outage goes back to the queue. The rest of Probot is left aside here: its token cache cannot be told that a token is
 * no longer good, waits seconds on a 401, and renews at api.github.com whatever server it was told to speak to.
 */
export function octokitFor(
  auth: { readonly appId: number; readonly createJwt: CreateJwt } | { readonly token: string },
  { baseUrl, fetch, log }: Connection,
): Octokit {
  const quiet = {
    // Octokit writes whole requests into its debug log; what people wrote does not belong into ours.
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => log.warn({}, message),
    error: (message: string) => log.error({}, message),
  };
  return new ProbotOctokit({
    auth,
    baseUrl,
    userAgent: `threatgate/${VERSION}`,
    throttle: { enabled: false },
    retry: { enabled: false },
    request: { fetch, log: quiet },
    log: quiet,
  });
}

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
