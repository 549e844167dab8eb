import { later, type Log } from '../review/deps.ts';
import { Later, RateLimited, Refused, Unavailable } from '../review/hosting-errors.ts';
import { LeaseLost, type Instant, type Lease, type Store } from '../review/store.ts';
import { backOff, longBackOff } from './back-off.ts';
import type { Metrics } from './metrics.ts';

export interface AttemptDeps {
  readonly store: Pick<Store, 'queue'>;
  readonly look: (lease: Lease) => Promise<void>;
  readonly now: () => Instant;
  readonly log: Log;
  readonly metrics: Metrics;
}

export type Outcome = 'done' | 'later' | 'limited' | 'unavailable' | 'refused' | 'failed' | 'lost';

/**
 * Looks once in the name of a lease, and leaves the subject done or due again. Throws only when the store fails; then the
 * lease runs out by itself, so that the subject is not lost either.
 */
export async function attempt(deps: AttemptDeps, lease: Lease): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await lookOnce(deps, lease);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    deps.log.warn({ subject: lease.key, reason: error.message }, 'lease lost; somebody else goes on');
    outcome = 'lost';
  }
  deps.metrics.looks.inc({ subject: lease.work.subject.kind, outcome });
  return outcome;
}

async function lookOnce(deps: AttemptDeps, lease: Lease): Promise<Outcome> {
  try {
    await deps.look(lease);
  } catch (error) {
    return putOff(deps, lease, error);
  }
  await deps.store.queue.finish(lease, deps.now());
  return 'done';
}

/** What an error means for the subject: when to look again, and whether that was a failure. */
async function putOff(deps: AttemptDeps, lease: Lease, error: unknown): Promise<Outcome> {
  if (error instanceof LeaseLost) throw error;
  const { store, log, metrics } = deps;
  const { key, attempts, work } = lease;
  const reason = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown';
  const putTo = (at: Instant, failed: boolean): Promise<void> =>
    store.queue.postpone(lease, deps.now(), at, reason, failed);
  const postpone = (ms: number): Promise<void> => putTo(later(deps.now(), ms), true);
  if (error instanceof RateLimited) {
    metrics.limited.inc();
    log.info(
      { subject: key, installation: work.installation, until: error.until, reason },
      'waits for a limit',
    );
    await store.queue.pause(work.installation, error.until, reason);
    await putTo(error.until, false);
    return 'limited';
  }
  if (error instanceof Later) {
    await putTo(error.until, true);
    return 'later';
  }
  if (error instanceof Refused) {
    log.error({ subject: key, attempts, reason }, 'GitHub refuses; tried again much later');
    await postpone(longBackOff(key, attempts));
    return 'refused';
  }
  if (error instanceof Unavailable) {
    log.warn({ subject: key, attempts, reason }, 'no answer from GitHub; tried again');
    await postpone(backOff(key, attempts));
    return 'unavailable';
  }
  metrics.errors.inc({ where: 'look' });
  log.error({ subject: key, attempts, err: error }, 'look failed; tried again, less and less often');
  await postpone(backOff(key, attempts));
  return 'failed';
}
