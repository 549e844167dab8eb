import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { isWrittenWeak, type Comparison, type Direction } from '../semantics/compare.ts';
import type { AttributeSemantics } from '../semantics/semantics.ts';
import { entries, get, items, text } from '../values/value.ts';

/** Readings that judge a setting against what holds without it; sets and ranges know by themselves what came and went. */
const AGAINST_DEFAULT: ReadonlySet<string> = new Set(['levels', 'closes-when-true', 'present']);

/**
 * A setting that came or went with a whole list item was not turned on or off: dropping one cache behaviour that demands
 * HTTPS weakens nothing. Only a weak setting is told, as coming or going with its item.
 */
export function withItem(
  semantics: AttributeSemantics,
  comparison: Comparison,
  change: AttributeChange,
  delta: ResourceDelta,
): Comparison {
  if (!AGAINST_DEFAULT.has(semantics.reading) || !isOfOneItem(change, delta)) return comparison;
  const weak = isWrittenWeak(semantics, change.after ?? change.before);
  const direction: Direction = weak ? (change.after ? 'widened' : 'narrowed') : 'none';
  return { ...comparison, direction };
}

/** Whether the map around the change exists on one side only, while the list it stood in has items on both. */
function isOfOneItem(change: AttributeChange, { base, head }: ResourceDelta): boolean {
  if (Boolean(change.beforeParent) === Boolean(change.afterParent)) return false;
  const list = change.path.slice(0, Math.max(0, change.path.lastIndexOf('.')));
  return list !== '' && mapsAt(base?.values, list) && mapsAt(head?.values, list);
}

function mapsAt(value: Value | undefined, path: string): boolean {
  let at: readonly Value[] = value ? [value] : [];
  for (const segment of path.split('.'))
    at = at.slice(0, 1_000).flatMap((v) => items(v).flatMap((item) => get(item, segment) ?? []));
  return at.some((v) => items(v).some((item) => entries(item).length > 0));
}

/** Keys under which people know the items of a list, best first. */
const NAMES: readonly string[] = ['name', 'id', 'sid', 'priority', 'category', 'path'];

/** What came or went as a whole: `rule` and the names of the rules, or the path of a block inside one. */
export interface WholeItems {
  readonly list: string;
  readonly came: boolean;
  readonly names: readonly string[];
}

/** The items or the block that the change came or went with; nothing when the map around it stayed. */
export function wholeItems(change: AttributeChange, delta: ResourceDelta): WholeItems | undefined {
  if (delta.kind === 'added' || Boolean(change.beforeParent) === Boolean(change.afterParent))
    return undefined;
  const [top = ''] = change.path.split('.');
  const block = change.path.slice(0, Math.max(0, change.path.lastIndexOf('.')));
  if (block === '') return undefined;
  const came = change.afterParent !== undefined;
  const key = NAMES.find((n) => delta.changes.some((c) => isOneSided(c, `${top}.${n}`, came)));
  const named = delta.changes.filter((c) => key !== undefined && isOneSided(c, `${top}.${key}`, came));
  const names = [...new Set(named.flatMap((c) => text(came ? c.after : c.before) ?? []))].sort();
  return names.length > 0 ? { list: top, came, names } : { list: block, came, names };
}

const isOneSided = (c: AttributeChange, path: string, came: boolean): boolean =>
  c.path === path && (c.afterParent !== undefined) === came && (c.beforeParent === undefined) === came;
