import { expect, test } from '@jest/globals';
import { namesOf, openedPull, read, scene, type Scene } from './scene.ts';

const at = (number: number) => ({ repo: 'acme/shop', number });

/** Two green pull requests in the queue, each of its own file. */
async function queued(): Promise<Scene> {
  const all = scene();
  const { gh, app } = all;
  gh.control.setRules({
    repo: 'acme/shop',
    requiredChecks: [{ context: 'Threatgate', integrationId: app.id }],
    mergeQueue: 'SQUASH',
  });
  for (const branch of ['one', 'two']) {
    gh.control.pushCommit({
      by: 'bob',
      repo: 'acme/shop',
      branch,
      files: { [`${branch}.txt`]: `${branch}\n` },
    });
    const pull = gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: branch });
    expect(() => gh.control.enqueue({ ...at(pull.number), by: 'ada' })).toThrow('is expected');
    await green(all, pull.headSha);
    gh.control.enqueue({ ...at(pull.number), by: 'ada' });
  }
  return all;
}

const green = ({ api }: Scene, sha: string) =>
  api('POST', '/repos/acme/shop/check-runs', { name: 'Threatgate', head_sha: sha, conclusion: 'success' });

test('groups are chained: the second is built on the first', async () => {
  const { gh, inbox } = await queued();
  await gh.deliverPending();
  const groups = inbox.received.filter(({ event }) => event === 'merge_group').map(({ payload }) => payload);
  const base = gh.control.tip('acme/shop', 'main');
  const [first, second] = groups.map((payload) => read(payload, 'merge_group'));
  expect(first).toMatchObject({
    base_sha: base,
    base_ref: 'refs/heads/main',
    head_ref: `refs/heads/gh-readonly-queue/main/pr-1-${base}`,
  });
  expect(read(second, 'base_sha')).toBe(read(first, 'head_sha'));
  const { objects } = gh.world.repository('acme/shop');
  expect(objects.entry(String(read(second, 'head_sha')), 'one.txt')).toBeDefined();
  expect(objects.commitAt(String(read(second, 'head_sha'))).parents).toEqual([read(first, 'head_sha')]);
  expect(namesOf(inbox.received)).toContain('pull_request.enqueued');
});

test('the queue as GraphQL tells it', async () => {
  const { graphql, gh } = await queued();
  const { body } = await graphql(`
    {
      repository(owner: "acme", name: "shop") {
        mergeQueue(branch: "main") {
          entries(first: 5) {
            nodes {
              position
              headCommit {
                oid
              }
              baseCommit {
                oid
              }
              pullRequest {
                number
              }
            }
          }
        }
        pullRequest(number: 2) {
          mergeQueueEntry {
            position
          }
        }
      }
    }
  `);
  const entries = read(body, 'data', 'repository', 'mergeQueue', 'entries', 'nodes');
  expect(entries).toMatchObject([
    { position: 1, baseCommit: { oid: gh.control.tip('acme/shop', 'main') }, pullRequest: { number: 1 } },
    { position: 2, baseCommit: { oid: read(entries, 0, 'headCommit', 'oid') }, pullRequest: { number: 2 } },
  ]);
  expect(read(body, 'data', 'repository', 'pullRequest', 'mergeQueueEntry', 'position')).toBe(2);
});

test('a group is merged in turn, once its own head is green', async () => {
  const all = await queued();
  const { gh, inbox } = all;
  const [first, second] = gh.world.repository('acme/shop').queue;
  const head = first?.headSha ?? '';
  await green(all, second?.headSha ?? '');
  expect(() => {
    gh.control.completeGroup(at(2));
  }).toThrow('is before it');
  expect(() => {
    gh.control.completeGroup(at(1));
  }).toThrow('is expected');
  await green(all, head);
  gh.control.completeGroup(at(1));
  expect(gh.control.tip('acme/shop', 'main')).toBe(head);
  expect(gh.observe.pull(at(1))).toMatchObject({ state: 'closed', mergeCommit: head });
  gh.control.completeGroup(at(2));
  expect(gh.observe.pull(at(2)).mergedAt).toBeDefined();
  await gh.deliverPending();
  const last = inbox.received.filter(({ payload }) => read(payload, 'reason') !== undefined);
  expect(last.map(({ event, payload }) => [event, read(payload, 'reason')])).toEqual([
    ['pull_request', 'MERGE'],
    ['merge_group', 'merged'],
    ['pull_request', 'MERGE'],
    ['merge_group', 'merged'],
  ]);
});

test('a group that goes takes those behind it along, and they are built anew', async () => {
  const { gh, inbox } = await queued();
  await gh.deliverPending();
  inbox.received.length = 0;
  const base = gh.control.tip('acme/shop', 'main');
  gh.control.destroyGroup(at(1));
  await gh.deliverPending();
  expect(namesOf(inbox.received.filter(({ event }) => event === 'merge_group'))).toEqual([
    'merge_group.destroyed',
    'merge_group.destroyed',
    'merge_group.checks_requested',
  ]);
  const [entry] = gh.world.repository('acme/shop').queue;
  expect(entry).toMatchObject({ baseSha: base, ref: `refs/heads/gh-readonly-queue/main/pr-2-${base}` });
  expect(gh.world.repository('acme/shop').objects.entry(entry?.headSha ?? '', 'one.txt')).toBeUndefined();
  expect(gh.observe.pull(at(1)).state).toBe('open');
});

test('a merge group has no pull requests in its checks', async () => {
  const all = await queued();
  const [first] = all.gh.world.repository('acme/shop').queue;
  const made = await green(all, first?.headSha ?? '');
  expect([made.status, read(made.body, 'pull_requests')]).toEqual([201, []]);
});

test('no merging past the queue', () => {
  const { gh } = scene();
  openedPull(gh);
  gh.control.setRules({ repo: 'acme/shop', mergeQueue: 'MERGE', bypass: ['bob'] });
  expect(() => gh.control.merge({ ...at(1), by: 'ada' })).toThrow('through the merge queue');
  gh.control.merge({ ...at(1), by: 'bob' });
  expect(gh.observe.pull(at(1)).mergedBy?.login).toBe('bob');
});
