import { conclude, type Analysis } from '../../core/assess.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { Approvals } from '../../core/model/approval.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later, type LookDeps } from '../deps.ts';
import { NotThere, Unavailable, type Remark } from '../hosting.ts';
import { policyOfFiles } from '../read-policy.ts';
import type { Lease, PullRequestRow, WaitingSignal } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import { acknowledge } from './acknowledge.ts';
import { analysisOf, analysisOfHead, unreadableChange } from './analysis.ts';
import { answer } from './answers.ts';
import { claimsOf, type Claim } from './claims.ts';
import { decide } from './decisions.ts';
import { rowOf, type Look } from './context.ts';
import { dependentsOf } from './dependents.ts';
import { lookAtEnded } from './ended.ts';
import { endingsOf } from './endings.ts';
import { evaluatedRecord, outageRecord } from './evaluated.ts';
import { linkedModels, type Linked } from './linked.ts';
import { readMemory, withPusher, type Memory } from './memory.ts';
import { publish } from './publish.ts';
import { adopt } from './publish-comments.ts';
import { approvalsOf } from './said.ts';
import { sessionOf } from './session.ts';
import { lastKnownTeams, teamsOf } from './teams.ts';

/** After so many failed tries the reason is shown on the pull request; it is tried further all the same. */
const SHOW_AFTER = 3;
/** A pull request that was just spoken of may not be readable yet. */
const APPEARS_WITHIN_MS = 60_000;

/** Looks at a pull request as it is now, whatever event said so: judges it, records it, shows it. */
export async function lookAtPullRequest(
  repository: RepositoryRef,
  number: number,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { store } = deps;
  const hosting = deps.app.installation(lease.work.installation);
  const [row, signals] = await Promise.all([
    store.pullRequest(repository.id, number),
    store.signals(lease.key),
  ]);
  const known = signals.reduce(remember, readMemory(row?.memory));
  const teams = row ? known.teams : await lastKnownTeams(repository, store);
  const state = await hosting.pullRequest(repository, number, teams);
  if (!state) return absent(row, lease, deps);
  const reading = await policyOfFiles(state.repository.name, state.policy, state.organisationPolicy);
  const memory = { ...known, teams: teamsOf(reading.policy) };
  const look: Look = { lease, deps, hosting, row, signals, state, reading, memory };
  if (state.state !== 'open') return lookAtEnded(look);
  return lookAtOpen(look);
}

/** A push is seen once and never readable again; the opening of a pull request tells nothing of who pushed. */
function remember(memory: Memory, { signal }: WaitingSignal): Memory {
  return signal.kind === 'pushed' ? withPusher(memory, signal.by, signal.head) : memory;
}

async function absent(row: PullRequestRow | undefined, lease: Lease, deps: LookDeps): Promise<void> {
  if (deps.now() < later(lease.since, APPEARS_WITHIN_MS))
    throw new Unavailable('the pull request is not readable yet');
  const signals = await deps.store.signals(lease.key);
  const handled = signals.map((s) => s.id);
  await deps.store.apply(
    lease,
    { handled, ...(row ? { pullRequest: { ...row, state: 'closed' } } : {}) },
    deps.now(),
  );
}

async function lookAtOpen(look: Look): Promise<void> {
  const { state, reading, deps, hosting, lease } = look;
  const linked = await linkedModels(state, reading.policy, deps);
  const attempt = { hosting, attempts: lease.attempts };
  const found: Findings = await analysisOfHead(state, reading, linked, attempt, deps).catch(
    (error: unknown) => broken(look, error),
  );
  const heard = await hear(look, found.analysis, linked);
  const said = approvalsOf(heard.records);
  const now = deps.now();
  const verdict = conclude(found.analysis, said, now);
  const wiser = { ...look, memory: { ...heard.memory, until: runsOut(said, now) } };
  const records = await record(wiser, verdict, heard.records, found.base, linked);
  await publish(wiser, { verdict, analysis: found.analysis, records, said });
  await acknowledge(look, heard.fresh, heard.obeyed);
  if (found.error) throw found.error;
}

/** When the next thing that somebody granted for a time runs out, so that the sweep looks again then. */
function runsOut(said: Approvals, now: string): string | undefined {
  return said.entries
    .flatMap((e) => (e.expires !== undefined && e.expires > now ? [e.expires] : []))
    .sort()[0];
}

interface Findings {
  readonly base: string;
  readonly analysis: Analysis;
  /** Why there is nothing better to show; thrown once it is shown, so that it is tried again. */
  readonly error?: Error;
}

/** What there is to show when GitHub does not answer and keeps not answering. */
async function broken(look: Look, error: unknown): Promise<Findings> {
  const { state, reading, lease, deps } = look;
  const theirs = error instanceof Unavailable || error instanceof NotThere;
  if (!theirs || lease.attempts < SHOW_AFTER) throw error;
  const analysis = await unreadableChange(state, reading, error.message, deps);
  return { base: state.base, analysis, error };
}

interface Heard {
  /** Everything on record about what people said, with what came now. */
  readonly records: readonly AuditRecord[];
  /** What came now. */
  readonly fresh: readonly AuditRecord[];
  /** Remarks that asked for a look or for help, and get one. */
  readonly obeyed: readonly Remark[];
  readonly memory: Memory;
}

/** Makes records of what people said since the last look, in one transaction with the signals it came from. */
async function hear(look: Look, analysis: Analysis, linked: Linked): Promise<Heard> {
  const { state, deps, lease, signals } = look;
  const { store } = deps;
  const past = await store.records({ repository: state.repository.id, pullRequest: state.number });
  const now = deps.now();
  const session = await sessionOf(look, analysis, (commit) => digestAt(commit, look, linked));
  const comments = adopt(await store.comments(state.repository.id, state.number), state.ownComments);
  const questions = analysis.found.requirement.questions;
  const claims = claimsOf(state, signals);
  const answers = await answer(signals, past, { state, questions, comments, hosting: look.hosting, now });
  const decisions = await decide(claims, past, session);
  const drafts = [...answers, ...decisions];
  const endings = endingsOf(state, past, drafts, now);
  const obeyed = obey(claims, session.memory(), state.head);
  const { memory } = obeyed;
  const fresh = await store.apply(
    lease,
    {
      records: [...drafts, ...endings],
      handled: signals.map((s) => s.id),
      pullRequest: rowOf(look, memory, linked),
      want: await dependentsOf(look),
    },
    now,
  );
  return { records: [...past, ...fresh], fresh, obeyed: obeyed.remarks, memory };
}

/** `recheck` and `help` leave no record: they are obeyed once and then remembered. */
function obey(
  claims: readonly Claim[],
  memory: Memory,
  head: string,
): { readonly remarks: readonly Remark[]; readonly memory: Memory } {
  const fresh = claims.filter(
    (c) => (c.command.kind === 'recheck' || c.command.kind === 'help') && !memory.heard.includes(c.source),
  );
  const help = fresh.findLast((c) => c.command.kind === 'help');
  return {
    remarks: fresh.flatMap((c) => c.remark ?? []),
    memory: {
      ...memory,
      heard: [...memory.heard, ...fresh.map((c) => c.source)],
      ...(help ? { help: { account: help.by, head } } : {}),
    },
  };
}

/** The digest of a commit that was reviewed but never evaluated, by today's rules. */
async function digestAt(commit: string, look: Look, linked: Linked): Promise<string | undefined> {
  const { state, reading, hosting, deps } = look;
  try {
    const base = await hosting.repository(state.repository).mergeBase(state.base, commit);
    return (await analysisOf(state, { base, head: commit, reading, linked }, hosting, deps)).digest;
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}

/** The verdict goes on record when anything about it is new. Returns the whole trail of the pull request. */
async function record(
  look: Look,
  verdict: Verdict,
  records: readonly AuditRecord[],
  base: string,
  linked: Linked,
): Promise<readonly AuditRecord[]> {
  const { state, deps, lease } = look;
  const now = deps.now();
  const document = {
    digest: digestOf(canonicalJson(verdict)),
    kind: 'verdict' as const,
    text: canonicalJson(verdict),
  };
  const draft = evaluatedRecord(state, verdict, records, {
    document: document.digest,
    linked: linked.targets,
    now,
  });
  const outage = outageRecord(state, lease, now, deps.outageAfterMs);
  if (!draft && !outage) return records;
  const fresh = await deps.store.apply(
    lease,
    {
      records: [...(draft ? [draft] : []), ...(outage ? [outage] : [])],
      ...(draft ? { documents: [document] } : {}),
      pullRequest: {
        ...rowOf(look, look.memory, linked),
        base,
        digest: verdict.digest,
        conclusion: verdict.conclusion,
        evaluatedAt: now,
      },
    },
    now,
  );
  return [...records, ...fresh];
}
