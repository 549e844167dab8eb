import { beforeEach, describe, expect, test } from '@jest/globals';
import { type RequestFault } from '../double/double.ts';
import { git } from '../double/shared-git.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, type People } from './people.ts';
import { CHANGES } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const REVIEWS = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
const RUNS = 'POST /repos/{owner}/{repo}/check-runs';
const PATIENCE = 20 * 60_000;

/** The first requests of a route fail in this way. */
const failing = (route: string, fault: RequestFault, times = 1): void => {
  let left = times;
  service.gh.faults = { request: (r) => (r.route === route && left-- > 0 ? fault : undefined) };
};

const sent = (route: string): number => service.gh.requests.filter((r) => r.route === route).length;

const FAULTS: readonly RequestFault[] = [
  { answer: 'timeout', when: 'after' },
  { answer: 502, when: 'after' },
  { answer: 'timeout', when: 'before' },
  { answer: 500, when: 'before' },
  { answer: 'secondary-limit', when: 'before', retryAfter: 40 },
];

describe.each(FAULTS)('$answer $when it was carried out', (fault) => {
  test('a check run is there once', async () => {
    failing(RUNS, fault, 2);
    const number = await people.open('covered');
    await service.settle(PATIENCE);
    expect(people.runs(number)).toHaveLength(1);
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.asked(number)).toHaveLength(2);
  });

  test('a review is there once, and on record once', async () => {
    failing(REVIEWS, fault, 2);
    const number = await people.open('covered');
    expect(people.check(number).conclusion).toBe('action_required');
    await service.settle(PATIENCE);
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.asked(number)).toHaveLength(2);
    expect((await people.kinds(number)).filter((k) => k === 'questions-asked')).toHaveLength(1);
    await people.push('change', { 'infra/exports.tf': 'resource "aws_sqs_queue" "export_jobs" {}\n' });
    expect(people.asked(number)[0]?.body).toContain('no longer asked');
  });
});

test('a review that GitHub does not take is not tried again at this head: its questions stay in the summary', async () => {
  failing(REVIEWS, { answer: 422, when: 'before' });
  const number = await people.open('covered');
  await service.settle(PATIENCE);
  await people.say(number, 'bob', '/threatgate recheck');
  expect(sent(REVIEWS)).toBe(1);
  expect(people.asked(number)).toEqual([]);
  expect(people.check(number).conclusion).toBe('action_required');
  expect(people.check(number).summary).toContain('### Questions to think through');
  await people.push('change', { 'NOTES.md': 'x\n' });
  expect(people.asked(number)).toHaveLength(2);
});

describe('when GitHub fails for long', () => {
  test.each([500, 502, 'timeout'] as const)(
    '(%s) the check says so, once, and heals by itself',
    async (answer) => {
      let broken = true;
      service.gh.faults = {
        request: ({ route }) =>
          broken && route.includes('/git/trees/') ? { answer, when: 'before' } : undefined,
      };
      const number = await people.open('covered');
      expect(people.runs(number)).toEqual([]);
      await service.settle(PATIENCE);
      expect(people.check(number)).toMatchObject({
        conclusion: 'failure',
        title: 'Could not be judged: 1 doubt',
      });
      expect(people.check(number).summary).toContain('GitHub did not deliver the change');
      const { updatedAt } = people.check(number);
      const written = (await people.kinds(number)).filter((k) => k === 'evaluated').length;
      await service.settle(PATIENCE);
      expect(people.check(number).updatedAt).toBe(updatedAt);
      expect((await people.kinds(number)).filter((k) => k === 'evaluated')).toHaveLength(written);
      broken = false;
      await service.settle(PATIENCE);
      expect(people.check(number).conclusion).toBe('action_required');
      expect(people.asked(number)).toHaveLength(2);
      expect(await people.kinds(number)).toContain('gate-outage');
    },
  );

  test('what is said meanwhile is heard afterwards; an emergency at once, for this commit only', async () => {
    let broken = true;
    service.gh.faults = {
      request: ({ route }) =>
        broken && route.includes('/git/trees/') ? { answer: 502, when: 'before' } : undefined,
    };
    const number = await people.open('covered');
    await service.settle(PATIENCE);
    service.gh.control.review({ ...people.at(number), by: 'carol', state: 'approve' });
    await service.settle(PATIENCE);
    expect(people.check(number).conclusion).toBe('failure');
    expect(await people.kinds(number)).not.toContain('approved');
    service.gh.control.comment({
      ...people.at(number),
      by: 'alice',
      body: '/threatgate emergency INC-7 the shop is down',
    });
    await service.settle(PATIENCE);
    expect(people.check(number).conclusion).toBe('success');
    people.commit('change', CHANGES.opened);
    await service.settle(PATIENCE);
    expect(people.check(number).conclusion).toBe('failure');
    broken = false;
    await people.push('change', CHANGES.covered, { onto: 'main' });
    await service.settle(PATIENCE);
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.last(number, 'approved')).actor?.login).toBe('carol');
  });
});

test('a check run that nobody heard of does not speak for another pull request with its commit', async () => {
  const number = await people.open('covered');
  const { headSha: sha } = service.gh.observe.pull(people.at(number));
  const { control, observe } = service.gh;
  control.pushRef({ by: 'bob', repo: REPO, branch: 'twin', sha });
  failing(RUNS, { answer: 'timeout', when: 'after' });
  control.openPullRequest({ by: 'bob', repo: REPO, head: 'twin', title: 'The same' });
  await service.settle();
  // It goes on to another commit before anybody has looked for what became of it.
  control.pushCommit({ by: 'bob', repo: REPO, branch: 'twin', files: { 'NOTES.md': 'On.\n' } });
  await service.settle(PATIENCE);
  expect(observe.allCheckRuns(REPO, sha)).toHaveLength(2);
  await people.review(number, 'alice');
  expect(observe.allCheckRuns(REPO, sha).map((run) => run.conclusion)).toEqual(['success', 'success']);
});
