import type { Account, Contributors } from '../../core/model/account.ts';
import { NotThere } from '../hosting-errors.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import { formerWriters, pushersOf, withPusher, writersOf, type Memory } from './memory.ts';

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
      committers: [...writersOf(memory, state.baseRef), ...(await elsewhere(state, memory, hosting))],
      pushers: pushersOf(wiser, state.head),
      unattributable,
      ...(state.commitsComplete ? {} : { unlisted: true }),
      ...(memory.forgetful ? { forgotten: true } : {}),
    },
    memory: wiser,
  };
}

/** More than this are not looked for one by one: they count. */
const MOST_LOOKED_FOR = 10;

/**
 * Those whose commits were a part of it against another base. What is on the base by now is not of this change; what is not was
 * rewritten away, and its content may be in here under another name.
 */
async function elsewhere(
  state: PullRequestState,
  memory: Memory,
  hosting: Hosting,
): Promise<readonly Account[]> {
  const found: Account[] = [];
  for (const [i, { id, login, kind, commit }] of formerWriters(memory, state.baseRef).entries()) {
    const isOnBase =
      i < MOST_LOOKED_FOR &&
      (await hosting.isOnBranch(state.repository, commit, state.baseRef).catch((error: unknown) => {
        if (error instanceof NotThere) return false;
        throw error;
      }));
    if (!isOnBase) found.push({ id, login, kind });
  }
  return found;
}
