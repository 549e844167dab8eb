import { judgeEligibility, type Eligibility } from '../../core/approval/eligibility.ts';
import type { Account } from '../../core/model/account.ts';
import type { Json, RecordDraft } from '../../core/model/record.ts';
import type { Hosting } from '../hosting.ts';
import { unlessRefused } from '../pull-request/lookups.ts';
import { accountOf } from '../pull-request/said.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { RepositoryRef } from '../work.ts';

export interface Judge {
  readonly repository: RepositoryRef;
  readonly reading: PolicyReading;
  readonly hosting: Pick<Hosting, 'permission' | 'isMember'>;
}

/** Nobody: what stands already was made by everybody who ever worked on it. */
const NOBODY: Account = { id: '', login: '', kind: 'user' };

/**
 * Whether somebody may hold a review: an approver, who had no part in what it is about. Looked up now, because a review
 * counts by what its reviewer is when it is held.
 */
export async function judgeReviewer(
  actor: Account,
  opened: Pick<RecordDraft, 'actor' | 'details'>,
  { repository, reading, hosting }: Judge,
): Promise<Eligibility> {
  const { policy, doubts } = reading;
  if (doubts.length > 0)
    return {
      eligible: false,
      role: 'not known',
      reason: 'cannot be shown to be an approver, because the policy cannot be used as it stands',
    };
  const { users, teams, solo } = policy.approval;
  const nobodyNamed = users.length + teams.length === 0;
  const permission =
    nobodyNamed || solo ? await unlessRefused(hosting.permission(repository, actor.login)) : undefined;
  const part = hadPart(actor, opened);
  if (part && !(solo && (permission === 'admin' || permission === 'write')))
    return {
      eligible: false,
      role: 'had a part in it',
      reason: 'had a part in what is reviewed; somebody else has to hold the review',
    };
  const judge = (membership: readonly string[]): Eligibility =>
    judgeEligibility({
      actor,
      kind: 'approve',
      policy,
      contributors: { author: NOBODY, committers: [], pushers: [], unattributable: [] },
      acceptedBy: [],
      membership,
      ...(permission === undefined ? {} : { permission }),
    });
  if (part) return { eligible: true, role: 'solo, compensating review' };
  const alone = judge([]);
  if (alone.eligible || actor.kind !== 'user') return alone;
  const membership: string[] = [];
  for (const team of teams)
    if ((await unlessRefused(hosting.isMember(team, actor))) === true) membership.push(team);
  return judge(membership);
}

/** Whoever opened a review may hold it, unless what it is about is theirs. */
export function hadPart({ id }: Pick<Account, 'id'>, { details }: Pick<RecordDraft, 'details'>): boolean {
  const { involved } = details;
  return Array.isArray(involved) && (involved as readonly Json[]).some((one) => accountOf(one)?.id === id);
}
