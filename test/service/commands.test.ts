import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, requestsSince, type People } from './people.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const reactions = (id: number): readonly string[] => service.gh.observe.reactions(id);

test('nobody is ever answered with a comment', async () => {
  const number = await people.open('covered');
  for (const body of [
    'help',
    'aprove',
    'recheck',
    'approve',
    'revoke',
    'waive',
    'emergency INC-1 the shop is down',
  ])
    await people.say(number, 'alice', `/threatgate ${body}`);
  const said = service.gh.observe.comments(people.at(number));
  expect(said.every((c) => c.author.login === 'alice')).toBe(true);
  expect(service.gh.observe.reviews(people.at(number))).toHaveLength(1);
});

describe('a command gets one reaction', () => {
  test.each([
    ['approve', 'alice', '+1'],
    ['approve', 'eve', '-1'],
    ['revoke', 'eve', '-1'],
    ['recheck', 'eve', 'eyes'],
    ['help', 'eve', 'eyes'],
    ['', 'eve', 'eyes'],
    ['aprove', 'alice', '-1'],
  ])('%s by %s: %s', async (command, by, reaction) => {
    const number = await people.open('covered');
    const id = await people.say(number, by, `/threatgate ${command}`);
    await people.say(number, 'bob', '/threatgate recheck');
    await people.push('change', { 'NOTES.md': 'x\n' });
    expect(reactions(id)).toEqual([reaction]);
    const sent = service.gh.requests.filter((r) => r.route.endsWith('/reactions'));
    expect(sent).toHaveLength(2);
  });

  test('in a thread too, and talk gets none', async () => {
    const number = await people.open('covered');
    const [comment] = people.asked(number);
    if (!comment) throw new Error('Nothing was asked.');
    const command = await people.reply(comment, 'alice', '/threatgate approve');
    const talk = await people.reply(comment, 'alice', 'Is that so: really?');
    expect(reactions(command)).toEqual(['+1']);
    expect(reactions(talk)).toEqual([]);
    expect(people.check(number).conclusion).toBe('success');
  });

  test('in the text of a review it counts without one', async () => {
    const number = await people.open('uncovered');
    await people.review(number, 'alice', {
      state: 'comment',
      body: '/threatgate waive the export is switched off until the model is done',
    });
    expect(people.check(number).conclusion).toBe('success');
  });
});

test('what is not the author’s own word commands nothing: quotes, code, HTML comments', async () => {
  const number = await people.open('covered');
  for (const body of [
    '> /threatgate approve',
    '```\n/threatgate approve\n```',
    '<!--\n/threatgate approve\n-->',
    'You could write /threatgate approve',
    '`/threatgate approve`',
  ])
    await people.say(number, 'alice', body);
  expect(people.check(number).conclusion).toBe('action_required');
  expect(await people.kinds(number)).toEqual(['evaluated', 'questions-asked']);
});

test('a wrong command is explained in the summary, for as long as its head stands', async () => {
  const number = await people.open('covered');
  await people.say(number, 'alice', '/threatgate aprove');
  const { summary } = people.check(number);
  expect(summary).toContain('There is no command `aprove`. Did you mean `/threatgate approve`?');
  expect(summary?.match(/There is no command/g)).toHaveLength(1);
  await people.push('change', { 'NOTES.md': 'x\n' });
  expect(people.check(number).summary).not.toContain('There is no command');
});

test('on a pull request that touches nothing a decision is told to be needless by being on record only', async () => {
  const number = await people.open('quiet');
  await people.say(number, 'eve', '/threatgate approve');
  expect(people.check(number).conclusion).toBe('success');
  expect(people.check(number).summary).toContain('does not count');
});

describe('help', () => {
  test('lists what the one who asked may do', async () => {
    const number = await people.open('covered');
    await people.say(number, 'alice', '/threatgate help');
    expect(people.check(number).summary).toContain('### What `@alice` may do here');
    expect(people.check(number).summary).toContain('✅ `/threatgate approve`');
    await people.say(number, 'bob', '/threatgate help');
    const { summary } = people.check(number);
    expect(summary).toContain('### What `@bob` may do here');
    expect(summary).toContain('⛔ `/threatgate approve`: is the author of the change');
    expect(summary).toContain('✅ `/threatgate recheck`');
    expect(summary).not.toContain('`@alice` may do');
  });

  test('on a quiet pull request too, and is gone with the next push', async () => {
    const number = await people.open('quiet');
    await people.say(number, 'eve', '/threatgate help');
    expect(people.check(number).summary).toContain('### What `@eve` may do here');
    await people.push('change', { 'NOTES.md': 'x\n' });
    expect(people.check(number).summary).not.toContain('may do here');
  });

  test('where the App may not read teams it says so, and the others may decide all the same', async () => {
    const { members, ...permissions } = service.app.permissions;
    expect(members).toBe('read');
    Object.assign(service.app, { permissions });
    // Tokens are good for an hour, with what was permitted when they were made.
    service.pass(2 * 3_600_000);
    const number = await people.open('covered');
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.check(number).summary).toContain('GitHub does not tell who is in `acme/security`');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });
});

describe('a button', () => {
  test('Waive waives nothing, and says what to do', async () => {
    const number = await people.open('uncovered');
    expect(people.check(number).actions.map((a) => a.identifier)).toEqual(['waive', 'recheck']);
    await people.press(number, 'alice', 'waive');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain(
      'A waiver needs a reason, and a button cannot ask for one.',
    );
  });

  test('Recheck and Re-run look again; the suite is done again afterwards', async () => {
    const number = await people.open('covered');
    const run = people.check(number);
    const before = service.requests.length;
    await people.press(number, 'bob', 'recheck');
    expect(requestsSince(service, before)).toEqual(['PullRequest']);
    await people.settled(() => service.gh.control.rerequestCheckRun({ by: 'bob', checkRunId: run.id }));
    expect(people.check(number).id).toBe(run.id);
    expect(run.suite.requeuedAt).toBeDefined();
    expect(people.check(number).updatedAt).toBeGreaterThan(run.suite.requeuedAt ?? Infinity);
  });

  test('is offered only where it can change something', async () => {
    const quiet = await people.open('quiet', { branch: 'quiet' });
    expect(people.check(quiet).actions).toEqual([]);
    const number = await people.open('covered');
    expect(people.check(number).actions.map((a) => a.identifier)).toEqual(['approve', 'waive', 'recheck']);
  });
});

describe('what is said', () => {
  test('while a pull request is closed counts when it is open again', async () => {
    const number = await people.open('covered');
    await people.settled(() => service.gh.control.close({ ...people.at(number), by: 'bob' }));
    await people.say(number, 'alice', '/threatgate approve');
    expect(await people.kinds(number)).not.toContain('approved');
    await people.settled(() => service.gh.control.reopen({ ...people.at(number), by: 'bob' }));
    expect(people.check(number).conclusion).toBe('success');
  });

  test('after the merge decides nothing, and is told so', async () => {
    const number = await people.open('quiet');
    await people.merge(number, 'bob');
    for (const command of ['approve', 'revoke', 'waive it was merged in a hurry, sorry']) {
      const id = await people.say(number, 'alice', `/threatgate ${command}`);
      expect(reactions(id)).toEqual(['-1']);
    }
    const refused = (await people.records(number)).filter((r) => r.kind === 'decision-refused');
    expect(refused.map((r) => r.details['reason'])).toEqual([
      'The pull request is merged, and no review of it is due.',
      'The pull request is merged, and nothing can be decided about it any more.',
      'The pull request is merged, and nothing can be decided about it any more.',
    ]);
  });

  test('stays on record when it is deleted: who may delete must not take back for others', async () => {
    const number = await people.open('covered');
    const id = await people.say(number, 'alice', '/threatgate approve');
    await people.settled(() => service.gh.control.deleteComment({ by: 'bob', id }));
    expect(people.check(number).conclusion).toBe('success');
  });
});
