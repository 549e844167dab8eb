import type { Entry, ExpressionValue, ListValue, MapValue, ScalarValue, Value } from '../model/value.ts';

export const scalar = (value: ScalarValue['value'], line: number): ScalarValue => ({
  kind: 'scalar',
  value,
  line,
});
export const list = (items: readonly Value[], line: number): ListValue => ({ kind: 'list', items, line });
export const map = (entries: readonly Entry[], line: number): MapValue => ({ kind: 'map', entries, line });
export const entry = (key: string, value: Value, line: number): Entry => ({ key, value, line });
export const expression = (
  text: string,
  references: readonly string[],
  line: number,
  resolved?: Value,
): ExpressionValue => ({
  kind: 'expression',
  text: text.replace(/\s+/g, ' ').trim(),
  references,
  line,
  ...(resolved ? { resolved } : {}),
});

/** The value behind an expression as far as it is known, else the value itself. */
export function resolve(value: Value): Value {
  let at = value;
  for (let depth = 0; at.kind === 'expression' && at.resolved && depth < 32; depth++) at = at.resolved;
  return at;
}

/** Child of a map by key (last wins, as in every language here), seen through a resolved expression. */
export function get(value: Value | undefined, key: string): Value | undefined {
  if (!value) return undefined;
  const seen = resolve(value);
  return seen.kind === 'map' ? seen.entries.findLast((e) => e.key === key)?.value : undefined;
}

/** Child by path, through maps only: `at(values, 'spec', 'template', 'metadata')`. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce(get, value);
}

/** Items of a list; a single non-list value counts as a list of one, nothing as an empty list. */
export function items(value: Value | undefined): readonly Value[] {
  if (!value) return [];
  const seen = resolve(value);
  return seen.kind === 'list' ? seen.items : [seen];
}

export function entries(value: Value | undefined): readonly Entry[] {
  if (!value) return [];
  const seen = resolve(value);
  return seen.kind === 'map' ? seen.entries : [];
}

/** The text of a scalar, or undefined for anything else. `true` → "true". */
export function text(value: Value | undefined): string | undefined {
  if (!value) return undefined;
  const seen = resolve(value);
  return seen.kind === 'scalar' && seen.value !== null ? String(seen.value) : undefined;
}

/** All scalar texts in a list (or one scalar); expressions that do not resolve are left out. */
export function texts(value: Value | undefined): readonly string[] {
  return items(value).flatMap((v) => text(v) ?? []);
}

/** `true`/`false` in the spellings of the languages at hand, else undefined. */
export function truth(value: Value | undefined): boolean | undefined {
  switch (text(value)?.toLowerCase()) {
    case 'true':
    case 'yes':
    case 'on':
      return true;
    case 'false':
    case 'no':
    case 'off':
      return false;
    default:
      return undefined;
  }
}

/** A short rendering for people: scalars as they are, expressions as written, long things cut. */
export function show(value: Value | undefined, max = 80): string {
  const full = render(value, 6).replace(/\s+/g, ' ').trim();
  return full.length > max ? `${full.slice(0, max - 1)}…` : full;
}

function render(value: Value | undefined, depth: number): string {
  if (!value) return '';
  if (depth === 0) return '…';
  switch (value.kind) {
    case 'scalar':
      return String(value.value);
    case 'expression':
      return value.resolved && value.resolved.kind !== 'map' ? render(value.resolved, depth - 1) : value.text;
    case 'list':
      return `[${value.items
        .slice(0, 12)
        .map((v) => render(v, depth - 1))
        .join(', ')}${value.items.length > 12 ? ', …' : ''}]`;
    case 'map':
      return `{${value.entries
        .slice(0, 12)
        .map((e) => `${e.key}: ${render(e.value, depth - 1)}`)
        .join(', ')}${value.entries.length > 12 ? ', …' : ''}}`;
  }
}
