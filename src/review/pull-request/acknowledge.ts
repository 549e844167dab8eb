import type { AuditRecord } from '../../core/model/record.ts';
import { NotThere, Refused } from '../hosting-errors.ts';
import type { Remark } from '../hosting.ts';
import { sourceOf } from './claims.ts';
import type { Look } from './context.ts';

/**
 * Answers commands with a reaction, never with a comment. A reaction that is lost with a crash is not made up for: what
 * counts is in the summary and on record.
 */
export async function acknowledge(
  look: Pick<Look, 'state' | 'hosting' | 'deps' | 'lease'>,
  fresh: readonly AuditRecord[],
  obeyed: readonly Remark[],
): Promise<void> {
  const { state } = look;
  for (const remark of state.remarks) {
    const records = fresh.filter(
      (r) => r.source === sourceOf(remark) || r.source.startsWith(`${sourceOf(remark)}/`),
    );
    if (records.length > 0)
      await react(look, remark, records.some((r) => r.kind === 'decision-refused') ? '-1' : '+1');
  }
  for (const remark of obeyed) await react(look, remark, 'eyes');
}

async function react(
  { state, hosting, deps, lease }: Pick<Look, 'state' | 'hosting' | 'deps' | 'lease'>,
  remark: Remark,
  content: '+1' | '-1' | 'eyes',
): Promise<void> {
  // GitHub has no place for reactions on a review's own text.
  if (remark.place === 'review') return;
  await deps.renew(lease);
  await hosting.react(state.repository, remark, content).catch((error: unknown) => {
    // Deleted, or a conversation that was locked: nothing hangs on it.
    if (!(error instanceof NotThere || error instanceof Refused)) throw error;
  });
}
