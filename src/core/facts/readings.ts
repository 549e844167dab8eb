import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { compareReading, type Comparison } from '../semantics/compare.ts';
import { describeAttribute } from '../semantics/describe.ts';
import type { AttributeSemantics } from '../semantics/semantics.ts';
import { subject } from './make-fact.ts';

/** One attribute of one map that differs, and what the difference means. */
export interface AttributeReading {
  readonly path: string;
  readonly semantics: AttributeSemantics;
  readonly comparison: Comparison;
  /** The change whose line is the evidence: the first one at head, else the first. */
  readonly change: AttributeChange;
}

const known = new WeakMap<ResourceDelta, readonly AttributeReading[]>();

/** Every meaningful attribute difference of a delta, read once for all detectors. */
export function readAttributes(delta: ResourceDelta): readonly AttributeReading[] {
  const found = known.get(delta);
  if (found) return found;
  const made = read(delta);
  known.set(delta, made);
  return made;
}

function read(delta: ResourceDelta): AttributeReading[] {
  const { stack, type } = subject(delta);
  return groupByAttribute(delta.changes).flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const semantics = describeAttribute(stack, type, first.path);
    if (!semantics || semantics === 'noise') return [];
    const comparison = compareReading(semantics, group);
    if (comparison.direction === 'none') return [];
    return [{ path: first.path, semantics, comparison, change: group.find((c) => c.side === 'head') ?? first }];
  });
}

/** Items of one list are one attribute: same path in the same map. */
export function groupByAttribute(changes: readonly AttributeChange[]): AttributeChange[][] {
  const groups = new Map<string, Map<Value | undefined, AttributeChange[]>>();
  for (const c of changes) {
    const ofPath = groups.get(c.path) ?? new Map<Value | undefined, AttributeChange[]>();
    groups.set(c.path, ofPath);
    const parent = c.afterParent ?? c.beforeParent;
    const group = ofPath.get(parent);
    if (group) group.push(c);
    else ofPath.set(parent, [c]);
  }
  return [...groups.values()].flatMap((g) => [...g.values()]);
}
