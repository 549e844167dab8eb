import type { App } from '../state/nouns.ts';

/** One attempt to tell one app about one event. Redeliveries and duplicates are further attempts with the same GUID. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | undefined;
  readonly installationId: number | undefined;
  readonly repositoryId: number | undefined;
  /** The very bytes that are signed and sent. */
  readonly payload: string;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly redelivery: boolean;
  state: 'pending' | 'sending' | 'done' | 'lost';
  outcome: DeliveryOutcome | undefined;
}

export interface DeliveryOutcome {
  readonly at: number;
  readonly status: string;
  readonly statusCode: number;
  readonly duration: number;
  readonly body: string | undefined;
}
