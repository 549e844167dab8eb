import { expect, test } from '@jest/globals';
import type { CheckRow, CommentRow, PullRequestRow, RepositoryRow } from '../../../src/review/store.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { anyLease, at, pullRequest, SHOP } from '../samples.ts';

export function keepsState(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('pull requests: the last row counts, with and without what is optional', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const full: PullRequestRow = {
      ...pullRequest(1, { memory: '{"pushers":["\\u0000"]}', links: '["acme/models#4"]' }),
      base: 'b'.repeat(40),
      digest: 'sha256:1',
      conclusion: 'success',
      evaluatedAt: at(5),
    };
    await store.apply(lease, { pullRequest: full }, at(0));
    expect(await store.pullRequest(7, 1)).toStrictEqual(full);
    const bare = pullRequest(1, {
      state: 'merged',
      repository: { id: 7, name: 'acme/store' },
      installation: 2,
    });
    await store.apply(lease, { pullRequest: bare }, at(0));
    expect(await store.pullRequest(7, 1)).toStrictEqual(bare);
    expect(await store.pullRequest(7, 2)).toBeUndefined();
    expect(await store.pullRequest(8, 1)).toBeUndefined();
  });

  test('pull requests by head, by repository and by the place of their model: open ones', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const other = { id: 8, name: 'acme/other' };
    const rows = [
      pullRequest(12, { head: 'x', links: '["acme/Models#4","acme/models#5","ACME/models#4"]' }),
      pullRequest(3, { head: 'x' }),
      pullRequest(4, { head: 'y', links: '["acme/models#4"]' }),
      pullRequest(5, { head: 'x', state: 'closed', links: '["acme/models#4"]' }),
      pullRequest(1, { repository: other, head: 'x', links: '["acme/models#4"]' }),
    ];
    for (const row of rows) await store.apply(lease, { pullRequest: row }, at(0));
    const numbers = (found: readonly PullRequestRow[]): unknown[] =>
      found.map(({ repository, number }) => [repository.id, number]);
    expect(numbers(await store.pullRequestsAt(7, 'x'))).toEqual([
      [7, 3],
      [7, 12],
    ]);
    expect(numbers(await store.openPullRequests(7))).toEqual([
      [7, 3],
      [7, 4],
      [7, 12],
    ]);
    expect(numbers(await store.linkedTo('acme/models#4'))).toEqual([
      [7, 4],
      [7, 12],
      [8, 1],
    ]);
    expect(numbers(await store.linkedTo('Acme/Models#5'))).toEqual([[7, 12]]);
    expect(await store.linkedTo('acme/models#')).toEqual([]);

    await store.apply(lease, { pullRequest: pullRequest(12, { links: '["acme/models#6"]' }) }, at(0));
    expect(numbers(await store.linkedTo('acme/models#4'))).toEqual([
      [7, 4],
      [8, 1],
    ]);
    expect(await store.linkedTo('acme/models#6')).toEqual([pullRequest(12, { links: '["acme/models#6"]' })]);
  });

  test('check runs: one per head and subject', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const intended: CheckRow = { repository: SHOP, head: 'x', subject: 'pull/1', intent: at(1) };
    const group: CheckRow = { repository: SHOP, head: 'x', subject: 'group' };
    const other: CheckRow = { repository: SHOP, head: 'y', subject: 'pull/1' };
    await store.apply(lease, { checks: [intended, group, other] }, at(0));
    expect(await store.checks(7, 'x')).toStrictEqual([group, intended]);
    const written: CheckRow = {
      ...intended,
      run: 29_679_449_526_401,
      written: 'sha256:w',
      conclusion: 'failure',
      digest: 'sha256:d',
      shownAt: at(9),
    };
    await store.apply(lease, { checks: [written] }, at(0));
    expect(await store.checks(7, 'x')).toStrictEqual([group, written]);
    expect(await store.checks(8, 'x')).toEqual([]);
  });

  test('what was shown when, oldest first, the same once', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const shown = [
      { head: 'b', digest: 'sha256:2', at: at(5) },
      { head: 'a', digest: 'sha256:1', at: at(1) },
      { head: 'a', digest: 'sha256:3', at: at(5) },
      { head: 'b', digest: 'sha256:2', at: at(5) },
    ];
    for (const one of shown)
      await store.apply(lease, { shown: { repository: SHOP, number: 1, shown: one } }, at(0));
    expect(await store.shown(7, 1)).toStrictEqual([shown[1], shown[0], shown[2]]);
    expect(await store.shown(7, 2)).toEqual([]);
  });

  test('review comments: one per component', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const intended: CommentRow = {
      repository: SHOP,
      number: 1,
      component: 'c2',
      intent: at(1),
      state: 'open',
    };
    const first: CommentRow = { repository: SHOP, number: 1, component: 'c1', state: 'open' };
    await store.apply(lease, { comments: [intended, first, { ...first, number: 2 }] }, at(0));
    expect(await store.comments(7, 1)).toStrictEqual([first, intended]);
    const resolved: CommentRow = { ...intended, comment: 1_234_567_890_123, written: 'w', state: 'resolved' };
    await store.apply(lease, { comments: [resolved] }, at(0));
    expect(await store.comments(7, 1)).toStrictEqual([first, resolved]);
  });

  test('repositories', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const bare: RepositoryRow = {
      repository: SHOP,
      installation: 1,
      active: true,
      protectedBranches: '[]',
      tips: '{}',
    };
    const full: RepositoryRow = {
      ...bare,
      repository: { id: 3, name: 'acme/other' },
      active: false,
      defaultBranch: 'main',
      policy: 'sha256:p',
      sweptAt: at(3),
    };
    await store.apply(lease, { repository: { ...full, repository: SHOP } }, at(0));
    await store.apply(lease, { repository: bare }, at(0));
    await store.apply(lease, { repository: full }, at(0));
    expect(await store.repositories()).toStrictEqual([full, bare]);
    expect(await store.repository(7)).toStrictEqual(bare);
    expect(await store.repository(9)).toBeUndefined();
  });

  test('and answers when it is asked whether it is there', async () => {
    const { store } = await bench();
    await store.ping();
  });
}
