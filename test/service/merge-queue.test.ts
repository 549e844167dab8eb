import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, requestsSince, type People } from './people.ts';
import { MINUTE, PAYROLL, queueOf, type Queue } from './queue.ts';
import { CHANGES, POLICY, POLICY_PATH, SHOP } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
let queue: Queue;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  people = peopleOf(service);
  queue = queueOf(service);
  queue.queueBy('SQUASH');
  await service.settle();
});

const push = (files: Readonly<Record<string, string>>): Promise<string> =>
  people.settled(() => service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files }));

describe('a merge group', () => {
  test.each(['SQUASH', 'MERGE', 'REBASE'] as const)(
    'is proven when it is what was approved (%s)',
    async (method) => {
      queue.queueBy(method);
      const number = await queue.approved();
      const run = await queue.queued(number);
      expect(run).toMatchObject({
        name: 'Threatgate',
        status: 'completed',
        conclusion: 'success',
        actions: [],
        detailsUrl: 'https://gate.example.com/audit/acme/shop',
      });
      expect(run.suite.app).toBe(service.app);
      expect(run.title).toBe(`Proven for #${number}`);
      expect(run.externalId).toContain(':group:sha256:');
      const { digest, details, commit } = await people.last(number, 'merge-group-evaluated');
      expect([digest, commit]).toEqual([(await people.verdict(number)).digest, run.headSha]);
      expect(details).toMatchObject({ passes: true, parent: service.gh.control.tip(REPO, 'main') });
      await queue.complete(number);
      expect(await people.kinds(number)).not.toContain('bypassed');
    },
  );

  test('is reported when it changes nothing security-relevant, too', async () => {
    const run = await queue.queued(await people.open('quiet'));
    expect(run).toMatchObject({ conclusion: 'success', title: 'Nothing security-relevant changed' });
  });

  test('stays proven when the base moved by something else', async () => {
    const number = await queue.approved();
    await push({ 'NOTES.md': 'Nothing of importance.\n' });
    await push(CHANGES.opened);
    expect((await queue.queued(number)).conclusion).toBe('success');
  });

  test('is not proven when the base moved by what the change is about', async () => {
    const number = await queue.waived();
    await push(PAYROLL);
    const run = await queue.queued(number);
    expect(run).toMatchObject({ conclusion: 'failure', title: `Not what was approved on #${number}` });
    expect(run.summary).toContain('payroll');
    expect(run.summary).toContain('put it back into the queue');
    expect(() => {
      service.gh.control.completeGroup({ repo: REPO, number });
    }).toThrow('is not successful');
  });

  test('of a ref that names no pull request fails with the reason', async () => {
    const { headSha, ref } = queue.enqueue(await queue.approved());
    const [delivery] = queue.heldBack();
    if (!delivery) throw new Error('Nothing was delivered.');
    const payload = delivery.payload.replaceAll(ref, 'refs/heads/gh-readonly-queue/main/surprise');
    await service.gh.deliver({ ...delivery, payload });
    await service.settle();
    expect(queue.runOf(headSha)).toMatchObject({ conclusion: 'failure', title: 'Not proven' });
    expect(queue.runOf(headSha).summary).toContain('names no pull request');
  });

  test('is judged by the rules of the default branch as they are now', async () => {
    const number = await queue.approved();
    await push({ [POLICY_PATH]: `${POLICY}questions:\n  answers: required\n` });
    expect(people.check(number).conclusion).toBe('action_required');
    // Somebody had put it into the queue before.
    service.gh.control.setRules({ repo: REPO, mergeQueue: 'SQUASH' });
    const run = await queue.queued(number);
    expect(run.conclusion).toBe('failure');
    await push({ [POLICY_PATH]: SHOP[POLICY_PATH] ?? '' });
    await queue.ask(run.headSha);
    expect(queue.runOf(run.headSha).conclusion).toBe('success');
  });

  test('whose pull request was pushed to meanwhile stands for what is in it', async () => {
    const number = await queue.approved();
    const { headSha } = queue.enqueue(number);
    people.commit('exports', CHANGES.opened);
    await service.settle();
    expect(people.check(number).conclusion).toBe('failure');
    expect(queue.runOf(headSha).conclusion).toBe('success');
  });

  test('is not through any more when the approval is taken back while it waits', async () => {
    const number = await queue.approved();
    const run = await queue.queued(number);
    await people.say(number, 'alice', '/threatgate revoke');
    expect(queue.runOf(run.headSha)).toMatchObject({ id: run.id, conclusion: 'failure' });
    expect(() => {
      service.gh.control.completeGroup({ repo: REPO, number });
    }).toThrow('is not successful');
    await people.review(number, 'carol');
    await queue.ask(run.headSha);
    expect(queue.runOf(run.headSha).conclusion).toBe('success');
  });

  test('asked for again is written again, so that its suite is done', async () => {
    const run = await queue.queued(await queue.approved());
    const before = service.requests.length;
    await queue.ask(run.headSha);
    expect(requestsSince(service, before)).toEqual([
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      'PullRequest',
      'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
    ]);
    expect(
      await service.store.signals(`group/${service.gh.world.repository(REPO).id}/${run.headSha}`),
    ).toEqual([]);
  });

  test('asked for again with its whole suite', async () => {
    const run = await queue.queued(await queue.approved());
    const { updatedAt } = run;
    await people.settled(() => {
      service.gh.control.rerequestCheckSuite({ by: 'bob', suiteId: run.suite.id });
    });
    expect(queue.runOf(run.headSha)).toMatchObject({ id: run.id, conclusion: 'success' });
    expect(queue.runOf(run.headSha).updatedAt).toBeGreaterThan(updatedAt);
  });

  test('that is gone costs nothing', async () => {
    const number = await queue.approved();
    await queue.queued(number);
    const before = service.requests.length;
    service.gh.control.destroyGroup({ repo: REPO, number });
    await service.settle();
    expect(requestsSince(service, before)).toEqual([]);
  });
});

test('a group that GitHub does not let us judge is reported all the same, and the outage is on record', async () => {
  const number = await queue.approved();
  const { headSha } = queue.enqueue(number);
  service.gh.faults = {
    request: ({ route }) => (route === 'POST /graphql' ? { answer: 502, when: 'before' } : undefined),
  };
  await service.settle(9 * MINUTE);
  expect(queue.conclusions(headSha)).toEqual([undefined]);
  await service.settle(20 * MINUTE);
  expect(queue.runOf(headSha)).toMatchObject({ conclusion: 'failure', title: 'Not proven' });
  expect((await people.last(number, 'gate-outage')).source).toContain(`outage/group/${headSha}/`);
  service.gh.faults = {};
  await service.settle(20 * MINUTE);
  expect(queue.runOf(headSha).conclusion).toBe('success');
});
