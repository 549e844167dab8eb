import { beforeEach, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';
import { configurationOf } from '../../src/core/audit/configuration.ts';
import { modelRegisterOf, lastModels } from '../../src/core/audit/model-register.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { AuditRecord, RecordKind } from '../../src/core/model/record.ts';
import { text } from '../../src/review/pull-request/said.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, requestsSince, type People } from './people.ts';
import { SHOP } from './shop.ts';

const HOUR = 60 * 60_000;
let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  service.gh.control.setRules({
    repo: REPO,
    requiredChecks: [{ context: 'Threatgate', integrationId: service.app.id }],
    bypass: ['ada'],
  });
  await service.settle();
  people = peopleOf(service);
});

const idOf = (): number => service.gh.world.repository(REPO).id;
const recorded = (...kinds: readonly RecordKind[]): Promise<readonly AuditRecord[]> =>
  service.store.records({ repository: idOf(), kinds });

const textOf = async (record: AuditRecord | undefined): Promise<string> => {
  const document = await service.store.document(text(record?.details['document']) ?? '');
  expect(document?.digest).toBe(digestOf(document?.text ?? ''));
  return document?.text ?? '';
};

async function sweepLater(): Promise<void> {
  service.pass(6 * HOUR + 1_000);
  await service.reconcile();
}

const PINNED = 'main: The check "Threatgate" has to pass, reported by App';

test('what GitHub demands when the App comes is on record, with who need not obey', async () => {
  const [first, ...more] = await recorded('rules-changed');
  expect(more).toEqual([]);
  expect(first?.details['before']).toBeUndefined();
  expect(first?.details['required']).toBe('pinned');
  expect(first?.details['begins']).toEqual(expect.arrayContaining([expect.stringContaining(PINNED)]));
  expect(JSON.parse(await textOf(first))).toMatchObject({ branches: [{ branch: 'main' }] });
});

test('rules that change go on record with what begins and ends, and each state has its time', async () => {
  service.gh.control.setRules({
    repo: REPO,
    requiredChecks: [{ context: 'Threatgate' }],
    bypass: ['ada'],
    bypassMode: 'exempt',
    name: 'Open door',
  });
  await sweepLater();
  const [, second, ...more] = await recorded('rules-changed');
  expect(more).toEqual([]);
  expect(second?.details['required']).toBe('any-source');
  expect(second?.details['ends']).toEqual(expect.arrayContaining([expect.stringContaining(PINNED)]));
  expect(second?.details['begins']).toContainEqual(
    'main: The check "Threatgate" has to pass, reported by anybody (ruleset "Open door").',
  );
  const lines = configurationOf(await recorded('rules-changed', 'policy-changed', 'installed'));
  const pinned = lines.find(({ what }) => what.startsWith(PINNED));
  expect([pinned?.since.at === undefined, pinned?.until?.record]).toEqual([false, second?.sequence]);
  expect(lines.filter(({ until }) => until === undefined).map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(['app', 'policy', 'branch-rules']),
  );
});

test('rules that are as before are no record, and are not asked for at every sweep', async () => {
  const rules = /rules|branches\/\{branch\}/;
  const before = service.requests.length;
  await service.reconcile();
  expect(requestsSince(service, before).filter((route) => rules.test(route))).toEqual([]);
  await sweepLater();
  expect(requestsSince(service, before).filter((route) => rules.test(route))).not.toEqual([]);
  expect(await recorded('rules-changed')).toHaveLength(1);
});

test('a refusal to tell is on record as that, and is no change to nothing', async () => {
  service.gh.faults = {
    request: ({ route }) =>
      route.includes('/rules/branches/') ? { answer: 403, when: 'before' } : undefined,
  };
  await sweepLater();
  const second = (await recorded('rules-changed'))[1];
  expect(second?.details['required']).toBe('unknown');
  expect(second?.details['begins']).toEqual(['main: What GitHub demands is not told to the App.']);
});

test('the models of the default branch are on record from the beginning, and again when they say something else', async () => {
  const [first, ...none] = await recorded('model-recorded');
  expect(none).toEqual([]);
  const number = await people.open('covered');
  await people.review(number, 'alice');
  await people.merge(number, 'bob');
  await service.settle(2 * 60_000);
  const [, second, ...more] = await recorded('model-recorded');
  expect(more).toEqual([]);
  expect(second?.details['before']).toBe(first?.details['document']);
  expect(second?.commit).toBe(service.gh.observe.pull({ repo: REPO, number }).mergeCommit);

  const documents = new Map<string, string>();
  for (const record of [first, second])
    documents.set(text(record?.details['document']) ?? '', await textOf(record));
  const all = await recorded('model-recorded');
  const registerAt = (at: string) => modelRegisterOf(lastModels(all, at), (digest) => documents.get(digest));
  const [then, now] = [registerAt(first?.at ?? ''), registerAt(second?.at ?? '')];
  expect(now.doubts).toEqual([]);
  expect(now.threats.length).toBeGreaterThan(then.threats.length);
  expect(now.inventory.length).toBeGreaterThan(then.inventory.length);
});

test('a push that moves lines of a model about is no other model', async () => {
  const path = 'docs/threat-model.md';
  const model = SHOP[path] ?? '';
  await people.settled(() =>
    service.gh.control.directPush({
      by: 'ada',
      repo: REPO,
      branch: 'main',
      files: { [path]: `\n\n${model}` },
    }),
  );
  await service.settle(2 * 60_000);
  expect(await recorded('direct-push')).toHaveLength(1);
  expect(await recorded('model-recorded')).toHaveLength(1);
});

test('a policy that cannot be used leaves it open which files are models, and that is said', async () => {
  await people.rule('version: 1\nmode: sideways\n');
  await service.settle(2 * 60_000);
  const last = (await recorded('model-recorded')).at(-1);
  expect(JSON.parse(await textOf(last))).toMatchObject({
    complete: false,
    doubts: [expect.stringContaining('The policy could not be used')],
  });
});
