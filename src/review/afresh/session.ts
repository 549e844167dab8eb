import type { Analysis } from '../../core/assess.ts';
import type { Contributors } from '../../core/model/account.ts';
import { NotThere } from '../hosting-errors.ts';
import type { PullRequestState } from '../hosting.ts';
import { analysisOf } from '../pull-request/analysis.ts';
import { claimsOf, type About, type Claim } from '../pull-request/claims.ts';
import type { Session } from '../pull-request/decisions.ts';
import type { Linked } from '../pull-request/linked.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { AfreshDeps } from './deps.ts';

export interface Setting {
  readonly state: PullRequestState;
  readonly reading: PolicyReading;
  readonly linked: Linked;
  readonly analysis: Analysis;
}

/** What decisions are judged by, with nothing on record: the change is shown as it is now, and earlier commits are read. */
export function sessionAfresh({ state, reading, linked, analysis }: Setting, deps: AfreshDeps): Session {
  const { hosting } = deps;
  let known: Promise<Contributors> | undefined;
  return {
    state,
    policy: reading.policy,
    isRuled: reading.doubts.length === 0,
    analysis,
    contributors: () => (known ??= contributorsOf(state, deps)),
    shown: [{ head: state.head, digest: analysis.digest, at: state.updatedAt }],
    analysisAt: (commit) => analysisAt(commit, { state, reading, linked, analysis }, deps),
    verdictOf: () => Promise.resolve(undefined),
    hosting,
    now: deps.now(),
  };
}

/** Everybody who ever moved the branch counts, since nobody remembers which move brought what. */
async function contributorsOf(state: PullRequestState, { hosting }: AfreshDeps): Promise<Contributors> {
  const people = state.commits.flatMap((c) => c.people.flatMap((p) => p ?? []));
  return {
    author: state.author,
    committers: [...new Map(people.map((p) => [p.id, p])).values()],
    pushers: await hosting.branchPushers(state),
    unattributable: state.commits.filter((c) => c.people.includes(undefined)).map((c) => c.id),
    ...(state.commitsComplete ? {} : { unlisted: true }),
  };
}

async function analysisAt(
  commit: string,
  { state, reading, linked }: Setting,
  deps: AfreshDeps,
): Promise<Analysis | undefined> {
  try {
    const base = await mergeBaseAt(commit, state, deps);
    return await analysisOf(state, { base, head: commit, reading, linked }, deps.hosting, deps);
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}

/** Of an earlier commit of the pull request the list of commits tells it, like that of the head. */
function mergeBaseAt(commit: string, state: PullRequestState, { hosting }: AfreshDeps): Promise<string> {
  const listed = new Map(state.commits.map((c) => [c.id, c]));
  const reached = new Map<string, PullRequestState['commits'][number]>();
  for (const open = [commit]; open.length > 0;) {
    const found = listed.get(open.pop() ?? '');
    if (!found || reached.has(found.id)) continue;
    reached.set(found.id, found);
    open.push(...found.parents);
  }
  return reached.size > 0
    ? hosting.mergeBase({ ...state, head: commit, commits: [...reached.values()] })
    : hosting.repository(state.repository).mergeBase(state.base, commit);
}

/** Everything that is said now, by what it can be about: each person's last approving review, and every command. */
export function claimsAfresh(state: PullRequestState, digest: string): readonly Claim[] {
  const all = claimsOf(state, []).map((claim) => ({ ...claim, about: aboutOf(claim, state, digest) }));
  const last = new Map(all.filter((c) => c.via === 'review').map((c) => [c.by.id, c.source]));
  return all.filter((c) => c.via !== 'review' || last.get(c.by.id) === c.source);
}

/**
 * A review's text was written looking at the commit that it reviews. Of a comment nobody can tell what its author had seen:
 * somebody may have pushed a moment before. So it says itself what it is about.
 */
function aboutOf({ about, remark, command }: Claim, state: PullRequestState, digest: string): About {
  if (about.kind !== 'instant') return about;
  if (remark?.place === 'review')
    return { kind: 'commit', commit: state.reviews.find((r) => r.id === remark.id)?.commit };
  return {
    kind: 'unknown',
    why: 'A comment does not tell which state of the change its author had seen, and without the service nobody remembers',
    remedy: `Name it: \`/threatgate ${command.kind} ${shortDigest(digest)}\`, or approve with a review.`,
  };
}

/** Enough of a digest to name it. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);
