import { describe, expect, test } from '@jest/globals';
import { FILES, idOf, namesOf, openedPull, pluck, read, scene, type Scene } from './scene.ts';

const PULL = '/repos/acme/shop/pulls/1';

function opened(): Scene & { head: string } {
  const all = scene();
  return { ...all, head: openedPull(all.gh).headSha };
}

describe('reviews', () => {
  test('one review with comments on both sides, and on a range', async () => {
    const { api, gh, inbox } = opened();
    await gh.deliverPending();
    inbox.received.length = 0;
    const review = await api('POST', `${PULL}/reviews`, {
      event: 'COMMENT',
      body: 'Questions',
      comments: [
        { path: 'main.tf', line: 10, body: 'new' },
        { path: 'main.tf', line: 10, side: 'LEFT', body: 'old' },
        { path: 'main.tf', start_line: 8, line: 11, body: 'range' },
        { path: 'added.txt', line: 2, body: 'added' },
      ],
    });
    expect([review.status, read(review.body, 'state')]).toEqual([200, 'COMMENTED']);
    const comments = await api('GET', `${PULL}/comments`);
    expect(pluck(comments.body, 'line')).toEqual([10, 10, 11, 2]);
    expect(pluck(comments.body, 'pull_request_review_id')).toEqual(Array(4).fill(idOf(review)));
    expect(read(comments.body, 0, 'diff_hunk')).toContain('+line ten');
    const own = await api('GET', `${PULL}/reviews/${idOf(review)}/comments`);
    expect(pluck(own.body, 'body')).toEqual(['new', 'old', 'range', 'added']);
    await gh.deliverPending();
    expect(namesOf(inbox.received)).toEqual([
      'pull_request_review.submitted',
      ...Array<string>(4).fill('pull_request_review_comment.created'),
    ]);
    expect(read(inbox.received[0]?.payload, 'review', 'state')).toBe('commented');
  });

  test.each([
    ['a line outside of every hunk', { path: 'main.tf', line: 25 }],
    ['a file that is not changed', { path: 'README.md', line: 1 }],
    ['no line', { path: 'main.tf' }],
    ['a start after the end', { path: 'main.tf', start_line: 11, line: 9 }],
    ['a start outside of the hunk', { path: 'main.tf', start_line: 1, line: 9 }],
    ['a line of the wrong side', { path: 'added.txt', line: 1, side: 'LEFT' }],
  ])('one comment on %s, and nothing is posted', async (_, wrong) => {
    const { api, gh } = opened();
    const answer = await api('POST', `${PULL}/reviews`, {
      event: 'COMMENT',
      comments: [
        { path: 'main.tf', line: 10, body: 'good' },
        { ...wrong, body: 'bad' },
      ],
    });
    expect(answer.status).toBe(422);
    const place = { repo: 'acme/shop', number: 1 };
    expect([gh.observe.reviews(place), gh.observe.reviewComments(place)]).toEqual([[], []]);
  });

  test('anchors are judged by the commit that was reviewed', async () => {
    const { api, gh, head } = opened();
    gh.control.pushCommit({
      by: 'bob',
      repo: 'acme/shop',
      branch: 'feature',
      files: { 'main.tf': FILES['main.tf'] },
    });
    const comments = [{ path: 'main.tf', line: 10, body: 'here' }];
    const now = await api('POST', `${PULL}/reviews`, { event: 'COMMENT', comments });
    const then = await api('POST', `${PULL}/reviews`, { event: 'COMMENT', comments, commit_id: head });
    expect([now.status, then.status]).toEqual([422, 200]);
    const foreign = gh.control.tip('acme/shop', 'main');
    const other = await api('POST', `${PULL}/reviews`, { event: 'COMMENT', body: 'x', commit_id: foreign });
    expect(read(other.body, 'errors')).toEqual(['commit_id is not part of the pull request']);
  });

  test('a comment moves with its line, and is outdated when the line is gone', async () => {
    const { api, gh } = opened();
    const made = await api('POST', `${PULL}/comments`, {
      body: 'ten',
      path: 'main.tf',
      line: 10,
      commit_id: gh.observe.pull({ repo: 'acme/shop', number: 1 }).headSha,
    });
    expect(made.status).toBe(201);
    const push = (text: string) =>
      gh.control.pushCommit({ by: 'bob', repo: 'acme/shop', branch: 'feature', files: { 'main.tf': text } });
    const changed = FILES['main.tf'].replace('line 10\n', 'line ten\n');
    push(`first\n${changed}`);
    const moved = await api('GET', `/repos/acme/shop/pulls/comments/${idOf(made)}`);
    expect([read(moved.body, 'line'), read(moved.body, 'original_line')]).toEqual([11, 10]);
    push(changed.replace('line ten\n', 'line X\n'));
    const gone = await api('GET', `/repos/acme/shop/pulls/comments/${idOf(made)}`);
    expect([read(gone.body, 'line'), read(gone.body, 'position')]).toEqual([null, null]);
  });

  test('nobody approves their own pull request', async () => {
    const { api, gh } = opened();
    expect(() => gh.control.review({ repo: 'acme/shop', number: 1, by: 'bob', state: 'approve' })).toThrow(
      'Validation Failed',
    );
    const own = await api('POST', `${PULL}/reviews`, { event: 'APPROVE' }, gh.control.createUserToken('bob'));
    expect(read(own.body, 'errors')).toEqual(['Can not approve your own pull request']);
    const other = gh.control.review({ repo: 'acme/shop', number: 1, by: 'ada', state: 'approve' });
    expect([other.state, other.commit]).toEqual(['APPROVED', gh.control.tip('acme/shop', 'feature')]);
  });

  test('who people are to the repository', async () => {
    const { api, gh } = opened();
    for (const by of ['ada', 'eve'])
      gh.control.review({ repo: 'acme/shop', number: 1, by, state: 'comment' });
    const reviews = await api('GET', `${PULL}/reviews`);
    expect(pluck(reviews.body, 'author_association')).toEqual(['MEMBER', 'NONE']);
  });

  test('a pending review is seen by its author alone, who has one of them', async () => {
    const { api, gh } = opened();
    const mine = await api('POST', `${PULL}/reviews`, { body: 'not yet' });
    expect(read(mine.body, 'state')).toBe('PENDING');
    expect((await api('POST', `${PULL}/reviews`, { body: 'again' })).status).toBe(422);
    const others = await api('GET', `${PULL}/reviews`, undefined, gh.control.createUserToken('ada'));
    expect([pluck((await api('GET', `${PULL}/reviews`)).body, 'state'), others.body]).toEqual([
      ['PENDING'],
      [],
    ]);
  });

  test('the body is edited by its author, and a review is dismissed once', async () => {
    const { api, gh, inbox } = opened();
    const mine = await api('POST', `${PULL}/reviews`, { event: 'COMMENT', body: 'first' });
    const edited = await api('PUT', `${PULL}/reviews/${idOf(mine)}`, { body: 'second' });
    expect(read(edited.body, 'body')).toBe('second');
    const theirs = gh.control.review({ repo: 'acme/shop', number: 1, by: 'ada', state: 'approve' });
    expect((await api('PUT', `${PULL}/reviews/${theirs.id}`, { body: 'x' })).status).toBe(403);
    const dismiss = (id: number) => api('PUT', `${PULL}/reviews/${id}/dismissals`, { message: 'stale' });
    expect(read((await dismiss(theirs.id)).body, 'state')).toBe('DISMISSED');
    expect([(await dismiss(theirs.id)).status, (await dismiss(idOf(mine))).status]).toEqual([422, 422]);
    await gh.deliverPending();
    const about = inbox.received.filter(({ event }) => event === 'pull_request_review');
    expect(namesOf(about).map((name) => name.split('.')[1])).toEqual([
      'submitted',
      'edited',
      'submitted',
      'dismissed',
    ]);
    expect(read(about[1]?.payload, 'changes', 'body', 'from')).toBe('first');
  });

  test('a comment on the whole file, a reply, and no reply to a reply', async () => {
    const { api, head } = opened();
    const on = { path: 'main.tf', commit_id: head };
    const root = await api('POST', `${PULL}/comments`, { ...on, body: 'all', subject_type: 'file' });
    expect([root.status, read(root.body, 'subject_type'), read(root.body, 'line')]).toEqual([
      201,
      'file',
      null,
    ]);
    const reply = await api('POST', `${PULL}/comments`, { ...on, body: 'yes', in_reply_to: idOf(root) });
    expect(read(reply.body, 'in_reply_to_id')).toBe(idOf(root));
    const deeper = await api('POST', `${PULL}/comments`, { ...on, body: 'no', in_reply_to: idOf(reply) });
    expect(deeper.status).toBe(422);
  });

  test('a tick is an edit by whoever may write', async () => {
    const { api, gh, inbox, head } = opened();
    const box = await api('POST', `${PULL}/comments`, {
      path: 'main.tf',
      line: 10,
      commit_id: head,
      body: '- [ ] done',
    });
    const tick = (by: string) => () => {
      gh.control.editReviewComment({ by, id: idOf(box), body: '- [x] done' });
    };
    expect(tick('eve')).toThrow('write access');
    tick('ada')();
    await gh.deliverPending();
    expect(inbox.received.at(-1)?.payload).toMatchObject({
      action: 'edited',
      changes: { body: { from: '- [ ] done' } },
      comment: { body: '- [x] done', user: { login: 'threatgate[bot]' } },
      sender: { login: 'ada' },
    });
  });

  test('bodies have a limit, of characters', async () => {
    const { api } = opened();
    const post = (body: string) => api('POST', `${PULL}/reviews`, { event: 'COMMENT', body });
    expect((await post('ä'.repeat(65_536))).status).toBe(200);
    expect((await post('a'.repeat(65_537))).status).toBe(422);
    expect(
      (await api('POST', '/repos/acme/shop/issues/1/comments', { body: 'a'.repeat(65_537) })).status,
    ).toBe(422);
  });

  test('a deleted comment is gone everywhere', async () => {
    const { api, gh, inbox, head } = opened();
    const made = await api('POST', `${PULL}/comments`, {
      path: 'main.tf',
      line: 10,
      commit_id: head,
      body: 'x',
    });
    expect((await api('DELETE', `/repos/acme/shop/pulls/comments/${idOf(made)}`)).status).toBe(204);
    expect((await api('GET', `/repos/acme/shop/pulls/comments/${idOf(made)}`)).status).toBe(404);
    expect((await api('GET', `${PULL}/comments`)).body).toEqual([]);
    await gh.deliverPending();
    expect(namesOf(inbox.received).at(-1)).toBe('pull_request_review_comment.deleted');
  });
});

describe('comments', () => {
  test('made, edited, reacted to once', async () => {
    const { api, gh, inbox } = opened();
    const mine = await api('POST', '/repos/acme/shop/issues/1/comments', { body: 'hello' });
    expect(mine.status).toBe(201);
    await api('PATCH', `/repos/acme/shop/issues/comments/${idOf(mine)}`, { body: 'bye' });
    const theirs = gh.control.comment({ repo: 'acme/shop', number: 1, by: 'ada', body: '/threatgate help' });
    const react = () =>
      api('POST', `/repos/acme/shop/issues/comments/${theirs.id}/reactions`, { content: 'eyes' });
    expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
    expect(gh.observe.reactions(theirs.id)).toEqual(['eyes']);
    const list = await api('GET', '/repos/acme/shop/issues/1/comments');
    expect(pluck(list.body, 'body')).toEqual(['bye', '/threatgate help']);
    gh.control.deleteComment({ by: 'ada', id: theirs.id });
    await gh.deliverPending();
    expect(namesOf(inbox.received.filter(({ event }) => event === 'issue_comment'))).toEqual([
      'issue_comment.created',
      'issue_comment.edited',
      'issue_comment.created',
      'issue_comment.deleted',
    ]);
  });
});
