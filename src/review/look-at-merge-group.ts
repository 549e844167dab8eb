import { canonicalJson, digestOf } from '../core/digest.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { renderGroupCheck } from '../core/report/group-check.ts';
import { later, type LookDeps } from './deps.ts';
import { numberOf, standingOn, type Group } from './merge-group/groups.ts';
import { prove, unproven, type Finding } from './merge-group/proof.ts';
import { publishCheck } from './publish-check.ts';
import type { CheckRow, Document, Lease, Store, WaitingSignal } from './store.ts';

/**
 * Proves a merge group: the tree that would be merged is classified anew, against its parent, and must come to the digest
 * that was approved on the pull request. Groups are chained, each on the one before it, so the parent has to be on the base
 * branch or itself proven. It always reports, for the queue waits for nothing else.
 */
export async function lookAtMergeGroup(group: Group, lease: Lease, deps: LookDeps): Promise<void> {
  const { store } = deps;
  const hosting = deps.app.installation(lease.work.installation);
  const number = numberOf(group);
  const signals = await store.signals(lease.key);
  const finding = await prove(group, number, hosting, lease, deps).catch((error: unknown) =>
    unproven(error, lease, deps),
  );
  const past = await recordsOf(group, number, store);
  const last = past.at(-1);
  const drafts = draftsOf(group, number, { finding, last, lease, deps });
  const fresh = await store.apply(
    lease,
    {
      handled: signals.map((s) => s.id),
      records: drafts,
      documents: finding.verdict ? [documentOf(finding.verdict)] : [],
      checks: await wantedAgain(group, signals, store),
    },
    deps.now(),
  );
  const record = fresh.find((r) => r.kind === 'merge-group-evaluated') ?? last;
  await publishCheck(
    {
      repository: group.repository,
      head: group.headSha,
      subject: 'group',
      digest: finding.verdict?.digest ?? NO_DIGEST,
      report: renderGroupCheck({
        ...finding,
        number,
        ...(record ? { record: { sequence: record.sequence, hash: record.hash } } : {}),
      }),
      conclusion: finding.passes ? 'success' : 'failure',
      // Whoever stands on it was judged by what it came to before.
      dependents: past[0] ? await standingOn(group, past[0], lease, store) : [],
    },
    lease,
    hosting,
    deps,
  );
  if (finding.error) throw finding.error;
}

/** GitHub takes a suite that somebody had run again for unfinished until its run is written anew. */
async function wantedAgain(
  { repository, headSha }: Group,
  signals: readonly WaitingSignal[],
  store: Pick<Store, 'checks'>,
): Promise<readonly CheckRow[]> {
  if (!signals.some(({ signal }) => signal.kind === 'rerequested')) return [];
  const rows = await store.checks(repository.id, headSha);
  return rows
    .filter((row) => row.subject === 'group' && row.run !== undefined)
    .map((row) => ({ ...row, written: '' }));
}

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

function documentOf(verdict: Verdict): Document {
  const text = canonicalJson(verdict);
  return { digest: digestOf(text), kind: 'verdict', text };
}

/** What was said of this very group before, oldest first. */
async function recordsOf(
  { repository, headSha }: Group,
  number: number,
  store: Pick<Store, 'records'>,
): Promise<readonly AuditRecord[]> {
  const all = await store.records({
    repository: repository.id,
    kinds: ['merge-group-evaluated'],
    ...(number > 0 ? { pullRequest: number } : {}),
  });
  return all.filter((r) => r.commit === headSha);
}

interface Occasion {
  readonly finding: Finding;
  readonly last: AuditRecord | undefined;
  readonly lease: Lease;
  readonly deps: LookDeps;
}

function draftsOf(
  group: Group,
  number: number,
  { finding, last, lease, deps }: Occasion,
): readonly RecordDraft[] {
  const now = deps.now();
  const frame = {
    repository: group.repository,
    at: now,
    ...(number > 0 ? { pullRequest: number } : {}),
    commit: group.headSha,
  };
  const { verdict, pullRequestHead, passes, reason } = finding;
  const outcome = digestOf(canonicalJson([passes, reason, verdict?.digest, pullRequestHead]));
  const evaluated: RecordDraft = {
    ...frame,
    kind: 'merge-group-evaluated',
    source: `group/${group.headSha}/${last?.sequence ?? 0}`,
    ...(verdict ? { digest: verdict.digest } : {}),
    details: {
      outcome,
      passes,
      reason,
      parent: group.baseSha,
      headRef: group.headRef,
      baseRef: group.baseRef,
      pullRequestHead,
      document: verdict && documentOf(verdict).digest,
    },
  };
  const outage: RecordDraft = {
    ...frame,
    kind: 'gate-outage',
    source: `outage/group/${group.headSha}/${lease.since}`,
    details: { from: lease.since, until: now },
  };
  return [
    ...(last?.details['outcome'] === outcome ? [] : [evaluated]),
    ...(now < later(lease.since, deps.outageAfterMs) ? [] : [outage]),
  ];
}
