import type { ReviewCause } from '../../core/audit/reviews.ts';
import type { Account } from '../../core/model/account.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { Actor, Json, RecordDraft } from '../../core/model/record.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { Instant } from '../store.ts';

/** A review as whoever opens it knows it. */
export interface Opening {
  readonly cause: Exclude<ReviewCause, 'emergency'>;
  readonly due: Instant;
  /** What is to be looked at, in a few words. */
  readonly subject: string;
  readonly owner?: string | undefined;
  /** People who had a part in it, so that they are not independent of it. */
  readonly involved?: readonly Account[];
  readonly more?: RecordDraft['details'];
}

/** Where and when it is opened; `source` names it for ever. */
export type Frame = Pick<RecordDraft, 'repository' | 'at' | 'source'> & {
  readonly actor?: Actor;
  readonly pullRequest?: number;
  readonly commit?: string;
};

/** Most people and texts that one record names. */
const MOST_INVOLVED = 50;
export const LONGEST = 1_000;

export function openReview(frame: Frame, opening: Opening): RecordDraft {
  const { cause, due, subject, owner, involved = [], more = {} } = opening;
  return {
    ...frame,
    kind: 'review-opened',
    details: {
      cause,
      due,
      subject: subject.slice(0, LONGEST),
      ...(owner === undefined ? {} : { owner }),
      ...(involved.length === 0 ? {} : { involved: onceEach(involved) }),
      ...more,
    },
  };
}

function onceEach(people: readonly Account[]): readonly Json[] {
  const known = new Map(people.map(({ id, login, kind }) => [id, { id, login, kind }]));
  return [...known.values()].slice(0, MOST_INVOLVED);
}

/** Whoever the policy names, as one text: people are asked by it, and machines need not read it. */
export function ownerIn({ review }: Policy): string | undefined {
  return review.owners.length === 0 ? undefined : review.owners.join(', ');
}

/** Rules that cannot be read let nothing pass: what comes in nevertheless came past the gate. */
export const isEnforced = ({ policy, doubts }: PolicyReading): boolean =>
  policy.mode === 'enforce' || doubts.length > 0;
