import { conclude } from '../../core/assess.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { Approvals } from '../../core/model/approval.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later, type LookDeps } from '../deps.ts';
import { NotThere, Refused, Unavailable } from '../hosting-errors.ts';
import type { PullRequestState } from '../hosting.ts';
import { policyOfFiles } from '../read-policy.ts';
import type { Lease, PullRequestRow, Store, WaitingSignal } from '../store.ts';
import { keyOf, type RepositoryRef } from '../work.ts';
import { acknowledge } from './acknowledge.ts';
import { analysisOfHead, unreadableChange, withDiscussion } from './analysis.ts';
import { rowOf, type Look } from './context.ts';
import { lookAtEnded } from './ended.ts';
import { evaluatedRecord, outageRecord } from './evaluated.ts';
import { hear, type Findings } from './hear.ts';
import { linkedModels } from './linked.ts';
import { readMemory, withPusher, withWriters, type Memory } from './memory.ts';
import { publish } from './publish.ts';
import { approvalsOf } from './said.ts';
import { teamsOf, teamsToAsk } from './teams.ts';

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
  const teams = await teamsToAsk(known, repository, store);
  const state = await hosting.pullRequest(repository, number, teams);
  if (!state) return absent(row, lease, deps);
  const reading = await policyOfFiles(state.repository.name, state.policy, state.organisationPolicy);
  const seen = withWriters(await withBranch(known, state, store), state);
  const memory = { ...seen, teams: teamsOf(reading.policy) };
  const look: Look = { lease, deps, hosting, row, signals, state, reading, memory };
  if (state.state !== 'open') return lookAtEnded(look);
  return lookAtOpen(look);
}

/** A push is seen once and never readable again. */
function remember(memory: Memory, { signal }: WaitingSignal): Memory {
  return signal.kind === 'pushed' ? withPusher(memory, signal.by, signal.head) : memory;
}

/** What was pushed before the pull request was opened is told at its branch: as far as it is a part of it. */
async function withBranch(
  memory: Memory,
  { source, repository, head, commits }: PullRequestState,
  store: Store,
): Promise<Memory> {
  if (source?.repository.id !== repository.id) return memory;
  const subject = { kind: 'push', repository, branch: source.branch } as const;
  const signals = await store.signals(keyOf({ installation: 0, subject }));
  const parts = new Set(commits.map((c) => c.id));
  return signals.reduce((known, { signal }) => {
    if (signal.kind !== 'branch-moved' || !parts.has(signal.after)) return known;
    const isNews = signal.after === head || !known.pushers.some((p) => p.id === signal.by.id);
    return isNews ? withPusher(known, signal.by, signal.after) : known;
  }, memory);
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
  const { deps } = look;
  const found = await findingsOf(look);
  const heard = await hear(look, found);
  const said = approvalsOf(heard.records);
  const now = deps.now();
  const verdict = conclude(found.analysis, said, now);
  const wiser = { ...look, memory: { ...heard.memory, until: runsOut(said, now) } };
  const records = await record(wiser, verdict, heard.records, found);
  await publish(wiser, { verdict, analysis: found.analysis, records, said });
  await acknowledge(look, heard.fresh, heard.obeyed);
  if (found.error) throw found.error;
}

/** When the next thing that somebody granted for a time runs out, so that the sweep looks again then. */
function runsOut(said: Approvals, now: string): string | undefined {
  return [...said.entries, ...(said.answers ?? [])]
    .flatMap((e) => (e.expires !== undefined && e.expires > now ? [e.expires] : []))
    .sort()[0];
}

async function findingsOf(look: Look): Promise<Findings> {
  const { state, reading, deps, hosting, lease } = look;
  try {
    const linked = await linkedModels(state, reading.policy, deps);
    const attempt = { hosting, attempts: lease.attempts };
    const { base, analysis } = await analysisOfHead(state, reading, linked, attempt, deps);
    return { base, analysis: withDiscussion(analysis, state), linked };
  } catch (error) {
    return broken(look, error);
  }
}

/** What there is to show when GitHub does not answer and keeps not answering, or refuses. */
async function broken(look: Look, error: unknown): Promise<Findings> {
  const { state, reading, lease, deps } = look;
  const lasts =
    error instanceof Refused ||
    ((error instanceof Unavailable || error instanceof NotThere) && lease.attempts >= SHOW_AFTER);
  if (!lasts) throw error;
  const analysis = await unreadableChange(state, reading, error, deps);
  return { base: state.base, analysis, error };
}

/** The verdict goes on record when anything about it is new. Returns the whole trail of the pull request. */
async function record(
  look: Look,
  verdict: Verdict,
  records: readonly AuditRecord[],
  { base, linked }: Findings,
): Promise<readonly AuditRecord[]> {
  const { state, deps, lease, row } = look;
  const now = deps.now();
  const document = {
    digest: digestOf(canonicalJson(verdict)),
    kind: 'verdict' as const,
    text: canonicalJson(verdict),
  };
  const draft = evaluatedRecord(state, verdict, records, {
    document: document.digest,
    linked: linked?.targets ?? [],
    now,
  });
  const outage = outageRecord(state, lease, now, deps.outageAfterMs);
  const isLater = look.memory.until !== readMemory(row?.memory).until;
  if (!draft && !outage && !isLater) return records;
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
