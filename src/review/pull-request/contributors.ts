import type { Contributors } from '../../core/model/account.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import { pushersOf, withPusher, writersOf, type Memory } from './memory.ts';

/** Whoever had a hand in the change, as this look remembers it. Asks who pushed the head only when no delivery told. */
export async function contributorsOf(
  state: PullRequestState,
  memory: Memory,
  hosting: Hosting,
): Promise<{ readonly contributors: Contributors; readonly memory: Memory }> {
  const known = pushersOf(memory, state.head);
  const pusher = known ? undefined : await hosting.pusherOf(state);
  const wiser = pusher ? withPusher(memory, pusher, state.head) : memory;
  const unattributable = state.commits.filter((c) => c.people.includes(undefined)).map((c) => c.id);
  return {
    contributors: {
      author: state.author,
      committers: writersOf(memory, state.baseRef),
      pushers: pushersOf(wiser, state.head),
      unattributable,
      ...(state.commitsComplete ? {} : { unlisted: true }),
      ...(memory.forgetful ? { forgotten: true } : {}),
    },
    memory: wiser,
  };
}
