import { beforeEach, describe, expect, test } from '@jest/globals';

import type { ReviewComment } from '../double/state/nouns.ts';
import { git } from '../double/shared-git.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, shown, type People } from './people.ts';
import { CHANGES, POLICY } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const WAITS = 'action_required';
const bob = { name: 'Bob', email: 'bob@example.org' };

async function approved(by = 'alice'): Promise<number> {
  const number = await people.open('covered');
  await people.review(number, by);
  expect(people.check(number).conclusion).toBe('success');
  return number;
}

describe('taking back', () => {
  test('one’s own word is always possible, and it can be given again', async () => {
    const number = await approved();
    await people.say(number, 'alice', '/threatgate revoke I was too fast');
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('Was taken back at');
    expect(people.check(number).summary).toContain('I was too fast');
    await people.say(number, 'alice', '/threatgate approve');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('somebody else’s takes somebody who could have given it', async () => {
    const number = await approved();
    await people.say(number, 'eve', '/threatgate revoke @alice');
    await people.say(number, 'bob', '/threatgate revoke @alice');
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.last(number, 'decision-refused')).details).toMatchObject({ decision: 'revoke' });
    await people.say(number, 'carol', '/threatgate revoke @Alice not discussed yet');
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain(`Was taken back by ${shown('@carol')}`);
  });

  test('nothing is refused, with the reason', async () => {
    const number = await approved();
    await people.say(number, 'eve', '/threatgate revoke');
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain('nothing of yours');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('works although nothing had been shown when it was said', async () => {
    people.commit('change', CHANGES.covered);
    const { number } = service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'change' });
    service.gh.control.review({ ...people.at(number), by: 'alice', state: 'approve' });
    await people.say(number, 'alice', '/threatgate revoke');
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(await people.kinds(number)).toEqual(expect.arrayContaining(['approved', 'approval-ended']));
  });
});

describe('a review that approved', () => {
  test('counts no more when it is dismissed', async () => {
    const number = await approved();
    const [review] = service.gh.observe.reviews(people.at(number)).filter((r) => r.state === 'APPROVED');
    await people.settled(() => service.gh.control.dismissReview({ by: 'ada', id: review?.id ?? 0 }));
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('The review was dismissed.');
  });

  test('is not missed when a newer one stands', async () => {
    const number = await approved();
    await people.review(number, 'alice');
    const [first] = service.gh.observe.reviews(people.at(number)).filter((r) => r.state === 'APPROVED');
    await people.settled(() => service.gh.control.dismissReview({ by: 'ada', id: first?.id ?? 0 }));
    expect(people.check(number).conclusion).toBe('success');
  });

  test.each(['review', 'comment'])('given by %s ends when the same person asks for changes', async (way) => {
    const number = await people.open('covered');
    if (way === 'review') await people.review(number, 'alice');
    else await people.say(number, 'alice', '/threatgate approve');
    await people.review(number, 'carol', { state: 'request_changes' });
    expect(people.check(number).conclusion).toBe('success');
    await people.review(number, 'alice', { state: 'request_changes' });
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('asked for changes afterwards');
  });
});

test('an edited comment commands nothing, whoever edited it', async () => {
  const number = await people.open('covered');
  for (const [author, editor] of [
    ['alice', 'alice'],
    ['alice', 'bob'],
  ] as const) {
    const id = await people.say(number, author, 'Looks fine.');
    await people.settled(() =>
      service.gh.control.editComment({ by: editor, id, body: '/threatgate approve' }),
    );
  }
  expect(people.check(number).conclusion).toBe(WAITS);
  const id = await people.say(number, 'alice', '/threatgate approve');
  await people.settled(() => service.gh.control.editComment({ by: 'bob', id, body: '/threatgate revoke' }));
  expect(people.check(number).conclusion).toBe('success');
});

describe('an approver who has a hand in the change afterwards', () => {
  test('by pushing: somebody else has to approve', async () => {
    const number = await approved();
    await people.push(
      'change',
      { 'NOTES.md': 'By the approver.\n' },
      { by: 'alice', author: bob, committer: bob },
    );
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('had a hand in the change since');
    await people.push('change', { 'NOTES.md': 'By the author.\n' });
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe(WAITS);
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('by a commit that somebody else pushed', async () => {
    const number = await approved();
    await people.push('change', { 'NOTES.md': 'x\n' }, { author: { name: 'A', email: 'alice@example.org' } });
    expect(people.check(number).conclusion).toBe(WAITS);
  });
});

describe('who pushed, when no event told', () => {
  const lostPush = async (branch = 'change'): Promise<void> => {
    service.gh.faults = { delivery: () => ({ drop: 'lost' }) };
    people.commit(branch, { 'NOTES.md': 'Lost.\n' }, { by: 'carol', author: bob, committer: bob });
    service.gh.faults = {};
    await service.settle();
  };

  test('is asked of the repository’s activity', async () => {
    const number = await people.open('covered');
    await lostPush();
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe(WAITS);
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain(
      'pushed to the branch',
    );
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('counts against everybody where that does not tell; a push that is seen mends it', async () => {
    const number = await people.open('covered');
    await lostPush();
    service.gh.world.repository('acme/shop').activities.splice(0);
    service.pass(2_000);
    service.gh.control.review({ ...people.at(number), by: 'alice', state: 'approve' });
    await service.settle(60_000);
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('push once more (an empty commit will do)');
    await people.push('change', {});
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('ends what was approved before, when it may have been the approver', async () => {
    const number = await approved();
    await lostPush();
    service.gh.world.repository('acme/shop').activities.splice(0);
    service.pass(2_000);
    service.gh.control.comment({ ...people.at(number), by: 'bob', body: '/threatgate recheck' });
    await service.settle(60_000);
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('Nobody can tell who pushed since');
  });
});

describe('whoever bears a risk of the change does not judge it', () => {
  const accept = (owner: string): string =>
    `1 accept: ${owner}, the bucket is empty until March, until 2027-03-01`;
  const first = (number: number): ReviewComment => {
    const [comment] = people.asked(number);
    if (!comment) throw new Error('Nothing was asked.');
    return comment;
  };

  test('who accepted it before approving', async () => {
    const number = await people.open('covered');
    await people.reply(first(number), 'alice', accept('the shop team'));
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('accepted a risk of this change');
  });

  test('who accepted it after approving', async () => {
    const number = await approved();
    await people.reply(first(number), 'alice', accept('the shop team'));
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('accepts a risk of this change');
  });

  test('who is named as its owner, before or after, for as long as that stands', async () => {
    const number = await approved();
    await people.reply(first(number), 'bob', accept('@alice'));
    expect(people.check(number).conclusion).toBe(WAITS);
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe(WAITS);
    await people.reply(first(number), 'bob', '1 control: only the bookkeeping role may read it');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });
});

describe('in a one-person repository', () => {
  beforeEach(() => people.rule(`${POLICY}  solo: true\n`));

  test('the author approves, and goes on pushing; the record says that nobody else did', async () => {
    const number = await people.open('covered');
    await people.say(number, 'bob', '/threatgate approve nobody else is here');
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.last(number, 'approved')).actor?.role).toBe('solo, compensating review');
    await people.push('change', { 'NOTES.md': 'More.\n' });
    expect(people.check(number).conclusion).toBe('success');
  });

  test('an author from outside does not', async () => {
    service.gh.control.fork({ repo: 'acme/shop', owner: 'eve' });
    service.gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'change', files: CHANGES.covered });
    const number = await people.settled(
      () =>
        service.gh.control.openPullRequest({ by: 'eve', repo: 'acme/shop', head: 'eve/shop:change' }).number,
    );
    await people.say(number, 'eve', '/threatgate approve');
    expect(people.check(number).conclusion).toBe(WAITS);
    expect(people.check(number).summary).toContain('not known to have write permission');
  });
});
