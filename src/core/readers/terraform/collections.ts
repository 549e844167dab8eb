import type { Entry, Value } from '../../model/value.ts';
import { canonical } from '../../values/canonical.ts';
import { entry, list, map, resolve } from '../../values/value.ts';

/** Stands for the unknown part of a map that was merged. */
const REST = '$rest';

/** Whether a list or map holds parts that are not known, so that counting and indexing would lie. */
export function isPartial(value: Value): boolean {
  if (value.kind === 'list') return value.items.some((item) => resolve(item).kind === 'expression');
  return value.kind === 'map' && value.entries.some((e) => e.key === REST);
}

export function joinLists(operands: readonly Value[], line: number): Value | undefined {
  if (
    operands.every((o) => o.kind === 'expression') ||
    operands.some((o) => o.kind === 'scalar' || o.kind === 'map')
  )
    return undefined;
  return list(
    operands.flatMap((o) => (o.kind === 'list' ? o.items : [o])),
    line,
  );
}

export function flatten(value: Value): readonly Value[] {
  const seen = resolve(value);
  return seen.kind === 'list' ? seen.items.flatMap(flatten) : [value];
}

export function mergeMaps(operands: readonly Value[], line: number): Value | undefined {
  const merged = new Map<string, Entry>();
  if (!operands.some((o) => o.kind === 'map')) return undefined;
  for (const operand of operands) {
    if (operand.kind === 'map') for (const e of operand.entries) merged.set(e.key, e);
    else if (operand.kind === 'expression') merged.set(REST, entry(REST, operand, operand.line));
    else if (operand.kind !== 'scalar' || operand.value !== null) return undefined;
  }
  return map([...merged.values()], line);
}

export function distinct(items: readonly Value[]): Value[] {
  const seen = new Map<string, Value>();
  for (const item of items) {
    const key = canonical(item, 'effective');
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}
