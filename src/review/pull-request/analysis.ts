import type { Analysis } from '../../core/assess.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { Doubt } from '../../core/model/doubt.ts';
import type { AnalysisInput } from '../analysis-input.ts';
import type { LookDeps } from '../deps.ts';
import { gather } from '../gather.ts';
import { Later, Refused } from '../hosting-errors.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import { later } from '../deps.ts';
import type { PolicyReading } from '../read-policy.ts';
import { countDoubt, countFits } from './file-count.ts';
import type { Linked } from './linked.ts';

/** What an analysis needs of the world. */
export type AnalysisDeps = Pick<LookDeps, 'now' | 'analyse' | 'analyses'>;

/** Which two commits to compare, and by which rules. */
export interface Comparison {
  readonly base: string;
  readonly head: string;
  readonly reading: PolicyReading;
  readonly linked: Linked;
}

/** The analysis of two commits, made once: everything in its key is immutable. One with doubts is made again next time. */
export async function analysisOf(
  state: PullRequestState,
  { base, head, reading, linked }: Comparison,
  hosting: Hosting,
  deps: AnalysisDeps,
): Promise<Analysis> {
  const rules = canonicalJson([reading.policy, reading.doubts, linked.key]);
  const key = `${state.repository.id} ${base} ${head} ${digestOf(rules)}`;
  const kept = deps.analyses.get(key);
  if (kept) return kept;
  const gathered = await gather(hosting.repository(state.repository), base, head, reading.policy);
  const input: AnalysisInput = {
    change: gathered.change,
    models: {
      base: [...gathered.models.base, ...linked.models.base],
      head: [...gathered.models.head, ...linked.models.head],
    },
    policy: reading.policy,
    doubts: [...reading.doubts, ...linked.doubts],
  };
  const analysis = await deps.analyse(input);
  if (!analysis.found.doubts.some((d) => d.weight === 'doubt')) deps.analyses.set(key, analysis);
  return analysis;
}

/** How often a count that does not fit is put down to lists that lag behind. */
const PATIENCE = 3;

/** The pull request as it stands, with its file count checked against what GitHub says. */
export async function analysisOfHead(
  state: PullRequestState,
  reading: PolicyReading,
  linked: Linked,
  attempt: { readonly hosting: Hosting; readonly attempts: number; readonly base?: string | undefined },
  deps: AnalysisDeps,
): Promise<{ readonly base: string; readonly analysis: Analysis }> {
  const { hosting, attempts } = attempt;
  const base = attempt.base ?? (await hosting.mergeBase(state));
  const repository = hosting.repository(state.repository);
  const [before, after] = await Promise.all([repository.tree(base), repository.tree(state.head)]);
  const fits = !before.complete || !after.complete || countFits(before, after, state.changedFiles);
  if (!fits && attempts < PATIENCE)
    throw new Later(
      'the number of changed files does not fit yet',
      later(deps.now(), 5_000 * (attempts + 1)),
    );
  const doubts: readonly Doubt[] = fits ? [] : [countDoubt(state.changedFiles)];
  const checked = { ...reading, doubts: [...reading.doubts, ...doubts] };
  return {
    base,
    analysis: await analysisOf(state, { base, head: state.head, reading: checked, linked }, hosting, deps),
  };
}

/** What was said and is not listed could take back what lets a change through. */
export function withDiscussion(analysis: Analysis, state: PullRequestState): Analysis {
  const { found } = analysis;
  if (state.discussionComplete || !found.facts.some((f) => f.deciding)) return analysis;
  const doubt: Doubt = {
    code: 'discussion-incomplete',
    message:
      'There are more reviews and comments than GitHub lists, so a decision that was taken back could be missed.',
    remedy: 'Open a new pull request from the same branch, and let it be approved there.',
    weight: 'doubt',
  };
  return { ...analysis, found: { ...found, doubts: [...found.doubts, doubt] } };
}

/**
 * What there is to show when GitHub does not deliver the change: no facts, and the reason why nothing passes. Its digest
 * holds the commit, so that nothing said now is said of another change that cannot be read.
 */
export async function unreadableChange(
  state: PullRequestState,
  reading: PolicyReading,
  error: Error,
  deps: LookDeps,
): Promise<Analysis> {
  const { base, head } = state;
  const { name } = state.repository;
  const analysis = await deps.analyse({
    change: { repository: name, base, head, files: [], context: [], doubts: [] },
    models: { base: [], head: [] },
    policy: reading.policy,
    doubts: [
      ...reading.doubts,
      {
        code: 'file-list-incomplete',
        // Every try has a number of its own; the same failure is told in the same words.
        message: `GitHub did not deliver the change: ${error.message.replace(/ \(request [^()]*\)$/, '')}.`,
        remedy:
          error instanceof Refused
            ? 'Check that the App has the permissions it asks for, then comment `/threatgate recheck`.'
            : 'Nothing needs to be done: it is tried again by itself. `/threatgate recheck` tries at once.',
        weight: 'doubt',
      },
    ],
  });
  return { ...analysis, digest: unreadableDigest(head) };
}

/** What is shown of a commit that cannot be read. */
export const unreadableDigest = (head: string): string => digestOf(canonicalJson(['unreadable', head]));
