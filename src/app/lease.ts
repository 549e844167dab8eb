import { later } from '../review/deps.ts';
import { LeaseLost, type Instant, type Lease, type Queue } from '../review/store.ts';
import { msBetween } from './clock.ts';

/**
 * Makes leases last for `leaseMs` from now. Whoever stood still for half of that while asking may find that it is somebody
 * else's by the time it acts, and does not.
 */
export function renewal(
  queue: Pick<Queue, 'renew'>,
  now: () => Instant,
  leaseMs: number,
): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const at = now();
    await queue.renew(lease, at, later(at, leaseMs));
    if (msBetween(at, now()) > leaseMs / 2)
      throw new LeaseLost(`The lease on ${lease.key} may have run out.`);
  };
}
