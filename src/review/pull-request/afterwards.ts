import type { Actor, AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { PullRequestState } from '../hosting.ts';
import type { Instant } from '../store.ts';
import { claimsOf, type Claim } from './claims.ts';
import type { Look } from './context.ts';
import { contributorsOf } from './contributors.ts';
import { eligibilityOf, type Session } from './decisions.ts';
import { standing } from './endings.ts';
import { hadPart } from '../re-review/reviewer.ts';
import { text } from './said.ts';

/** Said after the merge: it decides nothing about the change any more. */
export const isLate = (claim: Claim, state: PullRequestState): boolean =>
  state.merged !== undefined && Date.parse(claim.at) >= Date.parse(state.merged.at);

/** Emergencies and merges past the gate whose review afterwards is not done yet. */
function dueIn(records: readonly RecordDraft[]): readonly RecordDraft[] {
  const done = new Set(
    records.flatMap((r) => (r.kind === 'review-done' ? (text(r.details['of']) ?? []) : [])),
  );
  return records.filter((r) => (r.kind === 'emergency' || r.kind === 'review-opened') && !done.has(r.source));
}

/** Who approved, before the merge, just what was merged has reviewed an emergency as well as anybody could afterwards. */
export function reviewedBefore(
  records: readonly RecordDraft[],
  merged: string,
  now: Instant,
): readonly RecordDraft[] {
  const approvals = standing(records).filter((d) => d.kind === 'approved' && d.digest === merged);
  return dueIn(records.filter((r) => r.kind !== 'review-opened')).flatMap((emergency) => {
    const approval = approvals.find((a) => a.actor.id !== emergency.actor?.id);
    return approval ? [reviewOf(emergency, approval.actor, { ...approval, at: now })] : [];
  });
}

/** What people say about a merged pull request: an emergency is reviewed when somebody independent approves afterwards. */
export async function saidAfterwards(
  look: Look,
  past: readonly AuditRecord[],
  fresh: readonly RecordDraft[],
): Promise<readonly RecordDraft[]> {
  const { state, signals, deps, hosting, reading } = look;
  const known = new Set(past.map((r) => r.source.replace(/\/of\/.*$/, '')));
  const claims = claimsOf(state, signals).filter(
    (c) =>
      isLate(c, state) && !known.has(c.source) && c.command.kind !== 'help' && c.command.kind !== 'recheck',
  );
  if (claims.length === 0) return [];
  const { contributors } = await contributorsOf(state, look.memory, hosting);
  const session = {
    state,
    policy: reading.policy,
    isRuled: reading.doubts.length === 0,
    hosting,
    contributors: () => Promise.resolve(contributors),
  };
  const drafts: RecordDraft[] = [];
  for (const claim of claims)
    drafts.push(...(await late(claim, dueIn([...past, ...fresh, ...drafts]), past, session, deps.now())));
  return drafts;
}

async function late(
  claim: Claim,
  due: readonly RecordDraft[],
  past: readonly AuditRecord[],
  session: Pick<Session, 'state' | 'policy' | 'isRuled' | 'hosting' | 'contributors'>,
  now: Instant,
): Promise<readonly RecordDraft[]> {
  const { state } = session;
  const { command, by, source, via, at } = claim;
  const base = {
    repository: state.repository,
    at: now,
    pullRequest: state.number,
    commit: state.head,
    source,
  };
  const refuse = (reason: string): readonly RecordDraft[] => [
    {
      ...base,
      kind: 'decision-refused',
      actor: { ...by, role: 'not eligible' },
      details: { decision: command.kind, via, saidAt: at, reason },
    },
  ];
  if (command.kind !== 'approve')
    return refuse('The pull request is merged, and nothing can be decided about it any more.');
  if (due.length === 0) return refuse('The pull request is merged, and no review of it is due.');
  const others = due.filter((opened) => opened.actor?.id !== by.id && !hadPart(by, opened));
  if (others.length === 0)
    return refuse(
      due.some((opened) => opened.kind === 'emergency')
        ? 'Whoever let an emergency through does not review it afterwards.'
        : 'Whoever had a part in what came past the gate does not review it afterwards.',
    );
  const judged = await eligibilityOf(by, 'approve', past, session);
  if (!judged.eligible) return refuse(judged.reason ?? 'not eligible');
  const details = { via, saidAt: at, statement: command.statement };
  return others.map((e) => reviewOf(e, { ...by, role: judged.role }, { ...base, details }));
}

/** One yes may review several emergencies: each has a record of its own. */
function reviewOf(
  emergency: RecordDraft,
  actor: Actor,
  said: Omit<RecordDraft, 'kind' | 'actor' | 'digest'>,
): RecordDraft {
  const { repository, at, pullRequest, commit, source, details } = said;
  return {
    kind: 'review-done',
    repository,
    at,
    source: `${source}/of/${emergency.source}`,
    actor,
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(commit === undefined ? {} : { commit }),
    ...(emergency.digest === undefined ? {} : { digest: emergency.digest }),
    details: {
      of: emergency.source,
      via: details['via'],
      saidAt: details['saidAt'],
      due: text(emergency.details['reviewDue']) ?? text(emergency.details['due']),
      statement: details['statement'],
    },
  };
}
