import type { Log } from '../review/deps.ts';
import type { AppHosting } from '../review/hosting.ts';
import { sentAnnotations } from './annotations.ts';
import { failedDeliveries, listInstallations, redeliver, selfOf } from './app.ts';
import { appJwt } from './app-jwt.ts';
import { addressesOf, boundedFetch, type Fetch } from './bounded-fetch.ts';
import { createClient, type RequestInfo } from './client.ts';
import { hostingOf, type Shared } from './hosting.ts';
import { createMemory } from './memory.ts';
import { octokitFor } from './octokit.ts';
import { createTokens } from './tokens.ts';

export interface GitHubOptions {
  readonly appId: number;
  readonly privateKey: string;
  /** Where the REST API is; for GitHub Enterprise Server it ends in `/api/v3`. */
  readonly baseUrl?: string;
  readonly graphqlUrl?: string;
  readonly fetch?: Fetch;
  readonly now: () => Date;
  readonly log: Log;
  readonly onRequest?: (info: RequestInfo) => void;
  /** Longest a request may take, its answer read to the end. */
  readonly timeoutMs?: number;
  /** Name of the check run. */
  readonly checkName?: string;
  /** Memory spent on trees and contents. */
  readonly memoryBytes?: number;
}

/** GitHub, as the App with this key sees it. */
export function createGitHub(options: GitHubOptions): AppHosting {
  const { appId, privateKey, now, log, onRequest } = options;
  const { baseUrl, graphqlUrl } = addressesOf(options);
  const connection = { baseUrl, log, fetch: boundedFetch(options.fetch, options.timeoutMs ?? 15_000) };
  const asApp = octokitFor({ appId, createJwt: appJwt(privateKey, now) }, connection);
  const app = createClient({
    access: { octokit: () => Promise.resolve(asApp), renounce: () => Promise.resolve(false) },
    graphqlUrl,
    now,
    onRequest,
  });
  const access = createTokens(app, connection, now);
  const self = selfOf(app, now);
  const shared: Shared = {
    check: { appId, name: options.checkName ?? 'Threatgate' },
    memory: createMemory(options.memoryBytes ?? 128 * 1024 * 1024),
    sent: sentAnnotations(),
    self,
  };
  return {
    self,
    installations: () => listInstallations(app),
    installation: (id) => hostingOf(createClient({ access: access(id), graphqlUrl, now, onRequest }), shared),
    failedDeliveries: (since) => failedDeliveries(app, since),
    redeliver: (id) => redeliver(app, id),
  };
}
