import { beforeEach, describe, expect, test } from '@jest/globals';

import type { ReviewComment } from '../double/state/nouns.ts';
import { git } from '../double/shared-git.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, requestsSince, type People } from './people.ts';
import { CHANGES, POLICY } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const first = (number: number): ReviewComment => {
  const [comment] = people.asked(number);
  if (!comment) throw new Error('Nothing was asked.');
  return comment;
};

const answers = async (number: number) =>
  (await people.records(number))
    .filter((r) => r.kind === 'answered')
    .map((r) => [r.actor?.login, r.details['question'], r.details['answer']]);

const tick = (nth: number) => (body: string) => {
  let i = 0;
  return body.replace(/- \[ \]/g, (box) => (++i === nth ? '- [x]' : box));
};

describe('a tick', () => {
  test('is an answer of whoever set it, and stands in the comment with their name', async () => {
    const number = await people.open('covered');
    await people.edit(first(number), 'bob', tick(1));
    await people.edit(first(number), 'carol', tick(1));
    expect(await answers(number)).toEqual([
      ['bob', 'OBJ-T1', 'considered'],
      ['carol', 'OBJ-I1', 'considered'],
    ]);
    expect(first(number).body).toContain('- [x] **1. OBJ-T1**');
    expect(first(number).body).toContain('`@bob`, 2026-11-02 09:00 UTC: thought through');
    expect(first(number).body).toContain('`@carol`, 2026-11-02 09:00 UTC: thought through');
    expect(people.check(number).summary).toContain('`@carol`, 2026-11-02 09:00 UTC: thought through');
  });

  test('by several people before anybody looked belongs to each of them', async () => {
    const number = await people.open('covered');
    service.pass(2_000);
    const comment = first(number);
    service.gh.control.editReviewComment({ by: 'bob', id: comment.id, body: tick(1)(comment.body) });
    service.gh.control.editReviewComment({ by: 'alice', id: comment.id, body: tick(2)(comment.body) });
    await service.settle();
    expect(await answers(number)).toEqual([
      ['bob', 'OBJ-T1', 'considered'],
      ['alice', 'OBJ-R1', 'considered'],
    ]);
  });

  test('taken away opens the question again', async () => {
    const number = await people.open('covered');
    await people.edit(first(number), 'bob', tick(1));
    await people.edit(first(number), 'alice', (body) => body.replace('- [x]', '- [ ]'));
    expect((await answers(number)).at(-1)).toEqual(['alice', 'OBJ-T1', 'open']);
    expect(first(number).body).not.toContain('- [x]');
  });

  test('does not count for a second time when its delivery comes again', async () => {
    const number = await people.open('covered');
    service.gh.faults = { delivery: () => ({ duplicates: 2 }) };
    await people.edit(first(number), 'bob', tick(1));
    expect(await answers(number)).toHaveLength(1);
  });
});

test('a comment that somebody rewrote is put right again, and nothing is read out of it', async () => {
  const number = await people.open('covered');
  const { body } = first(number);
  const forged = [
    () => 'All questions are answered, says the security team.',
    (text: string) => text.replace('- [ ] **1. OBJ-T1**', '- [x] **1. OBJ-T9**'),
    (text: string) => text.replaceAll('- [ ] **1. OBJ-T1** Which', '- [x] **1. OBJ-T1** Whatever'),
    (text: string) => `${text}\n- [x] **1. OBJ-T1** x\n- [x] **7. NET-E1** y`,
  ];
  for (const forge of forged) {
    await people.edit(first(number), 'bob', forge);
    expect(first(number).body).toBe(body);
  }
  expect(await answers(number)).toEqual([]);
});

describe('a reply', () => {
  test('answers by number or by id, one a line, in four ways', async () => {
    const number = await people.open('covered');
    await people.reply(
      first(number),
      'alice',
      '1 control: the bucket policy names one role\r\nOBJ-I1 n/a: nothing is stored there yet\n\n3. ticket: ORC-77 logs\n',
    );
    await people.reply(
      first(number),
      'bob',
      'obj-t1 accept: the shop team, it is empty until March, until 2027-03-01',
    );
    expect(await answers(number)).toEqual([
      ['alice', 'OBJ-T1', 'control'],
      ['alice', 'OBJ-I1', 'not-applicable'],
      ['alice', 'OBJ-R1', 'ticket'],
      ['bob', 'OBJ-T1', 'accept'],
    ]);
    expect(first(number).body).toContain('risk accepted, owner the shop team, until 2027-03-01: it is empty');
    expect(first(number).body.match(/- \[x\]/g)).toHaveLength(3);
    expect((await people.last(number, 'answered')).details).toMatchObject({
      address: 'aws_s3_bucket.exports',
      scope: 'infra',
      expires: '2027-03-01T23:59:59.999Z',
    });
  });

  test.each([
    ['control: it is private', 'does not say to which it belongs'],
    ['9 control: it is private', 'There is no question 9 here.'],
    ['OBJ-T9 control: it is private', 'is not asked here'],
    ['1 accept: alice', 'An accepted risk lacks'],
    ['1 contrl: it is private', 'Did you mean `control: …`?'],
  ])('that is not understood (%s) is explained, once', async (body, why) => {
    const number = await people.open('covered');
    const id = await people.reply(first(number), 'bob', body);
    expect(people.check(number).summary).toContain(why);
    expect(service.gh.observe.reactions(id)).toEqual(['-1']);
    expect(await answers(number)).toEqual([]);
    await people.say(number, 'bob', '/threatgate recheck');
    expect((await people.kinds(number)).filter((k) => k === 'decision-refused')).toHaveLength(1);
  });

  test('of somebody from outside is talk, and costs nothing more', async () => {
    const number = await people.open('covered');
    const before = service.requests.length;
    await people.reply(first(number), 'eve', '1 control: trust me, it is private');
    expect(requestsSince(service, before)).toEqual(['PullRequest']);
    expect(await answers(number)).toEqual([]);
  });

  test('of somebody who may only read is none either; the author’s is', async () => {
    service.gh.control.setRole({ repo: 'acme/shop', login: 'carol', role: 'read' });
    service.gh.control.setRole({ repo: 'acme/shop', login: 'eve', role: 'read' });
    service.gh.control.fork({ repo: 'acme/shop', owner: 'eve' });
    service.gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'x', files: CHANGES.covered });
    const number = await people.settled(
      () => service.gh.control.openPullRequest({ by: 'eve', repo: 'acme/shop', head: 'eve/shop:x' }).number,
    );
    await people.reply(first(number), 'carol', '1 control: the bucket policy names one role');
    await people.reply(first(number), 'eve', '1 control: the bucket policy names one role');
    expect(await answers(number)).toEqual([['eve', 'OBJ-T1', 'control']]);
    expect((await people.last(number, 'answered')).actor?.role).toBe('author');
  });

  test('that was edited is none', async () => {
    const number = await people.open('covered');
    const id = await people.reply(first(number), 'alice', 'Hm.');
    await people.settled(() =>
      service.gh.control.editReviewComment({
        by: 'bob',
        id,
        body: '1 control: the bucket policy names one role',
      }),
    );
    expect(await answers(number)).toEqual([]);
  });
});

describe('where answers are required', () => {
  beforeEach(() => people.rule(`${POLICY}questions:\n  answers: required\n`));

  const answerAll = async (number: number): Promise<void> => {
    for (const comment of people.asked(number))
      await people.edit(comment, 'bob', (body) => body.replaceAll('- [ ]', '- [x]'));
  };

  test('the change waits for them, and says for how many', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.check(number).title).toBe('The model covers the change; waits for answers to 6 questions');
    await answerAll(number);
    expect(people.check(number).conclusion).toBe('success');
  });

  test('an acceptance that runs out opens its question again, without any event', async () => {
    const number = await people.open('covered');
    await answerAll(number);
    await people.reply(first(number), 'bob', '1 accept: the shop team, it is empty anyway, until 2026-11-03');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
    service.pass(40 * 3_600_000);
    await service.reconcile();
    expect(people.check(number).title).toBe('The model covers the change; waits for answers to 1 question');
  });
});
