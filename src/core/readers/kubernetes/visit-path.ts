import type { Value } from '../../model/value.ts';
import { entries, resolve } from '../../values/value.ts';

const segmentsOf = new Map<string, readonly string[]>();

/**
 * Visits every value at a dotted path, through lists; `*` stands for any key.
 * `visit` gets the value and the path as written in attribute changes: with keys, without list positions.
 */
export function visitPath(root: Value, path: string, visit: (value: Value, path: string) => void): void {
  let segments = segmentsOf.get(path);
  if (!segments) segmentsOf.set(path, (segments = path.split('.')));
  walk(root, segments, 0, '', visit);
}

function walk(
  value: Value,
  segments: readonly string[],
  depth: number,
  path: string,
  visit: (value: Value, path: string) => void,
): void {
  const seen = resolve(value);
  if (seen.kind === 'list') {
    for (const item of seen.items) walk(item, segments, depth, path, visit);
    return;
  }
  const segment = segments[depth];
  if (segment === undefined) {
    visit(value, path);
    return;
  }
  for (const e of entries(seen))
    if (segment === '*' || e.key === segment)
      walk(e.value, segments, depth + 1, path ? `${path}.${e.key}` : e.key, visit);
}
