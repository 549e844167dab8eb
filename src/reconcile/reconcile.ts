import type { Comparison, Reconciliation } from '../core/audit/reconciliation.ts';
import { presenceOf, recordedChanges, reconcile as compare } from '../core/audit/reconcile.ts';
import type { Ledger } from '../audit/read-ledger.ts';
import type { Head } from '../core/ledger/chain.ts';
import type { Period } from '../core/model/audit.ts';
import { explained, githubOf, needed, type Environment } from '../github/environment.ts';
import type { TokenGitHub } from '../github/with-token.ts';
import { UserError } from '../review/errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import { readTrail } from './read-trail.ts';
import { reachable, walkBranch, type Walk } from './walk.ts';

export interface Question {
  /** `owner/name`. */
  readonly repository: string;
  /** Default: the default branch. */
  readonly branch: string | undefined;
  readonly period: Period;
  readonly now: string;
}

export interface Answer {
  readonly repository: RepositoryRef;
  readonly branch: string;
  readonly period: Period;
  /** When it was asked. */
  readonly at: string;
  /** The last record of the repository: all before it are there, and their hashes are right. */
  readonly head: Head;
  readonly walk: Omit<Walk, 'commits'>;
  readonly walked: number;
  readonly found: Reconciliation;
}

/**
 * Counts a commit to a period that its date misses by less: the clock of a client decides it, and a commit is older than its
 * push.
 */
export const MARGIN_MS = 24 * 3_600_000;

/** What reading needs. */
export const RIGHTS = 'metadata, contents and pull requests';

/** Reads both sides, which it does not change, and compares them. Throws `UserError` for what it cannot read. */
export async function reconcile(ledger: Ledger, question: Question, env: Environment): Promise<Answer> {
  const github = githubOf(env, question.now, RIGHTS);
  try {
    return await compared(github, ledger, question);
  } catch (error) {
    throw explained(error);
  }
}

async function compared(github: TokenGitHub, ledger: Ledger, question: Question): Promise<Answer> {
  const { period, now } = question;
  const { repository, defaultBranch } = await needed(
    github.about(question.repository),
    `the repository \`${question.repository}\``,
    'metadata: read',
  );
  const branch = question.branch ?? defaultBranch;
  const trail = await readTrail(ledger, repository);
  const changes = recordedChanges(trail.records, branch);
  const { commits, ...walk } = await needed(
    walkBranch(github.hosting, repository, changes, { period, branch, marginMs: MARGIN_MS }),
    `the commits of \`${branch}\` in \`${repository.name}\``,
    'contents: read and pull requests: read',
  );
  if (walk.tip === undefined && changes.length === 0)
    throw new UserError(
      `Neither GitHub nor the audit trail knows a branch \`${branch}\` of \`${repository.name}\`.`,
      'Check --branch.',
    );
  const asked: Comparison = {
    period,
    branch,
    marginMs: MARGIN_MS,
    now,
    presence: presenceOf(trail.records),
    walk: { tip: walk.tip, complete: walk.end !== 'bound' },
    elsewhere: new Set(),
  };
  const first = compare(commits, changes, asked);
  const elsewhere = await needed(
    reachable(github.hosting, repository, first.missing, asked),
    `whether commits are on \`${branch}\` of \`${repository.name}\``,
    'contents: read',
  );
  const found = compare(commits, changes, { ...asked, elsewhere });
  return { repository, branch, period, at: now, head: trail.head, walk, walked: commits.length, found };
}
