import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../review/store.ts';

/** Waits, or returns at once when the signal is given: being woken is no error. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Longer waits would overflow Node's timer and return at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const sleep: Sleep = async (ms, signal) => {
  try {
    await wait(Math.max(0, Math.min(ms, LONGEST_MS)), undefined, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
};

export const now = (): Instant => new Date().toISOString();

export const msBetween = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);
