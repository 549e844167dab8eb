import { describe, expect, test } from '@jest/globals';
import {
  ADA,
  BEN,
  bot,
  comment,
  commit,
  git,
  OURSELVES,
  page,
  reply,
  review,
  some,
  thread,
  user,
  type Json,
} from './answers.ts';
import { sha, withoutNetwork } from './github-under-test.ts';
import { of, read } from './reading.ts';

withoutNetwork();

describe('accounts', () => {
  test.each([
    [user(7, 'eve'), { id: '7', login: 'eve', kind: 'user' }],
    [bot(8, 'dependabot'), { id: '8', login: 'dependabot[bot]', kind: 'bot' }],
    [
      { ...bot(8, 'x'), __typename: 'Organization' },
      { id: '8', login: 'x', kind: 'organisation' },
    ],
    [
      { __typename: 'Mannequin', login: 'old', id: 'M_1' },
      { id: 'M_1', login: 'old', kind: 'bot' },
    ],
    [
      { __typename: 'EnterpriseUserAccount', login: 'e', id: 'E_1' },
      { id: 'E_1', login: 'e', kind: 'bot' },
    ],
    [null, { id: '0', login: 'ghost', kind: 'user' }],
  ])('%j', async (author, account) => {
    expect((await read(of({ author }))).author).toEqual(account);
  });

  const people = async (over: Json) =>
    (await read(of({ commits: page([commit(sha('c'), [sha('a')], over)]) }))).commits[0]?.people.map(
      (p) => p && `${p.kind} ${p.id} ${p.login}`,
    );
  const by = (...authors: Json[]) => ({ authors: some(authors), committer: authors[0] });

  test('authors, co-authors and committer, once each', async () => {
    const [ada, ben, carl] = [
      git('Ada', 'a@x', ADA),
      git('Ben', 'b@x', BEN),
      git('Carl', 'c@x', user(3, 'carl')),
    ];
    expect(await people({ authors: some([ada, ben]), committer: carl })).toEqual([
      'user 1 ada',
      'user 2 ben',
      'user 3 carl',
    ]);
    expect(await people(by(ada))).toEqual(['user 1 ada']);
  });

  test('the committer of the browser is nobody', async () => {
    const authors = some([git('Ada', 'a@x', ADA)]);
    expect(await people({ authors, committer: git('GitHub', 'noreply@github.com') })).toEqual(['user 1 ada']);
    const known = git('GitHub', 'noreply@github.com', user(19864447, 'web-flow'));
    expect(await people({ authors, committer: known })).toEqual(['user 1 ada']);
    expect(await people({ authors, committer: git('GitHub', 'eve@example.org') })).toEqual([
      'user 1 ada',
      undefined,
    ]);
  });

  test('an address that GitHub gave out names the account', async () => {
    const dependabot = git('dependabot[bot]', '49699333+dependabot[bot]@users.noreply.github.com');
    expect(await people(by(dependabot))).toEqual(['bot 49699333 dependabot[bot]']);
    expect(await people(by(git('x', '12+old-login@users.noreply.github.com')))).toEqual([
      'user 12 old-login',
    ]);
  });

  test.each([
    'eve@example.org',
    'old@users.noreply.github.com',
    '12+x@users.noreply.github.com.example.org',
    '12+x y@users.noreply.github.com',
    '+x@users.noreply.github.com',
    '',
  ])('the address %p names nobody', async (email) => {
    expect(await people(by(git('x', email)))).toEqual([undefined]);
  });

  test('whoever is not listed is somebody unknown', async () => {
    const ada = git('Ada', 'a@x', ADA);
    expect(await people({ authors: some([ada], 21), committer: ada })).toEqual(['user 1 ada', undefined]);
    expect(await people({ authors: some([]), committer: ada })).toEqual(['user 1 ada', undefined]);
    expect(await people({ authors: some([ada]), committer: null })).toEqual(['user 1 ada', undefined]);
  });
});

describe('the discussion', () => {
  test('remarks of people in order of time, wherever they stand', async () => {
    const found = await read(
      of({
        comments: page([
          comment(3_000_000_001, BEN, '/threatgate approve', {
            createdAt: '2026-11-01T12:00:00Z',
            authorAssociation: 'MEMBER',
          }),
        ]),
        reviews: page([
          review(11, BEN, 'APPROVED', { body: 'Fine', lastEditedAt: '2026-11-01T12:30:00Z' }),
          review(12, null, 'CHANGES_REQUESTED', { commit: null }),
          review(13, BEN, 'PENDING', { body: 'draft', submittedAt: null }),
        ]),
        reviewThreads: page([
          thread([
            reply(21, OURSELVES, '<!-- threatgate --> Who may read?'),
            reply(22, ADA, 'control: IAM', 21, { createdAt: '2026-11-01T10:30:00Z' }),
          ]),
        ]),
      }),
    );
    expect(found.remarks.map(({ by, ...rest }) => ({ ...rest, by: by.login }))).toEqual([
      {
        id: 22,
        node: 'PRRC_22',
        place: 'review-comment',
        by: 'ada',
        at: '2026-11-01T10:30:00.000Z',
        body: 'control: IAM',
        insider: false,
        edited: false,
        inReplyTo: 21,
      },
      {
        id: 11,
        node: 'PRR_11',
        place: 'review',
        by: 'ben',
        at: '2026-11-01T11:00:00.000Z',
        body: 'Fine',
        insider: false,
        edited: true,
      },
      {
        id: 3_000_000_001,
        node: 'IC_3000000001',
        place: 'comment',
        by: 'ben',
        at: '2026-11-01T12:00:00.000Z',
        body: '/threatgate approve',
        insider: true,
        edited: false,
      },
    ]);
    expect(found.reviews.map((r) => [r.id, r.by.login, r.state, r.commit])).toEqual([
      [11, 'ben', 'approved', sha('c')],
      [12, 'ghost', 'changes-requested', undefined],
      [13, 'ben', 'pending', sha('c')],
    ]);
    expect(found.ownComments).toEqual([{ id: 21, body: '<!-- threatgate --> Who may read?' }]);
    expect(found.discussionComplete).toBe(true);
  });

  test('ours is what our bot wrote: no marker, no like-named user, no other bot', async () => {
    const found = await read(
      of({
        comments: page([comment(1, OURSELVES, 'ours, in the conversation')]),
        reviews: page([review(2, OURSELVES, 'COMMENTED', { body: 'ours' })]),
        reviewThreads: page([
          thread([
            reply(3, user(66, 'threatgate'), '<!-- threatgate -->'),
            reply(4, bot(67, 'threatgate-2'), '<!-- threatgate -->'),
            reply(6, user(68, 'threatgate[bot]'), '<!-- threatgate -->'),
            reply(5, bot(900, 'threatgate[bot]'), 'ours by its other name'),
          ]),
        ]),
      }),
    );
    expect(found.remarks.map((r) => r.id)).toEqual([3, 4, 6]);
    expect(found.reviews).toEqual([]);
    expect(found.ownComments.map((c) => c.id)).toEqual([5]);
  });

  test('a thread longer than a page leaves it incomplete', async () => {
    const found = await read(of({ reviewThreads: page([thread([reply(1, ADA, 'x')], 101)]) }));
    expect(found.discussionComplete).toBe(false);
  });
});
