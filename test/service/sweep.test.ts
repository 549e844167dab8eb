import { beforeEach, describe, expect, test } from '@jest/globals';
import { RECONCILER } from '../../src/app/reconcile.ts';
import { createGitHub } from '../../src/github/github.ts';

import { keyPair } from '../double/key-pair.ts';
import { git } from '../double/shared-git.ts';
import { fetchOf, serviceUnderTest, workerOf, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, requestsSince, type People } from './people.ts';
import { CHANGES } from './shop.ts';

const MINUTE = 60_000;
let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

/** Whatever people do now, nobody ever tells us. */
const unheard = async (act: () => unknown): Promise<void> => {
  service.pass(2_000);
  act();
  for (const delivery of service.gh.pending()) delivery.state = 'lost';
  await service.settle();
};

const quick = (branch: string, file = branch) => {
  people.commit(branch, { [`notes/${file}.md`]: `${file}\n` });
  return service.gh.control.openPullRequest({ by: 'bob', repo: REPO, head: branch }).number;
};

describe('within one interval the sweep makes up for a lost event:', () => {
  const at = (number: number) => ({ repo: REPO, number });

  test('opened', async () => {
    let number = 0;
    await unheard(() => (number = quick('one')));
    expect(people.runs(number)).toEqual([]);
    await service.reconcile();
    expect(people.check(number)).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  test('synchronize', async () => {
    const number = await people.open('quiet', { branch: 'one' });
    await unheard(() => people.commit('one', CHANGES.opened));
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('failure');
  });

  test('closed', async () => {
    const number = await people.open('quiet');
    await unheard(() => {
      service.gh.control.close({ ...at(number), by: 'bob' });
    });
    await service.reconcile();
    expect(await people.kinds(number)).toEqual(['evaluated', 'closed']);
  });

  test('merged, while it was not green', async () => {
    const number = await people.open('covered');
    await unheard(() => service.gh.control.merge({ ...at(number), by: 'ada' }));
    await service.reconcile();
    expect((await people.last(number, 'bypassed')).actor?.login).toBe('ada');
  });

  test('another base branch', async () => {
    people.commit('next', CHANGES.opened);
    const number = await people.open('covered', { commit: { from: 'next' } });
    expect(people.check(number).conclusion).toBe('failure');
    await unheard(() => {
      service.gh.control.editPullRequest({ ...at(number), by: 'bob', base: 'next' });
    });
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('action_required');
    expect((await people.last(number, 'evaluated')).details['baseRef']).toBe('next');
  });

  test('a review', async () => {
    const number = await people.open('covered');
    await unheard(() => service.gh.control.review({ ...at(number), by: 'alice', state: 'approve' }));
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('success');
  });

  test('a command', async () => {
    const number = await people.open('opened');
    await unheard(() =>
      service.gh.control.comment({
        ...at(number),
        by: 'alice',
        body: '/threatgate waive the office moves this week',
      }),
    );
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('success');
  });
});

/** A round of the reconciler that comes too early for a sweep. */
async function round(): Promise<void> {
  service.pass(MINUTE);
  await service.store.queue.want([RECONCILER], service.now());
  await service.settle(MINUTE);
}

test('deliveries that failed are asked for again, and each is accepted once', async () => {
  await service.reconcile();
  service.gh.faults = { delivery: () => ({ drop: 'unreachable', duplicates: 1 }) };
  const number = quick('one');
  service.gh.faults = {};
  const copies = service.gh.pending();
  for (const delivery of copies) delivery.state = 'lost';
  await service.settle();
  expect(people.runs(number)).toEqual([]);
  await round();
  expect(people.check(number).conclusion).toBe('success');
  for (const delivery of copies) await service.gh.deliver(delivery);
  const before = service.requests.length;
  await service.settle();
  expect(requestsSince(service, before)).toEqual([]);
  expect(await people.kinds(number)).toEqual(['evaluated']);
  const attempts = service.gh.deliveries.length;
  await round();
  expect(service.gh.deliveries).toHaveLength(attempts);
});

test('while GitHub does not answer the sweep waits, and then goes on by itself', async () => {
  let number = 0;
  await unheard(() => (number = quick('one')));
  service.gh.faults = { request: () => ({ answer: 502, when: 'before' }) };
  await service.reconcile();
  expect(people.runs(number)).toEqual([]);
  service.gh.faults = {};
  await service.settle(10 * MINUTE);
  expect(people.check(number).conclusion).toBe('success');
});

test('more pull requests than one page holds', async () => {
  const { gh } = service;
  const { handle } = gh;
  // Two to a page instead of a hundred.
  const fetch = async (...[input, init]: Parameters<typeof gh.fetch>): Promise<Response> => {
    const request = new Request(input, init);
    if (request.method === 'GET') return handle(request);
    const text = await request.clone().text();
    return handle(
      new Request(request, { body: text.replace('states: OPEN, first: 100', 'states: OPEN, first: 2') }),
    );
  };
  Object.assign(gh, { fetch });
  const numbers: number[] = [];
  await unheard(() => {
    for (const branch of ['one', 'two', 'three', 'four', 'five']) numbers.push(quick(branch));
  });
  const before = service.requests.length;
  await service.reconcile();
  expect(requestsSince(service, before).filter((route) => route === 'MorePullRequests')).toHaveLength(2);
  expect(numbers.map((number) => people.check(number).conclusion)).toEqual(numbers.map(() => 'success'));
});

test('at rest it costs two requests, and nothing is written', async () => {
  await people.open('covered', { branch: 'one' });
  await people.open('opened', { branch: 'two' });
  const number = await people.open('quiet', { branch: 'three' });
  await people.settled(() => service.gh.control.merge({ repo: REPO, number, by: 'ada' }));
  await service.settle(5 * MINUTE);
  await service.reconcile();
  const before = service.requests.length;
  const records = (await service.store.records({ repository: service.gh.world.repository(REPO).id })).length;
  await service.reconcile();
  const asked = requestsSince(service, before).filter((route) => !route.startsWith('GET /app/'));
  expect(asked).toEqual(['Repository', 'GET /repos/{owner}/{repo}/branches']);
  expect(await service.store.records({ repository: service.gh.world.repository(REPO).id })).toHaveLength(
    records,
  );
});

test('a process that was started again leaves alone what is there', async () => {
  const number = await people.open('covered');
  await people.review(number, 'alice');
  await service.reconcile();
  const { updatedAt } = people.check(number);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { store, clock, app } = service;
  const hosting = createGitHub({
    appId: app.id,
    privateKey: keyPair().privateKey,
    fetch: fetchOf(service),
    now: () => new Date(clock.at),
    log,
  });
  const work = workerOf({ setting: service, store, hosting, log }, 'started again');
  const { id } = service.gh.world.repository(REPO);
  const subject = { kind: 'pull-request', repository: { id, name: REPO }, number } as const;
  await store.queue.want([{ installation: service.installation.id, subject }], service.now());
  expect(await work()).toBe(1);
  expect(people.check(number)).toMatchObject({ updatedAt, conclusion: 'success' });
});

test('a suite of several pull requests that is asked for again is written again for each', async () => {
  const one = await people.open('quiet', { branch: 'one' });
  service.gh.control.pushRef({
    by: 'bob',
    repo: REPO,
    branch: 'next',
    sha: service.gh.control.tip(REPO, 'main'),
  });
  const two = await people.settled(
    () => service.gh.control.openPullRequest({ by: 'bob', repo: REPO, head: 'one', base: 'next' }).number,
  );
  const before = service.clock.at;
  const { suite } = people.check(one);
  await people.settled(() => {
    service.gh.control.rerequestCheckSuite({ by: 'bob', suiteId: suite.id });
  });
  for (const number of [one, two]) {
    expect(people.check(number).conclusion).toBe('success');
    expect(people.check(number).updatedAt).toBeGreaterThan(before);
  }
});

test('the backlog tells since when the oldest subject waits', async () => {
  quick('one');
  const since = service.now();
  for (const delivery of service.gh.pending()) await service.gh.deliver(delivery);
  service.pass(5 * MINUTE);
  expect(await service.store.queue.backlog(service.now())).toMatchObject({ oldest: since, leased: 0 });
  await service.settle();
  expect(await service.store.queue.backlog(service.now())).toEqual({ waiting: 0, leased: 0 });
});
