import type { PastDelivery } from '../review/hosting.ts';
import type { Instant } from '../review/store.ts';
import { msBetween } from './clock.ts';

export interface Redeliveries {
  readonly ask: readonly PastDelivery[];
  /** Reported once, when the last try was in vain. */
  readonly givenUp: readonly PastDelivery[];
}

/** Which of the failed deliveries to ask for now. */
export type Redelivery = (failed: readonly PastDelivery[], at: Instant) => Redeliveries;

const MOST_TRIES = 5;
const FIRST_WAIT_MS = 2 * 60_000;
const FORGET_MS = 2 * 3_600_000;

/**
 * Remembers what was asked for, so that a delivery that we ourselves refuse does not come for ever: after each try twice
 * as long nothing is asked, and after the last one no more. Every failed attempt is listed anew, all under one GUID.
 */
export function createRedelivery(): Redelivery {
  const tries = new Map<string, { count: number; last: Instant }>();
  return (failed, at) => {
    for (const [guid, { last }] of tries) if (msBetween(last, at) > FORGET_MS) tries.delete(guid);
    const [ask, givenUp]: [PastDelivery[], PastDelivery[]] = [[], []];
    for (const delivery of new Map(failed.toReversed().map((d) => [d.guid, d])).values()) {
      const { count, last } = tries.get(delivery.guid) ?? { count: 0, last: '' };
      if (count < MOST_TRIES) {
        if (count > 0 && msBetween(last, at) < FIRST_WAIT_MS * 2 ** (count - 1)) continue;
        tries.set(delivery.guid, { count: count + 1, last: at });
        ask.push(delivery);
      } else if (count === MOST_TRIES && delivery.at > last) {
        tries.set(delivery.guid, { count: count + 1, last: at });
        givenUp.push(delivery);
      }
    }
    return { ask, givenUp };
  };
}
