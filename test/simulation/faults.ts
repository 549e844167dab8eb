import type { Faults, RequestInfo } from '../double/state/faults.ts';
import type { Play } from './play.ts';

/**
 * What goes wrong between GitHub and us. Lists lag by less than the time after which they are trusted (`SETTLED_MS`), less
 * what a request may take until it is carried out.
 */
export function faultsOf(play: Play): Faults {
  const { random, theme } = play;
  const fault = <T>(probability: number, make: () => T): T | undefined => {
    if (play.calm || !random.chance(probability)) return undefined;
    play.faults++;
    return make();
  };
  const isWrite = ({ method, route }: RequestInfo): boolean => method !== 'GET' && route !== 'POST /graphql';
  return {
    request: (request) =>
      fault(isWrite(request) ? (theme.loss ?? 0) : 0, () => ({ answer: 'timeout', when: 'after' })) ??
      fault(0.08, () =>
        random.chance(0.15)
          ? { answer: 'secondary-limit', when: 'before', retryAfter: 30 + random.below(60) }
          : {
              answer: random.pick([500, 502, 'timeout'] as const),
              when: random.pick(['before', 'after'] as const),
            },
      ),
    lag: () => fault(theme.lag ?? 0.1, () => random.below(15_000)) ?? 0,
    hidePullRequestFor: play.calm ? 0 : random.below(20_000),
    delivery: () =>
      fault(0.3, () => ({
        ...(random.chance(0.4) ? { drop: random.pick(['lost', 'unreachable'] as const) } : {}),
        ...(random.chance(0.4) ? { duplicates: 1 + random.below(2) } : {}),
        ...(random.chance(0.5) ? { delay: random.below(90_000) } : {}),
      })),
  };
}
