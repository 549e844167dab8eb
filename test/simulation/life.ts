import type { Random } from './random.ts';
import type { Turns } from './turns.ts';

/** What a call does to the outside, as far as it matters for when a process may be held up or die. */
export type Reach = 'store' | 'intake' | 'read' | 'write';

/** When a process dies: at so many calls of any reach, or with so many writes to GitHub that took effect. */
export interface Fate {
  readonly calls: number;
  readonly of: 'everything' | 'writes';
}

export const IMMORTAL: Fate = { calls: Infinity, of: 'everything' };

/** One run of the process, from start to crash: everything it does to the world goes through here. */
export interface Life {
  /** Resolves when the process dies. */
  readonly ended: Promise<'dead'>;
  isOver(): boolean;
  /** Dies now, whatever it is doing. */
  kill(): void;
  /** The same object, whose calls are calls to the store. */
  guard<T extends object>(target: T): T;
  guardCall<A extends unknown[], R>(
    call: (...args: A) => Promise<R>,
    reach: (...args: A) => Reach,
  ): (...args: A) => Promise<R>;
}

/**
 * Longest that a process stands still before a call: longer than its lease. Not just before it writes to GitHub: there it
 * has made sure of its lease a moment ago, and the request is given up in less time than is left of it. Together with the
 * longest lag this stays below the time after which a lost write is looked for.
 */
const HELD_UP_MS: Readonly<Record<Reach, number>> = {
  store: 150_000,
  intake: 8_000,
  read: 150_000,
  write: 4_000,
};

/**
 * A process that dies with its last call, before the call took effect or after it but before the answer came: between the
 * two lies every await there is. What a dead process still does changes nothing, and what it waits for never comes.
 */
export function lifeOf(fate: Fate, random: Random, turns: Turns): Life {
  let left = fate.calls;
  let over = false;
  let end: (how: 'dead') => void = () => undefined;
  const isOver = (): boolean => over;
  const ended = new Promise<'dead'>((resolve) => (end = resolve));
  const kill = (): void => {
    over = true;
    end('dead');
  };
  const never = <R>(): Promise<R> => new Promise<R>(() => undefined);

  /** In its turn. Whether it is the last call is decided then, for another one of the same process may come first. */
  const make = async <R>(call: () => Promise<R>, reach: Reach): Promise<() => R> => {
    const isLast = (fate.of === 'everything' || reach === 'write') && --left === 0;
    if (isLast && fate.of === 'everything' && random.chance(0.5)) {
      kill();
      return never();
    }
    const answer = await call().then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error;
      },
    );
    if (isLast) kill();
    return answer;
  };

  const guardCall =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>, reachOf: (...args: A) => Reach) =>
    async (...args: A): Promise<R> => {
      if (isOver()) return never();
      const reach = reachOf(...args);
      const wish = { isGone: isOver, mostDelay: HELD_UP_MS[reach] };
      const answer = await turns.take(wish, () =>
        Promise.race([make(() => call(...args), reach), ended.then(() => undefined)]),
      );
      return isOver() || answer === undefined ? never() : answer();
    };

  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key, receiver) => {
        const value: unknown = Reflect.get(object, key, receiver);
        if (typeof value === 'function')
          return guardCall(
            (...args: unknown[]) => (value as (...a: unknown[]) => Promise<unknown>).apply(object, args),
            () => (key === 'accept' ? 'intake' : 'store'),
          );
        return typeof value === 'object' && value !== null ? guard(value) : value;
      },
    });

  return { ended, isOver, kill, guard, guardCall };
}
