import type { Analysis } from '../../core/assess.ts';
import type { Contributors } from '../../core/model/account.ts';
import { contributorsOf } from './contributors.ts';
import type { Session } from './decisions.ts';
import type { Look } from './context.ts';
import type { Memory } from './memory.ts';

/** What decisions are judged by. Who had a hand in the change is asked for once, and only when somebody decides something. */
export async function sessionOf(
  look: Look,
  analysis: Analysis,
  digestAt: Session['digestAt'],
): Promise<Session & { readonly memory: () => Memory }> {
  const { state, deps, hosting, reading } = look;
  let { memory } = look;
  let known: Contributors | undefined;
  return {
    state,
    policy: reading.policy,
    analysis,
    shown: await deps.store.shown(state.repository.id, state.number),
    hosting,
    now: deps.now(),
    contributors: async () => {
      if (known) return known;
      const found = await contributorsOf(state, memory, hosting);
      ({ memory } = found);
      return (known = found.contributors);
    },
    digestAt,
    memory: () => memory,
  };
}
