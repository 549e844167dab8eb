import type { Capability, ModelNode, Threat, ThreatModel } from '../../model/threat-model.ts';

/** The model with what the rules look up in it. */
export interface QualityContext {
  readonly model: ThreatModel;
  /** Threats to be judged. */
  readonly threats: readonly Threat[];
  readonly wants: (key: string) => boolean;
  readonly nodeOf: ReadonlyMap<string, ModelNode>;
}

export function contextOf(model: ThreatModel, keys: ReadonlySet<string> | 'all'): QualityContext {
  const wants = (key: string): boolean => keys === 'all' || keys.has(key);
  const nodes = [
    ...model.components,
    ...model.flows,
    ...model.boundaries,
    ...model.dataAssets,
    ...model.vendors,
  ];
  return {
    model,
    threats: model.threats.filter((threat) => wants(threat.key)),
    wants,
    nodeOf: new Map(nodes.map((node) => [node.key, node])),
  };
}

/** Whether the format has any way of saying it. */
export function canSay(context: QualityContext, capability: Capability): boolean {
  return context.model.capabilities[capability] !== 'none';
}

/** Owner of the threat, else of something it is about, else of the model. */
export function ownerOf(threat: Threat, context: QualityContext): string | undefined {
  const ofTarget = threat.targets
    .map((key) => context.nodeOf.get(key)?.owner)
    .find((owner) => owner !== undefined);
  return threat.owner ?? ofTarget ?? context.model.owner;
}

/** How to say something in this format: by its own field, or as a line of text. */
export function sayIn(context: QualityContext, capability: Capability, field: string, line: string): string {
  return context.model.capabilities[capability] === 'native'
    ? field
    : `${field.replace(/\.$/, '')}: a line \`${line}\` in its text will do.`;
}
