import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { compareReading, isWrittenWeak, type Comparison } from '../semantics/compare.ts';
import { describeAttribute, describeType } from '../semantics/describe.ts';
import type { AttributeSemantics } from '../semantics/semantics.ts';
import { opennessOf } from '../semantics/cidr.ts';
import { trafficOf } from '../semantics/traffic.ts';
import { entries, items, texts } from '../values/value.ts';
import { withItem, type WholeItems } from './list-items.ts';
import { loopedAttribute } from './looped.ts';
import { subject } from './make-fact.ts';
import { isRephrased } from './rephrased.ts';

/** One attribute of one map that differs, and what the difference means. */
export interface AttributeReading {
  readonly path: string;
  readonly semantics: AttributeSemantics;
  readonly comparison: Comparison;
  /** The change whose line is the evidence: the first one at head, else the first. */
  readonly change: AttributeChange;
  /** It came or went with a whole list item, which is what there is to tell. */
  readonly whole?: WholeItems;
  /** The same thing taken from another variable, as far as can be told: shown, but it decides nothing. */
  readonly rephrased?: true;
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
  return groupByAttribute(withChoices(delta.changes)).flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const looped = loopedAttribute(first, delta);
    const described = describeAttribute(stack, type, looped?.path ?? first.path);
    if (!described || described === 'noise' || (looped?.whole && described.reading !== 'cidr')) return [];
    if (described.inPlace && !(first.beforeParent && first.afterParent)) return [];
    const { semantics, turned } = asTraffic(described, delta, first);
    const compared = withItem(semantics, compareReading(semantics, group), first, delta);
    const decided = delta.kind === 'added' && semantics.notable && isWrittenWeak(semantics, first.after);
    const comparison: Comparison = decided ? { ...compared, direction: 'widened' } : compared;
    if (comparison.direction === 'none') return [];
    const change = group.find((c) => c.side === 'head') ?? first;
    const path = looped ? `${looped.path}${looped.key ? ` (${looped.key})` : ''}` : first.path;
    const rephrased = isRephrased(group) ? { rephrased: true as const } : {};
    return [{ path, semantics, comparison: turned ? turn(comparison) : comparison, change, ...rephrased }];
  });
}

/** A range that traffic goes out to exposes nothing, and one that is turned away is a door that closes. */
function asTraffic(
  described: AttributeSemantics,
  delta: ResourceDelta,
  change: AttributeChange,
): { readonly semantics: AttributeSemantics; readonly turned: boolean } {
  if (described.aspect !== 'exposure') return { semantics: described, turned: false };
  const { element } = describeType(subject(delta).stack, subject(delta).type);
  if (element !== 'trust-boundary') return { semantics: described, turned: false };
  const rule = change.afterParent ?? change.beforeParent;
  const { outbound, denies } = trafficOf(rule, subject(delta).values);
  // Another port between the same two groups is how they talk, not who can reach them.
  if (described.inPlace && !isWide(rule))
    return {
      semantics: { ...described, aspect: 'network', categories: ['trust-boundary'], decides: false },
      turned: denies,
    };
  if (!outbound) return { semantics: described, turned: denies };
  const semantics: AttributeSemantics = {
    path: described.path,
    aspect: 'network',
    reading: described.reading,
    ...(described.levels ? { levels: described.levels } : {}),
  };
  return { semantics, turned: denies };
}

/** Whether a range that stands in the rule itself lets public addresses in. */
const isWide = (rule: Value | undefined): boolean =>
  entries(rule).some((e) =>
    texts(e.value).some((t) =>
      t.includes('/') || t.includes('*')
        ? ['world', 'public'].includes(opennessOf(t) ?? '')
        : t.toLowerCase() === 'internet',
    ),
  );

const TURNED = { widened: 'narrowed', narrowed: 'widened', changed: 'changed', none: 'none' } as const;

const turn = (c: Comparison): Comparison => ({ ...c, direction: TURNED[c.direction], denies: true });

/** `action { count {} }` that became `action { block {} }` is one choice that changed, not a block lost and one gained. */
function withChoices(changes: readonly AttributeChange[]): readonly AttributeChange[] {
  const empty = changes.filter((c) => c.beforeParent && c.afterParent && isEmptyBlock(c.before ?? c.after));
  return changes.flatMap((c) => {
    if (!empty.includes(c)) return [c];
    const other = empty.find(
      (o) => o.afterParent === c.afterParent && o.beforeParent === c.beforeParent && o.op !== c.op,
    );
    if (!other) return [c];
    if (c.op !== 'added') return [];
    const { line, side, indirect } = c;
    return [
      {
        path: parentOf(c.path),
        op: 'changed',
        before: choiceOf(other),
        after: choiceOf(c),
        line,
        side,
        indirect,
      },
    ];
  });
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

const choiceOf = (c: AttributeChange): Value => ({
  kind: 'scalar',
  value: c.path.slice(c.path.lastIndexOf('.') + 1),
  line: c.line,
});

const isEmptyBlock = (value: Value | undefined): boolean =>
  value !== undefined &&
  (value.kind === 'list' || value.kind === 'map') &&
  items(value).every((v) => v.kind === 'map' && v.entries.length === 0);

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
