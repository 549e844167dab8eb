import type { Fact, Signal } from '../model/fact.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Diagram, DiagramEdge, DiagramNode, Mark } from './diagram.ts';
import { outlineOf, type ComponentOutline } from './outline.ts';
import { INBOUND } from './picture.ts';
import { nameOf } from './snippets.ts';

const MOST_NODES = 24;

/** The way in from outside is gone, or narrower. */
const SHUT: readonly Signal[] = ['exposure-narrowed', 'endpoint-removed', 'network-path-removed'];

const OUTSIDE: DiagramNode = {
  key: 'outside',
  name: 'Outside',
  address: undefined,
  element: 'external-entity',
  mark: 'context',
  box: undefined,
};

/**
 * What the code changed, with what it reaches. Where things are declared together they are deployed and trusted together, so
 * folders and files are the boundaries. Undefined when nothing was decided.
 */
export function diagramOfFacts(verdict: Verdict): Diagram | undefined {
  const { components } = outlineOf(verdict);
  if (components.length === 0) return undefined;
  const drawn = components.slice(0, MOST_NODES);
  const nodes = new Map(drawn.map((c) => [keyOf(c.scope, c.address), nodeOf(c)]));
  for (const { scope, address } of reachedBy(drawn)) {
    const key = keyOf(scope, address);
    if (!nodes.has(key) && nodes.size < MOST_NODES * 1.5) nodes.set(key, contextOf(key, scope, address));
  }
  const edges = edgesOf(drawn).filter((e) => e.from === OUTSIDE.key || nodes.has(e.from));
  const inside = edges.filter((e) => nodes.has(e.to));
  const outside = inside.some((e) => e.from === OUTSIDE.key) ? [OUTSIDE] : [];
  return { nodes: [...outside, ...nodes.values()], edges: inside, left: components.length - drawn.length };
}

const keyOf = (scope: string, address: string): string => JSON.stringify([scope, address]);

const boxOf = (scope: string): string => (scope === '' ? 'repository root' : scope);

const nodeOf = ({ scope, address, element, change }: ComponentOutline): DiagramNode => ({
  key: keyOf(scope, address),
  name: nameOf(address),
  address,
  element,
  mark: change,
  // Whoever is not ours is in none of our boundaries.
  box: element === 'external-entity' ? undefined : boxOf(scope),
});

const contextOf = (key: string, scope: string, address: string): DiagramNode => ({
  key,
  name: nameOf(address),
  address,
  element: undefined,
  mark: 'context',
  box: boxOf(scope),
});

const reachedBy = (
  drawn: readonly ComponentOutline[],
): readonly { readonly scope: string; readonly address: string }[] =>
  drawn.flatMap(({ scope, facts }) =>
    facts.flatMap(({ fact }) => (fact.reaches ?? []).map((address) => ({ scope, address }))),
  );

function edgesOf(drawn: readonly ComponentOutline[]): readonly DiagramEdge[] {
  const edges = new Map<string, DiagramEdge>();
  const add = (from: string, to: string, mark: Mark): void => {
    const key = JSON.stringify([from, to]);
    if (from !== to && !edges.has(key)) edges.set(key, { from, to, mark });
  };
  for (const { scope, address, facts, change } of drawn)
    for (const { fact } of facts) {
      const here = keyOf(scope, address);
      const way = change === 'changed' ? wayOf(fact) : change;
      if (says(fact, INBOUND)) add(OUTSIDE.key, here, way === 'removed' ? 'removed' : 'new');
      else if (says(fact, SHUT)) add(OUTSIDE.key, here, 'removed');
      for (const reached of fact.reaches ?? []) add(here, keyOf(scope, reached), way);
    }
  return [...edges.values()];
}

function wayOf(fact: Fact): Mark {
  if (fact.kind.endsWith('-added') || says(fact, INBOUND)) return 'new';
  return fact.kind.endsWith('-removed') || says(fact, SHUT) ? 'removed' : 'changed';
}

const says = ({ signals }: Fact, some: readonly Signal[]): boolean => signals.some((s) => some.includes(s));
