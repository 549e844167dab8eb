import type { AnalysisDeps } from '../pull-request/analysis.ts';
import { Later, RateLimited, Unavailable } from '../hosting-errors.ts';
import type { Hosting } from '../hosting.ts';
import type { FindRepository } from '../pull-request/linked.ts';
import type { RepositoryRef } from '../work.ts';

/** What somebody needs who remembers nothing: no store, no lease, no deliveries; everything that was said is read anew. */
export interface AfreshDeps extends AnalysisDeps {
  readonly hosting: Hosting;
  readonly repository: RepositoryRef;
  readonly find: FindRepository;
  readonly wait: (ms: number) => Promise<void>;
}

/** Longest that is waited for a limit to be lifted: a runner is paid by the minute. */
const MOST_WAIT_MS = 60_000;
const MOST_TRIES = 4;
const MOST_UNANSWERED = 3;

/**
 * Tries again what GitHub does not answer yet, with the number of the try, and gives up within two minutes. A job that ends
 * without a verdict has failed, so that giving up never lets anything through.
 */
export async function patiently<T>(
  { wait, now }: Pick<AfreshDeps, 'wait' | 'now'>,
  what: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await what(attempt);
    } catch (error) {
      const ms = pauseAfter(error, attempt, now());
      if (ms === undefined) throw error;
      await wait(ms);
    }
  }
}

function pauseAfter(error: unknown, attempt: number, now: string): number | undefined {
  if (attempt + 1 >= MOST_TRIES) return undefined;
  if (error instanceof Unavailable) return attempt + 1 < MOST_UNANSWERED ? 1_000 * 3 ** attempt : undefined;
  if (!(error instanceof RateLimited || error instanceof Later)) return undefined;
  const ms = Math.max(1_000, Date.parse(error.until) - Date.parse(now));
  return ms <= MOST_WAIT_MS ? ms : undefined;
}
