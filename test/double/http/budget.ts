/** Rate limits: the primary ones by the hour, and the one on creating content by the minute. */
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import type { Caller } from './call.ts';

const HOUR = 3600_000;
const MINUTE = 60_000;

export type Resource = 'core' | 'graphql';

interface Window {
  readonly reset: number;
  used: number;
}

export interface Standing {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds, as GitHub's header has it. */
  readonly reset: number;
}

/** Spent by the same budget: an installation, an app, a person. */
function holderOf(caller: Caller): string {
  switch (caller.kind) {
    case 'installation':
      return `installation ID ${caller.installation.id}`;
    case 'actions':
      return `repository ID ${[...(caller.repositories ?? [])].join()}`;
    case 'app':
      return `app ID ${caller.app.id}`;
    case 'user':
      return `user ID ${caller.user.id}`;
    case 'anonymous':
      return 'anonymous';
  }
}

export class Budget {
  readonly #world: World;
  readonly #windows = new Map<string, Window>();
  readonly #created = new Map<string, number[]>();

  constructor(world: World) {
    this.#world = world;
  }

  #window(caller: Caller, resource: Resource): Window {
    const key = `${holderOf(caller)} ${resource}`;
    const known = this.#windows.get(key);
    if (known && known.reset > this.#world.now) return known;
    const fresh = { reset: this.#world.now + HOUR, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }

  standing(caller: Caller, resource: Resource): Standing {
    const { reset, used } = this.#window(caller, resource);
    const limit = this.#world.limits[resource];
    return { limit, used, remaining: Math.max(limit - used, 0), reset: Math.ceil(reset / 1000) };
  }

  headers(caller: Caller, resource: Resource): Record<string, string> {
    const standing = this.standing(caller, resource);
    return {
      'x-ratelimit-limit': String(standing.limit),
      'x-ratelimit-remaining': String(standing.remaining),
      'x-ratelimit-used': String(standing.used),
      'x-ratelimit-reset': String(standing.reset),
      'x-ratelimit-resource': resource,
    };
  }

  isSpent(caller: Caller, resource: Resource): boolean {
    return this.standing(caller, resource).remaining === 0;
  }

  spend(caller: Caller, resource: Resource, points: number): void {
    this.#window(caller, resource).used += points;
  }

  /** What a spent primary budget is answered with, over REST. */
  exceeded(caller: Caller): Refusal {
    return new Refusal(this.#world.limits.primaryStatus, `API rate limit exceeded for ${holderOf(caller)}.`);
  }

  /** Counts one thing created, or refuses it when the last minute saw too many. */
  create(caller: Caller): void {
    const { now, limits } = this.#world;
    const key = holderOf(caller);
    const recent = (this.#created.get(key) ?? []).filter((at) => at > now - MINUTE);
    if (recent.length >= limits.contentPerMinute) throw secondaryLimit(limits.retryAfter);
    this.#created.set(key, [...recent, now]);
  }
}

export function secondaryLimit(retryAfter: number): Refusal {
  return new Refusal(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    { headers: { 'retry-after': String(retryAfter) } },
  );
}
