import { canonicalJson, digestOf } from '../core/digest.ts';
import type { RecordDraft } from '../core/model/record.ts';
import { later, type LookDeps } from './deps.ts';
import { Later, type BranchCommit, type Hosting, type PolicyFile, type RepositoryState } from './hosting.ts';
import type { Changes, Lease, RepositoryRow, WaitingSignal } from './store.ts';
import type { RepositoryRef, Work } from './work.ts';

/** A commit is not called a direct push before GitHub had time to tell which pull request it belongs to. */
const LINKED_WITHIN_MS = 60_000;
const MOST_COMMITS = 250;

/**
 * A branch moved. On a protected one every commit has to come from a merged pull request: others are direct pushes, and go
 * on record now, because GitHub will not remember them for the auditor. On any other branch nothing is asked.
 */
export async function lookAtBranch(
  repository: RepositoryRef,
  branch: string,
  lease: Lease,
  deps: LookDeps,
): Promise<void> {
  const { store } = deps;
  const [row, signals] = await Promise.all([store.repository(repository.id), store.signals(lease.key)]);
  const handled = signals.map((s) => s.id);
  if (!row || !isProtected(row, branch)) {
    await store.apply(lease, { handled }, deps.now());
    return;
  }
  const hosting = deps.app.installation(lease.work.installation);
  const rules =
    branch === row.defaultBranch ? await rulesOf(repository, row, hosting, lease, deps) : undefined;
  const commits = await commitsOf(repository, branch, row, signals, hosting, deps);
  const now = deps.now();
  await store.apply(
    lease,
    {
      handled,
      records: [...(rules?.records ?? []), ...commits.records],
      ...(rules?.documents ? { documents: rules.documents } : {}),
      repository: {
        ...row,
        ...(rules?.policy === undefined ? {} : { policy: rules.policy }),
        tips: commits.tips,
      },
      want: [...(rules?.want ?? []), ...commits.want.map((n) => pullRequest(row, n))],
    },
    now,
  );
}

export function isProtected(row: RepositoryRow, branch: string): boolean {
  return branch === row.defaultBranch || branchesOf(row).includes(branch);
}

export function branchesOf(row: RepositoryRow): readonly string[] {
  return JSON.parse(row.protectedBranches) as readonly string[];
}

function pullRequest(row: RepositoryRow, number: number): Work {
  return {
    installation: row.installation,
    subject: { kind: 'pull-request', repository: row.repository, number },
  };
}

interface Rules extends Pick<Changes, 'records' | 'documents' | 'want'> {
  readonly policy: string;
}

/** The policy of the default branch: when it changed, that is on record and every open pull request is judged anew. */
async function rulesOf(
  repository: RepositoryRef,
  row: RepositoryRow,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<Rules | undefined> {
  const state = await hosting.repositoryState(repository);
  if (!state) return undefined;
  return policyChange(state, row, deps.now(), lease.work.installation);
}

/** Undefined when the rules in force are the ones that were seen last. */
export function policyChange(
  state: RepositoryState,
  row: RepositoryRow | undefined,
  now: string,
  installation: number,
): Rules | undefined {
  const text = canonicalJson({
    organisation: shown(state.organisationPolicy),
    repository: shown(state.policy),
  });
  const digest = digestOf(text);
  if (row?.policy === digest) return undefined;
  const record: RecordDraft = {
    kind: 'policy-changed',
    repository: state.repository,
    at: now,
    source: `policy/${digest}/${row?.policy ?? 'first'}`,
    details: { before: row?.policy, after: digest, document: digest },
  };
  return {
    policy: digest,
    records: [record],
    documents: [{ digest, kind: 'policy', text }],
    want: state.open.map((p) => ({
      installation,
      subject: { kind: 'pull-request', repository: state.repository, number: p.number },
    })),
  };
}

function shown(file: PolicyFile): string {
  return file.kind === 'text' ? file.text : file.kind === 'absent' ? '' : `unreadable: ${file.why}`;
}

interface Found {
  readonly records: readonly RecordDraft[];
  readonly tips: string;
  /** Pull requests that were merged by these commits. */
  readonly want: readonly number[];
}

async function commitsOf(
  repository: RepositoryRef,
  branch: string,
  row: RepositoryRow,
  signals: readonly WaitingSignal[],
  hosting: Hosting,
  deps: LookDeps,
): Promise<Found> {
  const tips = JSON.parse(row.tips) as Readonly<Record<string, string>>;
  const moves = signals.flatMap((s) =>
    s.signal.kind === 'branch-moved' ? [{ ...s, signal: s.signal }] : [],
  );
  const after = tips[branch] ?? moves[0]?.signal.before;
  const listed = await hosting.branchCommits(repository, branch, after, MOST_COMMITS);
  // Without a place to start from there is nothing to account for yet: it begins here.
  const commits = after === undefined ? [] : listed.commits;
  const direct = commits.filter((c) => !c.pullRequests.some((p) => p.merged));
  const newest = moves.at(-1)?.receivedAt;
  const settled = newest === undefined ? '' : later(newest, LINKED_WITHIN_MS);
  if (direct.length > 0 && deps.now() < settled)
    throw new Later('GitHub may not have linked the commits with their pull requests yet', settled);
  const pusher = moves.at(-1)?.signal;
  return {
    records: [
      ...direct.map((c) => directPush(repository, branch, c, pusher?.by, deps.now())),
      ...(listed.complete && pusher?.forced !== true
        ? []
        : [rewritten(repository, branch, pusher, { after, tip: listed.tip }, deps.now())]),
    ],
    tips: canonicalJson({ ...tips, ...(listed.tip === undefined ? {} : { [branch]: listed.tip }) }),
    want: [...new Set(commits.flatMap((c) => c.pullRequests.filter((p) => p.merged).map((p) => p.number)))],
  };
}

type Move = Extract<WaitingSignal['signal'], { kind: 'branch-moved' }>;

function directPush(
  repository: RepositoryRef,
  branch: string,
  commit: BranchCommit,
  pusher: Move['by'] | undefined,
  now: string,
): RecordDraft {
  const by = pusher ?? commit.by;
  return {
    kind: 'direct-push',
    repository,
    at: now,
    source: `direct/${branch}/${commit.id}`,
    ...(by ? { actor: { ...by, role: pusher ? 'pushed it' : 'committed it' } } : {}),
    commit: commit.id,
    details: { branch, committedAt: commit.at, committer: commit.by ? { ...commit.by } : undefined },
  };
}

/** History was rewritten, or more came at once than can be listed: not every commit can be accounted for one by one. */
function rewritten(
  repository: RepositoryRef,
  branch: string,
  move: Move | undefined,
  { after, tip }: { readonly after: string | undefined; readonly tip: string | undefined },
  now: string,
): RecordDraft {
  return {
    kind: 'direct-push',
    repository,
    at: now,
    source: `rewritten/${branch}/${tip ?? 'gone'}`,
    ...(move ? { actor: { ...move.by, role: 'pushed it' } } : {}),
    ...(tip === undefined ? {} : { commit: tip }),
    details: { branch, after, forced: move?.forced ?? false, complete: false },
  };
}
