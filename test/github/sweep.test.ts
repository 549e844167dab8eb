import { describe, expect, test } from '@jest/globals';
import { NotThere, Unavailable } from '../../src/review/hosting-errors.ts';
import { blob, blobId, NO_ORGANISATION, type Json } from './answers.ts';
import {
  asInstallation,
  github,
  grantToken,
  onQuery,
  sha,
  SHOP,
  thrown,
  withoutNetwork,
} from './github-under-test.ts';

withoutNetwork();

describe('repositories of the installation', () => {
  const repo = (id: number, over: Json = {}) => ({
    id,
    full_name: `acme/r${id}`,
    archived: false,
    disabled: false,
    ...over,
  });
  const list = (page: number, repositories: readonly Json[]) =>
    asInstallation()
      .get('/installation/repositories')
      .query({ per_page: '100', page: String(page) })
      .reply(200, { total_count: 101, repositories });

  test('page by page, without those that nothing can be written to', async () => {
    const { hosting } = github();
    grantToken();
    list(
      1,
      Array.from({ length: 100 }, (_, i) => repo(i, { archived: i === 3, disabled: i === 4 })),
    );
    list(2, [repo(100)]);
    const found = await hosting.repositories();
    expect(found).toHaveLength(99);
    expect(found.at(-1)).toEqual({ id: 100, name: 'acme/r100' });
  });
});

describe('the state of a repository', () => {
  const pull = (number: number): Json => ({
    number,
    headRefOid: sha('c'),
    baseRefName: 'main',
    updatedAt: '2026-11-01T12:00:00Z',
  });
  const open = (nodes: readonly Json[], endCursor: string | null = null): Json => ({
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
    nodes,
  });
  const answer = (over: Json, errors: readonly Json[] = [NO_ORGANISATION]) => ({
    data: {
      repository: {
        databaseId: SHOP.id,
        nameWithOwner: SHOP.name,
        defaultBranchRef: { name: 'main', target: { oid: sha('f') } },
        policy: null,
        pullRequests: open([]),
        ...over,
      },
      organisation: null,
    },
    errors,
  });

  test('in one request', async () => {
    const { hosting, requests } = github();
    grantToken();
    const text = 'mode: enforce\n';
    onQuery('Repository', answer({ policy: blob(text), pullRequests: open([pull(4), pull(2)]) }));
    expect(await hosting.repositoryState(SHOP)).toEqual({
      repository: SHOP,
      defaultBranch: 'main',
      defaultTip: sha('f'),
      policy: { kind: 'text', text, id: blobId(text) },
      organisationPolicy: { kind: 'absent' },
      open: [
        { number: 4, head: sha('c'), baseRef: 'main', updatedAt: '2026-11-01T12:00:00.000Z' },
        { number: 2, head: sha('c'), baseRef: 'main', updatedAt: '2026-11-01T12:00:00.000Z' },
      ],
      complete: true,
    });
    expect(requests).toHaveLength(2);
  });

  test('more pages of pull requests, each of them once', async () => {
    const { hosting } = github();
    grantToken();
    onQuery('Repository', answer({ pullRequests: open([pull(4), pull(3)], 'p1') }));
    const sent = onQuery('MorePullRequests', {
      data: { repository: { databaseId: SHOP.id, pullRequests: open([pull(3), pull(2)]) } },
    });
    const state = await hosting.repositoryState(SHOP);
    expect(sent[0]?.variables).toEqual({ owner: 'acme', name: 'shop', after: 'p1' });
    expect(state?.open.map((p) => p.number)).toEqual([4, 3, 2]);
    expect(state?.complete).toBe(true);
  });

  test('a thousand are the bound', async () => {
    const { hosting } = github();
    grantToken();
    onQuery('Repository', answer({ pullRequests: open([pull(99)], 'p') }));
    for (let i = 0; i < 9; i++)
      onQuery('MorePullRequests', {
        data: { repository: { databaseId: SHOP.id, pullRequests: open([pull(i)], 'p') } },
      });
    const state = await hosting.repositoryState(SHOP);
    expect([state?.open.length, state?.complete]).toEqual([10, false]);
  });

  test('without a commit it has a default branch all the same', async () => {
    const { hosting } = github();
    grantToken();
    onQuery('Repository', answer({ defaultBranchRef: null }));
    asInstallation().get('/repos/acme/shop').reply(200, { id: SHOP.id, default_branch: 'trunk' });
    expect(await hosting.repositoryState(SHOP)).toMatchObject({
      defaultBranch: 'trunk',
      defaultTip: undefined,
    });
  });

  test('undefined when it is gone, or is another one', async () => {
    const { hosting } = github();
    grantToken();
    const gone = { type: 'NOT_FOUND', path: ['repository'], message: 'x' };
    onQuery('Repository', {
      data: { repository: null, organisation: null },
      errors: [gone, NO_ORGANISATION],
    });
    expect(await hosting.repositoryState(SHOP)).toBeUndefined();
    onQuery('Repository', answer({ databaseId: 5 }));
    expect(await hosting.repositoryState(SHOP)).toBeUndefined();
  });

  test('an error anywhere else is one', async () => {
    const { hosting } = github();
    grantToken();
    onQuery('Repository', answer({}, [{ path: ['repository', 'pullRequests'], message: 'timeout' }]));
    expect(await thrown(hosting.repositoryState(SHOP))).toBeInstanceOf(Unavailable);
  });
});

describe('protected branches', () => {
  test('come with their newest commits', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation()
      .get('/repos/acme/shop/branches')
      .query({ protected: 'true', per_page: '100', page: '1' })
      .reply(200, [
        { name: 'release/1', commit: { sha: sha('c') } },
        { name: 'main', commit: { sha: sha('d') } },
      ]);
    expect(await hosting.protectedBranches(SHOP)).toEqual([
      { name: 'release/1', tip: sha('c') },
      { name: 'main', tip: sha('d') },
    ]);
  });
});

describe('commits of a branch', () => {
  const node = (oid: string, parents: readonly string[], over: Json = {}): Json => ({
    oid: sha(oid),
    committedDate: '2026-11-01T10:00:00Z',
    author: { name: 'Ada', email: 'a@x', user: { login: 'ada', databaseId: 1 } },
    parents: { nodes: parents.slice(0, 1).map((p) => ({ oid: sha(p) })) },
    associatedPullRequests: { nodes: [] },
    ...over,
  });
  const history = (nodes: readonly Json[], endCursor: string | null = null, tip = 'a') =>
    onQuery('History', {
      data: {
        repository: {
          databaseId: SHOP.id,
          ref: {
            target: {
              __typename: 'Commit',
              oid: sha(tip),
              history: { pageInfo: { hasNextPage: endCursor !== null, endCursor }, nodes },
            },
          },
        },
      },
    });
  const walk = async (after: string | undefined, most = 250) => {
    const { tip, commits, complete } = await hosting().branchCommits(SHOP, 'release/1', after, most);
    return [tip, commits.map((c) => c.id.slice(0, 1)).join(''), complete];
  };
  const hosting = () => {
    grantToken();
    return github().hosting;
  };

  test('first parents down to the one that is known, with their pull requests', async () => {
    const pulls = { nodes: [{ number: 4, merged: true, baseRefName: 'release/1' }] };
    const sent = history([
      node('a', ['b', '9'], { associatedPullRequests: pulls }),
      node('9', ['c']),
      node('b', ['c'], { author: null }),
      node('c', ['d']),
    ]);
    const found = await hosting().branchCommits(SHOP, 'release/1', sha('c'), 250);
    expect(sent[0]?.variables).toEqual({
      owner: 'acme',
      name: 'shop',
      branch: 'refs/heads/release/1',
      after: null,
    });
    expect(found).toEqual({
      tip: sha('a'),
      complete: true,
      commits: [
        {
          id: sha('a'),
          by: { id: '1', login: 'ada', kind: 'user' },
          at: '2026-11-01T10:00:00.000Z',
          pullRequests: [{ number: 4, merged: true, base: 'release/1' }],
        },
        { id: sha('b'), by: undefined, at: '2026-11-01T10:00:00.000Z', pullRequests: [] },
      ],
    });
  });

  test('nothing new', async () => {
    history([node('a', ['b'])]);
    expect(await walk(sha('a'))).toEqual([sha('a'), '', true]);
  });

  test('a parent on a later page, in whatever order, with a tip that stays', async () => {
    history([node('a', ['b']), node('1', ['2'])], 'p1');
    const sent = history([node('c', ['d']), node('b', ['c'])], null, 'f');
    expect(await walk(sha('c'))).toEqual([sha('a'), 'ab', true]);
    expect(sent[0]?.variables['after']).toBe('p1');
  });

  test('as many as wanted', async () => {
    history([node('a', ['b']), node('b', ['c']), node('c', ['d'])], 'more');
    expect(await walk(sha('e'), 2)).toEqual([sha('a'), 'ab', false]);
  });

  test('the whole branch, when nothing is known yet', async () => {
    history([node('a', ['b']), node('b', [])]);
    expect(await walk(undefined)).toEqual([sha('a'), 'ab', true]);
  });

  test('a branch that was rewritten does not meet what was known', async () => {
    history([node('a', ['b']), node('b', [])]);
    expect(await walk(sha('7'))).toEqual([sha('a'), 'ab', false]);
    history([node('a', ['b'])]);
    expect(await walk(sha('7'))).toEqual([sha('a'), 'a', false]);
  });

  test('bounds hold', async () => {
    history([node('a', ['b'])], 'p');
    for (let i = 1; i < 10; i++) history([node(String(i), [])], 'p');
    expect(await walk(sha('7'))).toEqual([sha('a'), 'a', false]);
  });

  test('a branch that is gone', async () => {
    onQuery('History', { data: { repository: { databaseId: SHOP.id, ref: null } } });
    expect(await walk(sha('7'))).toEqual([undefined, '', true]);
    onQuery('History', { data: { repository: { databaseId: 5, ref: null } } });
    expect(await thrown(walk(sha('7')))).toBeInstanceOf(NotThere);
  });
});

describe('whether a commit is on a branch', () => {
  test.each([
    ['behind', true],
    ['identical', true],
    ['ahead', false],
    ['diverged', false],
  ])('%s: %p', async (status, expected) => {
    const { hosting } = github();
    grantToken();
    asInstallation()
      .get(`/repos/acme/shop/compare/release%2F1...${sha('c')}`)
      .query({ per_page: '1', page: '2' })
      .reply(200, { status });
    expect(await hosting.isOnBranch(SHOP, sha('c'), 'release/1')).toBe(expected);
  });

  test('not there is not "no"', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation()
      .get(/compare/)
      .reply(404, {});
    expect(await thrown(hosting.isOnBranch(SHOP, sha('c'), 'main'))).toBeInstanceOf(NotThere);
  });
});
