import type { Work } from '../work.ts';
import type { Look } from './context.ts';
import { workOf } from './subject.ts';

/**
 * Whoever has to be looked at because this one is not what it was: pull requests that share the head it has left, and those
 * that take their model from it. Asked for in the transaction that stores the new head, so that no crash forgets them.
 */
export async function dependentsOf({ state, row, deps }: Look): Promise<readonly Work[]> {
  if (row?.head === state.head && row.state === state.state) return [];
  const { id, name } = state.repository;
  const [sharing, linking] = await Promise.all([
    row === undefined ? [] : deps.store.pullRequestsAt(id, row.head),
    deps.store.linkedTo(`${name}#${state.number}`.toLowerCase()),
  ]);
  return [...sharing.filter((other) => other.number !== state.number), ...linking].map(workOf);
}
