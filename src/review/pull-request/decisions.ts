import { judgeEligibility, type Eligibility } from '../../core/approval/eligibility.ts';
import type { Analysis } from '../../core/assess.ts';
import type { Command } from '../../core/commands/parse-command.ts';
import type { Account, Contributors } from '../../core/model/account.ts';
import type { DecisionKind } from '../../core/model/approval.ts';
import type { AuditRecord, RecordDraft, RecordKind } from '../../core/model/record.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later } from '../deps.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import type { Instant, Shown } from '../store.ts';
import { bind, type Bound } from './binding.ts';
import type { Claim } from './claims.ts';
import { unlessRefused } from './lookups.ts';
import { accepters, approvalsOf } from './said.ts';

/** Everything a decision is judged by, as of now. */
export interface Session {
  readonly state: PullRequestState;
  readonly policy: Policy;
  /** False when the policy of the repository cannot be used, and the built-in one stands in for it. */
  readonly isRuled: boolean;
  readonly analysis: Analysis;
  readonly contributors: () => Promise<Contributors>;
  readonly shown: readonly Shown[];
  /** Of a commit that was reviewed but never evaluated; undefined when it can no longer be read. */
  readonly analysisAt: (commit: string) => Promise<Analysis | undefined>;
  /** A verdict on record with this digest. */
  readonly verdictOf: (digest: string) => Promise<Pick<Verdict, 'facts' | 'model'> | undefined>;
  readonly hosting: Hosting;
  readonly now: Instant;
}

type Decided = Exclude<Command['kind'], 'recheck' | 'help' | 'wrong'>;

const RECORDS: Readonly<Record<DecisionKind, RecordKind>> = {
  approve: 'approved',
  waive: 'waived',
  emergency: 'emergency',
  revoke: 'approval-ended',
};

const isDecision = (command: Command): command is Extract<Command, { kind: Decided }> =>
  command.kind === 'approve' ||
  command.kind === 'waive' ||
  command.kind === 'emergency' ||
  command.kind === 'revoke';

/**
 * Claims that are on no record yet → records. Each is judged once, by what holds when it is first seen, and the answer
 * stays: a person who was not eligible says it again when they are.
 */
export async function decide(
  claims: readonly Claim[],
  records: readonly AuditRecord[],
  session: Session,
): Promise<readonly RecordDraft[]> {
  const known = new Set(records.map((r) => r.source));
  const drafts: RecordDraft[] = [];
  for (const claim of claims) {
    if (known.has(claim.source)) continue;
    const draft = await decideOne(claim, records, drafts, session);
    if (draft) drafts.push(draft);
  }
  return drafts;
}

async function decideOne(
  claim: Claim,
  records: readonly AuditRecord[],
  earlier: readonly RecordDraft[],
  session: Session,
): Promise<RecordDraft | undefined> {
  const { command } = claim;
  if (command.kind === 'wrong')
    return refusal(claim, session, { decision: 'command', reason: command.message, remedy: command.remedy });
  if (!isDecision(command)) return undefined;
  const bound = await bind(claim, session);
  // Taking back means whatever stands: it must not fail because something was said too early.
  if (bound.digest === undefined && command.kind !== 'revoke')
    return refusal(claim, session, { decision: command.kind, reason: bound.why, remedy: bound.remedy });
  const target =
    command.kind === 'revoke' ? revoked(command.target, claim.by, [...records, ...earlier]) : undefined;
  if (command.kind === 'revoke' && !target)
    return refusal(claim, session, {
      decision: 'revoke',
      reason:
        command.target === undefined
          ? 'There is nothing of yours to take back.'
          : 'Nobody of that name has decided anything here.',
    });
  // What is one's own can be taken back by anybody; everything else needs somebody independent.
  const own = target?.id === claim.by.id;
  const eligibility = own ? undefined : await eligibilityOf(claim.by, command.kind, records, session);
  if (eligibility && !eligibility.eligible)
    return refusal(
      claim,
      session,
      { decision: command.kind, reason: eligibility.reason ?? 'not eligible' },
      bound.digest,
    );
  const said = bound.digest === undefined ? { digest: session.analysis.digest } : bound;
  return decision(claim, command, said, session, eligibility, own ? undefined : target);
}

const UNRULED =
  'cannot be shown to be an approver, because the policy cannot be used as it stands; say it again once it is mended';

/** Who is asked, by which rule, and what they may do here: with membership looked up now. */
export async function eligibilityOf(
  actor: Account,
  kind: DecisionKind,
  records: readonly AuditRecord[],
  session: Pick<Session, 'state' | 'policy' | 'isRuled' | 'hosting' | 'contributors'>,
): Promise<Eligibility> {
  const { policy, state, hosting } = session;
  // What is decided now counts later, too: the wider rules that stand in for broken ones must not name the approvers.
  if (!session.isRuled && kind !== 'emergency')
    return { eligible: false, role: 'not known', reason: UNRULED };
  const nobodyNamed = policy.approval.users.length + policy.approval.teams.length === 0;
  const solo = policy.approval.solo && actor.id === state.author.id;
  const permission =
    nobodyNamed || solo ? await unlessRefused(hosting.permission(state.repository, actor.login)) : undefined;
  const contributors = await session.contributors();
  const judge = (membership: readonly string[]): Eligibility =>
    judgeEligibility({
      actor,
      kind,
      policy,
      contributors,
      acceptedBy: accepters(approvalsOf(records), actor),
      membership,
      ...(permission === undefined ? {} : { permission }),
    });
  // Whoever is named need not be looked up in teams.
  const alone = judge([]);
  if (alone.eligible) return alone;
  const teams = [...policy.approval.teams, ...(kind === 'emergency' ? policy.emergency.teams : [])];
  const { membership, unread } = await membershipsIn(new Set(teams), actor, session);
  const judged = judge(membership);
  if (judged.eligible || unread.length === 0) return judged;
  const names = unread.map((team) => `\`${team}\``).join(', ');
  return {
    ...judged,
    reason: `${judged.reason ?? 'not eligible'}; GitHub does not tell who is in ${names}: the permission to read members is missing`,
  };
}

async function membershipsIn(
  teams: ReadonlySet<string>,
  actor: Account,
  session: Pick<Session, 'state' | 'hosting'>,
): Promise<{ readonly membership: readonly string[]; readonly unread: readonly string[] }> {
  const membership: string[] = [];
  const unread: string[] = [];
  for (const team of teams) {
    const isMember = await membershipIn(team, actor, session);
    if (isMember === undefined) unread.push(team);
    else if (isMember) membership.push(team);
  }
  return { membership, unread };
}

/** Undefined when we may not know. */
async function membershipIn(
  team: string,
  actor: Account,
  { state, hosting }: Pick<Session, 'state' | 'hosting'>,
): Promise<boolean | undefined> {
  const listed = state.teams.get(team);
  if (listed) return listed.some((member) => member.id === actor.id);
  return actor.kind === 'user' ? unlessRefused(hosting.isMember(team, actor)) : false;
}

/** Whose decisions a revocation takes back, from the trail; undefined when there are none. */
function revoked(
  login: string | undefined,
  by: Account,
  records: readonly RecordDraft[],
): Pick<Account, 'id' | 'login'> | undefined {
  const wanted = login?.toLowerCase();
  const found = records
    .filter((r) => r.kind === 'approved' || r.kind === 'waived' || r.kind === 'emergency')
    .findLast((r) =>
      wanted === undefined ? r.actor?.id === by.id : r.actor?.login.toLowerCase() === wanted,
    );
  return found?.actor ? { id: found.actor.id, login: found.actor.login } : undefined;
}

function decision(
  claim: Claim,
  command: Extract<Command, { kind: Decided }>,
  { digest, facts }: Extract<Bound, { digest: string }>,
  session: Session,
  eligibility: Eligibility | undefined,
  target: Pick<Account, 'id' | 'login'> | undefined,
): RecordDraft {
  const { policy } = session;
  return {
    ...frame(claim, session),
    kind: RECORDS[command.kind],
    actor: { ...claim.by, role: eligibility?.role ?? 'own decision' },
    digest,
    details: {
      via: claim.via,
      saidAt: claim.at,
      ...detailsOf(command),
      ...(target ? { target } : {}),
      facts,
      ...(command.kind === 'emergency'
        ? { reviewDue: later(claim.at, policy.emergency.reviewWithinDays * 86_400_000) }
        : {}),
    },
  };
}

function detailsOf(command: Extract<Command, { kind: Decided }>): RecordDraft['details'] {
  switch (command.kind) {
    case 'approve':
      return { statement: command.statement };
    case 'waive':
      return { reason: command.reason, expires: command.expires };
    case 'emergency':
      return { reason: command.reason, incident: command.incident };
    case 'revoke':
      return { reason: command.reason };
  }
}

function frame(claim: Claim, { state, now }: Session): Omit<RecordDraft, 'kind' | 'details'> {
  return {
    repository: state.repository,
    at: now,
    source: claim.source,
    pullRequest: state.number,
    commit: state.head,
  };
}

/** What was said and does not count is on record too: somebody believed to have decided something. */
function refusal(
  claim: Claim,
  session: Session,
  why: { readonly decision: string; readonly reason: string; readonly remedy?: string },
  digest?: string,
): RecordDraft {
  return {
    ...frame(claim, session),
    kind: 'decision-refused',
    actor: { ...claim.by, role: 'not eligible' },
    ...(digest === undefined ? {} : { digest }),
    details: { via: claim.via, saidAt: claim.at, ...why },
  };
}
