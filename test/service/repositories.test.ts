import { beforeEach, describe, expect, test } from '@jest/globals';

import type { Repository } from '../double/state/nouns.ts';
import { emit } from '../double/webhooks/emission.ts';
import { git } from '../double/shared-git.ts';
import { gateOf, HOUR, MINUTE, type Gate } from './gate.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, type People } from './people.ts';

let service: ServiceUnderTest;
let people: People;
let gate: Gate;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
  gate = gateOf(service);
});

/** What GitHub says about a repository when somebody changes it. */
const tell = (repository: Repository, action: string): void => {
  emit(service.gh.world, repository, {
    event: 'repository',
    action,
    sender: service.gh.world.account('ada'),
    body: {},
  });
};

describe('a repository', () => {
  const rename = (repository: Repository, owner: string, name: string): void => {
    const { repositories } = service.gh.world;
    repositories.delete(`${repository.owner.login}/${repository.name}`.toLowerCase());
    Object.assign(repository, { name, owner: service.gh.world.account(owner) });
    repositories.set(`${owner}/${name}`, repository);
  };

  test('renamed: goes on under its new name', async () => {
    const repository = service.gh.world.repository(REPO);
    const number = await people.open('covered');
    rename(repository, 'acme', 'store');
    // Somebody takes the old name at once.
    gate.create('shop', 'acme');
    await people.settled(() => {
      tell(repository, 'renamed');
    });
    const store = peopleOf(service, 'acme/store');
    await store.review(number, 'alice');
    expect(store.check(number).conclusion).toBe('success');
    expect(await gate.sides(repository)).toHaveLength(1);
    expect((await store.last(number, 'approved')).repository.name).toBe('acme/store');
  });

  test('renamed, and nobody told us: found by the sweep', async () => {
    const repository = service.gh.world.repository(REPO);
    const number = await people.open('covered');
    rename(repository, 'acme', 'store');
    gate.create('shop', 'acme');
    service.pass(2_000);
    service.gh.control.review({ repo: 'acme/store', number, by: 'alice', state: 'approve' });
    for (const delivery of service.gh.pending()) delivery.state = 'lost';
    await service.reconcile();
    await service.reconcile();
    expect(peopleOf(service, 'acme/store').check(number).conclusion).toBe('success');
    expect(await gate.sides(repository)).toHaveLength(1);
  });

  test('transferred to where the App is too: goes on with the rights of that installation', async () => {
    const repository = service.gh.world.repository(REPO);
    const number = await people.open('covered');
    await gate.install();
    rename(repository, 'beta', 'shop');
    tell(repository, 'transferred');
    await service.settle(MINUTE);
    const beta = peopleOf(service, 'beta/shop');
    await beta.review(number, 'alice');
    expect(beta.check(number).conclusion).toBe('success');
    service.pass(HOUR);
    await service.reconcile();
    expect((await gate.sides(repository)).map(([kind]) => kind)).not.toContain('uninstalled');
    await gate.rest();
  });

  test.each(['deleted', 'archived', 'transferred'] as const)(
    '%s: leaves the gate, and nothing waits for it',
    async (how) => {
      const repository = service.gh.world.repository(REPO);
      const number = await people.open('covered');
      service.gh.control.comment({ repo: REPO, number, by: 'bob', body: '/threatgate recheck' });
      tell(repository, how);
      if (how === 'archived') repository.archived = true;
      else if (how === 'transferred') rename(repository, 'beta', 'shop');
      else service.gh.world.repositories.delete(REPO);
      service.pass(HOUR);
      await service.reconcile();
      await service.settle(HOUR);
      await gate.rest();
      expect((await gate.sides(repository)).at(-1)).toEqual(['uninstalled', 'found', undefined]);
      expect(await gate.askedInARound()).toEqual([]);
    },
  );

  test('unarchived: comes under the gate again', async () => {
    const repository = service.gh.world.repository(REPO);
    repository.archived = true;
    service.pass(HOUR);
    await service.reconcile();
    repository.archived = false;
    await people.settled(() => {
      tell(repository, 'unarchived');
    });
    expect((await gate.sides(repository)).map(([kind]) => kind)).toEqual([
      'installed',
      'uninstalled',
      'installed',
    ]);
  });

  test('that nobody has given to us: looked for, not found, and forgotten', async () => {
    const foreign = gate.create('foreign', 'beta');
    const number = await people.open('quiet');
    service.gh.control.close({ repo: REPO, number, by: 'bob' });
    const [delivery] = service.gh.pending().filter((d) => d.event === 'pull_request');
    if (!delivery) throw new Error('Nothing was delivered.');
    const payload = delivery.payload
      .replaceAll(`"id":${service.gh.world.repository(REPO).id}`, `"id":${foreign.id}`)
      .replaceAll('acme/shop', 'beta/foreign');
    await service.gh.deliver({ ...delivery, payload });
    await service.settle(HOUR);
    await gate.rest();
    expect(await service.store.repository(foreign.id)).toBeUndefined();
    expect(await service.store.records({ repository: foreign.id })).toEqual([]);
  });
});
