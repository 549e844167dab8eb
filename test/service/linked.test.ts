import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES, POLICY, SHOP } from './shop.ts';

const MODEL = 'docs/threat-model.md';
const before = SHOP[MODEL] ?? '';
const after = CHANGES.covered[MODEL] ?? '';
const POLICY_WITH_LINK = `${POLICY}linked:\n  repositories: [acme/models, other/models]\n`;

let service: ServiceUnderTest;
let people: People;
let models: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  service.gh.control.createRepository({
    owner: 'acme',
    name: 'models',
    files: { [MODEL]: before },
    collaborators: { bob: 'write', alice: 'write' },
  });
  await service.settle();
  people = peopleOf(service);
  models = peopleOf(service, 'acme/models');
  // Without a model of its own, so that only the linked one can cover.
  await people.settled(() =>
    service.gh.control.directPush({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'main',
      files: { [MODEL]: null, '.github/threatgate.yml': POLICY_WITH_LINK },
    }),
  );
  // The repository is new to the service: a sweep finds it.
  await service.reconcile();
});

const open = (link: string): Promise<number> =>
  people.open('uncovered', { body: `Exports for the bookkeeper.\n\nThreat-Model: ${link}\n` });

describe('a model change in another repository', () => {
  test('covers the change, by number or by address, in the text or in a commit', async () => {
    await models.open({ [MODEL]: after });
    const links = [
      { body: 'Threat-Model: acme/models#1' },
      { body: '- Threat-Model: https://github.com/acme/models/pull/1' },
      { commit: { message: 'Exports\n\nThreat-Model: acme/models#1\n' } },
    ];
    for (const [i, link] of links.entries()) {
      const number = await people.open('uncovered', { branch: `change-${i}`, ...link });
      expect(people.check(number).title).toContain('The model covers the change; waits for approval');
      expect(people.check(number).summary).toContain('Exports');
    }
  });

  test('is looked at again when it changes, is closed, reopened or merged', async () => {
    await models.open({ [MODEL]: before.replace('PDF receipts', 'Receipts') });
    const number = await open('acme/models#1');
    expect(people.check(number).conclusion).toBe('failure');
    await models.push('change', { [MODEL]: after });
    expect(people.check(number).conclusion).toBe('action_required');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
    await models.settled(() => service.gh.control.close({ ...models.at(1), by: 'bob' }));
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('it was closed without being merged');
    await models.settled(() => service.gh.control.reopen({ ...models.at(1), by: 'bob' }));
    expect(people.check(number).conclusion).toBe('success');
    await models.merge(1, 'alice');
    expect(people.check(number).conclusion).toBe('success');
    await models.say(1, 'bob', '/threatgate recheck');
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('ends an approval when it says something else', async () => {
    await models.open({ [MODEL]: after });
    const number = await open('acme/models#1');
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
    await models.push('change', { [MODEL]: after.replace('deleted after a week', 'kept for ever') });
    expect(people.check(number).conclusion).toBe('action_required');
    expect(people.check(number).summary).toContain('in the model');
  });

  test('must be merged where the policy says so', async () => {
    await people.rule(`${POLICY_WITH_LINK}  must_be_merged: true\n`);
    await models.open({ [MODEL]: after });
    const number = await open('acme/models#1');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('asks for it to be merged, and it is open');
    await models.merge(1, 'alice');
    expect(people.check(number).conclusion).toBe('action_required');
  });
});

describe('a link that leads to no model change', () => {
  test.each([
    ['somewhere the policy does not allow', 'acme/shop#1', 'does not allow models from there'],
    ['where the App is not installed', 'other/models#1', 'Threatgate is not installed there'],
    ['to a pull request that is not there', 'acme/models#9', 'there is no such pull request'],
    ['to one that changes no model', 'acme/models#1', 'it changes no threat model'],
  ])('%s fails with the reason', async (_, link, why) => {
    await models.open({ 'README.md': '# Models\n' });
    const number = await open(link);
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain(why);
  });

  test('says nothing where it stands in a template that nobody filled in', async () => {
    const number = await people.open('quiet', { body: 'Threat-Model: <owner/repository#number>\n' });
    expect(people.check(number)).toMatchObject({ conclusion: 'success' });
  });

  test('is followed once it is taken out or corrected: the text of the pull request is an event', async () => {
    await models.open({ [MODEL]: after });
    const number = await open('acme/models#7');
    expect(people.check(number).conclusion).toBe('failure');
    await people.settled(() =>
      service.gh.control.editPullRequest({
        ...people.at(number),
        by: 'bob',
        body: 'Threat-Model: acme/models#1',
      }),
    );
    expect(people.check(number).conclusion).toBe('action_required');
  });
});

test('a linked repository that GitHub does not let us read any more is a doubt, and holds nothing up', async () => {
  const { control } = service.gh;
  control.createUser({ login: 'owner' });
  control.createOrganisation({ login: 'other', owners: ['owner'], members: ['bob'] });
  control.createRepository({
    owner: 'other',
    name: 'models',
    files: { [MODEL]: before },
    collaborators: { bob: 'write' },
  });
  const elsewhere = control.install({ app: service.app, on: 'other' });
  await service.settle();
  const others = peopleOf(service, 'other/models');
  await others.open({ [MODEL]: after });
  const number = await open('other/models#1');
  expect(people.check(number).conclusion).toBe('action_required');
  elsewhere.suspendedAt = service.clock.at;
  await people.push('change', { 'NOTES.md': 'x\n' });
  expect(people.check(number).conclusion).toBe('failure');
  expect(people.check(number).summary).toContain('does not count');
});
