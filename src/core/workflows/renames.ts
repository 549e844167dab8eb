import type { ResourceDelta } from '../model/resource-delta.ts';

/**
 * Joins a removed and an added workflow into a move when the jobs of the one went to the other: the file was renamed.
 * A workflow by itself says too little for the comparison to see it.
 */
export function withRenamedWorkflows(deltas: readonly ResourceDelta[]): ResourceDelta[] {
  const removed = byScope(deltas, 'removed');
  const added = byScope(deltas, 'added');
  const joined = new Map<ResourceDelta, ResourceDelta>();
  for (const [scope, head] of added) {
    const base = removed.get(originOf(scope, deltas) ?? '');
    if (base && ![...joined.values()].includes(base)) joined.set(head, base);
  }
  if (joined.size === 0) return [...deltas];
  const gone = new Set(joined.values());
  return deltas
    .filter((d) => !gone.has(d))
    .map((d): ResourceDelta => {
      const base = joined.get(d)?.base;
      return base && d.head ? { kind: 'moved', base, head: d.head, changes: [] } : d;
    });
}

function byScope(deltas: readonly ResourceDelta[], kind: 'added' | 'removed'): Map<string, ResourceDelta> {
  const found = new Map<string, ResourceDelta>();
  for (const d of deltas) {
    const workflow = d.head ?? d.base;
    if (d.kind === kind && workflow?.type === 'workflow') found.set(workflow.scope, d);
  }
  return found;
}

/** The file from which at least half of the jobs now in `scope` came. */
function originOf(scope: string, deltas: readonly ResourceDelta[]): string | undefined {
  const jobs = deltas.filter((d) => d.head?.type === 'workflow-job' && d.head.scope === scope);
  const counts = new Map<string, number>();
  for (const { base } of jobs)
    if (base && base.scope !== scope) counts.set(base.scope, (counts.get(base.scope) ?? 0) + 1);
  const [best] = [...counts].sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1));
  return best && best[1] * 2 >= jobs.length ? best[0] : undefined;
}
