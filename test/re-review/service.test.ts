/** Reviews of what stands: opened by time, by labels and past the gate; held on issues and after merges. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';
import { reviewsOf } from '../../src/core/audit/reviews.ts';
import type { AuditRecord, RecordKind } from '../../src/core/model/record.ts';

import { serviceUnderTest, type ServiceUnderTest } from '../service/harness.ts';
import { peopleOf, REPO, requestsSince, type People } from '../service/people.ts';
import { CHANGES, POLICY } from '../service/shop.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const DUE = `${POLICY}review:\n  every: 90d\n  owners: [alice]\n`;

let service: ServiceUnderTest;
let people: People;

async function begin(issues: 'read' | 'write' = 'read'): Promise<void> {
  service = await serviceUnderTest({ git, permissions: { issues } });
  await service.settle();
  people = peopleOf(service);
}

afterEach(() => service.close());

const records = (...kinds: RecordKind[]): Promise<readonly AuditRecord[]> =>
  service.store.records({ repository: service.gh.world.repository(REPO).id, kinds });
const whole = (): Promise<readonly AuditRecord[]> =>
  service.store.records({ repository: service.gh.world.repository(REPO).id });
const now = (): string => new Date(service.clock.at).toISOString();

/** Rules of the repository, in force, and the push of them done with. */
async function rule(policy: string): Promise<void> {
  await people.rule(policy);
  await service.settle(2 * MINUTE);
}

const byCause = async (cause: string): Promise<readonly AuditRecord[]> =>
  (await records('review-opened')).filter((r) => r.details['cause'] === cause);

describe('by schedule', () => {
  test('a review is opened when the last one is long enough ago, and once', async () => {
    await begin();
    await rule(DUE);
    service.pass(89 * DAY);
    await service.reconcile();
    expect(await byCause('schedule')).toEqual([]);
    service.pass(2 * DAY);
    await service.reconcile();
    await service.reconcile();
    const [opened, ...more] = await byCause('schedule');
    expect(more).toEqual([]);
    expect(opened?.details).toMatchObject({ owner: 'alice', cause: 'schedule' });
    expect(Date.parse(opened?.details['due'] as string) - Date.parse(opened?.at ?? '')).toBe(14 * DAY);
    service.pass(200 * DAY);
    await service.reconcile();
    expect(await byCause('schedule')).toHaveLength(1);
    const [entry] = reviewsOf(await whole(), now()).filter((r) => r.cause === 'schedule');
    expect(entry?.state).toBe('overdue');
    expect(service.gh.observe.issues(REPO)).toEqual([]);
  });

  test('a policy that cannot be used opens nothing, and no policy neither', async () => {
    await begin();
    await rule(`${DUE}  grace: soon\n`);
    service.pass(91 * DAY);
    await service.reconcile();
    expect(await byCause('schedule')).toEqual([]);
  });
});

describe('with an issue', () => {
  beforeEach(() => begin('write'));

  const openedIssue = async () => {
    await rule(`${DUE}  open_issues: true\n`);
    service.pass(91 * DAY);
    await service.reconcile();
    const [issue, ...more] = service.gh.observe
      .issues(REPO)
      .filter((i) => i.title.includes('threat model of'));
    expect(more).toEqual([]);
    if (!issue) throw new Error('There is no issue.');
    return issue;
  };

  test('it names the owner, the day and what to look at, and is opened once', async () => {
    const issue = await openedIssue();
    expect(issue.assignees.map((a) => a.login)).toEqual(['alice']);
    expect(issue.labels).toEqual(['threatgate:review']);
    const [opened] = await byCause('schedule');
    expect(issue.title).toContain((opened?.details['due'] as string).slice(0, 10));
    expect(issue.body).toContain('@alice sees to it');
    expect(issue.body).toContain('**Components**');
    expect(issue.body).toContain('/threatgate reviewed');
    await service.reconcile();
    await service.reconcile();
    expect(service.gh.observe.issues(REPO).filter((i) => i.title.includes('threat model of'))).toHaveLength(
      1,
    );
    const tickets = (await records('ticket')).filter((r) => r.details['of'] === opened?.source);
    expect(tickets.map((r) => [r.details['issue'], r.details['state']])).toEqual([[issue.number, 'open']]);
  });

  test('an issue of which nobody heard is searched for, not opened again', async () => {
    await rule(`${DUE}  open_issues: true\n`);
    service.pass(91 * DAY);
    let lost = false;
    service.gh.faults = {
      request: ({ method, path }) => {
        if (lost || method !== 'POST' || !path.endsWith('/issues')) return undefined;
        lost = true;
        return { answer: 'timeout', when: 'after' };
      },
    };
    await service.reconcile();
    expect(lost).toBe(true);
    service.gh.faults = {};
    service.pass(2 * MINUTE);
    await service.reconcile();
    await service.reconcile();
    const all = service.gh.observe.issues(REPO).map((i) => i.title);
    expect(new Set(all).size).toBe(all.length);
    const issues = service.gh.observe.issues(REPO).filter((i) => i.title.includes('threat model of'));
    expect(issues).toHaveLength(1);
    const [opened] = await byCause('schedule');
    const ticket = (await records('ticket')).find((r) => r.details['of'] === opened?.source);
    expect(ticket?.details['issue']).toBe(issues[0]?.number);
  });

  test('somebody independent says what came of it; others are refused', async () => {
    const { number } = await openedIssue();
    const say = (by: string, body: string) =>
      people.settled(() => service.gh.control.commentOnIssue({ repo: REPO, number, by, body }));
    await say('eve', '/threatgate reviewed I looked at all of it.');
    await say('alice', '/threatgate reviewed');
    await say('alice', 'Sounds good.');
    expect((await records('decision-refused')).map((r) => [r.actor?.login, r.details['decision']])).toEqual([
      ['eve', 'review'],
      ['alice', 'review'],
    ]);
    expect(await records('review-done')).toEqual([]);
    await say('carol', '/threatgate reviewed The queue is new and has no owner; with @alice and @bob');
    const [done, ...more] = await records('review-done');
    const [opened] = await byCause('schedule');
    expect(more).toEqual([]);
    expect(done).toMatchObject({
      actor: { login: 'carol', role: 'approver (team acme/security)' },
      details: { of: opened?.source, via: 'comment', attendees: ['alice', 'bob'] },
    });
    await say('alice', '/threatgate reviewed Me too, the same as Carol.');
    expect(await records('review-done')).toHaveLength(1);
    // The next one is counted from here.
    service.pass(89 * DAY);
    await service.reconcile();
    expect(await byCause('schedule')).toHaveLength(1);
    service.pass(2 * DAY);
    await service.reconcile();
    expect(await byCause('schedule')).toHaveLength(2);
  });

  test('closing it as done is the review, closing it as not planned is none', async () => {
    const { number } = await openedIssue();
    const place = { repo: REPO, number };
    await people.settled(() => {
      service.gh.control.closeIssue({ ...place, by: 'alice', reason: 'not_planned' });
    });
    expect(await records('review-done')).toEqual([]);
    await people.settled(() => {
      service.gh.control.reopenIssue({ ...place, by: 'alice' });
    });
    await people.settled(() => {
      service.gh.control.closeIssue({ ...place, by: 'bob' });
    });
    expect(await records('review-done')).toEqual([]);
    expect((await records('decision-refused')).map((r) => r.actor?.login)).toEqual(['bob']);
    await people.settled(() => {
      service.gh.control.reopenIssue({ ...place, by: 'alice' });
    });
    await people.settled(() => {
      service.gh.control.closeIssue({ ...place, by: 'alice' });
    });
    const [done] = await records('review-done');
    expect(done).toMatchObject({
      actor: { login: 'alice', role: 'approver (user)' },
      details: { via: 'issue' },
    });
    const states = (await records('ticket')).filter((r) => r.details['issue'] === number);
    expect(states.map((r) => r.details['state'])).toEqual([
      'open',
      'closed',
      'open',
      'closed',
      'open',
      'closed',
    ]);
  });
});

test('without the right to write issues the review is on record, and the sweep goes on', async () => {
  await begin('read');
  await rule(`${DUE}  open_issues: true\n`);
  service.pass(91 * DAY);
  await service.reconcile();
  expect(await byCause('schedule')).toHaveLength(1);
  expect(service.gh.observe.issues(REPO)).toEqual([]);
  expect(service.logged.filter((l) => l.message.includes('issues: write'))).not.toEqual([]);
  const before = service.requests.length;
  await service.reconcile();
  expect(requestsSince(service, before).filter((route) => route.includes('issues'))).toEqual([]);
  expect(await service.store.queue.backlog(now())).toEqual({ waiting: 0, leased: 0 });
});

describe('past the gate', () => {
  beforeEach(() => begin());

  test('a merge is to be reviewed by somebody who had no part in it, as an emergency is', async () => {
    service.gh.control.setRules({
      repo: REPO,
      requiredChecks: [{ context: 'Threatgate', integrationId: service.app.id }],
      bypass: ['ada', 'alice'],
    });
    const number = await people.open('uncovered');
    await people.merge(number, 'alice');
    const [opened] = await byCause('bypass');
    expect(opened).toMatchObject({ pullRequest: number, details: { of: `bypassed/${number}` } });
    await people.say(number, 'alice', '/threatgate approve I merged it because it was late.');
    await people.say(number, 'bob', '/threatgate approve Mine.');
    expect(await records('review-done')).toEqual([]);
    await people.say(number, 'carol', '/threatgate approve Nothing that matters, and the model follows.');
    expect((await records('review-done')).map((r) => [r.details['of'], r.actor?.login])).toEqual([
      [opened?.source, 'carol'],
    ]);
    expect(reviewsOf(await whole(), now()).map((r) => [r.cause, r.state])).toEqual([['bypass', 'done']]);
  });

  test('pushes that come at once are one review', async () => {
    await people.settled(() => {
      service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { 'a.md': 'a' } });
      service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { 'b.md': 'b' } });
    });
    await service.settle(2 * MINUTE);
    expect(await records('direct-push')).toHaveLength(2);
    const [opened, ...more] = await byCause('bypass');
    expect(more).toEqual([]);
    expect(opened?.details['subject']).toBe('2 commits pushed to main past the gate');
  });

  test('not where the rules only observe, nor where the policy says never', async () => {
    await rule(`${POLICY}review:\n  bypassed: never\n`);
    expect(await byCause('bypass')).toEqual([]);
    await rule(POLICY.replace('enforce', 'observe'));
    await people.settled(() =>
      service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { 'a.md': 'a' } }),
    );
    await service.settle(2 * MINUTE);
    expect(await byCause('bypass')).toEqual([]);
  });
});

describe('after an incident', () => {
  beforeEach(() => begin());

  test('a label opens a review, once, with what the issue says; other issues cost nothing', async () => {
    const { number } = await people.settled(() =>
      service.gh.control.openIssue({
        repo: REPO,
        by: 'bob',
        title: 'Orders were readable',
        body: 'It was open.\n\nComponents: api, orders database\n',
        assignees: ['carol'],
      }),
    );
    const before = service.requests.length;
    await people.settled(() => {
      service.gh.control.labelIssue({ repo: REPO, number, by: 'bob', label: 'bug' });
    });
    await people.settled(() =>
      service.gh.control.commentOnIssue({ repo: REPO, number, by: 'bob', body: '/threatgate help' }),
    );
    expect(requestsSince(service, before)).toEqual([]);
    await people.settled(() => {
      service.gh.control.labelIssue({ repo: REPO, number, by: 'ada', label: 'Threatgate:Incident' });
    });
    expect(requestsSince(service, before)).toEqual(['Issue']);
    const [opened, ...more] = await byCause('incident');
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      source: `review/incident/issue/${number}`,
      actor: { login: 'ada', role: 'labelled the issue' },
      details: {
        incident: `#${number}`,
        issue: number,
        owner: 'carol',
        components: ['api', 'orders database'],
        subject: 'Orders were readable',
      },
    });
    await people.settled(() => {
      service.gh.control.labelIssue({ repo: REPO, number, by: 'ada', label: 'threatgate:incident' });
    });
    expect(await byCause('incident')).toHaveLength(1);
  });

  test('the change that follows from it is linked, and whether it changed the model', async () => {
    const { number: issue } = await people.settled(() =>
      service.gh.control.openIssue({ repo: REPO, by: 'ada', title: 'Leak', labels: ['threatgate:incident'] }),
    );
    const number = await people.open('covered', { body: `Incident: #${issue}, INC-7\n` });
    await people.review(number, 'alice');
    await people.merge(number, 'bob');
    expect((await records('merged'))[0]?.details['incidents']).toEqual([`#${issue}`, 'INC-7']);
    const [entry] = reviewsOf(await whole(), now());
    expect(entry).toMatchObject({
      cause: 'incident',
      followedBy: [number],
      modelChangedBy: [number],
      state: 'due',
    });
  });
});

test('tickets are looked at once a day in one request, and each change of state is a record', async () => {
  await begin();
  const { number: issue } = await people.settled(() =>
    service.gh.control.openIssue({ repo: REPO, by: 'bob', title: 'Encrypt exports' }),
  );
  const number = await people.open('covered');
  const [comment] = people.asked(number);
  if (!comment) throw new Error('Nothing was asked.');
  await people.reply(comment, 'bob', `1 ticket: #${issue} first thing next week`);
  await people.reply(comment, 'bob', '2 ticket: #404');
  const before = service.requests.length;
  await service.reconcile();
  expect(requestsSince(service, before).filter((route) => route === 'Tickets')).toHaveLength(1);
  const seen = async () =>
    (await records('ticket')).map((r) => [r.details['ticket'], r.details['state'], r.details['closedBy']]);
  expect(await seen()).toEqual([
    [`#${issue}`, 'open', undefined],
    ['#404', 'absent', undefined],
  ]);
  const between = service.requests.length;
  await service.reconcile();
  expect(requestsSince(service, between)).not.toContain('Tickets');
  await people.review(number, 'alice');
  await people.merge(number, 'bob');
  await people.settled(() => {
    service.gh.control.closeIssue({ repo: REPO, number: issue, by: 'bob', closer: number });
  });
  expect((await seen()).at(-1)).toEqual([`#${issue}`, 'closed', `acme/shop#${number}`]);
  service.pass(DAY);
  await service.reconcile();
  expect(await seen()).toHaveLength(3);
});

test('a sweep at rest asks nothing more than before', async () => {
  await begin();
  await rule(DUE);
  await people.open(CHANGES.quiet);
  await service.reconcile();
  const before = service.requests.length;
  await service.reconcile();
  expect(requestsSince(service, before).filter((route) => !route.startsWith('GET /app'))).toEqual([
    'Repository',
    'GET /repos/{owner}/{repo}/branches',
  ]);
});
