import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES, POLICY, POLICY_PATH } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const posted = () =>
  service.gh.requests.filter((r) => r.route.startsWith('POST') && r.route.endsWith('/reviews'));
const edits = () =>
  service.gh.requests.filter((r) => r.route.startsWith('PATCH') && r.route.includes('/comments/'));

const bucket = (name: string): string =>
  `resource "aws_s3_bucket" "${name}" {\n  bucket = "orchard-${name}"\n}\n`;

describe('questions', () => {
  test('come in one review, a comment for each component', async () => {
    const number = await people.open('covered');
    expect(posted()).toHaveLength(1);
    expect(people.asked(number).map((c) => [c.anchor.path, c.anchor.line])).toEqual([
      ['infra/exports.tf', 1],
      ['infra/exports.tf', 5],
    ]);
    const [comment] = people.asked(number);
    expect(comment?.body).toContain('**3 questions about `aws_s3_bucket.exports`**');
    expect(comment?.body.match(/^- \[ \] /gm)).toHaveLength(3);
  });

  test('are edited in place on a push, and only what is new is posted, in one more review', async () => {
    const number = await people.open('covered');
    const before = people.asked(number).map((c) => c.id);
    await people.push('change', { 'NOTES.md': 'x\n' });
    expect([posted().length, edits().length]).toEqual([1, 0]);
    await people.push('change', { 'more/more.tf': bucket('more') });
    expect([posted().length, edits().length]).toEqual([2, 0]);
    expect(
      people
        .asked(number)
        .map((c) => c.id)
        .slice(0, 2),
    ).toEqual(before);
    expect(people.asked(number)).toHaveLength(3);
  });

  test('are marked as over when their component is gone, and stand again when it is back', async () => {
    const number = await people.open('covered');
    await people.push('change', { 'infra/exports.tf': bucket('exports') });
    const queue = () => people.asked(number)[1]?.body;
    expect(queue()).toContain('are no longer asked');
    expect(queue()).not.toContain('- [ ]');
    await people.push('change', CHANGES.covered);
    expect(queue()).toContain('questions about `aws_sqs_queue.export_jobs`');
    expect([posted().length, edits().length]).toEqual([1, 2]);
  });

  test('are not asked on a draft; once it is ready they are', async () => {
    const number = await people.open('covered', { draft: true });
    expect(people.check(number).conclusion).toBe('action_required');
    expect(posted()).toEqual([]);
    await people.settled(() =>
      service.gh.control.setDraft({ ...people.at(number), by: 'bob', draft: false }),
    );
    expect(people.asked(number)).toHaveLength(2);
    await people.settled(() => service.gh.control.setDraft({ ...people.at(number), by: 'bob', draft: true }));
    await people.push('change', { 'infra/exports.tf': bucket('exports'), 'more/more.tf': bucket('more') });
    expect(people.asked(number)).toHaveLength(2);
    expect(people.asked(number)[1]?.body).toContain('are no longer asked');
  });

  test('are not asked in a repository without a policy: only the check run speaks', async () => {
    await people.settled(() =>
      service.gh.control.directPush({
        by: 'ada',
        repo: 'acme/shop',
        branch: 'main',
        files: { [POLICY_PATH]: null },
      }),
    );
    const number = await people.open('uncovered');
    expect(people.check(number)).toMatchObject({ conclusion: 'success' });
    expect(people.check(number).summary).toContain('Questions to think through');
    expect(posted()).toEqual([]);
  });

  test('are taken back when the policy asks no more, and not while it cannot be read', async () => {
    const number = await people.open('covered');
    await people.rule(`${POLICY}nonsense: true\n`);
    expect(people.check(number).conclusion).toBe('failure');
    expect(edits()).toEqual([]);
    await people.rule(`${POLICY}questions:\n  enabled: false\n`);
    expect(people.asked(number).every((c) => c.body.includes('no longer asked'))).toBe(true);
  });

  test('of many components are thirty at most, the most serious first; the summary has all', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`b${String(i).padStart(2, '0')}/main.tf`, bucket(`b${i}`)]),
    );
    const number = await people.open(files);
    expect(posted()).toHaveLength(1);
    expect(people.asked(number)).toHaveLength(30);
    await people.push('change', { 'NOTES.md': 'x\n' });
    expect(people.asked(number)).toHaveLength(30);
    expect(posted()).toHaveLength(1);
    expect((await people.verdict(number)).questions.length).toBeGreaterThan(90);
  });
});

describe('comments of others', () => {
  test('with our mark in them are never adopted, edited or answered', async () => {
    const number = await people.open('covered');
    const [ours] = people.asked(number);
    if (!ours) throw new Error('Nothing was asked.');
    await people.review(number, 'eve', {
      state: 'comment',
      comments: [{ path: 'infra/exports.tf', line: 2, body: ours.body }],
    });
    const theirs = service.gh.observe.reviewComments(people.at(number)).find((c) => c.author.login === 'eve');
    if (!theirs) throw new Error('Nothing was posted.');
    await people.edit(theirs, 'eve', (body) => body.replace('- [ ]', '- [x]'));
    await people.reply(theirs, 'bob', '1 control: only the bookkeeping role may read it');
    await people.push('change', { 'infra/exports.tf': bucket('other') });
    expect(theirs.body).toContain('- [x]');
    expect(await people.kinds(number)).not.toContain('answered');
  });

  test('with our mark do not stand for ours when ours was never seen', async () => {
    service.gh.faults = {
      request: (r) => (r.route.endsWith('/reviews') ? { answer: 502, when: 'before' } : undefined),
    };
    const number = await people.open('covered');
    service.gh.faults = {};
    const mark = /<!-- threatgate component=\w+ -->/.exec(people.check(number).summary ?? '');
    expect(mark).toBeNull();
    await people.review(number, 'eve', {
      state: 'comment',
      comments: [
        { path: 'infra/exports.tf', line: 1, body: '<!-- threatgate component=1e8c4b6f3d0a9257 -->' },
      ],
    });
    await service.settle(120_000);
    expect(people.asked(number)).toHaveLength(2);
  });
});

test('a comment of ours that somebody deleted is not posted again', async () => {
  const number = await people.open('covered');
  const [first] = people.asked(number);
  await people.settled(() => service.gh.control.deleteReviewComment({ by: 'alice', id: first?.id ?? 0 }));
  await people.push('change', { 'more/more.tf': bucket('more') });
  expect(people.asked(number)).toHaveLength(2);
  expect(people.asked(number).some((c) => c.body.includes('aws_s3_bucket.exports`'))).toBe(false);
  expect(people.check(number).summary).toContain('aws_s3_bucket.exports');
});
