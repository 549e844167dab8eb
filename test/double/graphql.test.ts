import { describe, expect, test } from '@jest/globals';
import type { Permissions } from './state/nouns.ts';
import { openedPull, PERMISSIONS, read, scene } from './scene.ts';

const STATE = `
  query ($number: Int!) {
    rateLimit { cost remaining limit }
    repository(owner: "acme", name: "shop") {
      databaseId nameWithOwner isPrivate
      defaultBranchRef { name target { oid ... on Commit { tree { oid } } } }
      pullRequest(number: $number) {
        databaseId number state isDraft merged title body changedFiles
        headRefName headRefOid baseRefName baseRefOid isCrossRepository
        author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
        headRepository { nameWithOwner databaseId }
        commits(last: 50) {
          totalCount
          pageInfo { hasPreviousPage }
          nodes { commit {
            oid message committedDate
            parents(first: 2) { totalCount nodes { oid } }
            authors(first: 10) { totalCount nodes { email name user { login databaseId } } }
            author { email user { login } }
            committer { email user { login databaseId } }
          } }
        }
        reviews(last: 50) {
          totalCount
          nodes { databaseId state body submittedAt lastEditedAt commit { oid } author { login } }
        }
        comments(last: 50) {
          nodes { databaseId body lastEditedAt includesCreatedEdit author { login } editor { login } }
        }
        reviewThreads(first: 50) {
          totalCount
          nodes {
            isResolved isOutdated path line
            comments(first: 20) { totalCount nodes {
              databaseId body originalLine replyTo { databaseId } commit { oid } pullRequestReview { databaseId }
            } }
          }
        }
      }
    }
  }`;

test('the state of a pull request in one request', async () => {
  const { gh, graphql } = scene();
  const pull = openedPull(gh);
  const place = { repo: 'acme/shop', number: 1 };
  gh.control.pushCommit({
    by: 'bob',
    repo: 'acme/shop',
    branch: 'feature',
    files: { c: 'c\n' },
    message: 'More\n\nCo-authored-by: Ada <ada@example.org>\nCo-authored-by: Who <who@example.net>',
  });
  const review = gh.control.review({
    ...place,
    by: 'ada',
    state: 'approve',
    body: 'Good',
    comments: [{ path: 'main.tf', line: 10, body: 'ten' }],
  });
  const [first] = gh.observe.reviewComments(place);
  gh.control.replyToReviewComment({ by: 'bob', id: first?.id ?? 0, body: 'thanks' });
  const comment = gh.control.comment({ ...place, by: 'bob', body: 'hi' });
  gh.control.editComment({ by: 'ada', id: comment.id, body: 'hi there' });

  const { body } = await graphql(STATE, { number: 1 });
  expect(read(body, 'errors')).toBeUndefined();
  expect(read(body, 'data', 'rateLimit')).toEqual({ cost: 2, remaining: 4998, limit: 5000 });
  expect(read(body, 'data', 'repository', 'defaultBranchRef', 'target', 'oid')).toBe(
    gh.control.tip('acme/shop', 'main'),
  );
  expect(read(body, 'data', 'repository', 'pullRequest')).toMatchObject({
    databaseId: pull.id,
    state: 'OPEN',
    changedFiles: 3,
    headRefOid: pull.headSha,
    isCrossRepository: false,
    author: { login: 'bob', __typename: 'User' },
    commits: {
      totalCount: 2,
      nodes: [
        { commit: { parents: { totalCount: 1 }, committer: { user: { login: 'bob' } } } },
        {
          commit: {
            oid: pull.headSha,
            authors: {
              totalCount: 3,
              nodes: [
                { user: { login: 'bob' } },
                { user: { login: 'ada' } },
                { email: 'who@example.net', user: null },
              ],
            },
          },
        },
      ],
    },
    reviews: {
      totalCount: 2,
      nodes: [
        { databaseId: review.id, state: 'APPROVED', commit: { oid: pull.headSha }, author: { login: 'ada' } },
        { state: 'COMMENTED', author: { login: 'bob' } },
      ],
    },
    comments: {
      nodes: [
        { body: 'hi there', includesCreatedEdit: true, author: { login: 'bob' }, editor: { login: 'ada' } },
      ],
    },
    reviewThreads: {
      totalCount: 1,
      nodes: [
        {
          isOutdated: false,
          path: 'main.tf',
          line: 10,
          comments: { totalCount: 2, nodes: [{ replyTo: null }, { replyTo: { databaseId: first?.id } }] },
        },
      ],
    },
  });
});

describe('objects', () => {
  test('blobs by expression: text, cut at the limit, none when binary, null when missing', async () => {
    const { gh, graphql } = scene({ limits: { blobText: 5 } });
    const sha = gh.control.pushCommit({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'main',
      files: { 'a/long': 'abcdä', 'a/bin': new Uint8Array([65, 0, 66]) },
    });
    const blob = (path: string) =>
      `object(expression: "${sha}:${path}") { ... on Blob { text byteSize isBinary isTruncated } }`;
    const { body } = await graphql(`{ repository(owner: "acme", name: "shop") {
      long: ${blob('a/long')} bin: ${blob('a/bin')} none: ${blob('nothing')}
      tree: object(expression: "${sha}:a") { ... on Tree { entries { name path type mode size } } }
      by: object(oid: "${sha}") { ... on Commit { oid } }
      ref(qualifiedName: "refs/heads/main") { target { oid } }
    } }`);
    expect(read(body, 'data', 'repository')).toEqual({
      long: { text: 'abcd', byteSize: 6, isBinary: false, isTruncated: true },
      bin: { text: null, byteSize: 3, isBinary: true, isTruncated: false },
      none: null,
      tree: {
        entries: [
          { name: 'bin', path: 'a/bin', type: 'blob', mode: 33188, size: 3 },
          { name: 'long', path: 'a/long', type: 'blob', mode: 33188, size: 6 },
        ],
      },
      by: { oid: sha },
      ref: { target: { oid: sha } },
    });
  });

  test('a bot has no suffix in its name', async () => {
    const { gh, api, graphql } = scene();
    openedPull(gh);
    await api('POST', '/repos/acme/shop/issues/1/comments', { body: 'x' });
    const { body } = await graphql(`
      {
        repository(owner: "acme", name: "shop") {
          pullRequest(number: 1) {
            comments(first: 1) {
              nodes {
                author {
                  __typename
                  login
                }
              }
            }
          }
        }
      }
    `);
    expect(read(body, 'data', 'repository', 'pullRequest', 'comments', 'nodes', 0, 'author')).toEqual({
      __typename: 'Bot',
      login: 'threatgate',
    });
  });

  test('pull requests in order, by pages', async () => {
    const { gh, graphql, clock } = scene();
    for (const branch of ['one', 'two', 'three']) {
      openedPull(gh, branch);
      clock.at += 1000;
    }
    const pages = (after: string) =>
      graphql(`{ repository(owner: "acme", name: "shop") {
        pullRequests(first: 2, ${after} states: [OPEN], orderBy: { field: CREATED_AT, direction: DESC }) {
          totalCount nodes { number } pageInfo { hasNextPage endCursor } } } }`);
    const first = read((await pages('')).body, 'data', 'repository', 'pullRequests');
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ number: 3 }, { number: 2 }],
      pageInfo: { hasNextPage: true },
    });
    const second = await pages(`after: "${String(read(first, 'pageInfo', 'endCursor'))}"`);
    expect(read(second.body, 'data', 'repository', 'pullRequests')).toMatchObject({
      nodes: [{ number: 1 }],
      pageInfo: { hasNextPage: false },
    });
  });

  test('members of a team', async () => {
    const { gh, graphql } = scene();
    gh.control.createTeam({ organisation: 'acme', slug: 'security', members: ['ada'], pending: ['eve'] });
    gh.control.createTeam({ organisation: 'acme', slug: 'cloud', parent: 'security', members: ['bob'] });
    const { body } = await graphql(`
      {
        organization(login: "acme") {
          team(slug: "security") {
            all: members(first: 10) {
              nodes {
                login
              }
            }
            own: members(first: 10, membership: IMMEDIATE) {
              totalCount
              nodes {
                login
              }
            }
            found: members(first: 10, query: "BO") {
              nodes {
                login
              }
            }
          }
          none: team(slug: "none") {
            id
          }
        }
      }
    `);
    expect(read(body, 'data', 'organization')).toEqual({
      team: {
        all: { nodes: [{ login: 'ada' }, { login: 'bob' }] },
        own: { totalCount: 1, nodes: [{ login: 'ada' }] },
        found: { nodes: [{ login: 'bob' }] },
      },
      none: null,
    });
  });
});

describe('errors', () => {
  const errorOf = async (query: string, all = scene()) => {
    const answer = await all.graphql(query);
    return { status: answer.status, error: read(answer.body, 'errors', 0), data: read(answer.body, 'data') };
  };

  test('what is not there', async () => {
    const repository = await errorOf('{ repository(owner: "acme", name: "none") { id } }');
    expect(repository).toMatchObject({
      status: 200,
      data: { repository: null },
      error: { type: 'NOT_FOUND', path: ['repository'] },
    });
    const pull = await errorOf(
      '{ repository(owner: "acme", name: "shop") { id pullRequest(number: 9) { id } } }',
    );
    expect(pull).toMatchObject({
      data: { repository: { pullRequest: null } },
      error: { type: 'NOT_FOUND', path: ['repository', 'pullRequest'] },
    });
  });

  test('a page too large, or of no size', async () => {
    const all = scene();
    openedPull(all.gh);
    const ask = (args: string) =>
      errorOf(`{ repository(owner: "acme", name: "shop") { pullRequests${args} { totalCount } } }`, all);
    expect((await ask('(first: 101)')).error).toMatchObject({ type: 'EXCESSIVE_PAGINATION' });
    expect((await ask('')).error).toMatchObject({ type: 'MISSING_PAGINATION_BOUNDARIES' });
  });

  test('a permission that the app has not', async () => {
    const all = scene({
      permissions: { ...PERMISSIONS, members: 'read', contents: 'read', pull_requests: 'read' },
    });
    openedPull(all.gh);
    all.gh.control.uninstall(all.installation, 'ada');
    expect((await all.graphql('{ rateLimit { cost } }')).status).toBe(401);
    const fewer: Permissions = { contents: 'read', pull_requests: 'read', issues: 'read' };
    const few = scene({ permissions: fewer });
    const refused = await errorOf('{ repository(owner: "acme", name: "shop") { mergeQueue { id } } }', few);
    expect(refused.error).toMatchObject({ type: 'FORBIDDEN', path: ['repository', 'mergeQueue'] });
  });

  test('a spent budget is a success of HTTP', async () => {
    const spent = await errorOf('{ rateLimit { cost } }', scene({ limits: { graphql: 0 } }));
    expect(spent).toMatchObject({ status: 200, error: { type: 'RATE_LIMITED' } });
  });

  test('a field that GitHub does not have, and a query that is none', async () => {
    const unknown = await errorOf('{ repository(owner: "a", name: "b") { stars } }');
    expect(read(unknown.error, 'message')).toContain('Cannot query field "stars"');
    expect((await errorOf('{')).error).toBeDefined();
  });
});
