import type { ElementKind, Signal } from '../model/fact.ts';
import type { Verdict } from '../model/verdict.ts';
import { mermaid } from './escape.ts';
import { outlineOf, type ComponentOutline } from './outline.ts';
import { nameOf } from './snippets.ts';

/** More than this and nobody reads the picture; what is left out is said in it. */
const MOST_NODES = 40;

/** Signals that something outside the system can now come in, or that its way in changed. */
export const INBOUND: readonly Signal[] = [
  'exposure-widened',
  'listener-added',
  'endpoint-added',
  'network-path-added',
];

interface Node {
  readonly id: string;
  readonly address: string;
  readonly scope: string;
  readonly element: ElementKind | undefined;
  readonly mark: ComponentOutline['change'] | 'context';
}

/**
 * The part of the data-flow diagram that changed, as a Mermaid flowchart: new, changed and removed elements marked by
 * class, folders and files as boxes, lines along what the facts say is reached. Undefined when nothing was decided.
 * Identifiers are ours and numbered; labels carry foreign text escaped.
 */
export function renderPicture(verdict: Verdict): string | undefined {
  const { components } = outlineOf(verdict);
  if (components.length === 0) return undefined;
  const drawn = components.slice(0, MOST_NODES);
  const nodes = nodesOf(drawn);
  const edges = edgesOf(drawn, nodes);
  const lines = [
    'flowchart LR',
    ...(edges.some((e) => e.startsWith('outside ')) ? ['  outside(["outside the system"])'] : []),
    ...[...nodes.values()].filter(isExternal).map((n) => `  ${shape(n)}`),
    ...boxes([...nodes.values()].filter((n) => !isExternal(n))),
    ...edges.map((e) => `  ${e}`),
    ...(components.length > drawn.length ? [`  more["and ${components.length - drawn.length} more"]`] : []),
    ...STYLES,
  ];
  return lines.join('\n');
}

const STYLES = [
  '  classDef new stroke:#1a7f37,stroke-width:3px',
  '  classDef changed stroke:#9a6700,stroke-width:3px',
  '  classDef removed stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 4',
  '  classDef context stroke-dasharray:2 2',
];

const keyOf = (scope: string, address: string): string => `${scope}\n${address}`;

function nodesOf(components: readonly ComponentOutline[]): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  const put = (
    scope: string,
    address: string,
    element: ElementKind | undefined,
    mark: Node['mark'],
  ): void => {
    const key = keyOf(scope, address);
    if (!nodes.has(key)) nodes.set(key, { id: `n${nodes.size}`, address, scope, element, mark });
  };
  for (const c of components) put(c.scope, c.address, c.element, c.change);
  for (const c of components)
    for (const { fact } of c.facts)
      for (const reached of fact.reaches ?? [])
        if (nodes.size < MOST_NODES) put(c.scope, reached, undefined, 'context');
  return nodes;
}

function edgesOf(
  components: readonly ComponentOutline[],
  nodes: ReadonlyMap<string, Node>,
): readonly string[] {
  const edges = new Set<string>();
  for (const c of components) {
    const from = nodes.get(keyOf(c.scope, c.address));
    if (!from) continue;
    if (c.facts.some(({ fact }) => fact.signals.some((s) => INBOUND.includes(s))))
      edges.add(`outside --> ${from.id}`);
    for (const { fact } of c.facts)
      for (const reached of fact.reaches ?? []) {
        const to = nodes.get(keyOf(c.scope, reached));
        if (to && to !== from) edges.add(`${from.id} --> ${to.id}`);
      }
  }
  return [...edges];
}

const isExternal = (n: Node): boolean => n.element === 'external-entity';

/** Folders and files as boxes: where things are declared together, they are deployed and trusted together. */
function boxes(nodes: readonly Node[]): readonly string[] {
  const scopes = new Map<string, Node[]>();
  for (const n of nodes) {
    const box = scopes.get(n.scope);
    if (box) box.push(n);
    else scopes.set(n.scope, [n]);
  }
  return [...scopes.entries()].flatMap(([scope, inside], i) => [
    `  subgraph s${i}["${mermaid(scope === '' ? 'repository root' : scope)}"]`,
    ...inside.map((n) => `    ${shape(n)}`),
    '  end',
  ]);
}

const SHAPES: Readonly<Record<ElementKind | 'unknown', readonly [string, string]>> = {
  process: ['("', '")'],
  'data-store': ['[("', '")]'],
  'external-entity': ['["', '"]'],
  'data-flow': ['>"', '"]'],
  'trust-boundary': ['{{"', '"}}'],
  unknown: ['["', '"]'],
};

function shape(n: Node): string {
  const [open, close] = SHAPES[n.element ?? 'unknown'];
  return `${n.id}${open}${mermaid(nameOf(n.address))}<br/>${mermaid(n.address)}${close}:::${n.mark}`;
}
