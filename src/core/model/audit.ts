import type { Account } from './account.ts';
import type { Actor } from './record.ts';

/** A time that an auditor asks about: from the first instant up to, not including, the second. ISO 8601 in UTC. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** How a change came to a protected branch: exactly one of these for each of them. */
export const WAYS = [
  /** The model covered it, and it was approved where that was asked for. */
  'gated',
  /** Nothing in it was significant by the written rules. */
  'not-triggered',
  'waived',
  'emergency',
  /** The rules only observed at the time. */
  'observed',
  /** Merged although the gate was not green. */
  'bypassed',
  'direct-push',
  /** Nobody was there to judge it: nothing on record that says why it could pass. */
  'unexplained',
] as const;
export type Way = (typeof WAYS)[number];

/** A person's decision that a change rests on, or that was ended or refused. */
export interface DecisionEntry {
  /** Sequence number of its record. */
  readonly record: number;
  readonly kind: 'approved' | 'waived' | 'emergency' | 'approval-ended' | 'decision-refused' | 'review-done';
  readonly actor: Actor | undefined;
  /** When it was said, by GitHub's clock where that is on record, else when it was recorded. */
  readonly at: string;
  readonly digest: string | undefined;
  readonly reason: string | undefined;
  readonly incident: string | undefined;
  readonly expires: string | undefined;
}

/** One change of the population. */
export interface ChangeEntry {
  /**
   * `owner/name#12` of a pull request, `owner/name@<branch>:<commit>` of a push: one commit may go to several branches.
   * `owner/name@record-57` where history was rewritten, which may lead to the same commit more than once.
   */
  readonly id: string;
  readonly repository: { readonly id: number; readonly name: string };
  readonly pullRequest: number | undefined;
  readonly commit: string | undefined;
  readonly branch: string;
  /** When it was merged or pushed, by GitHub's clock where that is on record, else when it was recorded. */
  readonly at: string;
  readonly author: Account | undefined;
  /** Who merged or pushed it. */
  readonly by: Actor | undefined;
  readonly way: Way;
  /** One sentence that tells why it is that way. */
  readonly why: string;
  /** Of the last verdict before it was merged. */
  readonly verdict:
    | {
        readonly record: number;
        readonly digest: string | undefined;
        readonly document: string | undefined;
        readonly conclusion: string;
        readonly title: string;
        readonly mode: string;
        /** Undefined when it is not on record. */
        readonly facts: number | undefined;
        readonly categories: readonly string[];
        readonly policy: string | undefined;
        readonly rules: string | undefined;
        readonly catalogue: string | undefined;
      }
    | undefined;
  readonly decisions: readonly DecisionEntry[];
  /** Sequence numbers of all records about it, in order. */
  readonly records: readonly number[];
}

/** Every change of a period in some repositories: nothing is dropped, what cannot be explained says so. */
export interface Population {
  readonly period: Period;
  /** In order of repository name, then time, then id. */
  readonly changes: readonly ChangeEntry[];
  readonly counts: Readonly<Record<Way, number>>;
  /** Records of the period that concern the gate itself: outages, rules changed, left the gate, filled in afterwards. */
  readonly notes: readonly {
    readonly repository: { readonly id: number; readonly name: string };
    readonly record: number;
    readonly at: string;
    readonly kind: 'gate-outage' | 'policy-changed' | 'installed' | 'uninstalled' | 'rebuilt' | 'reconciled';
    readonly what: string;
  }[];
}
