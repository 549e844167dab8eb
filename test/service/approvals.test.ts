import { beforeEach, describe, expect, test } from '@jest/globals';
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

const STILL_WAITS = 'action_required';

describe('who may approve', () => {
  test('somebody named in the policy', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    expect(people.check(number)).toMatchObject({ conclusion: 'success' });
    expect((await people.last(number, 'approved')).actor).toMatchObject({
      login: 'alice',
      role: 'approver (user)',
    });
  });

  test('a member of a team named there, with the membership as it was then on record', async () => {
    const number = await people.open('covered');
    await people.review(number, 'carol');
    service.gh.control.setTeamMember({
      organisation: 'acme',
      team: 'security',
      login: 'carol',
      state: 'none',
    });
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.last(number, 'approved')).actor?.role).toBe('approver (team acme/security)');
  });

  test('a member of a team below it; not one of the team above it, nor somebody invited', async () => {
    const { control } = service.gh;
    for (const login of ['dan', 'erin', 'frank'])
      control.createUser({ login, email: `${login}@example.org` });
    control.createTeam({ organisation: 'acme', slug: 'cloud', parent: 'security', members: ['dan'] });
    control.createTeam({ organisation: 'acme', slug: 'everybody', members: ['erin'], pending: ['frank'] });
    await people.rule(POLICY.replace('acme/security', 'acme/security, acme/guests'));
    control.createTeam({ organisation: 'acme', slug: 'guests', parent: 'everybody', pending: ['frank'] });
    const number = await people.open('covered');
    await people.review(number, 'erin');
    await people.review(number, 'frank');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect(people.check(number).summary).toContain('in a team named there');
    await people.review(number, 'dan');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('the names of those who may are shown, teams opened up, without those who had a hand in it', async () => {
    await people.rule(POLICY.replace('[alice]', '[alice, bob]'));
    const number = await people.open('covered');
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.check(number).summary).toContain('May approve: `@alice`, `@carol`.');
  });

  test('a team that the rules name from now on is opened up with the look that they bring about', async () => {
    const { control } = service.gh;
    control.createUser({ login: 'gina', email: 'gina@example.org' });
    control.createTeam({ organisation: 'acme', slug: 'cloud', members: ['gina'] });
    const number = await people.open('covered');
    await people.rule(POLICY.replace('acme/security', 'acme/cloud'));
    expect(people.check(number).summary).toContain('May approve: `@alice`, `@gina`.');
  });
});

describe('who may not', () => {
  test.each([
    ['an outsider', 'eve', 'neither named in the policy'],
    ['an owner who is not named', 'ada', 'neither named in the policy'],
  ])('%s', async (_, login, why) => {
    const number = await people.open('covered');
    await people.review(number, login);
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain(why);
    expect(people.check(number).summary).toContain(
      `By ${shown(`@${login}`)}: Does not count: is neither named`,
    );
  });

  test('the author, by comment and by button', async () => {
    const number = await people.open('covered', { by: 'alice' });
    await people.say(number, 'alice', '/threatgate approve');
    await people.press(number, 'alice', 'approve');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    const refused = (await people.records(number)).filter((r) => r.kind === 'decision-refused');
    expect(refused.map((r) => r.details['reason'])).toEqual([
      expect.stringContaining('is the author of the change'),
      expect.stringContaining('is the author of the change'),
    ]);
  });

  test('a bot, even one that may write', async () => {
    service.gh.control.createUser({ login: 'helper[bot]', type: 'Bot' });
    service.gh.control.setRole({ repo: 'acme/shop', login: 'helper[bot]', role: 'write' });
    const number = await people.open('covered');
    await people.say(number, 'helper[bot]', '/threatgate approve');
    await people.review(number, 'helper[bot]');
    expect(people.check(number).conclusion).not.toBe('success');
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain('only people decide');
  });

  test('whoever wrote a commit, as author, as committer or as co-author, even where somebody forged it', async () => {
    const alice = { name: 'Alice', email: 'alice@example.org' };
    const signs = [
      { author: alice },
      { committer: alice },
      { message: 'Exports\n\nCo-authored-by: Alice <alice@example.org>\n' },
    ];
    for (const [i, sign] of signs.entries()) {
      const number = await people.open('covered', { branch: `change-${i}`, commit: sign });
      await people.review(number, 'alice');
      expect(people.check(number).conclusion).toBe(STILL_WAITS);
      expect((await people.last(number, 'decision-refused')).details['reason']).toContain(
        'wrote or committed part of the change',
      );
    }
  });

  test('whoever wrote a part of it, although the branch was rewritten since', async () => {
    const alice = { name: 'Alice', email: 'alice@example.org' };
    const number = await people.open('covered', { commit: { author: alice } });
    await people.push('change', CHANGES.covered, { onto: 'main' });
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect(people.check(number).summary).toContain('May approve: `@carol`.');
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('not whoever wrote what was a part of it against another base only', async () => {
    const alice = { name: 'Alice', email: 'alice@example.org' };
    const { control } = service.gh;
    control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'old', files: {} });
    await people.settled(() =>
      control.directPush({
        by: 'ada',
        repo: 'acme/shop',
        branch: 'main',
        author: alice,
        files: { 'A.md': 'A\n' },
      }),
    );
    const number = await people.open('covered', { base: 'old', commit: { onto: 'main' } });
    await people.review(number, 'alice');
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain('wrote or committed');
    await people.settled(() =>
      control.editPullRequest({ ...people.at(number), by: 'bob', repo: 'acme/shop', base: 'main' }),
    );
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('nobody while a commit belongs to no account; the remedy works', async () => {
    const stranger = { name: 'Bob', email: 'bob@laptop.local' };
    const number = await people.open('covered', { commit: { author: stranger, committer: stranger } });
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect(people.check(number).summary).toContain('add the e-mail address');
    const { headSha } = service.gh.observe.pull(people.at(number));
    expect(people.check(number).summary).toContain(headSha.slice(0, 10));
    await people.push('change', CHANGES.covered, { onto: 'main' });
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('whoever pushed before the pull request was opened by somebody else', async () => {
    const bob = { name: 'Bob', email: 'bob@example.org' };
    const number = await people.open('covered', {
      by: 'bob',
      pusher: 'carol',
      commit: { author: bob, committer: bob },
    });
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain(
      'pushed to the branch',
    );
  });

  test('whoever pushed, though the commits are somebody else’s', async () => {
    const bob = { name: 'Bob', email: 'bob@example.org' };
    const number = await people.open('covered');
    await people.push('change', { 'NOTES.md': 'Carol.\n' }, { by: 'carol', author: bob, committer: bob });
    await people.push('change', { 'NOTES.md': 'Bob.\n' });
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain(
      'pushed to the branch',
    );
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });
});
