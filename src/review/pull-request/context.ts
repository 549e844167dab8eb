import type { LookDeps } from '../deps.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import { digestOfRules } from '../policy-change.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { Lease, PullRequestRow, WaitingSignal } from '../store.ts';
import type { Linked } from './linked.ts';
import { writeMemory, type Memory } from './memory.ts';

/** One pull request and everything a look at it needs, in the order in which it becomes known. */
export interface Look {
  readonly lease: Lease;
  readonly deps: LookDeps;
  readonly hosting: Hosting;
  readonly row: PullRequestRow | undefined;
  readonly signals: readonly WaitingSignal[];
  readonly state: PullRequestState;
  readonly reading: PolicyReading;
  readonly memory: Memory;
}

/** What the store is to know of the pull request after this look. */
export function rowOf(look: Look, memory: Memory, linked?: Linked): PullRequestRow {
  const { state, row } = look;
  return {
    ...row,
    repository: state.repository,
    installation: look.lease.work.installation,
    number: state.number,
    state: state.state,
    head: state.head,
    baseRef: state.baseRef,
    memory: writeMemory({ ...memory, updatedAt: state.updatedAt, rules: digestOfRules(state) }),
    links: linked ? JSON.stringify(linked.targets) : (row?.links ?? '[]'),
  };
}
