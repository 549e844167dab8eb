import { groundsOf } from '../../core/approval/grounds.ts';
import { judgeEligibility, type Eligibility } from '../../core/approval/eligibility.ts';
import type { Analysis } from '../../core/assess.ts';
import type { Command } from '../../core/commands/parse-command.ts';
import type { Account, Contributors } from '../../core/model/account.ts';
import type { DecisionKind } from '../../core/model/approval.ts';
import type { AuditRecord, RecordDraft, RecordKind } from '../../core/model/record.ts';
import type { Policy } from '../../core/model/policy.ts';
import { later } from '../deps.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import type { Instant, Shown } from '../store.ts';
import { shownBefore, shownFor, type Claim } from './claims.ts';
import { accepters, approvalsOf } from './said.ts';

/** Everything a decision is judged by, as of now. */
export interface Session {
  readonly state: PullRequestState;
  readonly policy: Policy;
  readonly analysis: Analysis;
  readonly contributors: () => Promise<Contributors>;
  readonly shown: readonly Shown[];
  /** Digest of a commit that was reviewed but never evaluated; undefined when it can no longer be read. */
  readonly digestAt: (commit: string) => Promise<string | undefined>;
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
  if (bound.digest === undefined)
    return refusal(claim, session, { decision: command.kind, reason: bound.why, remedy: bound.remedy });
  const target = command.kind === 'revoke' ? revoked(command.target, records, earlier) : undefined;
  if (target === 'nobody')
    return refusal(claim, session, {
      decision: 'revoke',
      reason: 'Nobody of that name has decided anything here.',
    });
  // What is one's own can be taken back by anybody; everything else needs somebody independent.
  const own = command.kind === 'revoke' && (target === undefined || target.id === claim.by.id);
  const eligibility = own ? undefined : await eligibilityOf(claim.by, command.kind, records, session);
  if (eligibility && !eligibility.eligible)
    return refusal(
      claim,
      session,
      { decision: command.kind, reason: eligibility.reason ?? 'not eligible' },
      bound.digest,
    );
  return decision(claim, command, bound.digest, session, eligibility, target);
}

/** Who is asked, by which rule, and what they may do here: with membership looked up now. */
export async function eligibilityOf(
  actor: Account,
  kind: DecisionKind,
  records: readonly AuditRecord[],
  session: Pick<Session, 'state' | 'policy' | 'hosting' | 'contributors'>,
): Promise<Eligibility> {
  const { policy, state, hosting } = session;
  const teams = [...policy.approval.teams, ...(kind === 'emergency' ? policy.emergency.teams : [])];
  const membership: string[] = [];
  for (const team of new Set(teams)) {
    const listed = state.teams.get(team);
    const member = listed
      ? listed.some((m) => m.id === actor.id)
      : actor.kind === 'user' && (await hosting.isMember(team, actor));
    if (member) membership.push(team);
  }
  const nobodyNamed = policy.approval.users.length + policy.approval.teams.length === 0;
  const solo = policy.approval.solo && actor.id === state.author.id;
  return judgeEligibility({
    actor,
    kind,
    policy,
    contributors: await session.contributors(),
    acceptedBy: accepters(approvalsOf(records), actor),
    membership,
    ...(nobodyNamed || solo ? { permission: await hosting.permission(state.repository, actor.login) } : {}),
  });
}

type Bound =
  { readonly digest: string } | { readonly digest?: never; readonly why: string; readonly remedy: string };

const SAY_AGAIN = 'Look at the check as it is now, and say it again.';

/** The digest that a claim was made about. Nothing is bound to what nobody can have seen. */
async function bind(claim: Claim, session: Session): Promise<Bound> {
  const { about, at } = claim;
  const { shown, state, analysis } = session;
  if (about.kind === 'digest')
    return about.digest !== undefined && shown.some((s) => s.digest === about.digest)
      ? { digest: about.digest }
      : { why: 'The button was on a check run that shows nothing of this pull request.', remedy: SAY_AGAIN };
  if (about.kind === 'instant') {
    const seen = shownBefore(shown, at);
    return seen
      ? { digest: seen.digest }
      : { why: 'Nothing had been shown yet when this was written.', remedy: SAY_AGAIN };
  }
  if (about.commit === undefined)
    return { why: 'The commit that was reviewed is not known any more.', remedy: SAY_AGAIN };
  const seen = shownFor(shown, about.commit, at);
  if (seen) return { digest: seen.digest };
  if (state.baseChangedAt !== undefined && Date.parse(at) <= Date.parse(state.baseChangedAt))
    return {
      why: 'It was given before the pull request was pointed at another base branch.',
      remedy: SAY_AGAIN,
    };
  const digest = about.commit === state.head ? analysis.digest : await session.digestAt(about.commit);
  return digest === undefined
    ? { why: 'The commit that was reviewed cannot be read any more.', remedy: SAY_AGAIN }
    : { digest };
}

/** Whose decisions a revocation takes back, from the trail; undefined for one's own. */
function revoked(
  login: string | undefined,
  records: readonly AuditRecord[],
  earlier: readonly RecordDraft[],
): { readonly id: string; readonly login: string } | 'nobody' | undefined {
  if (login === undefined) return undefined;
  const wanted = login.replace(/^@/, '').toLowerCase();
  const found = [...records, ...earlier]
    .filter((r) => r.kind === 'approved' || r.kind === 'waived' || r.kind === 'emergency')
    .findLast((r) => r.actor?.login.toLowerCase() === wanted);
  return found?.actor ? { id: found.actor.id, login: found.actor.login } : 'nobody';
}

function decision(
  claim: Claim,
  command: Extract<Command, { kind: Decided }>,
  digest: string,
  session: Session,
  eligibility: Eligibility | undefined,
  target: { readonly id: string; readonly login: string } | undefined,
): RecordDraft {
  const { analysis, now, policy } = session;
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
      ...(digest === analysis.digest ? { facts: groundsOf(analysis.found.facts, analysis.found.delta) } : {}),
      ...(command.kind === 'emergency'
        ? { reviewDue: later(now, policy.emergency.reviewWithinDays * 86_400_000) }
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
