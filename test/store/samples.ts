import type { RecordDraft } from '../../src/core/model/record.ts';
import type { Instant, Lease, PullRequestRow, Queue, Store } from '../../src/review/store.ts';
import type { Delivery, RepositoryRef, Signal, Work } from '../../src/review/work.ts';

/** An instant of the tests' own clock, in milliseconds since it began. */
export function at(ms: number): Instant {
  return new Date(Date.UTC(2027, 0, 1) + ms).toISOString();
}

export const SHOP: RepositoryRef = { id: 7, name: 'acme/shop' };

export function pull(number: number, over: { repository?: RepositoryRef; installation?: number } = {}): Work {
  return {
    installation: over.installation ?? 1,
    subject: { kind: 'pull-request', repository: over.repository ?? SHOP, number },
  };
}

export const pushed = (head: string): Signal => ({
  kind: 'pushed',
  by: { id: '12', login: 'ada', kind: 'user' },
  head,
});

export function delivery(guid: string, over: Partial<Delivery> = {}): Delivery {
  return { guid, event: 'pull_request', action: 'synchronize', work: pull(1), signals: [], ...over };
}

export function draft(source: string, over: Partial<RecordDraft> = {}): RecordDraft {
  return { kind: 'evaluated', repository: SHOP, at: at(0), source, details: { note: 'as it is' }, ...over };
}

export function pullRequest(number: number, over: Partial<PullRequestRow> = {}): PullRequestRow {
  return {
    repository: SHOP,
    installation: 1,
    number,
    state: 'open',
    head: 'a'.repeat(40),
    baseRef: 'main',
    memory: '{}',
    links: '[]',
    ...over,
  };
}

let tokens = 0;

/** Claims what is due, which the test knows to be there; for a minute. */
export async function claim(queue: Queue, now: number, until = now + 60_000): Promise<Lease> {
  const lease = await queue.claim(`token ${++tokens}`, at(now), at(until));
  if (lease === undefined) throw new Error('Nothing is due.');
  return lease;
}

/** A lease to apply changes with, on the installation. */
export async function anyLease(store: Store, installation = 1): Promise<Lease> {
  await store.queue.want([{ installation, subject: { kind: 'installation' } }], at(0));
  return claim(store.queue, 0);
}
