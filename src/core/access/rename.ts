import type { ResourceDelta } from '../model/resource-delta.ts';

/** Renamed addresses that are followed; more than this in one change are compared as written. */
const FOLLOWED = 2_000;

/**
 * Reads texts of the base side through the moves of the change: old addresses become the new ones, so that a renamed
 * thing that is mentioned in a policy is no difference.
 */
export function renameOf(deltas: readonly ResourceDelta[]): (text: string) => string {
  const pairs = new Map<string, string>();
  for (const d of deltas) {
    if (d.kind !== 'moved' || !d.base || !d.head) continue;
    for (const [from, to] of [[d.base.address, d.head.address], ...spellings(d)] as const)
      if (from !== to && from.length >= 4 && pairs.size < FOLLOWED) pairs.set(from, to);
  }
  if (pairs.size === 0) return (text) => text;
  const names = [...pairs.keys()].sort((x, y) => y.length - x.length || (x < y ? -1 : 1));
  const pattern = new RegExp(
    `(?<![\\w-])(?:${names.map((n) => n.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|')})(?![\\w-])`,
    'g',
  );
  return (text) => text.replace(pattern, (found) => pairs.get(found) ?? found);
}

/** CloudFormation mentions a resource by its logical name, not by its address. */
function spellings(delta: ResourceDelta): [string, string][] {
  const { base, head } = delta;
  return base && head && base.stack === 'cloudformation' ? [[base.name, head.name]] : [];
}
