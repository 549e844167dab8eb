import { describe, expect, test } from '@jest/globals';
import { createTokenGitHub } from '../../src/github/with-token.ts';
import type { OwnComment } from '../../src/review/hosting.ts';
import {
  bot,
  NO_ORGANISATION,
  page,
  pullRequest,
  reply,
  repository,
  state,
  thread,
  type Json,
} from './answers.ts';
import { NOW, onQuery, SHOP, TOKEN, withoutNetwork } from './github-under-test.ts';

withoutNetwork();

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function ours(over: Json, errors: readonly Json[]): Promise<readonly OwnComment[]> {
  const { hosting } = createTokenGitHub({ token: TOKEN, now: () => new Date(NOW), log: quiet });
  const [mine, theirs] = [bot(1, 'github-actions'), bot(2, 'other')];
  const sent = onQuery(
    'PullRequest',
    state(
      {
        repository: repository({
          pullRequest: pullRequest({
            reviewThreads: page([thread([reply(1, mine, 'ours')]), thread([reply(2, theirs, 'theirs')])]),
          }),
        }),
        ...over,
      },
      errors,
    ),
  );
  const found = await hosting.pullRequest(SHOP, 12, []);
  expect(sent[0]?.query).toContain('viewer { login }');
  return found?.ownComments ?? [];
}

describe('whose comments are ours', () => {
  const NOT_TOLD = { type: 'FORBIDDEN', path: ['viewer'], message: 'Resource not accessible by integration' };

  test('is told together with the state', async () => {
    const [mine] = await ours({ viewer: { login: 'github-actions[bot]' } }, [NO_ORGANISATION]);
    expect(mine?.body).toBe('ours');
    const [other] = await ours({ viewer: { login: 'other[bot]' } }, [NO_ORGANISATION]);
    expect(other?.body).toBe('theirs');
  });

  test('is those of workflows, where a token may not ask who it is', async () => {
    const [mine] = await ours({ viewer: null }, [NO_ORGANISATION, NOT_TOLD]);
    expect(mine?.body).toBe('ours');
  });

  test('is nobody’s for a person, whose words are their own', async () => {
    expect(await ours({ viewer: { login: 'ada' } }, [NO_ORGANISATION])).toEqual([]);
  });
});
