import type { Entry, Value } from '../model/value.ts';
import { entries, items, resolve } from '../values/value.ts';

/** Entries that a merge key brings, those that win first; undefined when it does not stand before maps. */
export function mergeSources(value: Value): readonly Entry[] | undefined {
  const sources = items(value);
  return sources.every((source) => resolve(source).kind === 'map') ? sources.flatMap(entries) : undefined;
}

/** Merged entries that the map does not write itself; the earliest source wins. */
export function unwritten(merged: readonly Entry[], own: readonly Entry[]): readonly Entry[] {
  const taken = new Set(own.map((e) => e.key));
  return merged.filter((e) => {
    if (taken.has(e.key)) return false;
    taken.add(e.key);
    return true;
  });
}
