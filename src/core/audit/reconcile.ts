import type { ChangeEntry } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { changeOf, isChange } from './change.ts';
import { text } from './details.ts';
import { instantOf, isInstant, isWithin } from './instants.ts';
import { compare } from './order.ts';
import type {
  ListedCommit,
  RecordedChange,
  Presence,
  Comparison,
  Unrecorded,
  Missing,
  Reconciliation,
} from './reconciliation.ts';

/** The merges and pushes of one branch, whenever they were. */
export function recordedChanges(records: readonly AuditRecord[], branch: string): readonly RecordedChange[] {
  return records
    .filter(isChange)
    .map((record): RecordedChange => {
      const { id, at, branch: to, pullRequest, commit, by }: ChangeEntry = changeOf(record, []);
      const landed = record.kind === 'merged' ? text(record.details['mergeCommit']) : commit;
      const oneByOne = record.details['complete'] !== false;
      return { id, record: record.sequence, at, branch: to, pullRequest, commit: landed, by, oneByOne };
    })
    .filter((change) => change.branch === branch);
}

/** When the repository was under the gate, and when it was not or did not answer. */
export function presenceOf(records: readonly AuditRecord[]): Presence {
  const away: Presence['away'][number][] = [];
  let left: string | undefined;
  for (const { kind, at, details } of [...records].sort((a, b) => a.sequence - b.sequence)) {
    if (kind === 'uninstalled') left ??= at;
    if (kind === 'installed' && left !== undefined) {
      away.push({ from: left, until: at });
      left = undefined;
    }
    const [from, until] = [text(details['from']), text(details['until'])];
    if (kind === 'gate-outage' && from !== undefined && until !== undefined) away.push({ from, until });
  }
  if (left !== undefined) away.push({ from: left, until: undefined });
  const first = records.find((r) => r.sequence === 1);
  // A chain that begins with what was filled in goes back as far as that does.
  return { since: first && (first.kind === 'rebuilt' ? text(first.details['from']) : first.at), away };
}

/** What a branch has, against what is on record for it. Neither side is trusted to be whole. */
export function reconcile(
  commits: readonly ListedCommit[],
  changes: readonly RecordedChange[],
  asked: Comparison,
): Reconciliation {
  const ordered = [...commits].sort((a, b) => a.depth - b.depth || compare(a.id, b.id));
  const links = linkAll(ordered, changes, asked.branch);
  const isAsked = (change: RecordedChange): boolean => isWithin(asked.period, change.at);
  const unrecorded: Unrecorded[] = [];
  const outside: Reconciliation['outside']['commits'][number][] = [];
  for (const [commit, between] of placesOf(ordered, links)) {
    const linked = links.of(commit);
    if (linked.some(isAsked)) continue;
    const place = linked.length > 0 ? 'on-record' : placeOf(commit, between, asked);
    if (place === 'within') unrecorded.push({ commit, likely: likelyOf(commit, between, asked) });
    else outside.push({ id: commit.id, at: commit.at, why: place });
  }
  const inTime = [...changes].sort(byTime);
  const found = inTime.filter(isAsked).map((change) => ({ change, commits: links.commitsOf(change) }));
  const lost = found.filter((each) => each.commits.length === 0).map((each) => each.change);
  const matched = found.filter((each) => each.commits.length > 0);
  const [missing, unreached] = asked.walk.complete ? [lost, []] : [[], lost];
  return {
    matched,
    unrecorded: unrecorded.reverse(),
    missing: missing.map((change) => ({ change, likely: whyMissing(change, changes, asked) })),
    unreached,
    outside: { commits: outside.reverse(), changes: inTime.filter((change) => !isAsked(change)) },
    whole: asked.walk.complete && unrecorded.length === 0 && lost.length === 0,
  };
}

/**
 * How many of these commits lead down to one that was on record before the period, so that nothing below can be of it; undefined
 * when none of them does. The record has a clock of its own, so that no date of a client decides where the walk ends.
 */
export function reachOf(
  commits: readonly ListedCommit[],
  changes: readonly RecordedChange[],
  { period, branch, marginMs }: Pick<Comparison, 'period' | 'branch' | 'marginMs'>,
): number | undefined {
  const links = linkAll(commits, changes, branch);
  const start = instantOf(period.from) - marginMs;
  const at = commits.findIndex((commit) => links.of(commit).some((c) => instantOf(c.at) < start));
  return at < 0 ? undefined : at + 1;
}

const byTime = (a: RecordedChange, b: RecordedChange): number =>
  compare(sortable(a.at), sortable(b.at)) || a.record - b.record || compare(a.id, b.id);

const sortable = (at: string): string => (isInstant(at) ? new Date(instantOf(at)).toISOString() : at);

interface Links {
  readonly of: (commit: ListedCommit) => readonly RecordedChange[];
  readonly commitsOf: (change: RecordedChange) => readonly string[];
}

/** A commit belongs to the change that left it there, and to the merge of every pull request that brought it to the branch. */
function linkAll(
  commits: readonly ListedCommit[],
  changes: readonly RecordedChange[],
  branch: string,
): Links {
  const byCommit = Map.groupBy(changes, (c) => c.commit);
  const byNumber = Map.groupBy(changes, (c) => c.pullRequest);
  const [of, commitsOf] = [new Map<string, Set<RecordedChange>>(), new Map<RecordedChange, Set<string>>()];
  for (const commit of commits) {
    const numbers = commit.pullRequests.filter((p) => p.merged && p.base === branch).map((p) => p.number);
    const linked = new Set([
      ...(byCommit.get(commit.id) ?? []),
      ...numbers.flatMap((number) => byNumber.get(number) ?? []),
    ]);
    of.set(commit.id, linked);
    for (const change of linked) commitsOf.set(change, (commitsOf.get(change) ?? new Set()).add(commit.id));
  }
  return {
    of: (commit) => [...(of.get(commit.id) ?? [])],
    commitsOf: (change) => [...(commitsOf.get(change) ?? [])],
  };
}

/** What the recorded commits around it tell of one that is not on record. */
interface Between {
  /** It was there no earlier: the newest of those below it. */
  readonly after: number;
  /** It was there by then: the oldest of those above it. */
  readonly before: number;
  /** The next one above it was not accounted for commit by commit. */
  readonly inBulk: boolean;
}

/** A commit brings all below it to the branch: the order is a witness where dates are only a claim. */
function placesOf(
  commits: readonly ListedCommit[],
  links: Links,
): readonly (readonly [ListedCommit, Between])[] {
  const first = commits.map((commit) =>
    Math.min(
      ...links
        .of(commit)
        .map((c) => instantOf(c.at))
        .filter((at) => !Number.isNaN(at)),
    ),
  );
  const after: number[] = [];
  let newest = -Infinity;
  for (let i = commits.length - 1; i >= 0; i--) {
    after[i] = newest;
    const at = first[i] ?? Infinity;
    if (at !== Infinity) newest = Math.max(newest, at);
  }
  let [before, inBulk] = [Infinity, false];
  return commits.map((commit, i) => {
    const between = { after: after[i] ?? -Infinity, before, inBulk };
    before = Math.min(before, first[i] ?? Infinity);
    const linked = links.of(commit);
    if (linked.length > 0) inBulk = linked.some((c) => !c.oneByOne);
    return [commit, between];
  });
}

/**
 * A date outside the period is believed where the records around it allow it; where they contradict it, or it lies in the
 * future, the commit is shown. A push is recorded after it was made, so that a record from below is given the margin too.
 */
function placeOf(
  { at }: ListedCommit,
  { after, before }: Between,
  { period, marginMs, now }: Comparison,
): 'within' | 'before' | 'after' {
  const [from, to, date] = [instantOf(period.from), instantOf(period.to), instantOf(at)];
  if (before < from) return 'before';
  if (after - marginMs >= to) return 'after';
  if (date < from - marginMs && date >= after - marginMs) return 'before';
  if (date >= to + marginMs && date <= Math.min(before, instantOf(now)) + marginMs) return 'after';
  return 'within';
}

function likelyOf(
  { at, pullRequests }: ListedCommit,
  { after, inBulk }: Between,
  { branch, presence: { since, away } }: Comparison,
): Unrecorded['likely'] {
  const date = instantOf(at);
  if (inBulk) return 'not-one-by-one';
  if (since === undefined || (after === -Infinity && date < instantOf(since))) return 'before-installed';
  const isAway = away.some(
    ({ from, until }) => date >= instantOf(from) && !(until !== undefined && date >= instantOf(until)),
  );
  if (isAway) return 'while-away';
  return pullRequests.some((p) => p.merged && p.base === branch) ? 'merge-not-seen' : 'push-not-seen';
}

function whyMissing(
  change: RecordedChange,
  changes: readonly RecordedChange[],
  { walk, elsewhere }: Comparison,
): Missing['likely'] {
  if (walk.tip === undefined) return 'branch-gone';
  if (change.commit === undefined) return 'no-commit';
  if (elsewhere.has(change.commit)) return 'another-line';
  return changes.some((c) => !c.oneByOne && c.record > change.record) ? 'rewritten' : 'not-found';
}
