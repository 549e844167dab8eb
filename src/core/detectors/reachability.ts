import { isOpenToWorld } from '../facts/doors.ts';
import { makeFact } from '../facts/make-fact.ts';
import type { Graph } from '../graph/graph.ts';
import { everythingBehind } from '../graph/reach.ts';
import type { Fact } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import type { Detector, Evidence } from './detector.ts';

export const detector: Detector = {
  id: 'reachability',
  title: 'Reachability from the internet',
  rules: [
    {
      id: 'reachability/newly-reachable',
      title: 'Something is newly reachable from the internet',
      why: 'Nothing was opened, but something was wired up behind a door that is open: for an attacker that is the same.',
      categories: ['exposure', 'trust-boundary'],
    },
  ],
  detect: (evidence) => {
    const touched = new Set(evidence.deltas.map((d) => (d.head ?? d.base)?.scope));
    const doors = evidence.head.resources.filter((r) => touched.has(r.scope) && isOpenToWorld(r));
    return doors.flatMap((door) => wired(door, evidence));
  },
};

/** Doors that were open before and lead to more now. A door that opens in this change is told by `exposure`. */
function wired(door: Resource, { base, head, deltas }: Evidence): Fact[] {
  const before = base.find(door.scope, door.address);
  if (!before || !isOpenToWorld(before)) return [];
  const known = new Set(everythingBehind(before, base));
  const moved = new Set(deltas.flatMap((d) => (d.kind === 'moved' && d.head ? [d.head.address] : [])));
  return everythingBehind(door, head)
    .filter((address) => !known.has(address) && !moved.has(address))
    .flatMap((address) => factOf(address, door, head));
}

function factOf(address: string, door: Resource, head: Graph): Fact[] {
  const target = head.find(door.scope, address);
  if (!target) return [];
  return [
    makeFact({
      rule: 'reachability/newly-reachable',
      kind: 'reachability-changed',
      categories: ['exposure', 'trust-boundary'],
      signals: ['exposure-widened', 'network-path-added'],
      resource: target,
      statement: `\`${address}\` is newly reachable from the internet through \`${door.address}\``,
      reaches: [door.address],
      deciding: true,
      detail: door.address,
    }),
  ];
}
