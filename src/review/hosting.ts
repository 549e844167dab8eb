import type { Account } from '../core/model/account.ts';
import type { BranchRules } from '../core/model/branch-rules.ts';
import type { CheckRunReport } from '../core/report/check-run.ts';
import type { ReviewDraft } from '../core/report/review.ts';
import type { Repository } from './ports.ts';
import type { RepositoryRef } from './work.ts';

/** One commit of a pull request, with whoever wrote and committed it. */
export interface PullRequestCommit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Undefined where no account belongs to the e-mail address. The service's own merge account is left out. */
  readonly people: readonly (Account | undefined)[];
}

/** Something a person wrote: a review, a comment, a reply. */
export interface Remark {
  readonly id: number;
  /** Where it stands: each has its own place for reactions and its own numbering. */
  readonly place: 'comment' | 'review' | 'review-comment';
  readonly by: Account;
  /** GitHub's clock. */
  readonly at: string;
  readonly body: string;
  /** Whether the author belongs to the repository: may write, or is a member of its owner. */
  readonly insider: boolean;
  /** Altered after it was written: no longer its author's word for certain, so that it commands nothing. */
  readonly edited: boolean;
  /** Of a reply: the first comment of its thread. */
  readonly inReplyTo?: number;
  /** GitHub's other name of it: a reaction to a review is possible by this one only. */
  readonly node?: string;
}

export interface GivenReview {
  readonly id: number;
  readonly by: Account;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed' | 'pending';
  readonly at: string;
  /** The commit that was looked at. */
  readonly commit: string | undefined;
}

/** One of our own comments, as it stands there now. */
export interface OwnComment {
  readonly id: number;
  readonly body: string;
}

/** Text of a file on a default branch, or why there is none to read. */
export type PolicyFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string; readonly id: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Everything about one pull request that can change, read in one request. */
export interface PullRequestState {
  readonly repository: RepositoryRef;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly number: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly author: Account;
  /** When anything about it was last changed or said, by GitHub's clock. */
  readonly updatedAt: string;
  readonly head: string;
  readonly baseRef: string;
  readonly base: string;
  /** When it was last pointed at another base branch, if ever: what was said before was said of another change. */
  readonly baseChangedAt?: string;
  /** The branch that the head was pushed to; undefined when its repository is gone. */
  readonly source: { readonly repository: RepositoryRef; readonly branch: string } | undefined;
  /** How many files GitHub says it changes: a rename counts once. */
  readonly changedFiles: number;
  readonly commits: readonly PullRequestCommit[];
  /** False when there are more commits than could be listed. */
  readonly commitsComplete: boolean;
  readonly merged?: {
    readonly commit: string | undefined;
    /** What the merge commit holds, and how many parents it has: one says that it was squashed or rebased. */
    readonly tree: string | undefined;
    readonly parents: number | undefined;
    /** The first parent: what the branch was before. */
    readonly onto: string | undefined;
    readonly by: Account | undefined;
    readonly at: string;
  };
  /** In order of time. Review bodies and replies in threads are among the remarks. */
  readonly remarks: readonly Remark[];
  readonly reviews: readonly GivenReview[];
  readonly ownComments: readonly OwnComment[];
  /** False when there are more reviews or remarks than were read: what is missing could be a revocation. */
  readonly discussionComplete: boolean;
  readonly policy: PolicyFile;
  readonly organisationPolicy: PolicyFile;
  /** Of the teams asked for: their members, or undefined when the list is longer than what was read, or not readable. */
  readonly teams: ReadonlyMap<string, readonly Account[] | undefined>;
}

export interface FoundCheck {
  readonly id: number;
  readonly externalId: string;
  readonly head: string;
  readonly completed: boolean;
  readonly conclusion: string | undefined;
}

export interface WrittenCheck {
  readonly id: number;
  /** GitHub's clock when it answered. */
  readonly at: string;
}

export interface CheckDraft {
  /** Of a run that says something else than our verdict; undefined for that one. */
  readonly name?: string;
  readonly head: string;
  readonly externalId: string;
  readonly detailsUrl?: string;
  readonly report: CheckRunReport;
}

export interface OpenPullRequest {
  readonly number: number;
  readonly head: string;
  readonly baseRef: string;
  readonly updatedAt: string;
}

/** What one sweep of a repository reads. */
export interface RepositoryState {
  readonly repository: RepositoryRef;
  readonly defaultBranch: string;
  /** Newest commit of the default branch; undefined in an empty repository. */
  readonly defaultTip: string | undefined;
  readonly policy: PolicyFile;
  readonly organisationPolicy: PolicyFile;
  readonly open: readonly OpenPullRequest[];
  readonly complete: boolean;
}

export interface BranchTip {
  readonly name: string;
  readonly tip: string;
}

/** An issue that is no pull request, read in one request. */
export interface IssueState {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly ticket: TicketState;
  /** `not-planned`: closed without having been done. */
  readonly reason: 'completed' | 'not-planned' | undefined;
  /** Who closed it last. */
  readonly closedBy: Account | undefined;
  /** In order of time; our own are left out. */
  readonly remarks: readonly Remark[];
}

/** How far a ticket is, by the clock of its tracker. */
export interface TicketState {
  readonly state: 'open' | 'closed';
  readonly url: string;
  readonly createdAt: string;
  readonly closedAt?: string;
  /** `#12` of the pull request that closed it, else a login. */
  readonly closedBy?: string;
}

export interface IssueDraft {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** An issue that we opened ourselves. */
export interface OwnIssue {
  readonly number: number;
  readonly url: string;
  readonly body: string;
  readonly createdAt: string;
}

/** A commit on a branch, newest first, and the merged pull requests it belongs to. */
export interface BranchCommit {
  readonly id: string;
  readonly by: Account | undefined;
  readonly at: string;
  readonly pullRequests: readonly {
    readonly number: number;
    readonly merged: boolean;
    /** The branch that it was merged into, or is to be. */
    readonly base: string;
  }[];
}

/** GitHub as one installation of the App sees it. Every method throws the errors below and nothing else. */
export interface Hosting {
  /** Undefined when there is no such pull request (or not yet: events can be faster than the data they speak of). */
  pullRequest(
    repository: RepositoryRef,
    number: number,
    teams: readonly string[],
  ): Promise<PullRequestState | undefined>;
  /** Trees and contents by immutable id, for `gather`; answers are kept and shared by id within the repository. */
  repository(ref: RepositoryRef): Repository;
  /** Merge base of the pull request: from the listed commits where they prove it, else asked for. */
  mergeBase(state: PullRequestState): Promise<string>;
  /** `name`: as of the draft. */
  findChecks(repository: RepositoryRef, head: string, name?: string): Promise<readonly FoundCheck[]>;
  createCheck(repository: RepositoryRef, check: CheckDraft): Promise<WrittenCheck>;
  updateCheck(repository: RepositoryRef, id: number, check: CheckDraft): Promise<WrittenCheck>;
  /**
   * One review with all its comments; which comments they became is read with the state at the next look. Throws
   * `Rejected` when a line is not in the diff.
   */
  postReview(repository: RepositoryRef, number: number, head: string, review: ReviewDraft): Promise<void>;
  editReviewComment(repository: RepositoryRef, id: number, body: string): Promise<void>;
  /** Sets a reaction; setting it twice is setting it once. */
  react(
    repository: RepositoryRef,
    remark: Pick<Remark, 'id' | 'place' | 'node'>,
    content: '+1' | '-1' | 'eyes',
  ): Promise<void>;
  permission(repository: RepositoryRef, login: string): Promise<'admin' | 'write' | 'read' | 'none'>;
  /** Whether the account is an active member of `organisation/team`, by parent teams too. */
  isMember(team: string, account: Account): Promise<boolean>;
  /** Who pushed this head to this branch, where the activity of the repository tells. */
  pusherOf(state: PullRequestState): Promise<Account | undefined>;
  /** Everybody who ever moved the branch of the head; undefined when somebody could be missing. */
  branchPushers(state: PullRequestState): Promise<readonly Account[] | undefined>;
  repositories(): Promise<readonly RepositoryRef[]>;
  repositoryState(ref: RepositoryRef): Promise<RepositoryState | undefined>;
  /** Branches under protection or rulesets, with their newest commits. */
  protectedBranches(ref: RepositoryRef): Promise<readonly BranchTip[]>;
  /** What GitHub demands before the branch moves. Throws `NotThere` when there is no such branch. */
  branchRules(ref: RepositoryRef, branch: string): Promise<BranchRules>;
  /** Commits of a branch newer than `after` (first parents), at most `most`; `complete` is false when there are more. */
  branchCommits(
    ref: RepositoryRef,
    branch: string,
    after: string | undefined,
    most: number,
  ): Promise<{
    readonly tip: string | undefined;
    readonly commits: readonly BranchCommit[];
    readonly complete: boolean;
  }>;
  /** Undefined when there is no such issue, or when it is a pull request. */
  issue(repository: RepositoryRef, number: number): Promise<IssueState | undefined>;
  /** Issues with this label that we opened, newest first, as far as the newest five hundred go. */
  ownIssues(repository: RepositoryRef, label: string): Promise<readonly OwnIssue[]>;
  createIssue(repository: RepositoryRef, draft: IssueDraft): Promise<OwnIssue>;
  /**
   * Issues and pull requests by name and number, in one request for each hundred; `undefined` for what is not there or not to
   * be seen, in the order of the names.
   */
  tickets(
    names: readonly { readonly repository: string; readonly number: number }[],
  ): Promise<readonly (TicketState | undefined)[]>;
  /** Whether `ancestor` is on the branch. */
  isOnBranch(ref: RepositoryRef, ancestor: string, branch: string): Promise<boolean>;
}

/** A webhook delivery as GitHub remembers it. */
export interface PastDelivery {
  /** A number beyond what JavaScript counts exactly. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly at: string;
}

/** GitHub as the App itself sees it, before any installation. */
export interface AppHosting {
  /** The account of our own bot, as it is called now. */
  self(): Promise<{ readonly login: string }>;
  installations(): Promise<readonly { readonly id: number; readonly suspended: boolean }[]>;
  installation(id: number): Hosting;
  /** Deliveries that failed and are younger than `since`, newest first. */
  failedDeliveries(since: string): Promise<readonly PastDelivery[]>;
  redeliver(id: string): Promise<void>;
}
