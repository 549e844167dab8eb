import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditRecord, RecordKind } from '../../src/core/model/record.ts';

import type { Files } from '../double/git/building.ts';
import { git } from '../double/shared-git.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, requestsSince, type People } from './people.ts';
import { CHANGES } from './shop.ts';

const MINUTE = 60_000;
let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  protect('main');
  await service.settle();
  people = peopleOf(service);
});

function protect(branch: string): void {
  const requiredChecks = [{ context: 'Threatgate', integrationId: service.app.id }];
  service.gh.control.setRules({ repo: REPO, branch, requiredChecks, bypass: ['ada', 'carol'] });
}

const trail = (kind: RecordKind): Promise<readonly AuditRecord[]> =>
  service.store.records({ repository: service.gh.world.repository(REPO).id, kinds: [kind] });

/** Straight to a branch, and nobody looks yet. */
const pushTo = (branch: string, files: Files, by = 'ada', onto?: string): string => {
  service.pass(2_000);
  return service.gh.control.directPush({
    by,
    repo: REPO,
    branch,
    files,
    ...(onto === undefined ? {} : { onto }),
  });
};

const note = (text: string): Files => ({ [`notes/${text}.md`]: `${text}\n` });

const approved = async (base = 'main'): Promise<number> => {
  const number = await people.open('covered', { base });
  await people.review(number, 'alice');
  return number;
};

describe('the default branch', () => {
  test.each(['merge', 'squash', 'rebase'] as const)(
    'moved by a pull request (%s): no direct push',
    async (method) => {
      const number = await approved();
      const before = service.requests.length;
      await people.settled(() => service.gh.control.merge({ repo: REPO, number, by: 'bob', method }));
      const about = requestsSince(service, before).filter((route) => route !== 'PullRequest');
      expect(about.filter((route) => route === 'History' || route === 'Repository')).toHaveLength(2);
      await service.settle(10 * MINUTE);
      expect(await trail('direct-push')).toEqual([]);
      expect((await trail('merged')).map((r) => [r.pullRequest, r.details['check']])).toEqual([
        [number, 'success'],
      ]);
    },
  );

  test('moved by a direct push: on record, with who pushed what', async () => {
    const before = service.gh.control.tip(REPO, 'main');
    const commit = pushTo('main', note('one'), 'ada');
    await service.settle(MINUTE / 2);
    expect(await trail('direct-push')).toEqual([]);
    await service.settle(2 * MINUTE);
    const [record, ...more] = await trail('direct-push');
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      commit,
      source: `direct/main/${commit}`,
      actor: { login: 'ada', role: 'pushed it' },
      details: { branch: 'main', author: { login: 'ada' } },
    });
    expect(before).not.toBe(commit);
  });

  test('every commit is put down to whoever pushed it, not to whoever came last', async () => {
    const number = await approved();
    const one = pushTo('main', note('one'), 'ada');
    const two = pushTo('main', note('two'), 'carol');
    service.gh.control.merge({ repo: REPO, number, by: 'bob', method: 'merge' });
    await service.settle(2 * MINUTE);
    const records = await trail('direct-push');
    expect(records.map((r) => [r.commit, r.actor?.login])).toEqual([
      [two, 'carol'],
      [one, 'ada'],
    ]);
  });

  test('a commit that names somebody else as its author', async () => {
    service.pass(2_000);
    const author = { name: 'Bob', email: 'bob@example.org' };
    service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: note('one'), author });
    for (const delivery of service.gh.pending()) delivery.state = 'lost';
    await service.reconcile();
    const [record] = await trail('direct-push');
    expect(record?.actor).toMatchObject({ login: 'bob', role: 'named as its author' });
  });

  test('a commit that came to another branch by a pull request, and to this one by a push', async () => {
    pushTo('develop', note('one'), 'bob');
    const number = await approved('develop');
    const sha = await people.settled(() =>
      service.gh.control.merge({ repo: REPO, number, by: 'bob', method: 'squash' }),
    );
    await people.settled(() => {
      service.gh.control.pushRef({ by: 'ada', repo: REPO, branch: 'main', sha });
    });
    await service.settle(2 * MINUTE);
    const records = await trail('direct-push');
    expect(records[0]).toMatchObject({ commit: sha, details: { mergedElsewhere: [number] } });
    expect(records).toHaveLength(2);
  });

  test('the same, although nobody has told yet that the pull request is merged', async () => {
    service.gh.control.pushCommit({ by: 'ada', repo: REPO, branch: 'release', files: {} });
    const commit = pushTo('main', note('one'));
    const number = await people.open('quiet', { base: 'release', commit: { onto: 'main' } });
    service.gh.faults = { delivery: () => ({ drop: 'lost' }) };
    service.gh.control.merge({ repo: REPO, number, by: 'ada', method: 'merge' });
    service.gh.faults = {};
    await service.settle(2 * MINUTE);
    expect((await trail('direct-push')).map((r) => r.commit)).toEqual([commit]);
  });

  test('what is pushed while a push waits for its links is not taken for it', async () => {
    pushTo('main', note('one'));
    await service.settle();
    service.pass(MINUTE);
    const two = pushTo('main', note('two'), 'carol');
    // Its event is late.
    const held = service.gh.pending();
    for (const delivery of held) delivery.state = 'lost';
    await service.settle();
    expect((await trail('direct-push')).map((r) => r.commit)).not.toContain(two);
    for (const delivery of held) await service.gh.deliver(delivery);
    await service.settle(2 * MINUTE);
    expect((await trail('direct-push')).at(-1)).toMatchObject({ commit: two, actor: { login: 'carol' } });
  });

  test('pushes that never end are on record all the same', async () => {
    for (let i = 0; i < 6; i++) {
      pushTo('main', note(`number-${i}`), i % 2 === 0 ? 'ada' : 'carol');
      await service.settle();
      service.pass(20_000);
    }
    await service.settle();
    const records = await trail('direct-push');
    expect(records.map((r) => r.actor?.login)).toEqual(['ada', 'carol', 'ada']);
    await service.settle(2 * MINUTE);
    expect(await trail('direct-push')).toHaveLength(6);
  });

  test('rewritten: what is new is on record, and that it was rewritten; what always was there is not', async () => {
    const first = service.gh.control.tip(REPO, 'main');
    const one = pushTo('main', note('one'));
    await service.settle(2 * MINUTE);
    const other = pushTo('main', note('other'), 'carol', first);
    await service.settle(2 * MINUTE);
    const records = await trail('direct-push');
    expect(records.map((r) => [r.source.split('/')[0], r.commit, r.actor?.login])).toEqual([
      ['direct', one, 'ada'],
      ['direct', other, 'carol'],
      ['rewritten', other, 'carol'],
    ]);
    expect(records[2]?.details).toEqual({ branch: 'main', after: one, forced: true, complete: false });
  });

  test('cut back to where it was: that it was rewritten, and nothing else', async () => {
    const first = service.gh.control.tip(REPO, 'main');
    pushTo('main', note('one'));
    await service.settle(2 * MINUTE);
    await people.settled(() => {
      service.gh.control.pushRef({ by: 'ada', repo: REPO, branch: 'main', sha: first, force: true });
    });
    await service.settle(2 * MINUTE);
    expect((await trail('direct-push')).map((r) => r.source.split('/')[0])).toEqual(['direct', 'rewritten']);
  });

  test('more commits than can be listed are one record that says so', async () => {
    const { objects } = service.gh.world.repository(REPO);
    const after = service.gh.control.tip(REPO, 'main');
    const script = Array.from({ length: 251 }, (_, i) =>
      [
        'commit refs/double/many',
        ...(i === 0 ? ['mark :1'] : i === 250 ? ['mark :2'] : []),
        `committer Ada <ada@example.org> ${1_790_000_000 + i} +0000`,
        'data 1\nx',
        ...(i === 0 ? [`from ${after}`] : []),
        '',
      ].join('\n'),
    );
    const made = objects.git(['fast-import', '--quiet', '--force'], {
      input: Buffer.from(`${script.join('')}\nget-mark :2\n`),
    });
    const sha = made.stdout.toString().trim();
    await people.settled(() => {
      service.gh.control.pushRef({ by: 'ada', repo: REPO, branch: 'main', sha });
    });
    await service.settle(2 * MINUTE);
    const records = await trail('direct-push');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ commit: sha, details: { after, forced: false, complete: false } });
  });
});

describe('other branches', () => {
  test('cost nothing when they are not protected', async () => {
    const before = service.requests.length;
    pushTo('feature', note('one'), 'bob');
    await service.settle(2 * MINUTE);
    expect(requestsSince(service, before)).toEqual([]);
  });

  test('are accounted for as soon as they are protected, and not for what was before', async () => {
    pushTo('release/1', note('before'), 'bob');
    await service.reconcile();
    service.pass(30 * MINUTE);
    protect('release/1');
    await service.reconcile();
    expect(await trail('direct-push')).toEqual([]);
    const commit = pushTo('release/1', CHANGES.opened, 'carol');
    const before = service.requests.length;
    await service.settle(2 * MINUTE);
    expect(requestsSince(service, before)).toEqual(['History', 'History']);
    expect(await trail('direct-push')).toMatchObject([
      { commit, actor: { login: 'carol' }, details: { branch: 'release/1' } },
    ]);
  });

  test('a push that nobody heard of is found by a sweep', async () => {
    protect('release/1');
    pushTo('release/1', note('first'));
    await service.settle(2 * MINUTE);
    await service.reconcile();
    const commit = pushTo('release/1', CHANGES.opened, 'carol');
    for (const delivery of service.gh.pending()) delivery.state = 'lost';
    await service.reconcile();
    expect((await trail('direct-push')).at(-1)).toMatchObject({ commit, details: { branch: 'release/1' } });
  });

  test.each(['before', 'after'] as const)(
    'a new one is accounted for from where it left the default branch, heard of %s the sweep',
    async (when) => {
      protect('release/1');
      pushTo('main', note('before'));
      await service.settle(2 * MINUTE);
      const commit = pushTo('release/1', CHANGES.opened, 'carol');
      const held = service.gh.pending();
      for (const delivery of held) delivery.state = 'lost';
      if (when === 'after') await service.reconcile();
      for (const delivery of held) await service.gh.deliver(delivery);
      await service.settle(2 * MINUTE);
      if (when === 'before') await service.reconcile();
      expect((await trail('direct-push')).map((r) => r.details['branch'])).toEqual(['main', 'release/1']);
      expect((await trail('direct-push')).at(-1)).toMatchObject({ commit, actor: { login: 'carol' } });
    },
  );
});
