import type {
  Component,
  DataFlow,
  Mitigation,
  ModelNode,
  Threat,
  TrustBoundary,
} from '../model/threat-model.ts';
import { nameForm, plainForm } from './plain-text.ts';

/** A property's value: text, or a list whose order does not count. Absent and empty are the same. */
export type Meaning = Readonly<Record<string, string | readonly string[]>>;

type Ref = (key: string) => string;

/** Native ids and keys are no part of the meaning: renumbering says nothing. */
export function meaningOfNode(node: ModelNode): Meaning {
  return {
    name: plainForm(node.name),
    description: plainForm(node.description),
    owner: plainForm(node.owner),
    resources: sorted(node.refs.map((ref) => `${ref.kind} ${ref.value}`)),
    tags: sorted(node.tags.map(plainForm)),
    scope: node.outOfScope ? ['out', plainForm(node.outOfScope.reason)].join(' ').trim() : '',
  };
}

/** Boundaries tell their members, so a component that joins one is told once. */
export function meaningOfComponent(one: Component): Meaning {
  return { ...meaningOfNode(one), kind: one.kind, type: plainForm(one.subtype) };
}

/** Crossings that only a drawing tells follow from where things were placed on the canvas. */
export function meaningOfFlow(one: DataFlow, ref: Ref, geometric: ReadonlySet<string>): Meaning {
  return {
    ...meaningOfNode(one),
    source: one.source === undefined ? '' : ref(one.source),
    target: one.target === undefined ? '' : ref(one.target),
    direction: one.bidirectional === true ? 'both ways' : '',
    protocol: plainForm(one.protocol),
    encrypted: one.encrypted === undefined ? '' : String(one.encrypted),
    crosses: sorted(one.crosses.filter((key) => !geometric.has(key)).map(ref)),
  };
}

export function meaningOfBoundary(one: TrustBoundary, ref: Ref): Meaning {
  return {
    ...meaningOfNode(one),
    members: sorted(one.members.map(ref)),
    parent: one.parent === undefined ? '' : ref(one.parent),
  };
}

export function meaningOfThreat(one: Threat, ref: Ref): Meaning {
  const { name: title, ...node } = meaningOfNode(one);
  return {
    ...node,
    title: title ?? '',
    category: sorted([...one.stride, ...(one.stride.length > 0 ? [] : one.categories.map(nameForm))]),
    severity: one.severity.level === 'unrated' ? plainForm(one.severity.raw) : one.severity.level,
    likelihood: plainForm(one.severity.likelihood),
    impact: plainForm(one.severity.impact),
    status: one.status.state === 'unset' ? plainForm(one.status.raw) : one.status.state,
    justification: plainForm(one.status.justification),
    expires: one.status.expires ?? '',
    mitigation: sorted(one.mitigations.map(mitigation)),
    targets: sorted([...one.targets.map(ref), ...one.unresolvedTargets.map(nameForm)]),
    tickets: sorted(one.tickets),
  };
}

function mitigation(one: Mitigation): string {
  const due = one.due === undefined ? '' : ` by ${one.due}`;
  const owner = one.owner === undefined ? '' : ` (${plainForm(one.owner)})`;
  return `${plainForm(one.text)} [${one.state}]${owner}${due}`;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort();
}
