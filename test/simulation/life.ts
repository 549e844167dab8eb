import type { Random } from './random.ts';

/** One run of the process, from start to crash: everything it does to the world goes through here. */
export interface Life {
  /** Resolves when the process dies. */
  readonly ended: Promise<'dead'>;
  isOver(): boolean;
  /** Dies now, whatever it is doing. */
  kill(): void;
  /** The same object, whose calls count, and one of which is the last. */
  guard<T extends object>(target: T): T;
  guardCall<A extends unknown[], R>(call: (...args: A) => Promise<R>): (...args: A) => Promise<R>;
}

/**
 * A process that dies at its `calls`-th call to the outside, before the call took effect or after it but before the answer
 * came: between the two lies every await there is. What a dead process still does changes nothing, and what it waits for
 * never comes.
 */
export function lifeOf(calls: number, random: Random): Life {
  let left = calls;
  let over = false;
  let end: (how: 'dead') => void = () => undefined;
  const ended = new Promise<'dead'>((resolve) => (end = resolve));
  const kill = (): void => {
    over = true;
    end('dead');
  };
  const never = <R>(): Promise<R> => new Promise<R>(() => undefined);
  const guardCall =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (over) return never();
      const isLast = --left === 0;
      if (isLast && random.chance(0.5)) {
        kill();
        return never();
      }
      const answer = await call(...args).then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error;
        },
      );
      if (isLast) kill();
      return over ? never() : answer();
    };
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key, receiver) => {
        const value: unknown = Reflect.get(object, key, receiver);
        if (typeof value === 'function')
          return guardCall((...args: unknown[]) =>
            (value as (...a: unknown[]) => Promise<unknown>).apply(object, args),
          );
        return typeof value === 'object' && value !== null ? guard(value) : value;
      },
    });
  return { ended, isOver: () => over, kill, guard, guardCall };
}
