import type { Approval } from '../model/approval.ts';

/** The last word of somebody, and who took it back, if anybody did. */
export interface Standing {
  readonly entry: Approval;
  readonly takenBack?: Approval;
}

/**
 * The last word of every person, in the order in which it was said. Anybody may take back their own; somebody else's word
 * only falls to a revocation that is eligible itself. What was taken back stays visible until its author decides anew.
 */
export function standingOf(entries: readonly Approval[]): readonly Standing[] {
  const last = new Map<string, Standing>();
  for (const entry of entries) {
    if (entry.kind !== 'revoke') {
      last.delete(entry.actor.id);
      last.set(entry.actor.id, { entry });
      continue;
    }
    const target = entry.target?.id ?? entry.actor.id;
    const standing = last.get(target);
    if (standing && !standing.takenBack && (target === entry.actor.id || entry.eligible))
      last.set(target, { entry: standing.entry, takenBack: entry });
  }
  return [...last.values()];
}
