import { setTimeout as wait } from 'node:timers/promises';
import type { TrailView } from '../core/model/view.ts';
import type { Log } from '../review/deps.ts';

/** Between two looks when there is nothing more to take in. */
const REST_MS = 5_000;
/** After something went wrong, and between two portions of much: what records must not wait for what shows. */
const BREATHE_MS = 50;
const PATIENCE_MS = 30_000;

export interface Keeping {
  /** Ends the portion that is being taken in, and no more. */
  stop(): Promise<void>;
}

/**
 * Takes in what is recorded while nobody looks, so that a page finds little left to do. Pages that come meanwhile say how far
 * it is. Several processes may do so: the view lets one go at a time.
 */
export function keepFresh(view: Pick<TrailView, 'refresh'>, log: Log, rest = REST_MS): Keeping {
  const stopping = new AbortController();
  const done = loop(view, log, rest, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function loop(
  view: Pick<TrailView, 'refresh'>,
  log: Log,
  rest: number,
  stop: AbortSignal,
): Promise<void> {
  let before = -1;
  while (!stop.aborted) {
    let pause = rest;
    try {
      const { shown, recorded } = await view.refresh();
      // Without progress something stands in the way, which the pages name.
      if (shown < recorded && shown !== before) pause = Math.min(rest, BREATHE_MS);
      before = shown;
    } catch (error) {
      log.warn({ err: error }, 'the tables of the pages could not be brought up to date');
      pause = Math.max(rest, PATIENCE_MS);
    }
    await wait(pause, undefined, { signal: stop }).catch(() => undefined);
  }
}
