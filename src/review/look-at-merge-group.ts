import { conclude } from '../core/assess.ts';
import { canonicalJson, digestOf } from '../core/digest.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { renderGroupCheck } from '../core/report/group-check.ts';
import { later, type LookDeps } from './deps.ts';
import { Later, type Hosting, type PullRequestState } from './hosting.ts';
import { publishCheck } from './publish-check.ts';
import { analysisOf } from './pull-request/analysis.ts';
import { linkedModels } from './pull-request/linked.ts';
import { approvalsOf } from './pull-request/said.ts';
import { policyOfFiles } from './read-policy.ts';
import type { Lease } from './store.ts';
import type { Subject } from './work.ts';

type Group = Extract<Subject, { kind: 'merge-group' }>;

/** `refs/heads/gh-readonly-queue/<base, may have slashes>/pr-<number>-<parent>` */
const REF = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-(\d+)-([0-9a-f]{40})$/;

/** What a group came to: through only with a verdict that passes and a parent that is proven. */
export interface GroupFinding {
  readonly passes: boolean;
  /** Why, in one sentence; names in backticks. */
  readonly reason: string;
  readonly remedy?: string;
  readonly verdict?: Verdict;
}

/**
 * Proves a merge group: the tree that would be merged is classified anew, against its parent, and must come to the digest
 * that was approved on the pull request. Groups are chained, each on the one before it, so the parent has to be on the base
 * branch or itself proven. It always reports, for the queue waits for nothing else.
 */
export async function lookAtMergeGroup(group: Group, lease: Lease, deps: LookDeps): Promise<void> {
  const hosting = deps.app.installation(lease.work.installation);
  const number = Number(REF.exec(group.headRef)?.[2] ?? 0);
  const finding =
    number === 0
      ? refuse(
          `The ref \`${group.headRef}\` names no pull request.`,
          'Report this to the maintainers of Threatgate.',
        )
      : await prove(group, number, hosting, lease, deps);
  const past = await deps.store.records({
    repository: group.repository.id,
    kinds: ['merge-group-evaluated'],
  });
  const record = recordOf(group, number, finding, past, deps.now());
  const documents = finding.verdict ? [documentOf(finding.verdict)] : [];
  const [fresh] = await deps.store.apply(lease, { records: record ? [record] : [], documents }, deps.now());
  await publishCheck(
    {
      repository: group.repository,
      head: group.headSha,
      subject: 'group',
      digest: finding.verdict?.digest ?? NO_DIGEST,
      report: renderGroupCheck({ ...finding, number, ...(fresh ? { record: fresh } : {}) }),
      conclusion: finding.passes ? 'success' : 'failure',
    },
    lease,
    hosting,
    deps,
  );
}

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

const refuse = (reason: string, remedy: string): GroupFinding => ({ passes: false, reason, remedy });

function documentOf(verdict: Verdict): { digest: string; kind: 'verdict'; text: string } {
  const text = canonicalJson(verdict);
  return { digest: digestOf(text), kind: 'verdict', text };
}

async function prove(
  group: Group,
  number: number,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<GroupFinding> {
  const state = await hosting.pullRequest(group.repository, number, []);
  if (!state) return refuse(`There is no pull request #${number}.`, 'Put it into the queue again.');
  const parent = await parentFinding(group, hosting, lease, deps);
  if (parent) return parent;
  const verdict = await verdictOf(group, state, hosting, deps);
  if (verdict.conclusion === 'success')
    return { passes: true, reason: `The tree of the group is what was approved on #${number}.`, verdict };
  return {
    passes: false,
    reason: `The tree of the group is not what was approved on #${number}: ${verdict.title}.`,
    remedy: `Bring #${number} up to date with its base branch, let it be approved again, and put it back into the queue.`,
    verdict,
  };
}

async function verdictOf(
  group: Group,
  state: PullRequestState,
  hosting: Hosting,
  deps: LookDeps,
): Promise<Verdict> {
  const reading = await policyOfFiles(state.repository.name, state.policy, state.organisationPolicy);
  const linked = await linkedModels(state, reading.policy, deps);
  const comparison = { base: group.baseSha, head: group.headSha, reading, linked };
  const analysis = await analysisOf(state, comparison, hosting, deps);
  const records = await deps.store.records({
    repository: state.repository.id,
    pullRequest: state.number,
  });
  return conclude(analysis, approvalsOf(records), deps.now());
}

/** How often to wait for the group before this one to be judged. */
const PATIENCE = 60;

/** Undefined when what the group stands on is proven. */
async function parentFinding(
  group: Group,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<GroupFinding | undefined> {
  const known = (await deps.store.checks(group.repository.id, group.baseSha)).find(
    (c) => c.subject === 'group',
  );
  if (known?.conclusion === 'success' && known.run !== undefined) return undefined;
  const short = group.baseSha.slice(0, 10);
  if (known?.conclusion !== undefined)
    return refuse(
      `The group before this one (\`${short}\`) is not through, and this one contains it.`,
      'It is judged again by itself when the queue builds it anew.',
    );
  const branch = group.baseRef.replace(/^refs\/heads\//, '');
  if (await hosting.isOnBranch(group.repository, group.baseSha, branch)) return undefined;
  const waited = later(lease.since, PATIENCE * 1000);
  if (deps.now() < waited)
    throw new Later('the group before this one is not judged yet', later(deps.now(), 3_000));
  return refuse(
    `The group stands on \`${short}\`, which is neither on \`${branch}\` nor a group that was judged.`,
    'Put the pull request into the queue again.',
  );
}

function recordOf(
  group: Group,
  number: number,
  finding: GroupFinding,
  past: readonly AuditRecord[],
  at: string,
): RecordDraft | undefined {
  const outcome = digestOf(canonicalJson([finding.passes, finding.reason, finding.verdict?.digest]));
  const last = past.findLast((r) => r.commit === group.headSha);
  if (last?.details['outcome'] === outcome) return undefined;
  return {
    kind: 'merge-group-evaluated',
    repository: group.repository,
    at,
    source: `group/${group.headSha}/${last?.sequence ?? 0}`,
    ...(number > 0 ? { pullRequest: number } : {}),
    commit: group.headSha,
    ...(finding.verdict ? { digest: finding.verdict.digest } : {}),
    details: {
      outcome,
      passes: finding.passes,
      reason: finding.reason,
      parent: group.baseSha,
      baseRef: group.baseRef,
      ...(finding.verdict ? { document: documentOf(finding.verdict).digest } : {}),
    },
  };
}
