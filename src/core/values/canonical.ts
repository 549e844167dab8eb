import type { Value } from '../model/value.ts';

/**
 * Canonical text of a value for comparison: no lines, keys sorted, lists in order.
 * `written` compares the source (expressions by their text), `effective` what it comes to.
 */
export function canonical(value: Value, mode: 'written' | 'effective'): string {
  switch (value.kind) {
    case 'scalar':
      return JSON.stringify(value.value);
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
