import type { AttributeChange } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { canonical } from '../values/canonical.ts';

/** An entry that stands under another key with what it had is neither lost nor gained: `main.encrypted` and `x86.encrypted`. */
export function withoutMovedKeys(changes: readonly AttributeChange[]): readonly AttributeChange[] {
  const deep = changes.filter(
    (c) => c.path.split('.').length > 2 && Boolean(c.beforeParent) !== Boolean(c.afterParent),
  );
  const keyOf = (c: AttributeChange): string =>
    `${c.path.slice(c.path.lastIndexOf('.') + 1)}\n${canonical(c.after ?? c.before ?? NULL, 'effective')}`;
  const gone = new Map<string, AttributeChange[]>();
  for (const c of deep) if (c.op === 'removed') gone.set(keyOf(c), [...(gone.get(keyOf(c)) ?? []), c]);
  const moved = new Set<AttributeChange>();
  for (const c of deep) {
    const from = c.op === 'added' ? gone.get(keyOf(c))?.pop() : undefined;
    if (from) moved.add(c).add(from);
  }
  return changes.filter((c) => !moved.has(c));
}

const NULL: Value = { kind: 'scalar', value: null, line: 1 };
