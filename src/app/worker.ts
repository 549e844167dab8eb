import { later, type Log } from '../review/deps.ts';
import { Unavailable } from '../review/hosting-errors.ts';
import { LeaseLost, type Instant, type Lease, type Store } from '../review/store.ts';
import { attempt } from './attempt.ts';
import { msBetween, type Sleep } from './clock.ts';
import type { Metrics } from './metrics.ts';

export interface WorkerDeps {
  readonly store: Pick<Store, 'queue'>;
  /** Looks at one subject and acts; throws the errors of `review/hosting.ts`, `LeaseLost`, or what nobody expected. */
  readonly look: (lease: Lease) => Promise<void>;
  readonly now: () => Instant;
  readonly sleep: Sleep;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Unique for each process and start: with a count behind it, it is the token of a claim. */
  readonly name: string;
  readonly concurrency: number;
  /** A subject of a process that died is taken over after this long. */
  readonly leaseMs: number;
  /** A look that takes longer hangs: it is given up and made again. */
  readonly lookMs: number;
}

export interface Workers {
  /** Something came in: look at once. */
  wake(): void;
  /** Claims nothing more and waits for running looks; what is left then runs out with its lease. Returns how many. */
  stop(graceMs: number): Promise<number>;
  /** Whether the loop goes round. */
  alive(): boolean;
}

/** Other machines accept work too, and leases run out: nobody tells of that, so the queue is asked. */
const SHORTEST_POLL_MS = 250;
const LONGEST_POLL_MS = 5_000;
const ALIVE_MS = 60_000;

export function startWorkers(deps: WorkerDeps): Workers {
  return new Pool(deps);
}

/** Looks at everything that is due now, one subject after the other, without timers. Returns how many looks it took. */
export async function runDue(
  deps: Omit<WorkerDeps, 'sleep' | 'concurrency' | 'lookMs'>,
  most = 100_000,
): Promise<number> {
  for (let count = 0; count < most; count++) {
    const at = deps.now();
    const lease = await deps.store.queue.claim(`${deps.name}/${at}/${count}`, at, later(at, deps.leaseMs));
    if (!lease) return count;
    await attempt(deps, lease);
  }
  throw new Error(`${most} looks were made, and there is still something due at ${deps.now()}.`);
}

class Pool implements Workers {
  readonly #deps: WorkerDeps;
  readonly #running = new Map<Promise<void>, AbortController>();
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #bell = new AbortController();
  #claims = 0;
  #failures = 0;
  #seen: Instant;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#seen = deps.now();
    this.#loop = this.#run();
  }

  wake(): void {
    this.#bell.abort();
  }

  alive(): boolean {
    return !this.#stopping.signal.aborted && msBetween(this.#seen, this.#deps.now()) < ALIVE_MS;
  }

  async stop(graceMs: number): Promise<number> {
    this.#stopping.abort();
    this.wake();
    const patience = new AbortController();
    const all = this.#loop.then(() => Promise.all(this.#running.keys())).then(() => patience.abort());
    await Promise.race([all, this.#deps.sleep(graceMs, patience.signal)]);
    for (const abandoned of this.#running.values()) abandoned.abort();
    return this.#running.size;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#seen = this.#deps.now();
      this.#bell = new AbortController();
      try {
        await this.#fill();
        const wait = await this.#pollIn();
        this.#failures = 0;
        if (!this.#isStopping()) await this.#deps.sleep(wait, this.#bell.signal);
      } catch (error) {
        // The store does not answer: nothing is lost, and asking faster would not help it.
        this.#deps.metrics.errors.inc({ where: 'queue' });
        this.#deps.log.error({ err: error }, 'the queue does not answer');
        await this.#deps.sleep(Math.min(30_000, 500 * 2 ** Math.min(this.#failures++, 10)), signal);
      }
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Claims until nothing is due or all hands are full. */
  async #fill(): Promise<void> {
    const { store, now, name, concurrency, leaseMs } = this.#deps;
    while (this.#running.size < concurrency && !this.#isStopping()) {
      const at = now();
      const lease = await store.queue.claim(`${name}/${++this.#claims}`, at, later(at, leaseMs));
      if (!lease) return;
      const over = new AbortController();
      const work: Promise<void> = this.#serve(lease, over).finally(() => {
        this.#running.delete(work);
        this.wake();
      });
      this.#running.set(work, over);
    }
  }

  async #pollIn(): Promise<number> {
    if (this.#running.size >= this.#deps.concurrency) return LONGEST_POLL_MS;
    const due = await this.#deps.store.queue.nextDue();
    const ms = due === undefined ? LONGEST_POLL_MS : msBetween(this.#deps.now(), due);
    return Math.max(SHORTEST_POLL_MS, Math.min(LONGEST_POLL_MS, ms));
  }

  /** One subject, from claim to finish. Never throws. */
  async #serve(lease: Lease, over: AbortController): Promise<void> {
    const { log, metrics } = this.#deps;
    void this.#keep(lease, over.signal);
    try {
      await attempt({ ...this.#deps, look: (held) => this.#lookInTime(held, over.signal) }, lease);
    } catch (error) {
      metrics.errors.inc({ where: 'queue' });
      log.error(
        { subject: lease.key, err: error },
        'the outcome of a look could not be stored; its lease runs out',
      );
    } finally {
      over.abort();
    }
  }

  async #lookInTime(lease: Lease, over: AbortSignal): Promise<void> {
    const { look, sleep, lookMs } = this.#deps;
    const looking = look(lease);
    const hangs = sleep(lookMs, over).then(() => {
      if (over.aborted) return looking;
      throw new Unavailable(`the look took longer than ${lookMs / 1000} seconds`);
    });
    await Promise.race([looking, hangs]);
  }

  /** Holds the lease for as long as the look goes on. */
  async #keep(lease: Lease, over: AbortSignal): Promise<void> {
    const { store, now, sleep, leaseMs, log } = this.#deps;
    for (;;) {
      await sleep(leaseMs / 3, over);
      if (over.aborted) return;
      try {
        const at = now();
        await store.queue.renew(lease, at, later(at, leaseMs));
      } catch (error) {
        // Not ours any more: whatever the look still tries to do is refused. A store that fails is asked again.
        if (error instanceof LeaseLost) return;
        log.warn({ subject: lease.key, err: error }, 'a lease could not be renewed');
      }
    }
  }
}
