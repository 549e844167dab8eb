import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CHANGES } from '../service/shop.ts';
import { peopleOf, type People } from './people.ts';
import { actionUnderTest, REPO, type ActionUnderTest, type Ran } from './runner.ts';

let action: ActionUnderTest;
let people: People;
beforeEach(async () => {
  action = await actionUnderTest();
  people = peopleOf(action);
  action.gh.control.setRules({
    repo: REPO,
    requiredChecks: [{ context: 'threat-model' }],
    mergeQueue: 'SQUASH',
    bypass: ['ada'],
  });
});
afterEach(() => action.close());

/** GitHub would not take one whose check is red; the Action is asked all the same. */
const enqueue = (number: number): Promise<unknown> =>
  action.act(() =>
    green(people.head(number)).then(() => action.gh.control.enqueue({ repo: REPO, number, by: 'bob' })),
  );

const green = async (sha: string): Promise<void> => {
  const token = action.gh.control.createActionsToken({ repo: REPO, permissions: { checks: 'write' } });
  await action.gh.fetch(`https://api.github.com/repos/${REPO}/check-runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({
      name: 'threat-model',
      head_sha: sha,
      status: 'completed',
      conclusion: 'success',
      output: { title: 'x', summary: 'x' },
    }),
  });
};

const proved = async (): Promise<Ran> => {
  await action.gh.deliverPending();
  return action.run({ event: 'merge_group' });
};

const approved = async (): Promise<number> => {
  const number = await people.open('covered', 'bob', 'exports');
  await people.review(number, 'alice');
  return number;
};

describe('a merge group', () => {
  test('passes when it is what was approved', async () => {
    await enqueue(await approved());
    const ran = await proved();
    expect(ran).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(JSON.parse(ran.file('evidence'))).toMatchObject({
      said: [{ kind: 'approved', actor: { login: 'alice' } }],
    });
    expect(ran.requests.length).toBeLessThanOrEqual(8);
  });

  test('of nothing relevant passes without anybody’s word', async () => {
    await enqueue(await people.open('quiet'));
    const ran = await proved();
    expect(ran.code).toBe(0);
    expect(ran.requests.length).toBeLessThanOrEqual(6);
  });

  test('fails when nobody approved it, or the approval was of something else', async () => {
    const number = await people.open('covered');
    await enqueue(number);
    expect((await proved()).code).toBe(1);
    await people.review(number, 'alice', {});
    expect((await proved()).code).toBe(0);
  });

  test('is proved together with the groups that it stands on', async () => {
    const first = await approved();
    const second = await people.open({ 'README.md': 'more\n' }, 'bob', 'words');
    await enqueue(first);
    await enqueue(second);
    expect((await proved()).code).toBe(0);
    await people.review(first, 'alice', { state: 'request_changes', body: 'wait' });
    const ran = await proved();
    expect(ran.code).toBe(1);
    expect(ran.summary).toContain(`#${first}`);
  });

  test('that names no pull request, or stands on nothing known, fails with the reason', async () => {
    await enqueue(await approved());
    await action.gh.deliverPending();
    const payload = action.told('merge_group') as { merge_group: Readonly<Record<string, string>> };
    const other = (more: object) => ({ ...payload, merge_group: { ...payload.merge_group, ...more } });
    const nameless = await action.run({ event: 'merge_group', payload: other({ head_ref: 'refs/heads/x' }) });
    expect(nameless.code).toBe(2);
    expect(nameless.summary).toContain('names no pull request');
    const base_sha = people.head(1);
    const lost = await action.run({ event: 'merge_group', payload: other({ base_sha }) });
    expect(lost.code).toBe(2);
    expect(lost.summary).toContain('neither on');
  });

  test('that is gone needs nothing', async () => {
    await enqueue(await approved());
    await action.gh.deliverPending();
    const payload = { ...(action.told('merge_group') as object), action: 'destroyed' };
    expect(await action.run({ event: 'merge_group', payload })).toMatchObject({ code: 0, requests: [] });
  });
});

describe('a push', () => {
  const pushed = (): Promise<Ran> => action.run({ event: 'push' });
  const toMain = (): unknown =>
    action.heard.findLast(
      ({ event, payload }) => event === 'push' && (payload as { ref: string }).ref === 'refs/heads/main',
    )?.payload;

  test('of a merged pull request is told as that', async () => {
    const number = await approved();
    await enqueue(number);
    const [group] = action.gh.world.repository(REPO).queue;
    await green(group?.headSha ?? '');
    await action.act(() => action.gh.control.completeGroup({ repo: REPO, number }));
    const ran = await action.run({ event: 'push', payload: toMain() });
    expect(ran.code).toBe(0);
    expect(ran.summary).toContain(`#${number}`);
    expect(ran.commands).toEqual([]);
  });

  test('past the gate is named, with what it changes', async () => {
    await action.act(() =>
      action.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: CHANGES.uncovered }),
    );
    const ran = await pushed();
    expect(ran.code).toBe(0);
    expect(ran.summary).toContain('1 commit came to main without a pull request');
    expect(ran.summary).toContain('aws_s3_bucket.exports');
    expect(ran.commands[0]).toMatch(/^::warning title=Threatgate::1 commit came to main/);
    expect(ran.requests.length).toBeLessThanOrEqual(8);
  });

  test('to another branch needs nothing', async () => {
    await people.push({ 'x.md': 'x\n' });
    expect(await pushed()).toMatchObject({ code: 0, requests: [], summary: '' });
  });
});
