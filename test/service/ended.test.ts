import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, type People } from './people.ts';
import { PAYROLL, queueOf } from './queue.ts';
import { CHANGES } from './shop.ts';

const MINUTE = 60_000;
let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  protect();
  await service.settle();
  people = peopleOf(service);
});

/** Nobody but Ada merges what is not green. */
function protect(): void {
  const requiredChecks = [{ context: 'Threatgate', integrationId: service.app.id }];
  service.gh.control.setRules({ repo: REPO, requiredChecks, bypass: ['ada'] });
}

const at = (number: number) => ({ repo: REPO, number });

/** Nobody hears of anything until later. */
const unheard = async <T>(act: () => T): Promise<T> => {
  service.pass(2_000);
  const done = act();
  for (const delivery of service.gh.pending()) delivery.state = 'lost';
  await service.settle();
  return done;
};

const openUnheard = (branch: string): Promise<number> =>
  unheard(() => {
    people.commit(branch, CHANGES.covered);
    return service.gh.control.openPullRequest({ by: 'bob', repo: REPO, head: branch }).number;
  });

describe('merged', () => {
  test('while it was green: on record with who merged what, and nothing else', async () => {
    const number = await people.open('covered');
    expect(() => service.gh.control.merge({ ...at(number), by: 'bob' })).toThrow('is not successful');
    await people.review(number, 'alice');
    const commit = await people.merge(number, 'bob');
    expect(await people.kinds(number)).toEqual([
      'evaluated',
      'questions-asked',
      'approved',
      'evaluated',
      'merged',
    ]);
    const merged = await people.last(number, 'merged');
    expect(merged).toMatchObject({
      actor: { login: 'bob', role: 'merged it' },
      digest: (await people.last(number, 'approved')).digest,
      details: {
        mergeCommit: commit,
        baseRef: 'main',
        check: 'success',
        conclusion: 'success',
        applicable: true,
      },
    });
    expect(merged.details['mergedAt']).toMatch(/^2026-11-02T09:/);
  });

  test('past the gate: who did it, and what the check had said', async () => {
    const number = await people.open('covered');
    await people.merge(number, 'ada');
    const { actor, details } = await people.last(number, 'bypassed');
    expect(actor).toMatchObject({ login: 'ada', role: 'merged it' });
    expect(details['reason']).toContain('Merged while the check said action_required: ');
    expect((await people.last(number, 'merged')).details['check']).toBe('action_required');
  });

  test('before anybody looked: judged afterwards, as it stood', async () => {
    const number = await openUnheard('exports');
    await people.merge(number, 'ada');
    expect(await people.kinds(number)).toEqual(['evaluated', 'merged', 'bypassed', 'review-opened']);
    const merged = await people.last(number, 'merged');
    expect(merged.details).toMatchObject({ check: 'none', conclusion: 'action_required', applicable: true });
    expect((await people.verdict(number)).facts.length).toBeGreaterThan(0);
    expect((await people.last(number, 'bypassed')).details['reason']).toContain(
      'before the check had said anything',
    );
  });

  test('before anybody looked, and there was nothing to say: no bypass', async () => {
    people.commit('quiet', CHANGES.quiet);
    await unheard(() => service.gh.control.openPullRequest({ by: 'bob', repo: REPO, head: 'quiet' }));
    await people.merge(1, 'ada');
    expect(await people.kinds(1)).toEqual(['evaluated', 'merged']);
  });

  test('while we were out: the outage is on record, too', async () => {
    const number = await openUnheard('exports');
    service.pass(2_000);
    service.gh.control.merge({ ...at(number), by: 'ada', method: 'squash' });
    for (const delivery of service.gh.pending()) await service.gh.deliver(delivery);
    service.pass(30 * MINUTE);
    await service.settle();
    expect(await people.kinds(number)).toEqual([
      'evaluated',
      'gate-outage',
      'merged',
      'bypassed',
      'review-opened',
    ]);
  });

  test.each(['merge', 'squash', 'rebase'] as const)(
    'by %s, of a branch that is gone: the same',
    async (method) => {
      const number = await openUnheard('exports');
      await people.settled(() => {
        service.gh.control.merge({ ...at(number), by: 'ada', method });
        service.gh.world.repository(REPO).refs.delete('refs/heads/exports');
      });
      expect((await people.last(number, 'merged')).details['conclusion']).toBe('action_required');
    },
  );

  test('what cannot be read any more is on record within the bound, and not as green', async () => {
    const number = await openUnheard('exports');
    service.gh.faults = {
      request: ({ route }) => (route.includes('/git/trees/') ? { answer: 502, when: 'before' } : undefined),
    };
    await people.merge(number, 'ada');
    expect(await people.kinds(number)).toEqual([]);
    await service.settle(25 * MINUTE);
    expect((await people.last(number, 'merged')).details['conclusion']).toBe('failure');
    expect((await people.last(number, 'bypassed')).details['reason']).toContain('before the check');
  });

  test('an approval that came just before the merge is on record, and counts', async () => {
    const number = await people.open('covered');
    service.pass(2_000);
    service.gh.control.review({ ...at(number), by: 'alice', state: 'approve' });
    service.pass(2_000);
    service.gh.control.merge({ ...at(number), by: 'ada', method: 'squash' });
    await service.settle();
    expect((await people.last(number, 'approved')).actor?.login).toBe('alice');
    expect((await people.last(number, 'merged')).details).toMatchObject({
      check: 'action_required',
      conclusion: 'success',
    });
    expect(await people.kinds(number)).toContain('bypassed');
  });

  test('an approval after the merge decides nothing any more', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    await people.merge(number, 'bob');
    await people.review(number, 'carol');
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain('is merged');
  });

  test('an approval after a merge past the gate is the review of it, and no approval', async () => {
    const number = await people.open('covered');
    await people.merge(number, 'ada');
    await people.review(number, 'alice');
    expect((await people.last(number, 'review-done')).details['of']).toBe(`review/bypassed/${number}`);
    expect(await people.kinds(number)).not.toContain('approved');
    expect((await people.last(number, 'merged')).details['conclusion']).toBe('action_required');
  });

  test('in an emergency: the review is due until somebody independent does it', async () => {
    const number = await people.open('opened');
    await people.say(number, 'alice', '/threatgate emergency INC-7 the shop is down');
    await people.merge(number, 'bob');
    expect(await people.kinds(number)).not.toContain('bypassed');
    await people.review(number, 'alice');
    expect(await people.kinds(number)).not.toContain('review-done');
    await people.review(number, 'carol');
    const { actor, details } = await people.last(number, 'review-done');
    expect(actor).toMatchObject({ login: 'carol', role: 'approver (team acme/security)' });
    expect(details).toMatchObject({
      of: (await people.last(number, 'emergency')).source,
      due: (await people.last(number, 'emergency')).details['reviewDue'],
    });
  });

  test('by the queue: who put it there, and no bypass', async () => {
    const queue = queueOf(service);
    queue.queueBy('SQUASH');
    const number = await queue.approved();
    const { headSha } = await queue.queued(number);
    await queue.complete(number);
    expect((await people.last(number, 'merged')).details['mergeCommit']).toBe(headSha);
    expect(await people.kinds(number)).not.toContain('bypassed');
    await service.settle(10 * MINUTE);
    const { id } = service.gh.world.repository(REPO);
    expect(await service.store.records({ repository: id, kinds: ['direct-push'] })).toEqual([]);
  });

  test('by a queue that does not ask for our check: a group that was not proven is a bypass', async () => {
    const queue = queueOf(service);
    const number = await queue.waived();
    await people.settled(() =>
      service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: PAYROLL }),
    );
    service.gh.control.setRules({ repo: REPO, mergeQueue: 'SQUASH' });
    expect((await queue.queued(number)).conclusion).toBe('failure');
    await queue.complete(number);
    expect((await people.last(number, 'merged')).details['check']).toBe('success');
    expect((await people.last(number, 'bypassed')).details['reason']).toContain(
      'Merged by the queue although the group was not proven: The tree of the group is not what was approved',
    );
  });
});

describe('closed', () => {
  const close = (number: number) =>
    people.settled(() => {
      service.gh.control.close({ ...at(number), by: 'bob' });
    });
  const reopen = (number: number) =>
    people.settled(() => {
      service.gh.control.reopen({ ...at(number), by: 'bob' });
    });

  test('on record once, however often it is looked at', async () => {
    const number = await people.open('covered');
    await close(number);
    await people.say(number, 'bob', '/threatgate recheck');
    await service.reconcile();
    expect(await people.kinds(number)).toEqual(['evaluated', 'questions-asked', 'closed']);
  });

  test('opened again, approved and merged', async () => {
    const number = await people.open('covered');
    await close(number);
    await reopen(number);
    expect(people.check(number).conclusion).toBe('action_required');
    await people.review(number, 'alice');
    await people.merge(number, 'bob');
    expect((await people.kinds(number)).slice(2)).toEqual(['closed', 'approved', 'evaluated', 'merged']);
  });

  test('each time it is closed', async () => {
    const number = await people.open('covered');
    await close(number);
    await reopen(number);
    await close(number);
    expect((await people.kinds(number)).filter((kind) => kind === 'closed')).toHaveLength(2);
  });

  test('what was said of it while it was closed counts when it is opened again', async () => {
    const number = await people.open('covered');
    await close(number);
    await people.review(number, 'alice');
    expect(await people.kinds(number)).not.toContain('approved');
    await reopen(number);
    expect(people.check(number).conclusion).toBe('success');
  });
});
