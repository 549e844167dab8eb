/** What the double remembers. Times are milliseconds of the double's clock; ids come from one counter. */
import type { GitObjects } from '../git/objects.ts';

/** A thing with a past: what it was until a moment, so that a stale answer is a look at an earlier time. */
export interface Versioned<T> {
  readonly createdAt: number;
  updatedAt: number;
  deletedAt: number | undefined;
  history: readonly { readonly until: number; readonly was: T }[];
}

export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';
export const ROLES: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export type Level = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string;
  readonly email: string;
}

export interface Organisation {
  readonly account: Account;
  readonly members: Set<string>;
  readonly owners: Set<string>;
  readonly teams: Map<string, Team>;
}

export interface Team {
  readonly id: number;
  readonly organisation: string;
  readonly slug: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly members: Map<string, { state: 'active' | 'pending'; role: 'member' | 'maintainer' }>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: number;
  /** What it proves itself with where people log in through it, and where they may be sent back to. */
  readonly clientSecret: string;
  readonly callbackUrls: readonly string[];
  webhook: { url: string; secret: string } | undefined;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  readonly createdAt: number;
  repositories: 'all' | Set<number>;
  suspendedAt: number | undefined;
  deletedAt: number | undefined;
}

export interface Token {
  readonly value: string;
  readonly expiresAt: number;
  readonly holder:
    | { readonly kind: 'installation'; readonly installation: Installation }
    | { readonly kind: 'actions'; readonly app: App }
    /** Through an app, when they logged in through one. */
    | { readonly kind: 'user'; readonly user: Account; readonly app?: App };
  readonly permissions: Permissions;
  readonly repositories: ReadonlySet<number> | undefined;
}

/** Somebody said yes; the code that stands for it buys a token, once. */
export interface LoginGrant {
  readonly user: Account;
  readonly app: App;
  readonly redirectUri: string;
  /** SHA-256 of what only the one who asked knows, in base64url. */
  readonly challenge: string | undefined;
  readonly expiresAt: number;
}

export interface RequiredCheck {
  readonly context: string;
  readonly integrationId?: number;
}

/** One ruleset's demands on a branch; `bypass` names the people who may ignore them. */
export interface BranchRules {
  readonly rulesetId: number;
  readonly branch: string;
  readonly requiredChecks: readonly RequiredCheck[];
  readonly requirePullRequest: boolean;
  readonly mergeQueue: 'MERGE' | 'SQUASH' | 'REBASE' | undefined;
  readonly bypass: readonly string[];
  readonly bypassMode: 'always' | 'pull_request' | 'exempt';
  readonly name: string;
  readonly dismissStaleReviews: boolean;
  readonly nonFastForward: boolean;
  readonly deletion: boolean;
  /** Files of workflows that have to run. Shown, but not enforced: workflows are not read. */
  readonly workflows: readonly string[];
}

export interface Activity {
  readonly id: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly at: number;
  readonly kind:
    'push' | 'force_push' | 'branch_deletion' | 'branch_creation' | 'pr_merge' | 'merge_queue_merge';
  readonly actor: Account;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly objects: GitObjects;
  readonly fork: Repository | undefined;
  readonly createdAt: number;
  readonly refs: Map<string, string>;
  readonly collaborators: Map<string, Role>;
  readonly activities: Activity[];
  readonly queue: QueueEntry[];
  rules: readonly BranchRules[];
  archived?: boolean;
  pushedAt: number;
  lastNumber: number;
}

export interface PullRequest extends Versioned<PullRequest> {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  readonly headRepository: Repository;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  /** When it was last pointed at another base branch. */
  baseChangedAt: number | undefined;
  title: string;
  body: string | undefined;
  state: 'open' | 'closed';
  draft: boolean;
  closedAt: number | undefined;
  mergedAt: number | undefined;
  mergedBy: Account | undefined;
  mergeCommit: string | undefined;
  lastEditedAt: number | undefined;
  editor: Account | undefined;
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

interface Edited {
  body: string;
  lastEditedAt: number | undefined;
  editor: Account | undefined;
}

export interface Review extends Versioned<Review>, Edited {
  readonly id: number;
  readonly pull: PullRequest;
  readonly author: Account;
  readonly commit: string;
  state: ReviewState;
  submittedAt: number | undefined;
}

export type Side = 'LEFT' | 'RIGHT';

/** Where a review comment hangs; `undefined` line: on the whole file. */
export interface Anchor {
  readonly path: string;
  readonly line: number | undefined;
  readonly side: Side;
  readonly startLine: number | undefined;
  readonly startSide: Side | undefined;
  readonly position: number | undefined;
  readonly hunk: string;
}

export interface ReviewComment extends Versioned<ReviewComment>, Edited {
  readonly id: number;
  readonly pull: PullRequest;
  readonly review: Review;
  readonly author: Account;
  readonly commit: string;
  readonly anchor: Anchor;
  readonly replyTo: ReviewComment | undefined;
  resolved: boolean;
}

export interface IssueComment extends Versioned<IssueComment>, Edited {
  readonly id: number;
  readonly pull: PullRequest;
  readonly author: Account;
}

export interface Reaction {
  readonly id: number;
  readonly subject: number;
  readonly content: string;
  readonly user: Account;
  readonly at: number;
}

/** A pull request's place in a merge queue, and the group built for it. */
export interface QueueEntry {
  readonly id: number;
  readonly pull: PullRequest;
  readonly base: string;
  readonly by: Account;
  readonly at: number;
  readonly method: 'MERGE' | 'SQUASH' | 'REBASE';
  ref: string;
  baseSha: string;
  headSha: string;
}
