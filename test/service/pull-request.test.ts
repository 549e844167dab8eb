import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';
import type { RecordKind } from '../../src/core/model/record.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { CHANGES } from './shop.ts';

const repo = 'acme/shop';
let service: ServiceUnderTest;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
});

const push = (branch: string, files: Readonly<Record<string, string>>, by = 'bob'): string => {
  service.pass(2_000);
  return service.gh.control.pushCommit({ by, repo, branch, files });
};

const open = async (change: keyof typeof CHANGES, branch = change): Promise<number> => {
  push(branch, CHANGES[change]);
  const { number } = service.gh.control.openPullRequest({ by: 'bob', repo, head: branch, title: branch });
  await service.settle();
  service.pass(2_000);
  return number;
};

const check = (number: number) => {
  const { headSha } = service.gh.observe.pull({ repo, number });
  const [run, ...more] = service.gh.observe.allCheckRuns(repo, headSha);
  expect(more).toEqual([]);
  if (!run) throw new Error('there is no check run');
  return run;
};

const records = async (number: number): Promise<RecordKind[]> => {
  const { id } = service.gh.world.repository(repo);
  return (await service.store.records({ repository: id, pullRequest: number })).map((r) => r.kind);
};

const approve = async (number: number, by: string): Promise<void> => {
  service.pass(2_000);
  service.gh.control.review({ repo, number, by, state: 'approve' });
  await service.settle();
};

const say = async (number: number, by: string, body: string): Promise<number> => {
  service.pass(2_000);
  const { id } = service.gh.control.comment({ repo, number, by, body });
  await service.settle();
  return id;
};

describe('a pull request', () => {
  test('that touches nothing gets one quiet green line', async () => {
    const number = await open('quiet');
    expect(check(number)).toMatchObject({ status: 'completed', conclusion: 'success' });
    expect(check(number).title).toBe('Nothing security-relevant changed');
    expect(service.gh.observe.reviewComments({ repo, number })).toEqual([]);
    expect(service.gh.observe.comments({ repo, number })).toEqual([]);
    expect(await records(number)).toEqual(['evaluated']);
  });

  test('that the model does not cover fails, and asks its questions on the lines', async () => {
    const number = await open('uncovered');
    expect(check(number).conclusion).toBe('failure');
    const comments = service.gh.observe.reviewComments({ repo, number });
    expect(comments.map((c) => c.anchor.path)).toEqual(['infra/exports.tf', 'infra/exports.tf']);
    expect(service.gh.observe.reviews({ repo, number })).toHaveLength(1);
    expect(await records(number)).toEqual(['evaluated', 'questions-asked']);
  });

  test('waits for approval, and passes with it', async () => {
    const number = await open('covered');
    expect(check(number).conclusion).toBe('action_required');
    expect(check(number).summary).toContain('alice');
    await approve(number, 'alice');
    expect(check(number).conclusion).toBe('success');
    expect(await records(number)).toContain('approved');
  });

  test('nothing is written when nothing changed', async () => {
    const number = await open('covered');
    const { length } = service.gh.requests;
    await say(number, 'bob', '/threatgate recheck');
    const writes = service.gh.requests
      .slice(length)
      .filter((r) => r.method !== 'GET' && !r.route.includes('graphql'));
    expect(writes.map((w) => w.route)).toEqual([
      'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    ]);
  });
});
