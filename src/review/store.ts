import type { AuditRecord, RecordDraft, RecordKind } from '../core/model/record.ts';
import type { Delivery, RepositoryRef, Signal, Work } from './work.ts';

/** Instants are ISO 8601 in UTC with milliseconds, so that they sort as text. The store has no clock of its own. */
export type Instant = string;

/** The right to work on one subject; nobody else has it until it runs out. */
export interface Lease {
  readonly key: string;
  readonly work: Work;
  /** Who holds it, unique per claim: what a worker that overslept still tries to do is refused. */
  readonly token: string;
  /** How many events had asked by the time of the claim. */
  readonly wanted: number;
  /** Failed tries since it last succeeded. */
  readonly attempts: number;
  /** When the oldest event that is not served yet came in. */
  readonly since: Instant;
}

/** The lease ran out and may be somebody else's: stop, and do nothing more in its name. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface Backlog {
  readonly waiting: number;
  readonly leased: number;
  /** `since` of the oldest subject that is not served yet. */
  readonly oldest?: Instant;
}

/**
 * The queue is a table with one row per subject, not per event: "look again" twice is looking once. A row is due when more
 * was wanted than done, nobody holds it, and its time has come.
 */
export interface Queue {
  /** Asks for a look, as an event does. */
  want(work: readonly Work[], now: Instant): Promise<void>;
  /** The due subject that waits longest, of an installation that is not paused. */
  claim(token: string, now: Instant, until: Instant): Promise<Lease | undefined>;
  /** Throws `LeaseLost`. */
  renew(lease: Lease, now: Instant, until: Instant): Promise<void>;
  /** Done for everything wanted at the claim; due again at once when more was wanted since. Throws `LeaseLost`. */
  finish(lease: Lease, now: Instant): Promise<void>;
  /**
   * Not done: due again at `at`, or as soon as something new asks for it. `failed` counts as an attempt, waiting for a rate
   * limit does not. Throws `LeaseLost`.
   */
  postpone(lease: Lease, now: Instant, at: Instant, reason: string, failed: boolean): Promise<void>;
  /** Nothing of this installation is due before `until`, whatever asks for it. An earlier, longer pause stays. */
  pause(installation: number, until: Instant, reason: string): Promise<void>;
  backlog(now: Instant): Promise<Backlog>;
  /** When the next row becomes due if nothing happens; undefined when nothing waits. */
  nextDue(): Promise<Instant | undefined>;
}

export interface WaitingSignal {
  readonly id: number;
  readonly guid: string;
  readonly receivedAt: Instant;
  readonly signal: Signal;
}

/** What we know of a pull request from earlier looks. */
export interface PullRequestRow {
  readonly repository: RepositoryRef;
  readonly installation: number;
  readonly number: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly head: string;
  readonly baseRef: string;
  /** Merge base of the last evaluation. */
  readonly base?: string;
  readonly digest?: string;
  readonly conclusion?: string;
  readonly evaluatedAt?: Instant;
  /** JSON of what the looks remember from one to the next (`review/pull-request/memory.ts`); the store does not look inside. */
  readonly memory: string;
  /** Pull requests elsewhere that carry its model, as JSON list of `owner/name#12`. */
  readonly links: string;
}

/**
 * One check run of ours: one per head and subject. `intent` is set before GitHub is asked to create it, and `run` after it
 * answered: an intent without a run means that we do not know, so that the next look searches before it creates.
 */
export interface CheckRow {
  readonly repository: RepositoryRef;
  readonly head: string;
  /** `pull/12` or `group`. */
  readonly subject: string;
  readonly intent?: Instant;
  readonly run?: number;
  /** Digest of everything that was last written, so that nothing is written that is there already. */
  readonly written?: string;
  readonly conclusion?: string;
  /** Delta digest that was shown. */
  readonly digest?: string;
  /** GitHub's clock when it was shown with this digest. */
  readonly shownAt?: Instant;
}

/** What was shown on a pull request and when: what a comment made at some instant was made about. */
export interface Shown {
  readonly head: string;
  readonly digest: string;
  /** GitHub's clock. */
  readonly at: Instant;
}

/** One review comment of ours: one per component. The same two steps as a check run. */
export interface CommentRow {
  readonly repository: RepositoryRef;
  readonly number: number;
  /** Component: digest of scope and address. */
  readonly component: string;
  readonly intent?: Instant;
  readonly comment?: number;
  readonly written?: string;
  readonly state: 'open' | 'resolved';
}

/** Everything one step changes, in one transaction or not at all. */
export interface Changes {
  readonly records?: readonly RecordDraft[];
  /** Signals at the subject of the lease that are dealt with. */
  readonly handled?: readonly number[];
  readonly pullRequest?: PullRequestRow;
  readonly checks?: readonly CheckRow[];
  readonly shown?: { readonly repository: RepositoryRef; readonly number: number; readonly shown: Shown };
  readonly comments?: readonly CommentRow[];
  readonly repository?: RepositoryRow;
  /** Contents that records name by digest: verdicts, policies. */
  readonly documents?: readonly Document[];
  /** Other subjects to look at. */
  readonly want?: readonly Work[];
}

export const DOCUMENT_KINDS = ['verdict', 'policy', 'rules', 'reconciliation', 'models'] as const;

export interface Document {
  /** `sha256:` of the text. */
  readonly digest: string;
  readonly kind: (typeof DOCUMENT_KINDS)[number];
  readonly text: string;
}

export interface RepositoryRow {
  readonly repository: RepositoryRef;
  readonly installation: number;
  readonly active: boolean;
  readonly defaultBranch?: string;
  /** JSON list of branch names. */
  readonly protectedBranches: string;
  /** Digest of the policy that was last seen on the default branch. */
  readonly policy?: string;
  readonly sweptAt?: Instant;
  /** When GitHub's own rules for the guarded branches were last read. */
  readonly rulesReadAt?: Instant;
  /** JSON: the last commit of each protected branch that is accounted for. */
  readonly tips: string;
}

export interface RecordQuery {
  readonly repository: number;
  readonly pullRequest?: number;
  readonly kinds?: readonly RecordKind[];
  /** Oldest first; from this sequence number on. */
  readonly from?: number;
  readonly most?: number;
}

/**
 * Everything that outlives the process. One implementation for two engines; `test/store/conformance` runs on both.
 * A method that throws has changed nothing.
 */
export interface Store {
  readonly queue: Queue;
  /** Stores deliveries with their work and signals; each answer tells whether the GUID was new. All or nothing. */
  accept(deliveries: readonly Delivery[], now: Instant): Promise<readonly ('new' | 'known')[]>;
  /** Of these GUIDs, those that were accepted. */
  accepted(guids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Carries out one step in the name of a lease; throws `LeaseLost` when it is no longer held. Returns the new records. */
  apply(lease: Lease, changes: Changes, now: Instant): Promise<readonly AuditRecord[]>;
  /** Oldest first. */
  signals(key: string): Promise<readonly WaitingSignal[]>;
  pullRequest(repository: number, number: number): Promise<PullRequestRow | undefined>;
  /** Open ones with this head, by number. */
  pullRequestsAt(repository: number, head: string): Promise<readonly PullRequestRow[]>;
  openPullRequests(repository: number): Promise<readonly PullRequestRow[]>;
  /** Open ones that name `owner/name#12` as the place of their model. */
  linkedTo(target: string): Promise<readonly PullRequestRow[]>;
  checks(repository: number, head: string): Promise<readonly CheckRow[]>;
  /** Oldest first. */
  shown(repository: number, number: number): Promise<readonly Shown[]>;
  comments(repository: number, number: number): Promise<readonly CommentRow[]>;
  repository(id: number): Promise<RepositoryRow | undefined>;
  repositories(): Promise<readonly RepositoryRow[]>;
  records(query: RecordQuery): Promise<readonly AuditRecord[]>;
  /** The same as they are stored, character by character: what is exported and verified. */
  recordTexts(query: RecordQuery): Promise<readonly string[]>;
  document(digest: string): Promise<Document | undefined>;
  /** Forgets deliveries and served queue rows older than this, in small steps; never records. */
  prune(before: Instant): Promise<void>;
  /** Throws when the engine does not answer: what `/ready` asks. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
