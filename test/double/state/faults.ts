import type { Delivery } from '../webhooks/delivery.ts';

/** A request as the faults see it. */
export interface RequestInfo {
  /** 1 for the first request of this double. */
  readonly count: number;
  readonly method: string;
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}`, `POST /graphql`, or `unknown`. */
  readonly route: string;
  readonly path: string;
  /** Milliseconds of the double's clock. */
  readonly at: number;
}

/**
 * Instead of the answer: a server error, a refusal to take it (422), a secondary limit, or no answer at all (the fetch fails). `after`: the request
 * was carried out and only its answer was lost.
 */
export interface RequestFault {
  readonly answer: 403 | 422 | 500 | 502 | 'secondary-limit' | 'timeout';
  readonly when: 'before' | 'after';
  readonly retryAfter?: number;
}

export interface DeliveryFault {
  /** `lost`: nobody ever hears of it. `unreachable`: GitHub tried, failed, and has it in the list of deliveries. */
  readonly drop?: 'lost' | 'unreachable';
  /** How many more times it comes, with the same GUID. */
  readonly duplicates?: number;
  /** Milliseconds until it is due. */
  readonly delay?: number;
}

/** What goes wrong. Everything is asked at the moment it matters, so a schedule can be a seeded generator. */
export interface Faults {
  request?: (request: RequestInfo) => RequestFault | undefined;
  /** Reads see the past: by how many milliseconds. */
  lag?: (request: RequestInfo) => number;
  /** For so many milliseconds after its creation a pull request is answered with 404. */
  hidePullRequestFor?: number;
  delivery?: (delivery: Delivery) => DeliveryFault | undefined;
}
