import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES, POLICY } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const REASON = 'the export is switched off until the model is done';

describe('a waiver', () => {
  test('lets through what breaks a rule, under somebody’s name, and dies with the content', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'alice', `/threatgate waive ${REASON}`);
    expect(people.check(number)).toMatchObject({
      conclusion: 'success',
      title: `Waived by @alice: ${REASON}`,
    });
    expect((await people.last(number, 'waived')).details).toMatchObject({ reason: REASON });
    await people.push('change', CHANGES.opened);
    expect(people.check(number).conclusion).toBe('failure');
  });

  test.each(['', 'because', 'n/a'])(
    'needs a reason (“%s” is none), and the summary says how',
    async (reason) => {
      const number = await people.open('uncovered');
      const id = await people.say(number, 'alice', `/threatgate waive ${reason}`);
      expect(people.check(number).conclusion).toBe('failure');
      expect(people.check(number).summary).toContain('A waiver needs a reason.');
      expect(service.gh.observe.reactions(id)).toEqual(['-1']);
    },
  );

  test('is not the author’s to give', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'bob', `/threatgate waive ${REASON}`);
    expect(people.check(number).conclusion).toBe('failure');
  });

  test('runs out at its end: the sweep looks again, without any event', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'alice', `/threatgate waive ${REASON} until 2026-11-03`);
    expect(people.check(number).conclusion).toBe('success');
    service.pass(38 * 3_600_000);
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('success');
    service.pass(3_600_000);
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('Ran out on 2026-11-03');
  });

  test('its end is kept in mind although it changes nothing when it is given', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    await people.say(number, 'carol', `/threatgate waive ${REASON} until 2026-11-03`);
    await people.say(number, 'alice', '/threatgate revoke');
    expect(people.check(number).conclusion).toBe('success');
    service.pass(40 * 3_600_000);
    await service.reconcile();
    expect(people.check(number).conclusion).toBe('action_required');
  });

  test('excuses no doubt', async () => {
    const number = await people.open({ ...CHANGES.uncovered, 'docs/threat-model.md': '# Threat model\n\0' });
    await people.say(number, 'alice', `/threatgate waive ${REASON}`);
    expect(people.check(number).conclusion).toBe('failure');
  });
});

describe('an emergency', () => {
  const CALL = '/threatgate emergency INC-7 orders cannot be placed';

  test('lets through whatever the state, names person and incident, and a review is due', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'alice', CALL);
    expect(people.check(number).conclusion).toBe('success');
    expect(people.check(number).title).toContain('an emergency (INC-7) by @alice');
    const record = await people.last(number, 'emergency');
    expect(record.details).toMatchObject({ incident: 'INC-7', reason: 'orders cannot be placed' });
    const said = Date.parse(record.details['saidAt'] as string);
    expect(record.details['reviewDue']).toBe(new Date(said + 5 * 86_400_000).toISOString());
  });

  test('may be called by others too, whom the policy names for it; they approve nothing', async () => {
    await people.rule(`${POLICY}emergency:\n  users: [ada]\n  review_within_days: 2\n`);
    const number = await people.open('covered');
    await people.review(number, 'ada');
    expect(people.check(number).conclusion).toBe('action_required');
    await people.say(number, 'ada', CALL);
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.last(number, 'emergency')).actor?.role).toBe('emergency approver (user)');
  });

  test('needs incident and reason', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'alice', '/threatgate emergency it is on fire');
    await people.say(number, 'alice', '/threatgate emergency INC-7');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('An emergency needs the number of its incident.');
    expect(people.check(number).summary).toContain('An emergency needs a reason.');
  });

  test('is reviewed after the merge by somebody independent, who is not the one who called it', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'alice', CALL);
    await people.merge(number, 'bob');
    expect(await people.kinds(number)).toEqual(expect.arrayContaining(['emergency', 'merged']));
    expect(await people.kinds(number)).not.toContain('bypassed');
    await people.say(number, 'alice', '/threatgate approve it was right');
    await people.say(number, 'bob', '/threatgate approve mine');
    expect(await people.kinds(number)).not.toContain('review-done');
    const id = await people.say(number, 'carol', '/threatgate approve looked at it afterwards');
    const done = await people.last(number, 'review-done');
    expect(done.actor).toMatchObject({ login: 'carol', role: 'approver (team acme/security)' });
    const called = await people.last(number, 'emergency');
    expect(done.details).toMatchObject({ of: called.source, due: called.details['reviewDue'] });
    expect(service.gh.observe.reactions(id)).toEqual(['+1']);
  });

  test('that was approved on the same content before the merge is reviewed by that', async () => {
    const number = await people.open('covered');
    await people.say(number, 'alice', CALL);
    await people.review(number, 'carol');
    await people.merge(number, 'bob');
    expect((await people.last(number, 'review-done')).actor?.login).toBe('carol');
  });

  test('several, by one or by several people, are all reviewed by one later yes', async () => {
    const number = await people.open('uncovered');
    await people.say(number, 'alice', CALL);
    await people.push('change', CHANGES.opened);
    await people.say(number, 'alice', CALL.replace('INC-7', 'INC-8'));
    await people.merge(number, 'bob');
    await people.review(number, 'carol');
    const done = (await people.records(number)).filter((r) => r.kind === 'review-done');
    const called = (await people.records(number)).filter((r) => r.kind === 'emergency');
    expect(done.map((r) => r.details['of'])).toEqual(called.map((r) => r.source));
  });
});
