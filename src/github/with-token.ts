import { Octokit } from '@octokit/core';
import type { Account } from '../core/model/account.ts';
import type { BranchRules } from '../core/model/branch-rules.ts';
import { VERSION } from '../core/version.generated.ts';
import type { QueueRef } from '../review/afresh/judge-merge-group.ts';
import type { Log } from '../review/deps.ts';
import { Refused } from '../review/hosting-errors.ts';
import type { Hosting } from '../review/hosting.ts';
import type { FindRepository } from '../review/pull-request/linked.ts';
import type { RepositoryRef } from '../review/work.ts';
import { aboutRepository, type AboutRepository } from './about-repository.ts';
import { findRepository, latestRun, queueRefs, rerun, type WorkflowRun } from './actions.ts';
import { sentAnnotations } from './annotations.ts';
import { addressesOf, boundedFetch, quietLog, type Fetch } from './bounded-fetch.ts';
import { createClient, type Client, type RequestInfo } from './client.ts';
import { hostingOf } from './hosting.ts';
import { createMemory } from './memory.ts';
import { branchRules } from './rules.ts';
import { checksAt, recentHeads, type SeenCheck } from './seen-checks.ts';
import { viewerOf } from './viewer.ts';

export interface TokenOptions {
  /** Of a workflow run, an installation or a person. */
  readonly token: string;
  readonly baseUrl?: string | undefined;
  readonly graphqlUrl?: string | undefined;
  readonly fetch?: Fetch;
  readonly now: () => Date;
  readonly log: Log;
  readonly onRequest?: (info: RequestInfo) => void;
  readonly timeoutMs?: number;
}

/** GitHub as whoever holds a token sees it, and what only workflows and the doctor ask. */
export interface TokenGitHub {
  readonly hosting: Hosting;
  readonly find: FindRepository;
  /** Whose token it is. Throws `Refused` for the token of an App or a workflow, which is nobody’s. */
  self(): Promise<Account>;
  queueRefs(repository: RepositoryRef, branch: string): Promise<readonly QueueRef[]>;
  latestRun(repository: RepositoryRef, workflow: string, head: string): Promise<WorkflowRun | undefined>;
  rerun(repository: RepositoryRef, run: number): Promise<void>;
  about(name: string): Promise<AboutRepository>;
  /** What the branch demands now, and who need not obey. */
  rules(repository: RepositoryRef, branch: string): Promise<BranchRules>;
  checksAt(repository: RepositoryRef, commit: string): Promise<readonly SeenCheck[]>;
  recentHeads(repository: RepositoryRef, branch: string, most: number): Promise<readonly string[]>;
}

/** What asks GitHub with a token. */
export function clientWithToken(options: TokenOptions): Client {
  const { baseUrl, graphqlUrl } = addressesOf(options);
  const { token, now, log, onRequest } = options;
  const fetch = boundedFetch(options.fetch, options.timeoutMs ?? 15_000);
  const quiet = quietLog(log);
  const octokit = new Octokit({
    auth: token,
    baseUrl,
    userAgent: `threatgate-action/${VERSION}`,
    request: { fetch, log: quiet },
    log: quiet,
  });
  return createClient({
    access: { octokit: () => Promise.resolve(octokit), renounce: () => Promise.resolve(false) },
    graphqlUrl,
    now,
    onRequest,
  });
}

/** Writes no check runs: a workflow's job is its own check. */
export function createTokenGitHub(options: TokenOptions): TokenGitHub {
  const client = clientWithToken(options);
  const hosting = hostingOf(client, {
    check: { appId: 0, name: '' },
    memory: createMemory(64 * 1024 * 1024),
    sent: sentAnnotations(),
    self: 'viewer',
  });
  return {
    hosting,
    find: async (name) => {
      const found = await findRepository(client, name);
      return 'why' in found ? found : { hosting, repository: found };
    },
    self: async () => {
      const viewer = await viewerOf(client);
      if (viewer?.kind === 'user') return viewer;
      throw new Refused('The token belongs to no person whom GitHub knows.');
    },
    queueRefs: (repository, branch) => queueRefs(client, repository, branch),
    latestRun: (repository, workflow, head) => latestRun(client, repository, workflow, head),
    rerun: (repository, run) => rerun(client, repository, run),
    about: (name) => aboutRepository(client, name),
    rules: (repository, branch) => branchRules(client, repository, branch),
    checksAt: (repository, commit) => checksAt(client, repository, commit),
    recentHeads: (repository, branch, most) => recentHeads(client, repository, branch, most),
  };
}
