import {
  CAPABILITIES,
  type Capabilities,
  type Component,
  type DataFlow,
  type ModelNode,
  type ResourceRef,
  type Threat,
  type ThreatModel,
  type TrustBoundary,
} from '../../src/core/model/threat-model.ts';
import type { ModelChange, ModelDelta, ModelElementKind } from '../../src/core/model/model-delta.ts';

const FILE = 'docs/threat-model.md';

/** Small models for tests of the stages behind the formats: keys are names, everything stands in one file. */
export function model(over: Partial<ThreatModel> = {}): ThreatModel {
  return {
    file: FILE,
    format: 'markdown',
    components: [],
    flows: [],
    boundaries: [],
    dataAssets: [],
    vendors: [],
    threats: [],
    assumptions: [],
    capabilities: Object.fromEntries(CAPABILITIES.map((c) => [c, 'native'])) as Capabilities,
    diagnostics: [],
    ...over,
  };
}

export function explicit(...values: readonly string[]): readonly ResourceRef[] {
  return values.map((value) => ({ kind: 'address', value, from: 'explicit' }));
}

export function node(name: string, over: Partial<ModelNode> = {}): ModelNode {
  return { key: name, name, refs: [], tags: [], location: { file: FILE, line: 7 }, ...over };
}

export function component(name: string, over: Partial<Component> = {}): Component {
  return { ...node(name), kind: 'unknown', boundaries: [], ...over };
}

export function flow(source: string, target: string, over: Partial<DataFlow> = {}): DataFlow {
  return { ...node(`${source} to ${target}`), source, target, crosses: [], ...over };
}

export function boundary(name: string, over: Partial<TrustBoundary> = {}): TrustBoundary {
  return { ...node(name), members: [], membership: 'declared', ...over };
}

export function threat(name: string, over: Partial<Threat> = {}): Threat {
  return {
    ...node(name),
    targets: [],
    unresolvedTargets: [],
    stride: ['I'],
    categories: [],
    severity: { level: 'high' },
    status: { state: 'open' },
    mitigations: [],
    tickets: [],
    origin: 'authored',
    ...over,
  };
}

/** A delta of `added component Logs`-like lines, all in the one file. */
export function delta(
  ...changes: readonly `${ModelChange['op']} ${ModelElementKind} ${string}`[]
): ModelDelta {
  return {
    touched: changes.length > 0 ? [FILE] : [],
    changes: changes.map((line) => {
      const [op, element, ...name] = line.split(' ') as [ModelChange['op'], ModelElementKind, ...string[]];
      const key = name.join(' ');
      return {
        op,
        element,
        key,
        name: key,
        properties: [],
        details: [],
        location: { file: FILE, line: 7 },
        meaning: '',
      };
    }),
  };
}
