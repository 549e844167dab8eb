import { parseCommand, type Command } from '../../core/commands/parse-command.ts';
import type { Account } from '../../core/model/account.ts';
import { readExternalId } from '../../core/report/external-id.ts';
import type { GivenReview, PullRequestState, Remark } from '../hosting.ts';
import type { Instant, Shown, WaitingSignal } from '../store.ts';

/** Something a person said, wrote or pressed that wants to have an effect; not yet judged. */
export interface Claim {
  /** Names it for ever: `review/12`, `comment/34`, `press/<guid>`. */
  readonly source: string;
  readonly by: Account;
  /** GitHub's clock, or ours for a button. */
  readonly at: Instant;
  readonly via: 'review' | 'comment' | 'button';
  readonly command: Command;
  /** What it was said about. */
  readonly about: About;
  readonly remark?: Remark;
}

/**
 * A review looks at a commit, a comment at what was shown when it was written or at what it names, a button at what the check
 * run showed.
 */
export type About =
  | { readonly kind: 'commit'; readonly commit: string | undefined }
  | { readonly kind: 'instant' }
  /** The beginning of a digest is enough. */
  | { readonly kind: 'named'; readonly digest: string }
  /** Nothing that could be told now. */
  | { readonly kind: 'unknown'; readonly why: string; readonly remedy: string }
  | { readonly kind: 'digest'; readonly digest: string | undefined };

/** Everything said so far, oldest first: the same claims come again with every look, and are told apart by their source. */
export function claimsOf(state: PullRequestState, signals: readonly WaitingSignal[]): readonly Claim[] {
  return [
    ...state.reviews.flatMap((r) => reviewClaim(r)),
    ...state.remarks.flatMap((r) => remarkClaim(r)),
    ...signals.flatMap((s) => pressClaim(s, state)),
  ].sort((a, b) => compare(a.at, b.at) || compare(a.source, b.source));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function reviewClaim(review: GivenReview): readonly Claim[] {
  if (review.state !== 'approved') return [];
  return [
    {
      source: `review/${review.id}`,
      by: review.by,
      at: review.at,
      via: 'review',
      command: { kind: 'approve' },
      about: { kind: 'commit', commit: review.commit },
    },
  ];
}

/** An edited remark commands nothing: whoever may edit comments could put words into somebody's mouth. */
function remarkClaim(remark: Remark): readonly Claim[] {
  if (remark.edited) return [];
  const command = parseCommand(remark.body);
  if (!command) return [];
  return [
    {
      source: sourceOf(remark),
      by: remark.by,
      at: remark.at,
      via: 'comment',
      command,
      about: 'digest' in command ? { kind: 'named', digest: command.digest } : { kind: 'instant' },
      remark,
    },
  ];
}

/** A review's own text is a place of its own: the review may approve and its text command something. */
export const sourceOf = (remark: Pick<Remark, 'id' | 'place'>): string =>
  `${remark.place === 'review' ? 'review-text' : remark.place}/${remark.id}`;

function pressClaim(waiting: WaitingSignal, state: PullRequestState): readonly Claim[] {
  const { signal, guid, receivedAt } = waiting;
  if (signal.kind !== 'pressed') return [];
  const command = buttonCommand(signal.button);
  if (!command) return [];
  const shown = readExternalId(signal.externalId);
  const ours =
    shown?.repository === state.repository.id && shown.subject === `pull/${state.number}`
      ? shown.digest
      : undefined;
  return [
    {
      source: `press/${guid}`,
      by: signal.by,
      at: receivedAt,
      via: 'button',
      command,
      about: { kind: 'digest', digest: ours },
    },
  ];
}

function buttonCommand(button: string): Command | undefined {
  switch (button) {
    case 'approve':
      return { kind: 'approve' };
    case 'waive':
      return {
        kind: 'wrong',
        message: 'A waiver needs a reason, and a button cannot ask for one.',
        remedy: 'Comment `/threatgate waive <reason>`.',
      };
    default:
      return undefined;
  }
}

/** What was on show just before an instant: the last thing that whoever wrote then can have seen. */
export function shownBefore(shown: readonly Shown[], at: Instant): Shown | undefined {
  return shown.filter((s) => Date.parse(s.at) < Date.parse(at)).at(-1);
}

/** The last digest that was shown for a commit, up to an instant. */
export function shownFor(shown: readonly Shown[], commit: string, at: Instant): Shown | undefined {
  return shown.filter((s) => s.head === commit && Date.parse(s.at) <= Date.parse(at)).at(-1);
}
