import type { ChangeEntry, Period, Way } from './audit.ts';
import type { Json, AuditRecord, RecordKind } from './record.ts';

/**
 * The audit trail as it is looked at, one page at a time: what the pages ask for, and what answers them from tables that are
 * kept beside the records. Everything in those tables follows from the records and can be made again.
 */

/** Which repositories the viewer may read on GitHub. Nothing outside of it is shown, counted or hinted at. */
export type Scope =
  { readonly kind: 'all' } | { readonly kind: 'some'; readonly repositories: ReadonlySet<number> };

export interface Paging {
  /** `next` of another page of the same question; undefined for the first one. What no page gave is refused. */
  readonly after: string | undefined;
  /** At least 1; more than `MOST_ITEMS` is as many as that. */
  readonly most: number;
}

/** Items on a page. */
export const MOST_ITEMS = 500;

/** Where counting ends. */
export const COUNT_BOUND = 10_000;

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined at the end. */
  readonly next: string | undefined;
  /** How many there are altogether, counted up to `COUNT_BOUND`; `more` when there are at least so many. */
  readonly total: { readonly count: number; readonly more: boolean };
}

export interface RepositorySummary {
  readonly id: number;
  /** As in its last record. */
  readonly name: string;
  readonly records: number;
  /** Hash of its last record. */
  readonly head: string;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Every given part has to hold. Names of repositories and people are compared without regard to case. */
export interface RecordFilter {
  /** When it happened: that is when it was recorded, but for what was filled in later. */
  readonly period?: Period;
  readonly repository?: number;
  /** Login or number of whoever did it, as the record has them. */
  readonly person?: string;
  readonly kinds?: readonly RecordKind[];
  readonly category?: string;
  /** `success`, `action_required`, `failure`: of verdicts. */
  readonly conclusion?: string;
  readonly pullRequest?: number;
}

export interface ChangeFilter {
  readonly period: Period;
  readonly repository?: number;
  /** Login or number of the author, of whoever merged or pushed, or of whoever decided. */
  readonly person?: string;
  readonly ways?: readonly Way[];
  readonly category?: string;
}

/** One thing that did not go the ordinary way, of whatever kind; what it is stands in `details`. */
export interface ExceptionRow {
  readonly kind: 'emergency' | 'waiver' | 'bypass' | 'direct-push' | 'outage' | 'unexplained';
  readonly repository: AuditRecord['repository'];
  readonly record: number;
  /** `id` of the change; undefined of an outage. */
  readonly change: string | undefined;
  readonly pullRequest: number | undefined;
  readonly at: string;
  /** As in the table of exceptions of a package; empty where that has none. */
  readonly state: string;
  /** By when it has to be reviewed, where it has to. */
  readonly due: string | undefined;
  /**
   * By kind, where it is on record: `by`, `reason`, `letThrough`, `incident`, `review`, `expires`, `branch`, `commit`,
   * `mergedElsewhere`, `from`, `until`, and `explanation` with `cause`, `impact` and `response`.
   */
  readonly details: { readonly [key: string]: Json | undefined };
}

export interface ExceptionFilter {
  /** In which the change came in, or with which the outage overlaps. */
  readonly period: Period;
  readonly repository?: number;
  readonly kinds?: readonly ExceptionRow['kind'][];
  /** Only what is due and not done at the instant that is asked about. */
  readonly overdue?: boolean;
}

/** A line of the register as of a day. */
export interface RegisterRow {
  readonly kind: 'accept' | 'ticket' | 'control';
  readonly repository: AuditRecord['repository'];
  readonly pullRequest: number | undefined;
  readonly record: number;
  readonly question: string;
  readonly address: string;
  readonly scope: string;
  readonly by: AuditRecord['actor'];
  readonly at: string;
  readonly text: string;
  readonly state: 'merged' | 'closed' | 'open';
  readonly owner: string | undefined;
  readonly expires: string | undefined;
  readonly validity: 'standing' | 'expired' | 'unlimited' | undefined;
  /** Of a ticket: what was last found out about it, where that is on record. */
  readonly ticket?: {
    readonly record: number;
    readonly at: string;
    readonly state: 'open' | 'closed' | 'absent';
    readonly url: string | undefined;
    readonly createdAt: string | undefined;
    readonly closedAt: string | undefined;
    readonly closedBy: string | undefined;
  };
}

export interface RegisterFilter {
  readonly repository?: number;
  readonly kinds?: readonly RegisterRow['kind'][];
  /** Of an accepted risk, without regard to case. */
  readonly owner?: string;
}

/** One month (`2026-03`, in UTC) of the repositories that were asked for. Sums, so that months add up. */
export interface MonthFigures {
  readonly month: string;
  readonly changes: number;
  readonly ways: Readonly<Record<Way, number>>;
  /** How many were approved, by how long that took: bounds in `WAIT_BOUNDS` seconds, the last one open. */
  readonly waits: readonly number[];
  readonly overdue: number;
}

/** Upper ends in seconds: quarter of an hour, hour, four hours, day, three days, week; the last one is open. */
export const WAIT_BOUNDS = [900, 3_600, 14_400, 86_400, 259_200, 604_800] as const;

export interface Freshness {
  /** Records that are in the tables, and records there are. */
  readonly shown: number;
  readonly recorded: number;
  /** When the last record was written that is in the tables. */
  readonly until: string | undefined;
  /** Repositories whose records are not as they were written, each with the first place that shows it. */
  readonly problems: readonly TrailProblem[];
}

/** What could not be taken in as it should: it does not follow from the record before it, or it is no record at all. */
export interface TrailProblem {
  readonly repository: AuditRecord['repository'];
  /** Sequence number of the record. */
  readonly record: number;
  /** As in "Record 5 of acme/shop: …": a clause without a full stop. */
  readonly why: string;
}

export interface TrailView {
  /** Takes in what was recorded since, up to a bound of work; says where it stands, all repositories together. */
  refresh(): Promise<Freshness>;
  /** Where it stands with the repositories that somebody may see. */
  freshness(scope: Scope): Promise<Freshness>;
  /** In order of their names. */
  repositories(scope: Scope, paging: Paging, search?: string): Promise<Page<RepositorySummary>>;
  /** By the name that it has in its last record, else by one that it had before: links are kept for years. */
  repository(scope: Scope, name: string): Promise<RepositorySummary | undefined>;
  /** Newest first. */
  records(scope: Scope, filter: RecordFilter, paging: Paging): Promise<Page<AuditRecord>>;
  record(scope: Scope, repository: number, sequence: number): Promise<AuditRecord | undefined>;
  /** Newest first. */
  changes(scope: Scope, filter: ChangeFilter, paging: Paging): Promise<Page<ChangeEntry>>;
  /** Of the whole period, whatever page is shown. */
  counts(scope: Scope, filter: ChangeFilter): Promise<Readonly<Record<Way, number>>>;
  /** The changes of the period with the smallest ranks for the seed, as `core/audit/sample.ts` draws them. */
  sample(
    scope: Scope,
    filter: ChangeFilter,
    draw: { readonly size: number; readonly seed: string },
  ): Promise<readonly ChangeEntry[]>;
  /** By the number of any record about it: its merge or push, or another one of its pull request. */
  change(scope: Scope, repository: number, record: number): Promise<ChangeEntry | undefined>;
  /** Everything on record about a pull request, oldest first. */
  trail(scope: Scope, repository: number, pullRequest: number): Promise<readonly AuditRecord[]>;
  /** In order of the changes, the newest one first, and of outages by when they were recorded; as of `at`. */
  exceptions(scope: Scope, filter: ExceptionFilter, at: string, paging: Paging): Promise<Page<ExceptionRow>>;
  /** As of `at`, in order of repository (by the name it has now), component, question. */
  register(scope: Scope, filter: RegisterFilter, at: string, paging: Paging): Promise<Page<RegisterRow>>;
  /** The `model-recorded` record of each repository that was the last one at `at`, in order of repository names. */
  models(scope: Scope, at: string, paging: Paging, repository?: number): Promise<Page<AuditRecord>>;
  /** Months of the period that have anything, in order. `overdue` as of `at`. */
  months(
    scope: Scope,
    filter: Pick<ChangeFilter, 'period' | 'repository'>,
    at: string,
  ): Promise<readonly MonthFigures[]>;
  /** What a record in scope names by its digest; undefined for every other one. */
  document(
    scope: Scope,
    digest: string,
  ): Promise<{ readonly kind: string; readonly text: string } | undefined>;
  close(): Promise<void>;
}
