/** So many in a minute, for each key and for all of them together. */
export interface Throttle {
  /** False when it was too often. */
  take(key: string, nowMs: number): boolean;
}

const MINUTE_MS = 60_000;
/** Keys that are remembered; strangers can make up any number of them. */
const MOST_KEYS = 10_000;

export function createThrottle(most: { readonly each: number; readonly all: number }): Throttle {
  const counts = new Map<string, number>();
  let [minute, total] = [0, 0];
  return {
    take: (key, nowMs) => {
      const current = Math.floor(nowMs / MINUTE_MS);
      if (current !== minute) {
        counts.clear();
        [minute, total] = [current, 0];
      }
      const count = counts.get(key) ?? 0;
      if (count >= most.each || total >= most.all || (count === 0 && counts.size >= MOST_KEYS)) return false;
      counts.set(key, count + 1);
      total++;
      return true;
    },
  };
}
