import type { Account, Contributors } from '../../core/model/account.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import { pushersOf, withPusher, type Memory } from './memory.ts';

/** Whoever had a hand in the change. Asks who pushed the head only when no delivery told. */
export async function contributorsOf(
  state: PullRequestState,
  memory: Memory,
  hosting: Hosting,
): Promise<{ readonly contributors: Contributors; readonly memory: Memory }> {
  const known = pushersOf(memory, state.head);
  const pusher = known ? undefined : await hosting.pusherOf(state);
  const wiser = pusher ? withPusher(memory, pusher, state.head) : memory;
  const people = new Map<string, Account>();
  for (const commit of state.commits)
    for (const person of commit.people) if (person) people.set(person.id, person);
  const unattributable = state.commits.filter((c) => c.people.includes(undefined)).map((c) => c.id);
  return {
    contributors: {
      author: state.author,
      committers: [...people.values()],
      pushers: pushersOf(wiser, state.head),
      unattributable,
      ...(state.commitsComplete ? {} : { unlisted: true }),
    },
    memory: wiser,
  };
}
