import { NotThere } from '../hosting-errors.ts';
import type { BranchCommit, Hosting } from '../hosting.ts';
import type { RepositoryRow } from '../store.ts';
import type { RepositoryRef, Signal } from '../work.ts';
import { readTips, tipOf } from './tips.ts';

/** A push that an event told of. */
export type Move = Extract<Signal, { kind: 'branch-moved' }> & {
  readonly id: number;
  readonly guid: string;
  readonly receivedAt: string;
};

/** What is on a branch now that was not there when it was last accounted for. */
export interface Arrivals {
  readonly repository: RepositoryRef;
  /** What was accounted for before. */
  readonly after: string | undefined;
  /** Up to where this goes; undefined when there is no such branch any more. */
  readonly tip: string | undefined;
  /** First parents, newest first. */
  readonly commits: readonly BranchCommit[];
  /** False when history was rewritten, or when more arrived than can be listed: then a record has to say so. */
  readonly whole: boolean;
  readonly moves: readonly Move[];
}

interface Known {
  readonly row: RepositoryRow;
  readonly moves: readonly Move[];
}

type Listing = Pick<Arrivals, 'tip' | 'commits' | 'whole'>;

/** Most commits of one listing. */
const MOST = 250;
/** What a push says when there was nothing before it. */
export const NOTHING = /^0+$/;

export async function arrivals(
  repository: RepositoryRef,
  branch: string,
  known: Known,
  hosting: Hosting,
): Promise<Arrivals> {
  const { moves } = known;
  const after = await startOf(repository, branch, known, hosting);
  // Without a place to start from there is nothing to account for yet: it begins here.
  const listing =
    after === undefined
      ? { tip: (await hosting.branchCommits(repository, branch, undefined, 1)).tip, commits: [], whole: true }
      : await listingFrom(repository, branch, after, hosting);
  const whole = listing.whole && !moves.some((m) => m.forced);
  const all = { repository, after, ...listing, whole, moves };
  return upTo(moves, all) ?? all;
}

/** A new branch starts where it leaves the default branch, whose commits are accounted for there. */
async function startOf(
  repository: RepositoryRef,
  branch: string,
  { row, moves }: Known,
  hosting: Hosting,
): Promise<string | undefined> {
  const first = moves[0];
  const before = tipOf(readTips(row), branch) ?? first?.before;
  if (before === undefined || !NOTHING.test(before)) return before;
  return first === undefined || row.defaultBranch === undefined || branch === row.defaultBranch
    ? undefined
    : commonBase(repository, row.defaultBranch, first.after, hosting);
}

async function listingFrom(
  repository: RepositoryRef,
  branch: string,
  after: string,
  hosting: Hosting,
): Promise<Listing> {
  const first = await hosting.branchCommits(repository, branch, after, MOST);
  if (first.complete || first.tip === undefined) return { ...first, whole: true };
  // Not on the way: from where old and new history part, what is new can still be told from what always was there.
  const base = await commonBase(repository, after, first.tip, hosting);
  const second =
    base === undefined || base === after
      ? first
      : await hosting.branchCommits(repository, branch, base, MOST);
  return { tip: second.tip, commits: second.complete ? second.commits : [], whole: false };
}

function commonBase(
  repository: RepositoryRef,
  one: string,
  other: string,
  hosting: Hosting,
): Promise<string | undefined> {
  return hosting
    .repository(repository)
    .mergeBase(one, other)
    .catch((error: unknown) => {
      if (error instanceof NotThere) return undefined;
      throw error;
    });
}

/**
 * What these pushes brought, and what came before them; undefined when none of them is there. What came after the last push
 * that an event told of waits for its own event, or for the sweep: GitHub needs a moment to link it with its pull request,
 * and whoever pushed it is not known yet.
 */
export function upTo(moves: readonly Move[], found: Arrivals): Arrivals | undefined {
  const { commits } = found;
  const news = moves.map((m) => commits.findIndex((c) => c.id === m.after)).filter((at) => at >= 0);
  if (news.length === 0) return undefined;
  const told = commits.slice(Math.min(...news));
  return { ...found, tip: told[0]?.id, commits: told, moves };
}

/** The push that brought a commit, where an event told of it. */
export function moverOf(commit: string, { commits, moves }: Arrivals): Move | undefined {
  const at = commits.findIndex((c) => c.id === commit);
  const place = (id: string): number => commits.findIndex((c) => c.id === id);
  return moves
    .map((move) => ({ move, top: place(move.after), end: place(move.before) }))
    .filter(({ top, end }) => top >= 0 && top <= at && (end < 0 || end > at))
    .sort((a, b) => b.top - a.top)[0]?.move;
}
