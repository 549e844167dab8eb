import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';

import { emitToInstallation } from '../double/webhooks/emission.ts';
import { git } from '../double/shared-git.ts';
import { gateOf, HOUR, MINUTE, type Gate } from './gate.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, requestsSince, type People } from './people.ts';

let service: ServiceUnderTest;
let people: People;
let gate: Gate;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
  gate = gateOf(service);
});

describe('an installation', () => {
  test('every open pull request of every repository gets its completed check', async () => {
    const [one, two] = [gate.create('one'), gate.create('two')];
    const numbers = ['a', 'b'].map((branch) => gate.pullRequest('beta/one', branch));
    await gate.install();
    for (const number of numbers)
      expect(peopleOf(service, 'beta/one').check(number)).toMatchObject({
        status: 'completed',
        conclusion: 'success',
      });
    expect(await gate.sides(one)).toEqual([['installed', 'created', 'ada']]);
    expect(await gate.sides(two)).toEqual([['installed', 'created', 'ada']]);
  });

  test('repositories are given and taken by different people, all at once', async () => {
    const [one, two, three] = [gate.create('one'), gate.create('two'), gate.create('three')];
    const installation = await gate.install(['beta/one', 'beta/two']);
    await people.settled(() => {
      service.gh.control.changeInstallation({ installation, by: 'ada', add: ['beta/three'] });
      service.gh.control.changeInstallation({ installation, by: 'carol', remove: ['beta/one'] });
    });
    expect(await gate.sides(one)).toEqual([
      ['installed', 'created', 'ada'],
      ['uninstalled', 'removed', 'carol'],
    ]);
    expect(await gate.sides(two)).toHaveLength(1);
    expect(await gate.sides(three)).toEqual([['installed', 'added', 'ada']]);
  });

  test('suspended: nothing is asked for any more, and what waited is done with; then everything is caught up', async () => {
    const { control } = service.gh;
    const repository = service.gh.world.repository(REPO);
    const number = await people.open('covered');
    control.comment({ repo: REPO, number, by: 'bob', body: '/threatgate recheck' });
    await people.settled(() => {
      control.suspendInstallation(service.installation, 'ada');
    });
    await service.settle(HOUR);
    await gate.rest();
    expect((await gate.sides(repository)).at(-1)).toEqual(['uninstalled', 'suspend', 'ada']);
    expect(await gate.askedInARound()).toEqual([]);
    control.review({ repo: REPO, number, by: 'alice', state: 'approve' });
    await people.settled(() => {
      control.unsuspendInstallation(service.installation, 'carol');
    });
    await service.settle(MINUTE);
    expect((await gate.sides(repository)).at(-1)).toEqual(['installed', 'unsuspend', 'carol']);
    expect(people.check(number).conclusion).toBe('success');
  });

  test('deleted, and nobody told us: noticed within the hour', async () => {
    const number = await people.open('covered');
    service.gh.control.comment({ repo: REPO, number, by: 'bob', body: '/threatgate recheck' });
    for (const delivery of service.gh.pending()) await service.gh.deliver(delivery);
    service.gh.control.uninstall(service.installation, 'ada');
    for (const delivery of service.gh.pending()) delivery.state = 'lost';
    await service.settle(MINUTE);
    service.pass(HOUR);
    await service.reconcile();
    await service.settle(12 * HOUR);
    await gate.rest();
    expect((await gate.sides(service.gh.world.repository(REPO))).at(-1)).toEqual([
      'uninstalled',
      'found',
      undefined,
    ]);
  });

  test('that only does not know our key has taken nothing away', async () => {
    const { publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    Object.assign(service.app, { publicKey });
    service.pass(HOUR);
    const { id } = service.installation;
    await service.store.queue.want([{ installation: id, subject: { kind: 'installation' } }], service.now());
    await service.settle();
    expect(service.logged.at(-1)?.message).toContain('GitHub refuses');
    expect(await gate.sides(service.gh.world.repository(REPO))).toEqual([['installed', 'created', 'acme']]);
  });

  test('that lacked a permission: what was refused is tried again as soon as there is one', async () => {
    const { permissions } = service.app;
    Object.assign(service.app, { permissions: { ...permissions, checks: 'read' } });
    service.pass(HOUR);
    const number = gate.pullRequest(REPO, 'one');
    await service.settle(5 * HOUR);
    expect(people.runs(number)).toEqual([]);
    expect(Date.parse((await service.store.queue.nextDue()) ?? '')).toBeGreaterThan(
      service.clock.at + 2 * HOUR,
    );
    Object.assign(service.app, { permissions });
    // A token holds what it held when it was made.
    service.pass(HOUR);
    await people.settled(() => {
      emitToInstallation(service.gh.world, service.installation, {
        event: 'installation',
        action: 'new_permissions_accepted',
        sender: service.gh.world.account('ada'),
        body: {},
      });
    });
    expect(people.check(number).conclusion).toBe('success');
  });

  test('at rest an hourly look asks for the list and nothing else', async () => {
    await service.reconcile();
    const before = service.requests.length;
    const { id } = service.installation;
    await service.store.queue.want([{ installation: id, subject: { kind: 'installation' } }], service.now());
    await service.settle();
    expect(requestsSince(service, before)).toEqual(['GET /installation/repositories']);
  });
});
