import type { PullRequestState } from '../../src/review/hosting.ts';
import { pullRequest, repository, state, type Json } from './answers.ts';
import { asApp, github, grantToken, onQuery, SHOP, type UnderTest } from './github-under-test.ts';

/** With its token and its own name at hand. */
export function started(under = github()): UnderTest {
  grantToken();
  asApp().get('/app').reply(200, { id: 4711, slug: 'threatgate' });
  return under;
}

/** What is made of an answer to the one query. */
export async function read(answer: Json, teams: readonly string[] = []): Promise<PullRequestState> {
  const { hosting } = started();
  onQuery('PullRequest', answer);
  const found = await hosting.pullRequest(SHOP, 12, teams);
  if (!found) throw new Error('expected a pull request');
  return found;
}

/** The answer with another pull request. */
export const of = (over: Json) => state({ repository: repository({ pullRequest: pullRequest(over) }) });
