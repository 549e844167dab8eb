import { conclude } from '../../core/assess.ts';
import type { RecordDraft } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { NotThere } from '../hosting-errors.ts';
import { numberOf, type Group } from '../merge-group/groups.ts';
import { analysisOf, analysisOfHead, withDiscussion } from '../pull-request/analysis.ts';
import { approvalsOf } from '../pull-request/said.ts';
import { patiently, type AfreshDeps } from './deps.ts';
import { hearAll, rulesOf, type Rules } from './judge-pull-request.ts';

/** Refs of the groups that the queue of a branch holds now. */
export interface QueueRef {
  readonly ref: string;
  readonly head: string;
}

/** What one group of a chain came to. */
export interface GroupJudged {
  readonly number: number;
  readonly verdict: Verdict;
  /** What people said on the pull request; none where it needs nobody's word. */
  readonly said: readonly RecordDraft[];
}

/** Each pull request that the group would merge, the oldest first, or why that cannot be told. */
export type GroupFinding =
  | { readonly links: readonly GroupJudged[]; readonly passes: boolean }
  | { readonly why: string; readonly remedy: string };

/** A group further back in the queue than this is not proved, so that one run has an end. */
const MOST_LINKS = 10;

/**
 * Proves a merge group: the tree that would be merged is classified anew, against its parent, with what was said on the pull
 * request. Where the parent is not merged yet, it is another group: that one is proved, too, because a queue may merge several
 * on the word of the last.
 */
export async function judgeMergeGroup(
  group: Group,
  queue: () => Promise<readonly QueueRef[]>,
  deps: AfreshDeps,
): Promise<GroupFinding> {
  const chain = await chainOf(group, queue, deps);
  if ('why' in chain) return chain;
  const links: GroupJudged[] = [];
  for (const link of chain.groups) {
    const number = numberOf(link);
    links.push({ number, ...(await judgeLink(link, await rulesOf(number, deps), deps)) });
  }
  return { links, passes: links.every(({ verdict }) => verdict.conclusion === 'success') };
}

/** The groups from the first that stands on the branch to this one. */
async function chainOf(
  group: Group,
  queue: () => Promise<readonly QueueRef[]>,
  { hosting }: AfreshDeps,
): Promise<{ readonly groups: readonly Group[] } | { readonly why: string; readonly remedy: string }> {
  const branch = group.baseRef.replace(/^refs\/heads\//, '');
  const groups: Group[] = [];
  let refs: readonly QueueRef[] | undefined;
  for (let at: Group | undefined = group; at; at = before(at, refs)) {
    if (numberOf(at) === 0) return unproven(`The ref \`${at.headRef}\` names no pull request.`);
    groups.unshift(at);
    const isMerged = await hosting.isOnBranch(at.repository, at.baseSha, branch).catch(unlessThere);
    if (isMerged) return { groups };
    if (groups.length === MOST_LINKS)
      return unproven(`More than ${MOST_LINKS} groups wait in the queue before this one.`);
    refs ??= await queue();
  }
  return unproven(
    `The group stands on \`${groups[0]?.baseSha.slice(0, 10) ?? ''}\`, which is neither on \`${branch}\` nor a group of its queue.`,
  );
}

function before(group: Group, refs: readonly QueueRef[] | undefined): Group | undefined {
  const found = refs?.find((r) => r.head === group.baseSha);
  const parent = found && /-([0-9a-f]{40})$/.exec(found.ref)?.[1];
  return found && parent !== undefined
    ? { ...group, headRef: found.ref, headSha: found.head, baseSha: parent }
    : undefined;
}

const unproven = (why: string): { readonly why: string; readonly remedy: string } => ({
  why,
  remedy: 'Put the pull request into the queue again.',
});

function unlessThere(error: unknown): boolean {
  if (error instanceof NotThere) return false;
  throw error;
}

async function judgeLink(group: Group, rules: Rules, deps: AfreshDeps): Promise<Omit<GroupJudged, 'number'>> {
  const { reading, linked } = rules;
  const comparison = { base: group.baseSha, head: group.headSha, reading, linked };
  const analysis = await patiently(deps, () => analysisOf(rules.state, comparison, deps.hosting, deps));
  // What changes nothing relevant needs nobody's word.
  const bare = conclude(analysis, { entries: [] }, deps.now());
  if (bare.conclusion === 'success') return { verdict: bare, said: [] };
  const said = await saidOn(rules, deps);
  return { verdict: conclude(analysis, approvalsOf(said), deps.now()), said };
}

/** What was said on the pull request, of the change as it is there. */
async function saidOn(rules: Rules, deps: AfreshDeps): ReturnType<typeof hearAll> {
  const { state, reading, linked } = rules;
  const { analysis } = await patiently(deps, (attempts) =>
    analysisOfHead(state, reading, linked, { hosting: deps.hosting, attempts }, deps),
  );
  return hearAll({ ...rules, analysis: withDiscussion(analysis, state) }, deps);
}
