import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CHANGES } from '../service/shop.ts';
import { actionUnderTest, REPO, type ActionUnderTest } from './runner.ts';

let action: ActionUnderTest;
beforeEach(async () => {
  action = await actionUnderTest();
});
afterEach(() => action.close());

const open = (change: keyof typeof CHANGES): Promise<number> =>
  action.act(() => {
    action.gh.control.pushCommit({ by: 'bob', repo: REPO, branch: 'change', files: CHANGES[change] });
    return action.gh.control.openPullRequest({ by: 'bob', repo: REPO, head: 'change', title: change }).number;
  });

describe('a pull request', () => {
  test('x', async () => {
    await open('uncovered');
    const ran = await action.run({ event: 'pull_request' });
    console.log(ran.code, ran.log, ran.outputs, ran.summary, ran.requests);
    expect(ran.code).toBe(1);
  });
});
