import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestInfo } from '../github/client.ts';
import type { Store } from '../review/store.ts';
import type { Subject } from '../review/work.ts';
import type { Metrics } from './metrics.ts';

/** A store that counts what it puts on record. */
export function countRecords(store: Store, { records, evaluations }: Metrics): Store {
  return {
    ...store,
    apply: async (lease, changes, now) => {
      const written = await store.apply(lease, changes, now);
      for (const { kind, details } of written) {
        records.inc({ kind });
        const { conclusion } = details;
        if (kind === 'evaluated' && typeof conclusion === 'string') evaluations.inc({ conclusion });
      }
      return written;
    },
  };
}

export interface RequestCount {
  /** Counts what one look asks of GitHub, however many run at the same time. */
  readonly during: (subject: Subject['kind'], look: () => Promise<void>) => Promise<void>;
  readonly seen: (request: Pick<RequestInfo, 'route' | 'status'>) => void;
}

export function countRequests({ requests, requestsPerLook }: Metrics): RequestCount {
  const current = new AsyncLocalStorage<{ count: number }>();
  return {
    during: async (subject, look) => {
      const own = { count: 0 };
      await current.run(own, look);
      requestsPerLook.observe({ subject }, own.count);
    },
    seen: ({ route, status }) => {
      requests.inc({ route, status: status === 0 ? 'none' : String(status) });
      const own = current.getStore();
      if (own) own.count++;
    },
  };
}
