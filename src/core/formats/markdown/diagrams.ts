import type { Diagram, DiagramNode } from '../../syntax/mermaid-diagram.ts';
import { protocolIn } from '../reading/protocols.ts';
import { given, oneLine } from '../reading/text.ts';
import type { ElementDraft } from './drafts.ts';

/** Words for the kind of a node: its classes and its shape; the label itself is judged later. */
const SHAPE_WORDS: Readonly<Record<DiagramNode['shape'], string>> = {
  store: 'database',
  stadium: 'external',
  actor: 'external',
  round: 'process',
  box: '',
  circle: '',
  other: '',
};

/** Nodes → components, groups → trust boundaries, edges → flows. */
export function readDiagram(diagram: Diagram): readonly ElementDraft[] {
  const labels = new Map([...diagram.groups, ...diagram.nodes].map((one) => [one.id, nameOf(one.label)]));
  const label = (id: string): string => labels.get(id) ?? id;
  const groups = diagram.groups.map((group): ElementDraft => ({
    element: 'boundary',
    name: label(group.id),
    members: diagram.nodes.filter((node) => node.group === group.id).map((node) => label(node.id)),
    ...(group.parent === undefined ? {} : { parent: label(group.parent) }),
    tags: [],
    raw: group.label,
    line: group.line,
    drawn: true,
  }));
  return [...diagram.nodes.map((node) => readNode(node, label)), ...groups, ...readEdges(diagram, label)];
}

function readNode(node: DiagramNode, label: (id: string) => string): ElementDraft {
  const [, ...rest] = node.label.split('\n');
  const type = [...node.classes, SHAPE_WORDS[node.shape]].join(' ').trim();
  return {
    element: 'component',
    name: label(node.id),
    ...(type === '' ? {} : { type }),
    ...(rest.length > 0 ? { description: oneLine(rest.join(' ')) } : {}),
    ...(node.group === undefined ? {} : { boundary: label(node.group) }),
    tags: [],
    // A line of a label that is an address is a mention like a code span.
    raw: node.label
      .split('\n')
      .map((line) => `\`${line.trim()}\``)
      .join('\n'),
    line: node.line,
    drawn: true,
  };
}

function readEdges(diagram: Diagram, label: (id: string) => string): readonly ElementDraft[] {
  return diagram.edges.map((edge) => ({
    element: 'flow',
    name: edge.label === '' ? `${label(edge.from)} → ${label(edge.to)}` : oneLine(edge.label),
    source: label(edge.from),
    target: label(edge.to),
    ...(edge.both ? { bidirectional: true } : {}),
    ...given({ protocol: protocolIn(edge.label) }),
    tags: [],
    raw: edge.label,
    line: edge.line,
    drawn: true,
  }));
}

function nameOf(label: string): string {
  return oneLine(label.split('\n')[0] ?? label);
}
