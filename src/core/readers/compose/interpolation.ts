import type { Value } from '../../model/value.ts';
import { expression, scalar } from '../../values/value.ts';

/** `$$`, `$NAME`, `${NAME}` and `${NAME:-default}`; defaults may hold no braces. */
const VARIABLE = /\$(?:(\$)|([A-Za-z_]\w{0,255})|\{([A-Za-z_]\w{0,255})(?:(:?[-?+])([^{}]{0,4000}))?\})/g;

/**
 * Turns texts with variables into expressions, throughout a tree. They resolve when every variable has a default,
 * which is what is in force where nobody sets it.
 */
export function interpolate(value: Value): Value {
  switch (value.kind) {
    case 'scalar':
      return typeof value.value === 'string' && value.value.includes('$')
        ? interpolateText(value.value, value.line)
        : value;
    case 'expression':
      return value;
    case 'list':
      return { ...value, items: value.items.map(interpolate) };
    case 'map':
      return { ...value, entries: value.entries.map((e) => ({ ...e, value: interpolate(e.value) })) };
  }
}

export function interpolateText(text: string, line: number): Value {
  const names = new Set<string>();
  const unknown: string[] = [];
  const filled = text.replace(
    VARIABLE,
    (_, dollar?: string, bare?: string, braced?: string, operator?: string, rest?: string) => {
      if (dollar) return '$';
      const name = bare ?? braced ?? '';
      names.add(name);
      if (operator === '-' || operator === ':-') return rest ?? '';
      unknown.push(name);
      return '';
    },
  );
  if (names.size === 0) return scalar(filled, line);
  return expression(text, [...names], line, unknown.length === 0 ? scalar(filled, line) : undefined);
}
