import type { Resource } from '../model/resource.ts';
import type { Graph } from './graph.ts';

/** Builds the reference graph of one side. References resolve within a scope; what does not resolve is not an edge. */
export function buildGraph(resources: readonly Resource[]): Graph {
  const byScope = new Map<string, Map<string, Resource>>();
  for (const r of resources) {
    const scope = byScope.get(`${r.stack}\n${r.scope}`) ?? new Map<string, Resource>();
    byScope.set(`${r.stack}\n${r.scope}`, scope);
    scope.set(r.address, r);
  }
  const out = new Map<Resource, Resource[]>();
  const into = new Map<Resource, Resource[]>();
  for (const r of resources) {
    const scope = byScope.get(`${r.stack}\n${r.scope}`);
    const targets = new Set(r.references.flatMap((ref) => scope?.get(ref.to) ?? []));
    targets.delete(r);
    out.set(r, [...targets]);
    for (const t of targets) (into.get(t) ?? into.set(t, []).get(t))?.push(r);
  }
  const stacks = [...new Set(resources.map((r) => r.stack))];
  return {
    resources,
    find: (scope, address) => {
      for (const stack of stacks) {
        const found = byScope.get(`${stack}\n${scope}`)?.get(address);
        if (found) return found;
      }
      return undefined;
    },
    mentionedBy: (r) => out.get(r) ?? [],
    mentioning: (r) => into.get(r) ?? [],
  };
}
