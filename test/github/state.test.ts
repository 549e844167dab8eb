import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../src/review/hosting-errors.ts';
import {
  BEN,
  bot,
  comment,
  commit,
  NO_ORGANISATION,
  page,
  reply,
  repository,
  some,
  state,
  thread,
  type Json,
} from './answers.ts';
import { asApp, grantToken, onQuery, sha, SHOP, thrown, withoutNetwork } from './github-under-test.ts';
import { of, read, started } from './reading.ts';

withoutNetwork();

describe('one request', () => {
  test('reads everything; who we are is asked once, for all installations', async () => {
    const { app, hosting, requests } = started();
    const sent = onQuery('PullRequest', state());
    expect(await hosting.pullRequest(SHOP, 12, ['acme/security'])).toEqual({
      repository: SHOP,
      isPrivate: true,
      defaultBranch: 'main',
      number: 12,
      state: 'open',
      draft: false,
      title: 'Add a queue',
      body: 'Because.',
      author: { id: '1', login: 'ada', kind: 'user' },
      updatedAt: '2026-11-01T12:00:00.000Z',
      head: sha('c'),
      source: { repository: SHOP, branch: 'queue' },
      baseRef: 'main',
      base: sha('b'),
      changedFiles: 3,
      commits: [
        {
          id: sha('c'),
          parents: [sha('a')],
          message: 'Change',
          people: [{ id: '1', login: 'ada', kind: 'user' }],
        },
      ],
      commitsComplete: true,
      remarks: [],
      reviews: [],
      ownComments: [],
      discussionComplete: true,
      policy: { kind: 'absent' },
      organisationPolicy: { kind: 'absent' },
      teams: new Map([['acme/security', undefined]]),
    });
    expect(sent[0]?.variables).toEqual({
      owner: 'acme',
      name: 'shop',
      number: 12,
      team0Of: 'acme',
      team0: 'security',
    });
    onQuery('PullRequest', state());
    await app.installation(77).pullRequest(SHOP, 12, []);
    expect(requests.map((r) => r.route).sort()).toEqual([
      'GET /app',
      'POST /app/installations/{installation_id}/access_tokens',
      'PullRequest',
      'PullRequest',
    ]);
  });

  test('who we are is asked again after an hour: an App can be renamed', async () => {
    const { hosting, setNow } = started();
    onQuery('PullRequest', state());
    await hosting.pullRequest(SHOP, 12, []);
    setNow('2026-11-02T11:00:00.000Z');
    grantToken();
    asApp().get('/app').reply(200, { slug: 'gate' });
    onQuery('PullRequest', of({ reviewThreads: page([thread([reply(5, bot(900, 'gate'), 'ours')])]) }));
    expect((await hosting.pullRequest(SHOP, 12, []))?.ownComments).toEqual([{ id: 5, body: 'ours' }]);
  });

  test.each<[string, Json]>([
    [
      'a pull request',
      state({ repository: repository({ pullRequest: null }) }, [notFound('repository', 'pullRequest')]),
    ],
    ['a repository', state({ repository: null }, [notFound('repository'), NO_ORGANISATION])],
    ['the repository, but another one of that name', state({ repository: repository({ databaseId: 5 }) })],
  ])('undefined without %s', async (_, answer) => {
    const { hosting } = started();
    onQuery('PullRequest', answer);
    expect(await hosting.pullRequest(SHOP, 12, [])).toBeUndefined();
  });

  test.each<[string, Json]>([
    ['an error elsewhere', state({}, [{ path: ['repository', 'pullRequest', 'commits'], message: 'x' }])],
    ['an unknown state', of({ state: 'LIMBO' })],
    ['a list without a count', of({ reviews: { ...page([]), totalCount: null } })],
    ['a missing list', of({ comments: null })],
    ['a user without a number', of({ author: { __typename: 'User', login: 'x', id: 'U' } })],
    ['a null among the commits', of({ commits: page([null as unknown as Json]) })],
    ['no default branch', state({ repository: repository({ defaultBranchRef: null }) })],
  ])('%s is no state to judge by', async (_, answer) => {
    const { hosting } = started();
    onQuery('PullRequest', answer);
    expect(await thrown(hosting.pullRequest(SHOP, 12, []))).toBeInstanceOf(Unavailable);
  });

  test('the name that GitHub uses now is the one that counts', async () => {
    const found = await read(state({ repository: repository({ nameWithOwner: 'acme/store' }) }));
    expect(found.repository).toEqual({ id: SHOP.id, name: 'acme/store' });
  });
});

function notFound(...path: string[]): Json {
  return { type: 'NOT_FOUND', path, message: 'Could not resolve' };
}

describe('what it says of itself', () => {
  test('merged', async () => {
    const merged = await read(
      of({
        state: 'MERGED',
        mergedAt: '2026-11-01T12:00:00Z',
        mergedBy: BEN,
        mergeCommit: {
          oid: sha('d'),
          tree: { oid: sha('e') },
          parents: { totalCount: 2, nodes: [{ oid: sha('f') }] },
        },
      }),
    );
    expect(merged.state).toBe('merged');
    expect(merged.merged).toEqual({
      commit: sha('d'),
      tree: sha('e'),
      parents: 2,
      onto: sha('f'),
      by: { id: '2', login: 'ben', kind: 'user' },
      at: '2026-11-01T12:00:00.000Z',
    });
  });

  test('merged by an account that is gone', async () => {
    const found = await read(of({ state: 'MERGED', mergedAt: '2026-11-01T12:00:00Z', mergeCommit: null }));
    expect(found.merged).toEqual({ commit: undefined, by: undefined, at: '2026-11-01T12:00:00.000Z' });
  });

  test('a fork that is gone has no source; the last change of base is known', async () => {
    const found = await read(
      of({
        headRepository: null,
        isDraft: true,
        baseEvents: { nodes: [{ createdAt: '2026-11-01T09:00:00Z' }] },
      }),
    );
    expect(found).toMatchObject({
      source: undefined,
      draft: true,
      baseChangedAt: '2026-11-01T09:00:00.000Z',
    });
  });
});

describe('further pages', () => {
  const older = (over: Json) => ({
    data: { repository: { databaseId: SHOP.id, pullRequest: { headRefOid: sha('c'), ...over } } },
  });
  const more = (nodes: readonly Json[], cursor: string, totalCount: number) =>
    page(nodes, { totalCount, pageInfo: { hasPreviousPage: true, startCursor: cursor } });

  test('only of the lists that have more, all in one request', async () => {
    const { hosting, requests } = started();
    onQuery(
      'PullRequest',
      of({
        commits: more([commit(sha('c'), [sha('d')])], 'c1', 2),
        comments: more([comment(2, BEN, 'later')], 'm1', 2),
      }),
    );
    const sent = onQuery(
      'OlderPages',
      older({
        commits: page([commit(sha('d'), [sha('a')])], { totalCount: 2 }),
        comments: page([comment(1, BEN, 'earlier')], { totalCount: 2 }),
      }),
    );
    const found = await hosting.pullRequest(SHOP, 12, []);
    expect(sent[0]?.variables).toMatchObject({
      commits: 'c1',
      comments: 'm1',
      moreCommits: true,
      moreComments: true,
      moreReviews: false,
      moreReviewThreads: false,
    });
    expect(found).toMatchObject({ commitsComplete: true, discussionComplete: true });
    expect(found?.commits.map((c) => c.id)).toEqual([sha('d'), sha('c')]);
    expect(found?.remarks.map((r) => r.body)).toEqual(['earlier', 'later']);
    expect(requests.filter((r) => r.kind === 'graphql')).toHaveLength(2);
  });

  test('end at a bound, and the state says so', async () => {
    const { hosting, requests } = started();
    onQuery('PullRequest', of({ comments: more([comment(99, BEN, 'x')], 'm', 5_000) }));
    for (let i = 0; i < 9; i++)
      onQuery('OlderPages', older({ comments: more([comment(i, BEN, 'x')], 'm', 5_000) }));
    const found = await hosting.pullRequest(SHOP, 12, []);
    expect(found).toMatchObject({ commitsComplete: true, discussionComplete: false });
    expect(found?.remarks).toHaveLength(10);
    expect(requests.filter((r) => r.kind === 'graphql')).toHaveLength(10);
  });

  test('of another head are the list of neither', async () => {
    const { hosting } = started();
    onQuery('PullRequest', of({ commits: more([commit(sha('c'), [sha('d')])], 'c1', 2) }));
    onQuery('OlderPages', older({ headRefOid: sha('e'), commits: page([commit(sha('d'), [sha('a')])]) }));
    expect((await thrown(hosting.pullRequest(SHOP, 12, []))).message).toContain('changed while it was read');
  });
});

describe('commits', () => {
  test('fewer than counted, or with more parents than listed, are not complete', async () => {
    const one = commit(sha('c'), [sha('a')]);
    expect((await read(of({ commits: page([one], { totalCount: 2 }) }))).commitsComplete).toBe(false);
    const many = commit(sha('c'), [], { parents: some([{ oid: sha('a') }], 21) });
    expect((await read(of({ commits: page([many]) }))).commitsComplete).toBe(false);
  });

  test('that do not hold the head yet are waited for', async () => {
    const { hosting } = started();
    onQuery('PullRequest', of({ commits: page([commit(sha('d'), [sha('a')])]) }));
    expect(await thrown(hosting.pullRequest(SHOP, 12, []))).toBeInstanceOf(Unavailable);
    onQuery('PullRequest', of({ commits: page([]), changedFiles: 1 }));
    expect(await thrown(hosting.pullRequest(SHOP, 12, []))).toBeInstanceOf(Unavailable);
  });

  test('of a closed pull request are what they are', async () => {
    const found = await read(of({ state: 'CLOSED', commits: page([commit(sha('d'), [sha('a')])]) }));
    expect(found).toMatchObject({ state: 'closed', commitsComplete: false });
  });

  test('may be none', async () => {
    expect(await read(of({ commits: page([]), changedFiles: 0 }))).toMatchObject({
      commits: [],
      commitsComplete: true,
    });
  });
});

describe('teams', () => {
  const members = (nodes: readonly Json[], total = nodes.length) => ({
    team: { members: some(nodes, total) },
  });
  const asked = ['acme/security', 'acme/everybody', 'acme/secret', 'other/team', 'not a team'];

  test('members, where all of them were delivered', async () => {
    const answer = state(
      {
        team0: members([{ login: 'ben', databaseId: 2 }]),
        team1: members([{ login: 'ben', databaseId: 2 }], 101),
        team2: { team: null },
        team3: null,
      },
      [NO_ORGANISATION, { type: 'FORBIDDEN', path: ['team3'], message: 'not yours' }],
    );
    expect((await read(answer, asked)).teams).toEqual(
      new Map([
        ['acme/security', [{ id: '2', login: 'ben', kind: 'user' }]],
        ['acme/everybody', undefined],
        ['acme/secret', undefined],
        ['other/team', undefined],
        ['not a team', undefined],
      ]),
    );
  });

  test('an answer of another form is no list of members', async () => {
    const { teams } = await read(state({ team0: members([{ login: 'ben' }]) }), ['acme/security']);
    expect(teams.get('acme/security')).toBeUndefined();
  });

  test('a limit reached while teams were read is a limit', async () => {
    const { hosting } = started();
    onQuery('PullRequest', state({}, [{ type: 'RATE_LIMITED', path: ['team0'], message: 'wait' }]));
    expect((await thrown(hosting.pullRequest(SHOP, 12, ['acme/security']))).name).toBe('RateLimited');
  });
});
