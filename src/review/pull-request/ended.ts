import { conclude, type Analysis } from '../../core/assess.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import { incidentsIn } from '../../core/linked/find-incidents.ts';
import type { Actor, AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later } from '../deps.ts';
import { NotThere, Unavailable } from '../hosting-errors.ts';
import type { PullRequestState } from '../hosting.ts';
import { acknowledge } from './acknowledge.ts';
import { analysisOfHead, unreadableChange } from './analysis.ts';
import { isLate, reviewedBefore, saidAfterwards } from './afterwards.ts';
import { claimsOf } from './claims.ts';
import { dependentsOf } from './dependents.ts';
import { decide } from './decisions.ts';
import { standing } from './endings.ts';
import { aboutVerdict, evaluatedRecord, outageRecord } from './evaluated.ts';
import { linkedModels } from './linked.ts';
import { rowOf, type Look } from './context.ts';
import { sessionOf } from './session.ts';
import { reviewAfterMerge } from '../re-review/after-bypass.ts';
import type { Document } from '../store.ts';
import { approvalsOf, text } from './said.ts';

/** A pull request that is closed or merged: how it went goes on record, and a review that is still due can be done. */
export async function lookAtEnded(look: Look): Promise<void> {
  const { state, deps, lease, memory, signals } = look;
  const past = await deps.store.records({ repository: state.repository.id, pullRequest: state.number });
  const now = deps.now();
  const judged =
    state.state === 'merged' && !isOnRecord(past, 'merged') ? await judgeMerged(look, past) : undefined;
  const ending = [...(judged?.drafts ?? []), ...closing(look, past, now), ...pressedInVain(look, now)];
  const drafts = [...ending, ...(await saidAfterwards(look, past, ending))];
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

/** Once each time it is closed, and it may be opened again in between. */
function closing({ state, row }: Look, past: readonly AuditRecord[], now: string): readonly RecordDraft[] {
  if (state.state !== 'closed' || row?.state === 'closed') return [];
  const source = `closed/${state.number}/${past.at(-1)?.sequence ?? 0}`;
  return [{ ...frame(state, now), kind: 'closed', source, details: {} }];
}

/** Reviews and comments are read again when it is reopened; a press is told of once, so that it is answered now. */
function pressedInVain({ state, signals }: Look, now: string): readonly RecordDraft[] {
  if (state.state !== 'closed') return [];
  return claimsOf(state, signals)
    .filter((c) => c.via === 'button')
    .map(({ source, by, at, via, command }) => ({
      ...frame(state, now),
      kind: 'decision-refused',
      source,
      actor: { ...by, role: 'not eligible' },
      details: {
        decision: command.kind === 'wrong' ? 'command' : command.kind,
        via,
        saidAt: at,
        reason: 'The pull request is closed.',
        remedy: 'Reopen it, look at the check as it is then, and say it again.',
      },
    }));
}

function frame(state: PullRequestState, at: string): Omit<RecordDraft, 'kind' | 'source' | 'details'> {
  return { repository: state.repository, at, pullRequest: state.number, commit: state.head };
}

/** What was merged, judged as it stood, with what was said up to then, and whether our check had let it through. */
async function judgeMerged(
  look: Look,
  past: readonly AuditRecord[],
): Promise<{ readonly drafts: readonly RecordDraft[]; readonly document: Document }> {
  const { state, deps, lease } = look;
  const now = deps.now();
  const { verdict, said, ordinary } = await verdictOfMerged(look, past);
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
      tree: state.merged?.tree,
      parents: state.merged?.parents,
      onto: state.merged?.onto,
      baseRef: state.baseRef,
      check: check?.conclusion ?? 'none',
      protected: await isProtected(look),
      ...aboutVerdict(verdict),
      author: { ...state.author },
      incidents: incidentsIn(state.body),
      document: document.digest,
      ...restsOn([...past, ...said], verdict),
      withoutExceptions: ordinary,
    },
  };
  const reason = bypassed(check?.conclusion, verdict) ?? unprovenGroup(state, past);
  const bypass: RecordDraft = {
    ...merged,
    kind: 'bypassed',
    source: `bypassed/${state.number}`,
    details: { reason, title: verdict.title, mergedAt: state.merged?.at },
  };
  const reviewed = reviewedBefore([...past, ...said], verdict.digest, now);
  const outage = outageRecord(state, lease, now, deps.outageAfterMs);
  const drafts = [
    ...said,
    ...(evaluated ? [evaluated] : []),
    ...(outage ? [outage] : []),
    merged,
    ...(reason === undefined
      ? []
      : [bypass, ...reviewAfterMerge(bypass, state, look.reading, await isProtected(look))]),
    ...reviewed,
  ];
  return { drafts, document };
}

/** Whether the branch that it went to is one that the gate is to guard, as far as that is known. */
async function isProtected({ state, deps }: Look): Promise<boolean | undefined> {
  const row = await deps.store.repository(state.repository.id);
  if (state.baseRef === state.defaultBranch) return true;
  return row && (JSON.parse(row.protectedBranches) as string[]).includes(state.baseRef);
}

interface JudgedMerge {
  readonly verdict: Verdict;
  readonly said: readonly RecordDraft[];
  /** What it would have come to without any emergency or waiver. */
  readonly ordinary: Verdict['conclusion'];
}

async function verdictOfMerged(look: Look, past: readonly AuditRecord[]): Promise<JudgedMerge> {
  const { state, reading, hosting, lease, deps, row, signals } = look;
  const linked = await linkedModels(state, reading.policy, deps);
  // After a merge the base contains the head: what was compared before is compared now, where it was.
  const base = row?.head === state.head ? row.base : undefined;
  const attempt = { hosting, attempts: lease.attempts, base };
  const { analysis } = await analysisOfHead(state, reading, linked, attempt, deps).catch((error: unknown) =>
    unreadable(look, error),
  );
  const session = await sessionOf(look, analysis, past, () => Promise.resolve(undefined));
  const early = claimsOf(state, signals).filter((c) => !isLate(c, state));
  const said = await decide(early, past, session);
  const at = state.merged?.at ?? deps.now();
  const all = [...past, ...said];
  const ordinary = all.filter(({ kind }) => kind !== 'emergency' && kind !== 'waived');
  return {
    verdict: conclude(analysis, approvalsOf(all), at),
    said,
    ordinary: conclude(analysis, approvalsOf(ordinary), at).conclusion,
  };
}

/** Decisions that stood for just what was merged, by their sources: what an auditor asks for first. */
function restsOn(
  records: readonly RecordDraft[],
  { digest }: Verdict,
): { readonly rests: readonly string[] } {
  return {
    rests: standing(records)
      .filter((decision) => decision.digest === digest)
      .map(({ source }) => source),
  };
}

/** A merge is on record within the stated bound, even if nobody can say any more what was merged. */
async function unreadable(
  { state, reading, lease, deps }: Look,
  error: unknown,
): Promise<{ readonly analysis: Analysis }> {
  const theirs = error instanceof Unavailable || error instanceof NotThere;
  if (!theirs || deps.now() < later(lease.since, deps.outageAfterMs)) throw error;
  return { analysis: await unreadableChange(state, reading, error, deps) };
}

/** Why the merge went past the gate; undefined when the gate had let it through. */
function bypassed(shown: string | undefined, verdict: Verdict): string | undefined {
  if (shown === 'success') return undefined;
  if (shown !== undefined) return `Merged while the check said ${shown}: ${verdict.title}.`;
  return verdict.conclusion === 'success'
    ? undefined
    : `Merged before the check had said anything; it would have said ${verdict.conclusion}: ${verdict.title}.`;
}

/** What a queue merges is the group, and it may have been set up not to ask for our check there. */
function unprovenGroup({ merged }: PullRequestState, past: readonly AuditRecord[]): string | undefined {
  const group = past.findLast((r) => r.kind === 'merge-group-evaluated' && r.commit === merged?.commit);
  return group?.details['passes'] === false
    ? `Merged by the queue although the group was not proven: ${text(group.details['reason']) ?? 'no reason on record'}`
    : undefined;
}

function mergedBy({ state, signals }: Look): Actor | undefined {
  const signal = signals.map((s) => s.signal).find((s) => s.kind === 'merged');
  const by = state.merged?.by ?? signal?.by;
  return by ? { ...by, role: 'merged it' } : undefined;
}
