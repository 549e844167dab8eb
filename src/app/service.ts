import { randomUUID } from 'node:crypto';
import { VERSION } from '../core/version.generated.ts';
import type { Log } from '../review/deps.ts';
import { UserError } from '../review/errors.ts';
import { Refused } from '../review/hosting-errors.ts';
import { jiraOf } from '../jira/jira.ts';
import { lookAt } from '../review/look.ts';
import { keyOf } from '../review/work.ts';
import { BASE } from '../web/paths.ts';
import { createAnalysisCache } from './analysis-cache.ts';
import { now, sleep } from './clock.ts';
import type { Config } from './config.ts';
import type { Identity } from './events.ts';
import { createIntake } from './intake.ts';
import { renewal } from './lease.ts';
import { countProcess, createMetrics, watchBacklog, type Metrics } from './metrics.ts';
import { countRecords, countRequests, type RequestCount } from './observe.ts';
import { CHECK_NAME, openParts, type Parts } from './parts.ts';
import { makeRound, RECONCILER, ROUNDS } from './reconcile.ts';
import { createRedelivery } from './redelivery.ts';
import { openPages, type AuditPages } from './pages.ts';
import { listen } from './server.ts';
import { headSigner } from './signing-key.ts';
import { startWorkers, type Workers } from './worker.ts';

export interface Service {
  readonly url: string;
  /** Finishes what is running, as far as there is time, and lets go of everything. */
  stop(): Promise<void>;
}

const LEASE_MS = 30_000;
const LOOK_MS = 5 * 60_000;
const ANALYSES_KEPT = 100;
/** A container that is told to stop has half a minute, where it is set up as the guide says. */
const FINISH_MS = 25_000;
const HANG_UP_MS = 5_000;

interface Running {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly parts: Parts;
  readonly stopping: AbortSignal;
  readonly pages: AuditPages | undefined;
  identity: Identity | undefined;
}

/** Everything wired: listens, works, and looks after itself until it is stopped. */
export async function startService(config: Config, log: Log): Promise<Service> {
  const metrics = createMetrics();
  countProcess(metrics);
  const requests = countRequests(metrics);
  const opened = await openParts(config, log, requests.seen);
  const parts: Parts = { ...opened, store: countRecords(opened.store, metrics) };
  const stopping = new AbortController();
  const pages = await openPages({ config, store: parts.store, log, metrics, onRequest: requests.seen }).catch(
    async (error: unknown) => {
      await parts.analyser.close();
      await parts.store.close();
      throw error;
    },
  );
  const running: Running = {
    ...{ config, log, metrics, parts, pages },
    stopping: stopping.signal,
    identity: undefined,
  };
  watchBacklog(metrics, (at) => parts.store.queue.backlog(at), now);
  const letGo = async (): Promise<void> => {
    await parts.analyser.close();
    await pages?.close();
    await parts.store.close();
  };
  try {
    await introduce(running);
    const workers = work(running, requests);
    const server = await serveHttp(running, workers).catch(async (error: unknown) => {
      await workers.stop(0);
      throw error;
    });
    log.info({ url: server.url, version: VERSION, database: databaseOf(config) }, 'listening');
    const ticking = reconcileRegularly(running, workers);
    const stop = async (): Promise<void> => {
      log.info({}, 'stopping');
      stopping.abort();
      // Deliveries that are being stored and looks that are under way still need everything that is let go of afterwards.
      const [left] = await Promise.all([workers.stop(FINISH_MS), server.close(HANG_UP_MS), ticking]);
      if (left > 0) log.warn({ left }, 'stopped in the middle of some looks; they are made again');
      await letGo();
      log.info({}, 'stopped');
    };
    return { url: server.url, stop };
  } catch (error) {
    await letGo();
    throw error;
  }
}

const databaseOf = ({ databaseUrl }: Config): string => (databaseUrl === undefined ? 'SQLite' : 'PostgreSQL');

function work({ config, log, metrics, parts }: Running, requests: RequestCount): Workers {
  const { store, app, analyser } = parts;
  const intervalMs = config.reconcileMinutes * 60_000;
  const look = {
    store,
    app,
    now,
    log,
    analyse: (input: Parameters<typeof analyser.analyse>[0]) => analyser.analyse(input),
    analyses: createAnalysisCache(ANALYSES_KEPT),
    renew: renewal(store.queue, now, LEASE_MS),
    checkName: CHECK_NAME,
    ...(config.jira ? { jira: jiraOf({ JIRA_URL: config.jira.url, JIRA_TOKEN: config.jira.token }) } : {}),
    ...(config.publicUrl === undefined ? {} : { pagesUrl: config.publicUrl + BASE }),
    outageAfterMs: intervalMs,
    ...(config.signingKey ? { heads: headSigner(config.signingKey) } : {}),
  };
  const round = { store, hosting: app, now, log, metrics, redelivery: createRedelivery(), intervalMs };
  const reconciler = keyOf(RECONCILER);
  return startWorkers({
    store,
    look: (lease) =>
      lease.key === reconciler
        ? makeRound(lease, round)
        : requests.during(lease.work.subject.kind, () => lookAt(lease, look)),
    now,
    sleep,
    log,
    metrics,
    name: randomUUID(),
    concurrency: config.workers,
    leaseMs: LEASE_MS,
    lookMs: LOOK_MS,
  });
}

function serveHttp(running: Running, workers: Workers): ReturnType<typeof listen> {
  const { config, log, metrics, parts, pages, stopping } = running;
  const intake = createIntake({
    store: parts.store,
    secret: config.webhookSecret,
    self: () => running.identity,
    now,
    log,
    metrics,
    wake: () => workers.wake(),
  });
  const unready = async (): Promise<string | undefined> => {
    if (stopping.aborted) return 'it is stopping';
    if (!running.identity) return 'GitHub has not told yet who we are';
    if (!workers.alive()) return 'nothing is being worked on';
    return parts.store.ping().then(
      () => undefined,
      () => 'the database does not answer',
    );
  };
  return listen({ intake, pages: pages?.handle, metrics, log, sleep, unready }, config.host, config.port);
}

/** Learns our name on GitHub. A key that GitHub does not take is a mistake in the settings; everything else passes. */
async function introduce(running: Running): Promise<void> {
  const { config, log, parts } = running;
  try {
    running.identity = { appId: config.appId, botLogin: (await parts.app.self()).login };
  } catch (error) {
    if (error instanceof Refused && !running.identity)
      throw new UserError(
        'GitHub does not accept the key of the App.',
        'Check that APP_ID and the private key belong together, and that the clock of this machine is right.',
        { cause: error },
      );
    log.warn({ err: error }, 'GitHub does not tell who we are; asked again');
  }
}

/** Until GitHub has told who we are, no webhook can be taken: it is asked more often. */
const UNKNOWN_TICK_MS = 3_000;

/** At every tick the reconciler is asked for, by every machine; the queue sees to it that it runs once. */
async function reconcileRegularly(running: Running, workers: Workers): Promise<void> {
  const { config, log, metrics, parts, stopping } = running;
  while (!stopping.aborted) {
    try {
      await parts.store.queue.want([RECONCILER], now());
      workers.wake();
      await introduce(running);
    } catch (error) {
      metrics.errors.inc({ where: 'tick' });
      log.error({ err: error }, 'a tick of the reconciler failed');
    }
    const tick = (config.reconcileMinutes * 60_000) / ROUNDS;
    await sleep(running.identity ? tick : Math.min(tick, UNKNOWN_TICK_MS), stopping);
  }
}
