import { explained, githubOf, needed, type Environment } from '../github/environment.ts';
import type { Account } from '../core/model/account.ts';

/** The account of the token: what is done to the trail is done by somebody whom GitHub knows. */
export async function whoAsks(env: Environment, now: string): Promise<Account> {
  const github = githubOf(env, now, 'any token of a person, without any scope');
  try {
    return await needed(github.self(), 'the account of the token', 'to be the token of a person');
  } catch (error) {
    throw explained(error);
  }
}
