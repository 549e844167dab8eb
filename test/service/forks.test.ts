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
  service.gh.control.fork({ repo: 'acme/shop', owner: 'eve' });
});

const pushToFork = (files: Readonly<Record<string, string>>): string => {
  service.pass(2_000);
  return service.gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'change', files });
};

const openFromFork = async (files: Readonly<Record<string, string>> = CHANGES.covered): Promise<number> => {
  pushToFork(files);
  return people.settled(
    () =>
      service.gh.control.openPullRequest({ by: 'eve', repo: 'acme/shop', head: 'eve/shop:change' }).number,
  );
};

describe('a pull request from a fork', () => {
  test('is judged, asked and approved like any other; buttons find their way though GitHub names no pull request', async () => {
    const number = await openFromFork();
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.asked(number)).toHaveLength(2);
    await people.settled(() => pushToFork({ 'NOTES.md': 'x\n' }));
    expect(people.runs(number)).toHaveLength(1);
    await people.press(number, 'alice', 'approve');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('is run again by its run or its suite, and is done again afterwards', async () => {
    const number = await openFromFork();
    const run = people.check(number);
    await people.settled(() => service.gh.control.rerequestCheckRun({ by: 'bob', checkRunId: run.id }));
    expect(people.check(number).updatedAt).toBeGreaterThan(run.suite.requeuedAt ?? Infinity);
    await people.settled(() => service.gh.control.rerequestCheckSuite({ by: 'bob', suiteId: run.suite.id }));
    expect(people.check(number).updatedAt).toBeGreaterThan(run.suite.requeuedAt ?? Infinity);
  });

  test('whose author may not write can neither approve nor waive', async () => {
    const number = await openFromFork();
    await people.say(number, 'eve', '/threatgate approve');
    await people.say(number, 'eve', '/threatgate waive it is needed for the release');
    await people.say(number, 'eve', '/threatgate emergency INC-1 it is needed for the release');
    expect(people.check(number).conclusion).toBe('action_required');
    expect((await people.kinds(number)).filter((k) => k === 'decision-refused')).toHaveLength(3);
  });

  test('goes on when the fork is gone: what was pushed is in the repository itself', async () => {
    const number = await openFromFork();
    service.gh.world.repositories.delete('eve/shop');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('whose fork is gone and whose pusher nobody saw is approved by nobody', async () => {
    const number = await openFromFork();
    service.gh.faults = { delivery: () => ({ drop: 'lost' }) };
    pushToFork({ 'NOTES.md': 'x\n' });
    service.gh.faults = {};
    service.gh.world.repositories.delete('eve/shop');
    await service.settle();
    service.gh.control.review({ ...people.at(number), by: 'alice', state: 'approve' });
    await service.settle(60_000);
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.check(number).summary).toContain('nobody can tell who pushed the last commit');
  });
});

describe('a pull request cannot bring its own rules', () => {
  const lax = 'version: 1\nmode: observe\n';

  test('a weaker policy in it changes nothing, and needs approval itself', async () => {
    const number = await people.open({ ...CHANGES.uncovered, [POLICY_PATH]: lax });
    expect(people.check(number).conclusion).toBe('failure');
    const alone = await people.open({ [POLICY_PATH]: lax }, { branch: 'alone' });
    expect(people.check(alone).conclusion).toBe('action_required');
    expect(people.check(alone).summary).toContain('threatgate.yml');
    await people.say(alone, 'bob', '/threatgate approve');
    expect(people.check(alone).conclusion).toBe('action_required');
    await people.review(alone, 'alice');
    expect(people.check(alone).conclusion).toBe('success');
  });

  test('nor by being pointed at a branch with weaker ones', async () => {
    service.gh.control.pushCommit({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'lax',
      files: { [POLICY_PATH]: lax },
    });
    const number = await people.open('uncovered');
    await people.settled(() =>
      service.gh.control.editPullRequest({ ...people.at(number), by: 'bob', base: 'lax' }),
    );
    expect(people.check(number).conclusion).toBe('failure');
  });

  test('but it is judged by the new ones as soon as they are on the default branch', async () => {
    const number = await people.open('uncovered');
    await people.rule(lax);
    expect(people.check(number)).toMatchObject({ conclusion: 'success' });
    expect(people.check(number).title).toContain('Observing: ');
    await people.rule(POLICY);
    expect(people.check(number).conclusion).toBe('failure');
  });
});

describe('a policy that is not valid', () => {
  test('lets nothing pass, and says where: file, line and column', async () => {
    await people.rule(`${POLICY}emergency:\n  review_within_days: soon\n`);
    const number = await people.open('covered');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('`.github/threatgate.yml:9:23`');
    const [annotation] = people.check(number).annotations;
    expect(annotation).toMatchObject({ path: POLICY_PATH, start_line: 9, annotation_level: 'failure' });
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('failure');
    await people.rule(POLICY);
    expect(people.check(number).conclusion).not.toBe('failure');
  });

  test('does so for quiet changes too, for nobody knows what they were to be', async () => {
    await people.rule('version: 1\nmod: enforce\n');
    const number = await people.open('quiet');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('Did you mean `mode`?');
  });
});

describe('the organisation’s policy', () => {
  const above = async (policy: string): Promise<void> => {
    service.gh.control.createRepository({ owner: 'acme', name: '.github', files: { [POLICY_PATH]: policy } });
    await people.settled(() => undefined);
  };

  test('rules repositories that have none', async () => {
    await above(POLICY);
    await people.settled(() =>
      service.gh.control.directPush({
        by: 'ada',
        repo: 'acme/shop',
        branch: 'main',
        files: { [POLICY_PATH]: null },
      }),
    );
    const number = await people.open('covered');
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.check(number).summary).toContain('`acme/.github/.github/threatgate.yml`');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('what it locks cannot be weakened by a repository, but made stricter', async () => {
    await above(
      `${POLICY}locked: [mode, model.require, emergency.review_within_days]\nemergency:\n  review_within_days: 7\n`,
    );
    await people.rule('version: 1\nmode: observe\n');
    const number = await people.open('uncovered');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('`mode` is weaker than the organisation allows');
    await people.rule('version: 1\nemergency:\n  review_within_days: 2\n');
    expect(people.check(number).title).toBe('2 facts of 2 are not in the model');
    await people.say(number, 'alice', '/threatgate emergency INC-7 orders cannot be placed');
    const called = await people.last(number, 'emergency');
    const { reviewDue, saidAt } = called.details as Readonly<Record<string, string>>;
    expect(Date.parse(reviewDue ?? '') - Date.parse(saidAt ?? '')).toBe(2 * 86_400_000);
  });
});
