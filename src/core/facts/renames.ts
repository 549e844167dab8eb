import type { Resource } from '../model/resource.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';

/**
 * Takes moves under another name apart again, for things whose name is what they are: a package or an event under
 * another name is another package or event, however alike the rest is.
 */
export function withoutRenames(
  deltas: readonly ResourceDelta[],
  isItsName: (resource: Resource) => boolean,
): ResourceDelta[] {
  return deltas.flatMap((d): ResourceDelta[] => {
    if (d.kind !== 'moved' || !d.base || !d.head || d.base.name === d.head.name || !isItsName(d.head))
      return [d];
    return [
      { kind: 'removed', base: d.base, changes: [] },
      { kind: 'added', head: d.head, changes: [] },
    ];
  });
}
