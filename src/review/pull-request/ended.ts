import { conclude } from '../../core/assess.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { Actor, AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { PullRequestState } from '../hosting.ts';
import { acknowledge } from './acknowledge.ts';
import { analysisOfHead } from './analysis.ts';
import { claimsOf, type Claim } from './claims.ts';
import { contributorsOf } from './contributors.ts';
import { dependentsOf } from './dependents.ts';
import { decide, eligibilityOf, type Session } from './decisions.ts';
import { evaluatedRecord } from './evaluated.ts';
import { linkedModels } from './linked.ts';
import { rowOf, type Look } from './context.ts';
import { sessionOf } from './session.ts';
import type { Document } from '../store.ts';
import { approvalsOf, text } from './said.ts';

/** A pull request that is closed or merged: how it went goes on record, and a review that is still due can be done. */
export async function lookAtEnded(look: Look): Promise<void> {
  const { state, deps, lease, memory, signals } = look;
  const past = await deps.store.records({ repository: state.repository.id, pullRequest: state.number });
  const now = deps.now();
  const judged =
    state.state === 'merged' && !isOnRecord(past, 'merged') ? await judgeMerged(look, past) : undefined;
  const drafts = [
    ...(judged?.drafts ?? []),
    ...(state.state === 'closed' ? closing(state, now) : []),
    ...(await reviewsDone(look, past)),
  ];
  const fresh = await deps.store.apply(
    lease,
    {
      records: drafts,
      handled: signals.map((s) => s.id),
      pullRequest: rowOf(look, memory),
      ...(judged ? { documents: [judged.document] } : {}),
      want: await dependentsOf(look),
    },
    now,
  );
  await acknowledge(look, fresh, []);
}

const isOnRecord = (records: readonly AuditRecord[], kind: RecordDraft['kind']): boolean =>
  records.some((r) => r.kind === kind);

function closing(state: PullRequestState, now: string): readonly RecordDraft[] {
  return [
    { ...frame(state, now), kind: 'closed', source: `closed/${state.number}/${state.head}`, details: {} },
  ];
}

function frame(state: PullRequestState, at: string): Omit<RecordDraft, 'kind' | 'source' | 'details'> {
  return { repository: state.repository, at, pullRequest: state.number, commit: state.head };
}

/** What was merged, judged as it stood, with what was said up to then, and whether our check had let it through. */
async function judgeMerged(
  look: Look,
  past: readonly AuditRecord[],
): Promise<{ readonly drafts: readonly RecordDraft[]; readonly document: Document }> {
  const { state, deps } = look;
  const now = deps.now();
  const { verdict, said } = await verdictOfMerged(look, past);
  const whole = canonicalJson(verdict);
  const document = { digest: digestOf(whole), kind: 'verdict' as const, text: whole };
  const checks = await deps.store.checks(state.repository.id, state.head);
  const check = checks.find((c) => c.subject === `pull/${state.number}` && c.run !== undefined);
  const evaluated = evaluatedRecord(state, verdict, past, { document: document.digest, linked: [], now });
  const by = mergedBy(look);
  const merged: RecordDraft = {
    ...frame(state, now),
    kind: 'merged',
    source: `merged/${state.number}`,
    ...(by ? { actor: by } : {}),
    digest: verdict.digest,
    details: {
      mergedAt: state.merged?.at,
      mergeCommit: state.merged?.commit,
      baseRef: state.baseRef,
      check: check?.conclusion ?? 'none',
      conclusion: verdict.conclusion,
      applicable: verdict.applicable,
      title: verdict.title,
      author: { ...state.author },
      document: document.digest,
    },
  };
  const reason = bypassed(check?.conclusion, verdict);
  const bypass: RecordDraft = {
    ...merged,
    kind: 'bypassed',
    source: `bypassed/${state.number}`,
    details: { reason, title: verdict.title, mergedAt: state.merged?.at },
  };
  const drafts = [...said, ...(evaluated ? [evaluated] : []), merged];
  return { drafts: reason === undefined ? drafts : [...drafts, bypass], document };
}

async function verdictOfMerged(
  look: Look,
  past: readonly AuditRecord[],
): Promise<{ readonly verdict: Verdict; readonly said: readonly RecordDraft[] }> {
  const { state, reading, hosting, lease, deps, row, signals } = look;
  const linked = await linkedModels(state, reading.policy, deps);
  // After a merge the base contains the head: what was compared before is compared now, where it was.
  const base = row?.head === state.head ? row.base : undefined;
  const attempt = { hosting, attempts: lease.attempts, base };
  const { analysis } = await analysisOfHead(state, reading, linked, attempt, deps);
  const session = await sessionOf(look, analysis, () => Promise.resolve(undefined));
  const early = claimsOf(state, signals).filter((c) => !isLate(c, state));
  const said = await decide(early, past, session);
  const at = state.merged?.at ?? deps.now();
  return { verdict: conclude(analysis, approvalsOf([...past, ...said]), at), said };
}

/** Why the merge went past the gate; undefined when the gate had let it through. */
function bypassed(shown: string | undefined, verdict: Verdict): string | undefined {
  if (shown === 'success') return undefined;
  if (shown !== undefined) return `Merged while the check said ${shown}: ${verdict.title}.`;
  return verdict.conclusion === 'success'
    ? undefined
    : `Merged before the check had said anything; it would have said ${verdict.conclusion}: ${verdict.title}.`;
}

function mergedBy({ state, signals }: Look): Actor | undefined {
  const signal = signals.map((s) => s.signal).find((s) => s.kind === 'merged');
  const by = state.merged?.by ?? signal?.by;
  return by ? { ...by, role: 'merged it' } : undefined;
}

/** An emergency is reviewed when somebody independent approves afterwards. */
async function reviewsDone(look: Look, past: readonly AuditRecord[]): Promise<readonly RecordDraft[]> {
  const due = past.filter(
    (r) =>
      r.kind === 'emergency' &&
      !past.some((d) => d.kind === 'review-done' && text(d.details['of']) === r.source),
  );
  const { state, signals, deps, hosting, reading } = look;
  const known = new Set(past.map((r) => r.source));
  const claims = claimsOf(state, signals).filter(
    (c) => !known.has(c.source) && isLate(c, state) && c.command.kind === 'approve',
  );
  if (claims.length === 0) return [];
  const now = deps.now();
  const { contributors } = await contributorsOf(state, look.memory, hosting);
  const session = {
    state,
    policy: reading.policy,
    hosting,
    contributors: () => Promise.resolve(contributors),
  };
  const drafts: RecordDraft[] = [];
  for (const claim of claims) drafts.push(await late(claim, due, past, session, now));
  return drafts;
}

const isLate = (claim: Claim, state: PullRequestState): boolean =>
  state.merged !== undefined && Date.parse(claim.at) >= Date.parse(state.merged.at);

async function late(
  claim: Claim,
  due: readonly AuditRecord[],
  past: readonly AuditRecord[],
  session: Pick<Session, 'state' | 'policy' | 'hosting' | 'contributors'>,
  now: string,
): Promise<RecordDraft> {
  const base = { ...frame(session.state, now), source: claim.source };
  const refuse = (reason: string): RecordDraft => ({
    ...base,
    kind: 'decision-refused',
    actor: { ...claim.by, role: 'not eligible' },
    details: { decision: 'approve', via: claim.via, saidAt: claim.at, reason },
  });
  const emergency = due.at(-1);
  if (!emergency) return refuse('The pull request is merged, and no review of it is due.');
  if (emergency.actor?.id === claim.by.id)
    return refuse('Whoever let an emergency through does not review it afterwards.');
  const judged = await eligibilityOf(claim.by, 'approve', past, session);
  if (!judged.eligible) return refuse(judged.reason ?? 'not eligible');
  return {
    ...base,
    kind: 'review-done',
    actor: { ...claim.by, role: judged.role },
    ...(emergency.digest === undefined ? {} : { digest: emergency.digest }),
    details: {
      of: emergency.source,
      via: claim.via,
      saidAt: claim.at,
      due: text(emergency.details['reviewDue']),
      statement: claim.command.kind === 'approve' ? claim.command.statement : undefined,
    },
  };
}
