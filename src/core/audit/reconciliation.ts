import type { Account } from '../model/account.ts';
import type { Period } from '../model/audit.ts';

/** A commit of a branch as the hosting service lists it, first parents only. */
export interface ListedCommit {
  readonly id: string;
  /** Steps from the tip, which is 0: what the service says of the order, whatever the dates are. */
  readonly depth: number;
  /** Named as its author, which anybody can be. */
  readonly by: Account | undefined;
  /** Committed, by whatever clock the client had. */
  readonly at: string;
  readonly pullRequests: readonly {
    readonly number: number;
    readonly merged: boolean;
    readonly base: string;
  }[];
}

/** A merge or a push on record, and the commit that it left on the branch. */
export interface RecordedChange {
  readonly id: string;
  readonly record: number;
  readonly at: string;
  readonly branch: string;
  readonly pullRequest: number | undefined;
  /** Undefined where the record does not name it. */
  readonly commit: string | undefined;
  readonly by: Account | undefined;
  /** False where history was rewritten, or more came at once than could be accounted for commit by commit. */
  readonly oneByOne: boolean;
}

/** When the gate was there, by its own records. */
export interface Presence {
  /** Its first record of the repository. */
  readonly since: string | undefined;
  readonly away: readonly { readonly from: string; readonly until: string | undefined }[];
}

export interface Comparison {
  readonly period: Period;
  readonly branch: string;
  /** How far from the period a date of a commit may lie and still be counted to it. */
  readonly marginMs: number;
  readonly now: string;
  readonly presence: Presence;
  readonly walk: {
    /** Undefined: there is no such branch. */
    readonly tip: string | undefined;
    /** False when it ended before the beginning of the period was reached for certain. */
    readonly complete: boolean;
  };
  /** Commits on record that were asked for one by one and can be reached from the branch by other than first parents. */
  readonly elsewhere: ReadonlySet<string>;
}

/** What a commit without a record probably is. */
export const UNRECORDED = [
  'before-installed',
  'while-away',
  'not-one-by-one',
  'merge-not-seen',
  'push-not-seen',
] as const;
/** Why a change on record is probably not among the commits. */
export const MISSING = ['branch-gone', 'no-commit', 'another-line', 'rewritten', 'not-found'] as const;

export interface Matched {
  readonly change: RecordedChange;
  /** Newest first. Rebasing leaves several for one merge. */
  readonly commits: readonly string[];
}

export interface Unrecorded {
  readonly commit: ListedCommit;
  readonly likely: (typeof UNRECORDED)[number];
}

export interface Missing {
  readonly change: RecordedChange;
  readonly likely: (typeof MISSING)[number];
}

/** Every commit and every change of the branch is in one of these, and in one only. */
export interface Reconciliation {
  /** Changes of the period, oldest first. A commit is in one class, and may belong to several of them. */
  readonly matched: readonly Matched[];
  /** On the branch, of the period as far as can be told, and not on record. Oldest first. */
  readonly unrecorded: readonly Unrecorded[];
  /** On record, of the period, and not on the branch. */
  readonly missing: readonly Missing[];
  /** On record, of the period; whether they are on the branch is not known, as the walk ended before. */
  readonly unreached: readonly RecordedChange[];
  readonly outside: {
    /** Not of the period: by a record, by their place between recorded ones, or by their date. */
    readonly commits: readonly (Pick<ListedCommit, 'id' | 'at'> & {
      readonly why: 'on-record' | 'before' | 'after';
    })[];
    readonly changes: readonly RecordedChange[];
  };
  /** Nothing is left over on either side, and nothing is unknown. */
  readonly whole: boolean;
}
