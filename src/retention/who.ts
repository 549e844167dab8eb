import type { Account } from '../core/model/account.ts';
import { explained, githubOf, personOf, type Environment } from '../github/environment.ts';

/** What is done to the trail is done by somebody whom GitHub knows. */
export async function whoAsks(env: Environment, now: string): Promise<Account> {
  try {
    return await personOf(githubOf(env, now, 'any token of a person, without any scope'));
  } catch (error) {
    throw explained(error);
  }
}
