import type { Value } from '../model/value.ts';

/** `written` compares the source (expressions by their text), `effective` what it comes to. */
export type CanonicalMode = 'written' | 'effective';

/** Values never change, and comparison asks for the same ones at every level: each is rendered once. */
const rendered: Readonly<Record<CanonicalMode, WeakMap<Value, string>>> = {
  written: new WeakMap(),
  effective: new WeakMap(),
};

/** Canonical text of a value for comparison: no lines, keys sorted, lists in order. */
export function canonical(value: Value, mode: CanonicalMode): string {
  if (value.kind === 'scalar') return JSON.stringify(value.value);
  const known = rendered[mode].get(value);
  if (known !== undefined) return known;
  const made = render(value, mode);
  rendered[mode].set(value, made);
  return made;
}

function render(value: Exclude<Value, { kind: 'scalar' }>, mode: CanonicalMode): string {
  switch (value.kind) {
    case 'list':
      return `[${value.items.map((v) => canonical(v, mode)).join(',')}]`;
    case 'map':
      return `{${value.entries
        .map((e) => `${JSON.stringify(e.key)}:${canonical(e.value, mode)}`)
        .sort()
        .join(',')}}`;
    case 'expression':
      if (mode === 'effective' && value.resolved) return canonical(value.resolved, mode);
      return `(${value.text})`;
  }
}

/** Whether two values are the same: as `canonical`, without rendering what is equal step by step. */
export function isEqual(a: Value, b: Value, mode: CanonicalMode): boolean {
  if (a === b) return true;
  if (mode === 'effective') {
    if (a.kind === 'expression' && a.resolved) return isEqual(a.resolved, b, mode);
    if (b.kind === 'expression' && b.resolved) return isEqual(a, b.resolved, mode);
  }
  switch (a.kind) {
    case 'scalar':
      return b.kind === 'scalar' && a.value === b.value;
    case 'expression':
      return b.kind === 'expression' && a.text === b.text;
    case 'list':
      return (
        b.kind === 'list' &&
        a.items.length === b.items.length &&
        a.items.every((v, i) => isEqual(v, b.items[i] as Value, mode))
      );
    case 'map':
      if (b.kind !== 'map' || a.entries.length !== b.entries.length) return false;
      return a.entries.every((e, i) => e.key === b.entries[i]?.key)
        ? a.entries.every((e, i) => isEqual(e.value, b.entries[i]?.value as Value, mode))
        : canonical(a, mode) === canonical(b, mode);
  }
}
