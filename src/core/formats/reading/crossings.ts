import type { TrustBoundary } from '../../model/threat-model.ts';

type Zone = Pick<TrustBoundary, 'key' | 'members' | 'parent'>;

const DEEPEST = 64;

/** Component key → keys of the boundaries that list it as a member. */
export function zonesByMember(zones: readonly Zone[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const zone of zones)
    for (const member of zone.members) {
      const known = found.get(member);
      if (known) known.push(zone.key);
      else found.set(member, [zone.key]);
    }
  return found;
}

/**
 * Which boundaries a flow between two components crosses: those around one end and not around the other. What lies in an
 * inner boundary lies in the outer ones too. Nothing when an end is unknown.
 */
export function crossingsOf(
  zones: readonly Zone[],
): (source: string | undefined, target: string | undefined) => readonly string[] {
  const members = zonesByMember(zones);
  const parents = new Map(zones.map((zone) => [zone.key, zone.parent]));
  const around = (key: string): ReadonlySet<string> => {
    const all = new Set<string>();
    for (const zone of members.get(key) ?? []) {
      let at: string | undefined = zone;
      for (let depth = 0; at !== undefined && !all.has(at) && depth < DEEPEST; depth++) {
        all.add(at);
        at = parents.get(at);
      }
    }
    return all;
  };
  return (source, target) => {
    if (source === undefined || target === undefined) return [];
    const [left, right] = [around(source), around(target)];
    return [...new Set([...left, ...right])].filter((zone) => left.has(zone) !== right.has(zone)).sort();
  };
}
