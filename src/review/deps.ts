import type { Analysis } from '../core/assess.ts';
import type { AnalysisInput } from './analysis-input.ts';
import { Later } from './hosting-errors.ts';
import type { AppHosting } from './hosting.ts';
import type { Jira } from './re-review/follow-tickets.ts';
import type { HeadSigner } from './heads.ts';
import type { Instant, Lease, Store } from './store.ts';

/** Structured log: context first, then what happened. Never texts of a pull request, never secrets. */
export interface Log {
  info(context: Readonly<Record<string, unknown>>, message: string): void;
  warn(context: Readonly<Record<string, unknown>>, message: string): void;
  error(context: Readonly<Record<string, unknown>>, message: string): void;
}

/** Analyses that need not be made again: they depend on immutable input only. */
export interface AnalysisCache {
  get(key: string): Analysis | undefined;
  set(key: string, analysis: Analysis): void;
}

/** What every look needs of the world. */
export interface LookDeps {
  readonly store: Store;
  readonly app: AppHosting;
  readonly now: () => Instant;
  /** The costly pure half of the pipeline, perhaps on another thread. */
  readonly analyse: (input: AnalysisInput) => Promise<Analysis>;
  readonly analyses: AnalysisCache;
  /** Makes sure that the lease is still ours and lasts; called before every write. Throws `LeaseLost`. */
  readonly renew: (lease: Lease) => Promise<void>;
  readonly log: Log;
  /** Where tickets are that are not GitHub’s; undefined when nobody said. */
  readonly jira?: Jira | undefined;
  /** Name of the check run. */
  readonly checkName: string;
  /** Where the pages of the audit trail are, without a slash at the end: check runs lead there. */
  readonly pagesUrl?: string;
  /** Undefined where there is no key: then ends of chains are not shown anywhere. */
  readonly heads?: HeadSigner;
  /** How long a subject may wait before that is an outage on record, in milliseconds. */
  readonly outageAfterMs: number;
}

/**
 * This long after it was begun GitHub's lists show what a request without an answer did, so that it is safe to do it again:
 * a request is given up after half of it, and lists lag by seconds.
 */
export const SETTLED_MS = 30_000;

/** Longest from the instant of an intent to the request itself. */
const PROMPT_MS = 3_000;
const MOST_TRIES = 3;

/**
 * Begins something that must not be done twice: stores the intent to do it, and makes sure that the lease is still ours after
 * that. A process that stood still in between has dated its intent too early, so that it is stored anew.
 */
export async function begin(
  lease: Lease,
  deps: Pick<LookDeps, 'now' | 'renew'>,
  store: (intent: Instant) => Promise<unknown>,
): Promise<Instant> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const intent = deps.now();
    await store(intent);
    await deps.renew(lease);
    if (deps.now() <= later(intent, PROMPT_MS)) return intent;
  }
  throw new Later('the store is too slow to begin anything', later(deps.now(), SETTLED_MS));
}

export function later(from: Instant, ms: number): Instant {
  return new Date(Date.parse(from) + ms).toISOString();
}
