import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { GivenReview, PullRequestState } from '../hosting.ts';
import type { Instant } from '../store.ts';
import { text } from './said.ts';

/** Approvals on record that have ended without a word of ours: dismissed, taken back, or given by who now bears the risk. */
export function endingsOf(
  state: PullRequestState,
  records: readonly AuditRecord[],
  drafts: readonly RecordDraft[],
  now: Instant,
): readonly RecordDraft[] {
  const all = [...records, ...drafts];
  const known = new Set(all.map((r) => r.source));
  return all
    .filter((r) => r.kind === 'approved' || r.kind === 'waived' || r.kind === 'emergency')
    .flatMap((approval): readonly RecordDraft[] => {
      const ending = reviewEnding(approval, state.reviews) ?? riskEnding(approval, all);
      if (!ending || known.has(ending.source) || !approval.actor) return [];
      const { actor } = approval;
      return [
        {
          kind: 'approval-ended',
          repository: state.repository,
          at: now,
          source: ending.source,
          actor: { ...actor, role: 'own decision' },
          pullRequest: state.number,
          commit: state.head,
          ...(approval.digest === undefined ? {} : { digest: approval.digest }),
          details: { reason: ending.reason, ends: approval.source },
        },
      ];
    });
}

interface Ending {
  readonly source: string;
  readonly reason: string;
}

function reviewEnding(approval: RecordDraft, reviews: readonly GivenReview[]): Ending | undefined {
  const id = /^review\/(\d+)$/.exec(approval.source)?.[1];
  if (id === undefined || !approval.actor) return undefined;
  const { actor } = approval;
  const own = reviews.find((r) => r.id === Number(id));
  if (own?.state === 'dismissed')
    return { source: `${approval.source}/dismissed`, reason: 'The review was dismissed.' };
  const later = reviews.find(
    (r) => r.state === 'changes-requested' && r.by.id === actor.id && own !== undefined && r.at > own.at,
  );
  return later
    ? {
        source: `${approval.source}/review/${later.id}`,
        reason: 'The same person asked for changes afterwards.',
      }
    : undefined;
}

/** Nobody judges a change on their own risk, whichever of the two they did first. */
function riskEnding(approval: RecordDraft, all: readonly RecordDraft[]): Ending | undefined {
  const accepted = all.find(
    (r) =>
      r.kind === 'answered' && text(r.details['answer']) === 'accept' && r.actor?.id === approval.actor?.id,
  );
  return accepted
    ? {
        source: `${approval.source}/${accepted.source}`,
        reason: 'The same person accepts a risk of this change, and so is not independent of it.',
      }
    : undefined;
}
