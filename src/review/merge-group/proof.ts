import { conclude } from '../../core/assess.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later, type LookDeps } from '../deps.ts';
import { Later, NotThere, Unavailable } from '../hosting-errors.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import { analysisOf } from '../pull-request/analysis.ts';
import { linkedModels } from '../pull-request/linked.ts';
import { approvalsOf } from '../pull-request/said.ts';
import { policyOfFiles } from '../read-policy.ts';
import type { Lease } from '../store.ts';
import type { Group } from './groups.ts';

/** What a group came to: through only with a verdict that passes and a parent that is proven. */
export interface Finding {
  readonly passes: boolean;
  /** Why, in one sentence; names in backticks. */
  readonly reason: string;
  readonly remedy?: string;
  readonly verdict?: Verdict;
  /** Head of the pull request when it was proven: once it moves, the queue drops the group. */
  readonly pullRequestHead?: string;
  /** Why there is nothing better to say; thrown once it is shown, so that it is tried again. */
  readonly error?: Error;
}

const refuse = (reason: string, remedy: string): Finding => ({ passes: false, reason, remedy });

/**
 * The tree of the group against its parent, with what was said on the pull request. Throws the errors of the port while there
 * is reason to hope for a better answer.
 */
export async function prove(
  group: Group,
  number: number,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<Finding> {
  if (number === 0)
    return refuse(
      `The ref \`${group.headRef}\` names no pull request.`,
      'Report this to the maintainers of Threatgate.',
    );
  const parent = await parentFinding(group, hosting, lease, deps);
  if (parent) return parent;
  const state = await hosting.pullRequest(group.repository, number, []);
  if (!state) {
    // It is in the queue, so it is there: GitHub's parts do not learn of things at the same moment.
    if (deps.now() < later(lease.since, PATIENCE_MS))
      throw new Unavailable('the pull request of the group is not readable yet');
    return refuse(`There is no pull request #${number}.`, 'Put it into the queue again.');
  }
  return judge(await verdictOf(group, state, hosting, deps), state);
}

function judge(verdict: Verdict, { number, head }: PullRequestState): Finding {
  const proven = { verdict, pullRequestHead: head };
  if (verdict.conclusion !== 'success')
    return {
      ...proven,
      passes: false,
      reason: `The tree of the group is not what was approved on #${number}: ${verdict.title}.`,
      remedy: `Bring #${number} up to date with its base branch, let it be approved again, and put it back into the queue.`,
    };
  const reason = verdict.applicable
    ? `The tree of the group is what passed on #${number}.`
    : `The group changes nothing security-relevant: ${verdict.title}.`;
  return { ...proven, passes: true, reason };
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

/** What there is to say when GitHub does not answer for so long that the queue may wait in vain. */
export function unproven(error: unknown, lease: Lease, deps: LookDeps): Finding {
  const theirs = error instanceof Unavailable || error instanceof NotThere;
  if (!theirs || deps.now() < later(lease.since, deps.outageAfterMs)) throw error;
  return {
    ...refuse(
      // Every try has a number of its own; the same failure is told in the same words.
      `GitHub does not deliver what is needed to prove the group: ${error.message.replace(/ \(request [^()]*\)$/, '')}.`,
      'Nothing needs to be done here: it is tried again by itself. Should the queue have dropped the pull request meanwhile, put it back.',
    ),
    error,
  };
}

/** How long to wait for the group before this one to be judged: as long as it takes to ask for a lost delivery again. */
const PATIENCE_MS = 3 * 60_000;
/** Time that nobody had for it does not count: it is asked so often at least. */
const LEAST_TRIES = 10;

/** Undefined when what the group stands on is proven. */
async function parentFinding(
  group: Group,
  hosting: Hosting,
  lease: Lease,
  deps: LookDeps,
): Promise<Finding | undefined> {
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
  if (await isMerged(group, branch, hosting)) return undefined;
  if (lease.attempts < LEAST_TRIES || deps.now() < later(lease.since, PATIENCE_MS))
    throw new Later('the group before this one is not judged yet', later(deps.now(), waitFor(lease)));
  return refuse(
    `The group stands on \`${short}\`, which is neither on \`${branch}\` nor a group that was judged.`,
    'Put the pull request into the queue again.',
  );
}

const waitFor = ({ attempts }: Lease): number => (attempts < LEAST_TRIES ? 3_000 : 15_000);

function isMerged({ repository, baseSha }: Group, branch: string, hosting: Hosting): Promise<boolean> {
  return hosting.isOnBranch(repository, baseSha, branch).catch((error: unknown) => {
    if (error instanceof NotThere) return false;
    throw error;
  });
}
