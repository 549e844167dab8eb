import { ProbotOctokit } from 'probot';
import { VERSION } from '../core/version.generated.ts';
import type { Log } from '../review/deps.ts';
import type { CreateJwt } from './app-jwt.ts';
import { quietLog, type Fetch } from './bounded-fetch.ts';

export interface Connection {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly log: Log;
}

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
  const quiet = quietLog(log);
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
