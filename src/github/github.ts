import type { Log } from '../review/deps.ts';
import type { AppHosting, Hosting } from '../review/hosting.ts';
import { sentAnnotations, type SentAnnotations } from './annotations.ts';
import { failedDeliveries, listInstallations, redeliver, selfOf } from './app.ts';
import { appJwt } from './app-jwt.ts';
import { branchCommits, isOnBranch } from './branch.ts';
import { createCheck, findChecks, updateCheck, type CheckIdentity } from './checks.ts';
import { createClient, type Client, type RequestInfo } from './client.ts';
import type { Self } from './discussion.ts';
import { createMemory, type Memory } from './memory.ts';
import { askMergeBase, provenMergeBase } from './merge-base.ts';
import { boundedFetch, octokitFor, type Fetch } from './octokit.ts';
import { isMember, permissionOf, pusherOf } from './people.ts';
import { repositoryAt } from './repository.ts';
import { editReviewComment, postReview, react } from './reviews.ts';
import { readPullRequest } from './state.ts';
import { listRepositories, protectedBranches, readRepository } from './sweep.ts';
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
  const baseUrl = (options.baseUrl ?? 'https://api.github.com').replace(/\/$/, '');
  const graphqlUrl = options.graphqlUrl ?? `${baseUrl.replace(/\/v3$/, '')}/graphql`;
  const connection = { baseUrl, log, fetch: boundedFetch(options.fetch, options.timeoutMs ?? 15_000) };
  const asApp = octokitFor({ appId, createJwt: appJwt(privateKey, now) }, connection);
  const app = createClient({
    access: { octokit: () => Promise.resolve(asApp), renounce: () => Promise.resolve(false) },
    graphqlUrl,
    now,
    onRequest,
  });
  const access = createTokens(app, connection, now);
  const shared: Shared = {
    check: { appId, name: options.checkName ?? 'Threatgate' },
    memory: createMemory(options.memoryBytes ?? 128 * 1024 * 1024),
    sent: sentAnnotations(),
    self: selfOf(app, now),
  };
  return {
    self: shared.self,
    installations: () => listInstallations(app),
    installation: (id) => hostingOf(createClient({ access: access(id), graphqlUrl, now, onRequest }), shared),
    failedDeliveries: (since) => failedDeliveries(app, since),
    redeliver: (id) => redeliver(app, id),
  };
}

interface Shared {
  readonly check: CheckIdentity;
  readonly memory: Memory;
  readonly sent: SentAnnotations;
  readonly self: () => Promise<Self>;
}

function hostingOf(client: Client, { check, memory, sent, self }: Shared): Hosting {
  return {
    pullRequest: (repository, number, teams) => readPullRequest(client, { repository, number, teams }, self),
    repository: (ref) => repositoryAt(client, ref, memory),
    mergeBase: async (state) =>
      provenMergeBase(state) ??
      askMergeBase(client, state.repository, state.base, state.head, memory.mergeBases),
    findChecks: (repository, head) => findChecks(client, repository, head, check),
    createCheck: (repository, draft) => createCheck(client, repository, draft, check.name, sent),
    updateCheck: (repository, id, draft) => updateCheck(client, repository, id, draft, sent),
    postReview: (repository, number, head, draft) => postReview(client, repository, number, head, draft),
    editReviewComment: (repository, id, body) => editReviewComment(client, repository, id, body),
    react: (repository, remark, content) => react(client, repository, remark, content),
    permission: (repository, login) => permissionOf(client, repository, login),
    isMember: (team, account) => isMember(client, team, account),
    pusherOf: (state) => pusherOf(client, state),
    repositories: () => listRepositories(client),
    repositoryState: (ref) => readRepository(client, ref),
    protectedBranches: (ref) => protectedBranches(client, ref),
    branchCommits: (ref, branch, after, most) => branchCommits(client, ref, branch, after, most),
    isOnBranch: (ref, ancestor, branch) => isOnBranch(client, ref, ancestor, branch),
  };
}
