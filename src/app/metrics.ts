import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Backlog, Instant } from '../review/store.ts';
import { msBetween } from './clock.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** Everything that is counted, in a registry of its own. Labels are closed sets: nobody outside can make up new ones. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, ...labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: `threatgate_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    ...labelNames: readonly L[]
  ): Histogram<L> =>
    new Histogram({
      name: `threatgate_${name}`,
      help,
      buckets: [...buckets],
      labelNames: [...labelNames],
      registers,
    });
  return {
    registry,
    deliveries: counter('deliveries_total', 'Webhook deliveries by event and outcome.', 'event', 'outcome'),
    intake: histogram(
      'intake_seconds',
      'From the first byte of a delivery to its answer.',
      [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
    looks: counter('looks_total', 'Looks at a subject by kind of subject and outcome.', 'subject', 'outcome'),
    evaluations: counter('evaluations_total', 'Verdicts put on record, by conclusion.', 'conclusion'),
    records: counter('records_total', 'Entries of the audit trail by kind.', 'kind'),
    requests: counter('github_requests_total', 'Requests to GitHub by route and status.', 'route', 'status'),
    requestsPerLook: histogram(
      'github_requests_per_look',
      'Requests to GitHub that one finished look took, by kind of subject.',
      [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 25, 50],
      'subject',
    ),
    limited: counter('rate_limit_waits_total', 'Looks put off because a limit of GitHub was reached.'),
    rounds: counter('reconciler_rounds_total', 'Rounds of the reconciler by outcome.', 'outcome'),
    swept: counter('reconciler_repositories_total', 'Repositories that the reconciler asked a look for.'),
    redeliveries: counter('redeliveries_total', 'Failed deliveries by what was done.', 'outcome'),
    pages: counter(
      'page_requests_total',
      'Requests of the pages of the audit trail by page and status.',
      'page',
      'status',
    ),
    errors: counter('errors_total', 'Errors that nobody expected, by where they were caught.', 'where'),
  };
}

/** Memory, processor, event loop and garbage collection of this process. */
export function countProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}

/** The queue, read once whenever somebody asks. */
export function watchBacklog(
  { registry, errors }: Metrics,
  read: (now: Instant) => Promise<Backlog>,
  now: () => Instant,
): void {
  let reading: Promise<Backlog | undefined> | undefined;
  const readOnce = async (at: Instant): Promise<Backlog | undefined> => {
    try {
      return await read(at);
    } catch {
      // The other figures matter most when the store does not answer.
      errors.inc({ where: 'metrics' });
      return undefined;
    } finally {
      reading = undefined;
    }
  };
  const gauge = (name: string, help: string, value: (backlog: Backlog, at: Instant) => number): Gauge =>
    new Gauge({
      name: `threatgate_queue_${name}`,
      help,
      registers: [registry],
      async collect() {
        const at = now();
        const backlog = await (reading ??= readOnce(at));
        if (backlog) this.set(value(backlog, at));
      },
    });
  gauge('waiting', 'Subjects that wait for a look.', ({ waiting }) => waiting);
  gauge('leased', 'Subjects that are being looked at.', ({ leased }) => leased);
  gauge(
    'oldest_seconds',
    'How long the oldest subject that is not served yet has waited.',
    ({ oldest }, at) => (oldest === undefined ? 0 : Math.max(0, msBetween(oldest, at) / 1000)),
  );
}
