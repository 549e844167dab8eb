import type { Contributors } from '../../core/model/account.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { Actor, AuditRecord, Json, RecordDraft } from '../../core/model/record.ts';
import type { GivenReview, PullRequestState } from '../hosting.ts';
import type { Instant } from '../store.ts';
import { accepters, approvalsOf, text } from './said.ts';

/** What the endings of decisions are judged by. */
export interface Circumstances {
  readonly state: PullRequestState;
  readonly policy: Policy;
  /** Asked for only when a decision stands. */
  readonly contributors: () => Promise<Contributors>;
  readonly now: Instant;
}

type Decision = RecordDraft & { readonly actor: Actor };

/**
 * Decisions on record that have ended without a word of ours: dismissed, taken back by a review, or made by somebody who is
 * not independent any more.
 */
export async function endingsOf(
  records: readonly AuditRecord[],
  drafts: readonly RecordDraft[],
  around: Circumstances,
): Promise<readonly RecordDraft[]> {
  const all = [...records, ...drafts];
  const out: RecordDraft[] = [];
  for (const decision of standing(all)) {
    const ending =
      reviewEnding(decision, around.state.reviews) ?? (await dependenceEnding(decision, all, around));
    if (ending) out.push(endingRecord(decision, ending, around));
  }
  return out;
}

/** The last decision of everybody, unless it was taken back. */
export function standing(records: readonly RecordDraft[]): readonly Decision[] {
  const last = new Map<string, Decision>();
  for (const record of records) {
    if (isDecision(record)) last.set(record.actor.id, record);
    else if (record.kind === 'approval-ended')
      last.delete(idOf(record.details['target']) ?? record.actor?.id ?? '');
  }
  return [...last.values()];
}

function idOf(target: Json | undefined): string | undefined {
  return typeof target === 'object' && target !== null && 'id' in target ? text(target.id) : undefined;
}

function isDecision(record: RecordDraft): record is Decision {
  return (
    record.actor !== undefined &&
    (record.kind === 'approved' || record.kind === 'waived' || record.kind === 'emergency')
  );
}

interface Ending {
  /** What ended it, as part of a source. */
  readonly by: string;
  readonly reason: string;
}

function endingRecord(
  decision: Decision,
  { by, reason }: Ending,
  { state, now }: Circumstances,
): RecordDraft {
  return {
    kind: 'approval-ended',
    repository: state.repository,
    at: now,
    source: `${decision.source}/${by}`,
    actor: { ...decision.actor, role: 'own decision' },
    pullRequest: state.number,
    commit: state.head,
    ...(decision.digest === undefined ? {} : { digest: decision.digest }),
    details: { reason, ends: decision.source },
  };
}

function reviewEnding(decision: Decision, reviews: readonly GivenReview[]): Ending | undefined {
  const id = /^review\/(\d+)$/.exec(decision.source)?.[1];
  const own = id === undefined ? undefined : reviews.find((r) => r.id === Number(id));
  if (own?.state === 'dismissed') return { by: 'dismissed', reason: 'The review was dismissed.' };
  const saidAt = own?.at ?? text(decision.details['saidAt']) ?? decision.at;
  const later = reviews.find(
    (r) =>
      r.state === 'changes-requested' &&
      r.by.id === decision.actor.id &&
      (r.at > saidAt || (own !== undefined && r.at === saidAt && r.id > own.id)),
  );
  return later && { by: `review/${later.id}`, reason: 'The same person asked for changes afterwards.' };
}

/** Nobody judges a change that they had a hand in, or whose risk is theirs, whichever of the two came first. */
async function dependenceEnding(
  { actor }: Decision,
  all: readonly RecordDraft[],
  { policy, state, contributors }: Circumstances,
): Promise<Ending | undefined> {
  // Where one person does everything, a compensating review is all there can be.
  if (policy.approval.solo && actor.id === state.author.id) return undefined;
  if (accepters(approvalsOf(all), actor).includes(actor.id))
    return {
      by: 'risk',
      reason: 'The same person accepts a risk of this change, and so is not independent of it.',
    };
  const { committers, pushers } = await contributors();
  if (!pushers)
    return {
      by: `pushed/${state.head}`,
      reason: 'Nobody can tell who pushed since, and it may have been the same person.',
    };
  return [...committers, ...pushers].some((p) => p.id === actor.id)
    ? {
        by: 'hand',
        reason: 'The same person had a hand in the change since, and so is not independent of it.',
      }
    : undefined;
}
