import { createHash } from 'node:crypto';
import type { Manifest } from '../actions/apps.ts';
import type { GitStore } from '../git/store.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { CheckRun, CheckSuite } from './checks.ts';
import type {
  Account,
  App,
  Installation,
  IssueComment,
  Organisation,
  PullRequest,
  Reaction,
  Repository,
  Review,
  ReviewComment,
  LoginGrant,
  Token,
} from './nouns.ts';
import type { Faults } from './faults.ts';
import type { Issue, IssueRemark } from './issues.ts';
import type { Limits } from './options.ts';
import type { Workflow, WorkflowRun } from './workflows.ts';

/** GitHub Actions is an app like any other, with an id that everybody knows. */
export const ACTIONS_APP_ID = 15368;

/** A mistake of the test itself: the people of `control` asked for something that is not there. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** Everything there is. Plain data with look-ups; what may happen to it is written elsewhere. */
export class World {
  readonly clock: () => Date;
  readonly git: GitStore;
  readonly limits: Limits;
  /** Where the double answers; `listen` changes both. */
  apiUrl: string;
  htmlUrl: string;
  faults: Faults = {};

  readonly accounts = new Map<string, Account>();
  readonly organisations = new Map<string, Organisation>();
  readonly apps = new Map<number, App>();
  readonly installations = new Map<number, Installation>();
  readonly tokens = new Map<string, Token>();
  readonly repositories = new Map<string, Repository>();
  readonly pulls = new Map<number, PullRequest>();
  readonly reviews = new Map<number, Review>();
  readonly reviewComments = new Map<number, ReviewComment>();
  readonly issueComments = new Map<number, IssueComment>();
  readonly issues = new Map<number, Issue>();
  readonly issueRemarks = new Map<number, IssueRemark>();
  readonly reactions: Reaction[] = [];
  readonly suites = new Map<number, CheckSuite>();
  readonly checkRuns = new Map<number, CheckRun>();
  readonly workflows = new Map<number, Workflow>();
  readonly workflowRuns = new Map<number, WorkflowRun>();
  readonly deliveries: Delivery[] = [];
  readonly grants = new Map<string, LoginGrant>();
  readonly manifestCodes = new Map<string, { manifest: Manifest; owner: Account }>();
  #lastId = 1000;

  constructor(options: {
    clock: () => Date;
    git: GitStore;
    limits: Limits;
    apiUrl: string;
    htmlUrl: string;
  }) {
    this.clock = options.clock;
    this.git = options.git;
    this.limits = options.limits;
    this.apiUrl = options.apiUrl;
    this.htmlUrl = options.htmlUrl;
  }

  get now(): number {
    return this.clock().getTime();
  }

  /** One counter for everything: an id used for the wrong kind of thing finds nothing. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Unguessable only in looks: of the shape of a UUID, and the same in every run. */
  nextGuid(): string {
    const hex = createHash('sha256').update(`guid ${this.nextId()}`).digest('hex');
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  }

  account(login: string): Account {
    const found = this.accounts.get(login.toLowerCase());
    if (!found) throw new ControlError(`There is no account ${login}.`);
    return found;
  }

  repository(fullName: string): Repository {
    const found = this.repositories.get(fullName.toLowerCase());
    if (!found) throw new ControlError(`There is no repository ${fullName}.`);
    return found;
  }

  pull(fullName: string, number: number): PullRequest {
    const repository = this.repository(fullName);
    const found = this.pullsOf(repository).find((pull) => pull.number === number);
    if (!found) throw new ControlError(`There is no pull request ${fullName}#${number}.`);
    return found;
  }

  pullsOf(repository: Repository): PullRequest[] {
    return [...this.pulls.values()].filter((pull) => pull.repository === repository);
  }

  reviewsOf(pull: PullRequest): Review[] {
    return [...this.reviews.values()].filter((review) => review.pull.id === pull.id);
  }

  reviewCommentsOf(pull: PullRequest): ReviewComment[] {
    return [...this.reviewComments.values()].filter((comment) => comment.pull.id === pull.id);
  }

  issueCommentsOf(pull: PullRequest): IssueComment[] {
    return [...this.issueComments.values()].filter((comment) => comment.pull.id === pull.id);
  }

  issuesOf(repository: Repository): Issue[] {
    return [...this.issues.values()].filter((issue) => issue.repository === repository);
  }

  remarksOf(issue: Issue): IssueRemark[] {
    return [...this.issueRemarks.values()].filter((remark) => remark.issue.id === issue.id);
  }

  checkRunsOf(repository: Repository, headSha: string): CheckRun[] {
    return [...this.checkRuns.values()].filter(
      (run) => run.headSha === headSha && run.suite.repository === repository,
    );
  }

  suitesOf(repository: Repository, headSha: string): CheckSuite[] {
    return [...this.suites.values()].filter(
      (suite) => suite.headSha === headSha && suite.repository === repository,
    );
  }

  workflowsOf(repository: Repository): Workflow[] {
    return [...this.workflows.values()].filter((workflow) => workflow.repository === repository);
  }

  /** Newest first, as GitHub lists them. */
  workflowRunsOf(repository: Repository): WorkflowRun[] {
    return [...this.workflowRuns.values()]
      .filter((run) => run.workflow.repository === repository)
      .sort((a, b) => b.id - a.id);
  }

  /** Installations through which an app may see a repository. */
  installationsOn(repository: Repository): Installation[] {
    return [...this.installations.values()].filter(
      (each) =>
        each.deletedAt === undefined &&
        each.account.id === repository.owner.id &&
        (each.repositories === 'all' || each.repositories.has(repository.id)),
    );
  }
}

export const fullName = (repository: Repository): string => `${repository.owner.login}/${repository.name}`;
