import type { Resource } from '../model/resource.ts';
import { describeType } from '../semantics/describe.ts';
import { isSetting } from '../semantics/settings.ts';
import type { Graph } from './graph.ts';

/** How many hops a door is followed, and how many things are named. */
const HOPS = 4;
const NAMED = 12;

/** Roles, keys and logs are mentioned by everything and lead nowhere on the network. */
const NOT_A_WAY: ReadonlySet<string> = new Set(['identity-access', 'keys-secrets', 'logging-monitoring']);

/**
 * What sits behind a door: what a boundary (a security group, a subnet) is put around is what mentions it; an entry (a
 * listener, an ingress, a service) leads to what it mentions. Only processes and stores are named; glue is passed through.
 */
export function behind(door: Resource, graph: Graph): string[] {
  return everythingBehind(door, graph).slice(0, NAMED);
}

/** The same without a limit, for comparing two sides. Sorted. */
export function everythingBehind(door: Resource, graph: Graph): string[] {
  const found = new Set<string>();
  const seen = new Set<Resource>([door]);
  let front: readonly Resource[] = [door];
  for (let hop = 0; hop < HOPS && front.length > 0; hop++) {
    front = [...new Set(front.flatMap((r) => next(r, r === door, graph)))].filter((r) => !seen.has(r));
    for (const r of front) seen.add(r);
    for (const r of front) if (isSomething(r)) found.add(r.address);
  }
  return [...found].sort();
}

function next(r: Resource, isDoor: boolean, graph: Graph): readonly Resource[] {
  const { element, family } = describeType(r.stack, r.type);
  if (family !== undefined && NOT_A_WAY.has(family)) return [];
  // What a program calls is its own affair: only proxies and entries pass requests on.
  if (isSomething(r) && family !== 'edge') return [];
  if (element === 'trust-boundary')
    return [...graph.mentioning(r), ...(isDoor ? guarded(r, graph) : [])].filter(
      (n) => !isSetting(n.type) && n.type !== 'data',
    );
  return isDoor || element !== 'data-store'
    ? graph
        .mentionedBy(r)
        .filter((n) => !isSetting(n.type) && describeType(n.stack, n.type).element !== 'trust-boundary')
    : [];
}

/** A rule belongs to the group it names; the group guards what mentions it. */
const guarded = (rule: Resource, graph: Graph): readonly Resource[] =>
  graph
    .mentionedBy(rule)
    .filter((n) => describeType(n.stack, n.type).element === 'trust-boundary' && n.type !== rule.type);

function isSomething(r: Resource): boolean {
  const { element, categories, family } = describeType(r.stack, r.type);
  if (family !== undefined && NOT_A_WAY.has(family)) return false;
  return (element === 'process' || element === 'data-store') && categories.length > 0;
}
