import type { Sleep } from '../../src/app/clock.ts';
import type { Instant } from '../../src/review/store.ts';

export interface FakeClock {
  readonly now: () => Instant;
  readonly sleep: Sleep;
  /** Lets time go by, step by step from one sleeper to the next, and everything happen that then can. */
  advance(ms: number): Promise<void>;
  /** Lets everything happen that can happen now. */
  settle(): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that stands still until it is moved. */
export function fakeClock(start: Instant = '2026-02-01T00:00:00.000Z'): FakeClock {
  let time = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) await new Promise(setImmediate);
  };
  return {
    now: () => new Date(time).toISOString(),
    sleep: (ms, signal) =>
      new Promise((done) => {
        const sleeper = {
          at: time + Math.max(0, ms),
          wake: () => {
            sleepers.delete(sleeper);
            done();
          },
        };
        sleepers.add(sleeper);
        if (signal?.aborted === true) sleeper.wake();
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    settle,
    advance: async (ms) => {
      const end = time + ms;
      await settle();
      for (;;) {
        const [next] = [...sleepers].filter((s) => s.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        time = Math.max(time, next.at);
        next.wake();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}
