import { beforeEach, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { text } from '../../src/review/pull-request/said.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, type People } from './people.ts';
import { POLICY, POLICY_PATH, SHOP } from './shop.ts';

const MINUTE = 60_000;
const OBSERVE = POLICY.replace('enforce', 'observe');
let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const changes = (repo: string): Promise<readonly AuditRecord[]> =>
  service.store.records({ repository: service.gh.world.repository(repo).id, kinds: ['policy-changed'] });

const documentOf = async (record: AuditRecord | undefined): Promise<Record<string, string>> => {
  const document = await service.store.document(text(record?.details['document']) ?? '');
  expect(document?.digest).toBe(digestOf(document?.text ?? ''));
  return JSON.parse(document?.text ?? '{}') as Record<string, string>;
};

test('the rules that are in force at the beginning are on record, with their text', async () => {
  const [record, ...more] = await changes(REPO);
  expect(more).toEqual([]);
  expect(record?.details['before']).toBeUndefined();
  expect(await documentOf(record)).toEqual({ organisation: '', repository: POLICY });
});

test('a change is on record, and every open pull request is judged anew at once', async () => {
  const waiting = await people.open('covered', { branch: 'one' });
  const failing = await people.open('opened', { branch: 'two' });
  await people.rule(OBSERVE);
  expect([people.check(waiting).conclusion, people.check(failing).conclusion]).toEqual([
    'success',
    'success',
  ]);
  const [first, second, ...more] = await changes(REPO);
  expect(more).toEqual([]);
  expect(second?.details['before']).toBe(first?.details['after']);
  expect((await documentOf(second))['repository']).toBe(OBSERVE);
});

test('rules that come back are a change like any other', async () => {
  for (const policy of [OBSERVE, POLICY, OBSERVE]) await people.rule(policy);
  const records = await changes(REPO);
  expect(records).toHaveLength(4);
  for (const [i, record] of records.entries())
    expect(record.details['before']).toBe(records[i - 1]?.details['after']);
});

test('a change that no event told of is found by the sweep', async () => {
  const number = await people.open('covered');
  service.pass(2_000);
  service.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { [POLICY_PATH]: OBSERVE } });
  for (const delivery of service.gh.pending()) delivery.state = 'lost';
  await service.reconcile();
  expect(people.check(number).conclusion).toBe('success');
  expect(await changes(REPO)).toHaveLength(2);
});

test('rules that cannot be read let nothing pass, and that is on record', async () => {
  const number = await people.open('quiet');
  expect(people.check(number).conclusion).toBe('success');
  await people.settled(() =>
    service.gh.control.directPush({
      by: 'ada',
      repo: REPO,
      branch: 'main',
      files: { [POLICY_PATH]: null, [`${POLICY_PATH}/folder`]: 'now a folder' },
    }),
  );
  await service.settle(2 * MINUTE);
  expect(people.check(number).conclusion).toBe('failure');
  expect((await documentOf((await changes(REPO)).at(-1)))['repository']).toContain('unreadable');
});

test('rules that GitHub fails to deliver once are no change', async () => {
  let failures = 0;
  service.gh.faults = {
    request: ({ route }) =>
      route === 'POST /graphql' && failures++ < 2 ? { answer: 502, when: 'before' } : undefined,
  };
  await service.reconcile();
  expect(failures).toBeGreaterThan(2);
  expect(await changes(REPO)).toHaveLength(1);
});

test('the rules of the organisation are followed by all its repositories at once', async () => {
  const { control } = service.gh;
  control.createRepository({ owner: 'acme', name: '.github', files: { [POLICY_PATH]: OBSERVE } });
  control.createRepository({
    owner: 'acme',
    name: 'site',
    files: { ...SHOP, [POLICY_PATH]: '' },
    collaborators: { bob: 'write', alice: 'write' },
  });
  const { id } = service.installation;
  await service.store.queue.want([{ installation: id, subject: { kind: 'installation' } }], service.now());
  await service.settle(MINUTE);
  const site = peopleOf(service, 'acme/site');
  const number = await site.open('covered');
  expect(site.check(number).conclusion).toBe('success');
  await people.settled(() =>
    control.directPush({ by: 'ada', repo: 'acme/.github', branch: 'main', files: { [POLICY_PATH]: POLICY } }),
  );
  expect(site.check(number).conclusion).toBe('action_required');
  for (const repo of ['acme/site', REPO, 'acme/.github'])
    expect((await documentOf((await changes(repo)).at(-1)))['organisation']).toBe(POLICY);
});
