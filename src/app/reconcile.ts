import { later, type Log } from '../review/deps.ts';
import { NotThere, Rejected } from '../review/hosting-errors.ts';
import type { AppHosting } from '../review/hosting.ts';
import type { Instant, Lease, RepositoryRow, Store } from '../review/store.ts';
import type { Work } from '../review/work.ts';
import { msBetween } from './clock.ts';
import { ROUTED } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { Redelivery } from './redelivery.ts';
import { dueRepositories } from './sweep-plan.ts';

export interface ReconcileDeps {
  readonly store: Pick<Store, 'accepted' | 'apply' | 'prune' | 'queue' | 'repositories' | 'repository'>;
  readonly hosting: Pick<AppHosting, 'failedDeliveries' | 'installations' | 'redeliver'>;
  readonly now: () => Instant;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly redelivery: Redelivery;
  /** The stated bound: nothing that GitHub failed to tell stays unseen for longer. */
  readonly intervalMs: number;
}

/**
 * The reconciler is a subject in the queue like any other, of no installation: whoever claims it makes the round, nobody
 * else does at that time, and a round that failed is made again. Every machine asks for it at every tick.
 */
export const RECONCILER: Work = { installation: 0, subject: { kind: 'installation' } };

/** A row that stands for the App itself: it keeps when the last round began, and is never swept. */
const MARK: RepositoryRow = {
  repository: { id: 0, name: '' },
  installation: 0,
  active: false,
  protectedBranches: '[]',
  tips: '{}',
};

/** Rounds in one interval: the work of an interval is spread over them. */
export const ROUNDS = 10;

const MINUTE = 60_000;
/** GitHub remembers deliveries for three days, a GitHub Enterprise Server for seven. */
const REMEMBERED_MS = 3 * 24 * 60 * MINUTE;
/** Served work and GUIDs are kept for longer than anybody can ask GitHub to deliver again. */
const KEPT_MS = 10 * 24 * 60 * MINUTE;
/** A delivery is listed some time after it failed, and fails some time after it was made. */
const OVERLAP_MS = 30 * MINUTE;

/** One look at `RECONCILER`. Several machines ask for a round at the same tick: the first makes it, the others find it made. */
export async function makeRound(lease: Lease, deps: ReconcileDeps): Promise<void> {
  const at = deps.now();
  const before = (await deps.store.repository(MARK.repository.id))?.sweptAt;
  if (before !== undefined && msBetween(before, at) < (deps.intervalMs / ROUNDS) * 0.9) return;
  try {
    await reconcile(deps, before, at);
    await deps.store.apply(lease, { repository: { ...MARK, sweptAt: at } }, at);
    deps.metrics.rounds.inc({ outcome: 'done' });
  } catch (error) {
    deps.metrics.rounds.inc({ outcome: 'failed' });
    throw error;
  }
}

/** A round: everything since the last one, or since GitHub remembers. What costs requests comes last. */
export async function reconcile(
  deps: ReconcileDeps,
  before: Instant | undefined,
  at: Instant,
): Promise<void> {
  const { store, metrics } = deps;
  const repositories = await store.repositories();
  const due = dueRepositories(repositories, at, deps.intervalMs, ROUNDS);
  await store.queue.want(due, at);
  metrics.swept.inc(due.length);
  const isHourly = before === undefined || hour(before) !== hour(at);
  if (isHourly) await store.prune(later(at, -KEPT_MS));
  await requestAgain(deps, before === undefined ? later(at, -REMEMBERED_MS) : later(before, -OVERLAP_MS), at);
  if (isHourly) await store.queue.want(await installationsToLookAt(deps, repositories), at);
}

const hour = (at: Instant): string => at.slice(0, 13);

/** Failed deliveries that matter and were not accepted in the meantime are asked for again. */
async function requestAgain(deps: ReconcileDeps, since: Instant, at: Instant): Promise<void> {
  const { store, hosting, log, metrics, redelivery } = deps;
  const failed = (await hosting.failedDeliveries(since)).filter(({ event }) => ROUTED.has(event));
  if (failed.length === 0) return;
  const accepted = await store.accepted(failed.map(({ guid }) => guid));
  const { ask, givenUp } = redelivery(
    failed.filter(({ guid }) => !accepted.has(guid)),
    at,
  );
  for (const { guid, event } of givenUp) {
    metrics.redeliveries.inc({ outcome: 'given up' });
    log.error({ guid, event }, 'a delivery fails again and again; the next sweep finds what it was about');
  }
  for (const { id, guid, event } of ask) {
    try {
      await hosting.redeliver(id);
      metrics.redeliveries.inc({ outcome: 'requested' });
      log.info({ guid, event }, 'a failed delivery was requested again');
    } catch (error) {
      if (!(error instanceof NotThere) && !(error instanceof Rejected)) throw error;
      metrics.redeliveries.inc({ outcome: 'refused' });
      log.warn({ guid, event, reason: error.message }, 'GitHub does not deliver this again');
    }
  }
}

/** All that are there, and those that are not there any more although we think so. */
async function installationsToLookAt(
  { hosting }: ReconcileDeps,
  repositories: readonly RepositoryRow[],
): Promise<readonly Work[]> {
  const listed = (await hosting.installations()).filter(({ suspended }) => !suspended).map(({ id }) => id);
  const known = repositories.filter(({ active }) => active).map(({ installation }) => installation);
  return [...new Set([...listed, ...known])].map((installation) => ({
    installation,
    subject: { kind: 'installation' },
  }));
}
