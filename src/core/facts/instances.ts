import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { entries, get, items, resolve, text } from '../values/value.ts';

/** Instances of a block that came and went while the block itself stayed. */
export interface InstanceChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** The block made nothing before, or makes nothing now. */
  readonly whole?: 'came' | 'went';
  readonly path: string;
}

/**
 * A block under `for_each` or `count` makes things without being touched itself: an entry added to a local map is a new
 * resource, a switch turned from 0 to 1 too. Told only where both sides are known; two instead of one is scaling.
 */
export function instancesOf(delta: ResourceDelta): InstanceChange | undefined {
  if (delta.kind !== 'changed' || !delta.base || !delta.head) return undefined;
  const [b, a] = [delta.base.values, delta.head.values];
  return byKeys(get(b, 'for_each'), get(a, 'for_each')) ?? byCount(get(b, 'count'), get(a, 'count'));
}

function byKeys(before: Value | undefined, after: Value | undefined): InstanceChange | undefined {
  const was = before && keysOf(before);
  const is = after && keysOf(after);
  if (!was || !is) return undefined;
  const gained = [...is].filter((k) => !was.has(k)).sort();
  const lost = [...was].filter((k) => !is.has(k)).sort();
  if (gained.length + lost.length === 0) return undefined;
  // Other keys for as many things is most often a renaming of the keys.
  if (gained.length === lost.length && was.size === lost.length) return undefined;
  const whole = was.size === 0 ? 'came' : is.size === 0 ? 'went' : undefined;
  return { gained, lost, path: 'for_each', ...(whole ? { whole } : {}) };
}

/** Keys of a map or members of a set; members that are not known go by how they are written. */
function keysOf(value: Value): ReadonlySet<string> | undefined {
  const seen = resolve(value);
  if (seen.kind === 'map')
    return new Set(entries(seen).flatMap((e) => (e.key.startsWith('$') ? [] : [e.key])));
  if (seen.kind !== 'list') return undefined;
  return new Set(items(seen).flatMap((v) => text(v) ?? (v.kind === 'expression' ? `\${${v.text}}` : [])));
}

function byCount(before: Value | undefined, after: Value | undefined): InstanceChange | undefined {
  const was = before && numberOf(before);
  const is = after && numberOf(after);
  const known = was !== undefined && is !== undefined;
  if (!known || was > 0 === is > 0) return undefined;
  return { gained: [], lost: [], path: 'count', whole: is > 0 ? 'came' : 'went' };
}

function numberOf(value: Value): number | undefined {
  const seen = resolve(value);
  if (seen.kind !== 'scalar') return undefined;
  if (typeof seen.value === 'boolean') return seen.value ? 1 : 0;
  return seen.value !== null && /^\d+$/.test(String(seen.value)) ? Number(seen.value) : undefined;
}
