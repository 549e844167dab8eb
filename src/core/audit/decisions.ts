import { standingOf } from '../approval/standing.ts';
import type { Approval, DecisionKind } from '../model/approval.ts';
import type { DecisionEntry } from '../model/audit.ts';
import type { AuditRecord, RecordKind } from '../model/record.ts';
import { saidAt, text, textIn } from './details.ts';
import { instantOf } from './instants.ts';

/** Kinds of records that are a person's decision, or end or refuse one. */
export const DECISION_KINDS: readonly RecordKind[] = [
  'approved',
  'waived',
  'emergency',
  'approval-ended',
  'decision-refused',
  'review-done',
] satisfies DecisionEntry['kind'][];

/** Everything that people decided about a pull request, what ended and what did not count included. */
export function decisionsOf(trail: readonly AuditRecord[]): readonly DecisionEntry[] {
  return trail
    .filter((r) => DECISION_KINDS.includes(r.kind))
    .map((r) => ({
      record: r.sequence,
      kind: r.kind as DecisionEntry['kind'],
      actor: r.actor,
      at: saidAt(r),
      digest: r.digest,
      reason: text(r.details['reason']) ?? text(r.details['statement']),
      incident: text(r.details['incident']),
      expires: text(r.details['expires']),
    }));
}

export type Deciding = 'approved' | 'waived' | 'emergency';

/**
 * Records of decisions of a kind that held for this content at this instant, as the verdict counts it. What cannot be told
 * counts as in force: a change is rather called an exception once too often than never.
 */
export function inForce(
  kind: Deciding,
  before: readonly AuditRecord[],
  digest: string | undefined,
  at: string,
): readonly AuditRecord[] {
  return lastWord(kind, before)
    .filter((r) => digest === undefined || r.digest === undefined || r.digest === digest)
    .filter((r) => !(instantOf(text(r.details['expires'])) <= instantOf(at)));
}

/** Records of decisions of a kind that are the last word of somebody, and not taken back. */
export function lastWord(kind: Deciding, trail: readonly AuditRecord[]): readonly AuditRecord[] {
  const said = new Map(trail.flatMap((r) => approvalsIn(r).map((approval) => [approval, r] as const)));
  return standingOf([...said.keys()])
    .filter(({ takenBack }) => !takenBack)
    .flatMap(({ entry }) => said.get(entry) ?? [])
    .filter((r) => r.kind === kind);
}

const DECISIONS: ReadonlyMap<unknown, DecisionKind> = new Map<RecordKind | DecisionKind, DecisionKind>([
  ['approved', 'approve'],
  ['waived', 'waive'],
  ['emergency', 'emergency'],
  ['approval-ended', 'revoke'],
  ['approve', 'approve'],
  ['waive', 'waive'],
]);

/** A record as the verdict hears it; at most one. A refused decision is somebody's last word, too, and counts for nothing. */
function approvalsIn({ kind, actor, at, digest, details }: AuditRecord): readonly Approval[] {
  const refused = kind === 'decision-refused';
  const decided = DECISIONS.get(refused ? details['decision'] : kind);
  // What was refused before anybody knew what it was about replaced nothing.
  if (!actor || !decided || (refused && (decided === 'revoke' || digest === undefined))) return [];
  const target = ['id', 'login'].map((key) => textIn(details['target'], key));
  return [
    {
      kind: decided,
      actor,
      at,
      digest: digest ?? '',
      eligible: !refused,
      ...(target[0] === undefined ? {} : { target: { id: target[0], login: target[1] ?? '' } }),
    },
  ];
}
