import { describe, expect, test } from '@jest/globals';
import { Rejected, Unavailable } from '../../src/review/hosting-errors.ts';
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

const draft = {
  body: 'Two questions',
  comments: [
    { component: 'sha256:a', path: 'a.tf', line: 3, body: 'Who may read?' },
    { component: 'sha256:b', path: 'a.tf', line: 9, body: 'Who may write?' },
  ],
};
const posted = {
  commit_id: sha('c'),
  event: 'COMMENT',
  body: 'Two questions',
  comments: [
    { path: 'a.tf', line: 3, side: 'RIGHT', body: 'Who may read?' },
    { path: 'a.tf', line: 9, side: 'RIGHT', body: 'Who may write?' },
  ],
};

const onPost = () => asInstallation().post('/repos/acme/shop/pulls/12/reviews', posted);

describe('a review', () => {
  test('is one request', async () => {
    const { hosting, requests } = github();
    grantToken();
    onPost().reply(200, { id: 50 });
    await hosting.postReview(SHOP, 12, sha('c'), draft);
    expect(requests).toHaveLength(2);
  });

  test.each([
    [422, Rejected],
    [502, Unavailable],
  ])('%i, as for a line outside of the diff, is %p', async (status, type) => {
    const { hosting } = github();
    grantToken();
    onPost().reply(status, { message: 'Unprocessable', errors: ['Line could not be resolved'] });
    expect(await thrown(hosting.postReview(SHOP, 12, sha('c'), draft))).toBeInstanceOf(type);
  });
});

test('a comment is edited', async () => {
  const { hosting } = github();
  grantToken();
  asInstallation().patch('/repos/acme/shop/pulls/comments/61', { body: 'Resolved' }).reply(200, { id: 61 });
  await hosting.editReviewComment(SHOP, 61, 'Resolved');
});

describe('a reaction', () => {
  test.each([
    ['comment', '/repos/acme/shop/issues/comments/7/reactions', 201],
    ['review-comment', '/repos/acme/shop/pulls/comments/7/reactions', 200],
  ] as const)('to a %s', async (place, path, status) => {
    const { hosting } = github();
    grantToken();
    asInstallation().post(path, { content: 'eyes' }).reply(status, { id: 1, content: 'eyes' });
    await hosting.react(SHOP, { id: 7, place }, 'eyes');
  });

  test('to a review goes by its other name', async () => {
    const { hosting } = github();
    grantToken();
    const sent = onQuery('React', { data: { addReaction: { clientMutationId: null } } });
    await hosting.react(SHOP, { id: 7, place: 'review', node: 'PRR_7' }, '-1');
    expect(sent[0]?.variables).toEqual({ subject: 'PRR_7', content: 'THUMBS_DOWN' });
    expect(await thrown(hosting.react(SHOP, { id: 7, place: 'review' }, '+1'))).toBeInstanceOf(Rejected);
  });
});
