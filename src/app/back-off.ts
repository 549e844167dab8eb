import { createHash } from 'node:crypto';

const FIRST_MS = 2_000;
const LONGEST_MS = 10 * 60_000;
/** A permission that is missing comes back when somebody gives it, and then an event tells: no hurry. */
const REFUSED_FIRST_MS = 10 * 60_000;
const REFUSED_LONGEST_MS = 6 * 3_600_000;

/** How long to wait after a failure: twice as long each time, and not the same for everybody who failed at one moment. */
export function backOff(key: string, attempts: number): number {
  return spread(key, attempts, Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 30)));
}

export function longBackOff(key: string, attempts: number): number {
  return spread(key, attempts, Math.min(REFUSED_LONGEST_MS, REFUSED_FIRST_MS * 2 ** Math.min(attempts, 30)));
}

/** Between three quarters of it and all of it; the same key and attempt always get the same. */
function spread(key: string, attempts: number, ms: number): number {
  const share = createHash('sha256').update(`${attempts} ${key}`).digest().readUInt32BE() / 2 ** 32;
  return Math.round(ms * (0.75 + share / 4));
}
