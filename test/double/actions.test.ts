/** What a workflow has of GitHub: its token, its runs, and the refs that start them. */
import { describe, expect, test } from '@jest/globals';
import type { Permissions } from './state/nouns.ts';
import { idOf, openedPull, pluck, read, scene, type ApiAnswer, type Scene } from './scene.ts';

const SHOP = '/repos/acme/shop';
const PLACE = { repo: 'acme/shop', number: 1 };
const REFUSED = [403, 'Resource not accessible by integration'];

const told = ({ status, body }: ApiAnswer) => [status, read(body, 'message')];

/** The scene as a workflow of the shop sees it. */
function workflow(permissions: Permissions, all: Scene = scene()) {
  const token = all.gh.control.createActionsToken({ repo: 'acme/shop', permissions });
  const api = (method: string, path: string, body?: unknown) => all.api(method, path, body, token);
  const graphql = (query: string) => api('POST', '/graphql', { query });
  return { ...all, token, api, graphql };
}

describe('who asks', () => {
  const VIEWER = '{ viewer { __typename id login databaseId name email } }';

  test('an app is its bot, with the suffix', async () => {
    const { graphql, app } = scene();
    const { body } = await graphql(VIEWER);
    expect(read(body, 'data', 'viewer')).toMatchObject({
      __typename: 'User',
      login: 'threatgate[bot]',
      databaseId: app.bot.id,
      name: null,
    });
  });

  test('a workflow is the bot of GitHub Actions, by the name that its reviews have', async () => {
    const { api, graphql, gh } = workflow({ pull_requests: 'write' });
    openedPull(gh);
    const viewer = read((await graphql(VIEWER)).body, 'data', 'viewer');
    expect(read(viewer, 'login')).toBe('github-actions[bot]');
    const review = await api('POST', `${SHOP}/pulls/1/reviews`, { body: 'x', event: 'COMMENT' });
    expect(read(review.body, 'user')).toMatchObject({
      login: read(viewer, 'login'),
      id: read(viewer, 'databaseId'),
      node_id: read(viewer, 'id'),
    });
  });

  test('a person is a person', async () => {
    const { api, gh } = scene();
    const { body } = await api('POST', '/graphql', { query: VIEWER }, gh.control.createUserToken('bob'));
    expect(read(body, 'data', 'viewer')).toMatchObject({ login: 'bob', name: 'bob' });
  });
});

describe('matching refs', () => {
  const refs = async ({ api }: Pick<Scene, 'api'>, name: string) =>
    pluck((await api('GET', `${SHOP}/git/matching-refs/${name}`)).body, 'ref');

  test('those that begin so, in order, with slashes escaped or not', async () => {
    const all = scene();
    const pull = openedPull(all.gh, 'feature/two');
    openedPull(all.gh, 'feature');
    expect(await refs(all, 'heads/feature')).toEqual(['refs/heads/feature', 'refs/heads/feature/two']);
    expect(await refs(all, 'heads%2Ffeature%2F')).toEqual(['refs/heads/feature/two']);
    expect(await refs(all, 'pull/1/')).toEqual(['refs/pull/1/head']);
    expect(await refs(all, 'heads/none')).toEqual([]);
    const { body } = await all.api('GET', `${SHOP}/git/matching-refs/heads/feature/two`);
    expect(read(body, 0, 'object')).toMatchObject({ type: 'commit', sha: pull.headSha });
  });

  test('the group of a pull request is there while it is in the merge queue', async () => {
    const all = scene();
    const { gh } = all;
    gh.control.setRules({ repo: 'acme/shop', mergeQueue: 'SQUASH' });
    openedPull(gh);
    const base = gh.control.tip('acme/shop', 'main');
    const entry = gh.control.enqueue({ ...PLACE, by: 'ada' });
    const answer = await all.api('GET', `${SHOP}/git/matching-refs/heads/gh-readonly-queue/main`);
    expect(pluck(answer.body, 'ref')).toEqual([`refs/heads/gh-readonly-queue/main/pr-1-${base}`]);
    expect(pluck(answer.body, 'object', 'sha')).toEqual([entry.headSha]);
    gh.control.completeGroup(PLACE);
    expect(await refs(all, 'heads/gh-readonly-queue/main')).toEqual([]);
  });

  test('need to read contents', async () => {
    const { api } = workflow({ pull_requests: 'write' });
    expect(told(await api('GET', `${SHOP}/git/matching-refs/heads/main`))).toEqual(REFUSED);
  });
});

describe('runs of a workflow', () => {
  const RUNS = `${SHOP}/actions/workflows/gate.yml/runs`;

  test('are listed by workflow, commit and event, newest first', async () => {
    const { gh, api, clock } = workflow({ actions: 'read' });
    const { headSha } = openedPull(gh);
    const base = gh.control.tip('acme/shop', 'main');
    const start = (event: string, sha: string, file = 'gate.yml') => {
      clock.at += 1000;
      return gh.control.createWorkflowRun({ repo: 'acme/shop', workflow: file, headSha: sha, event });
    };
    const first = start('pull_request', headSha);
    const second = start('pull_request_review', headSha);
    const third = start('push', base);
    start('push', base, 'build.yml');
    const ids = async (query = '', path = RUNS) =>
      pluck(read((await api('GET', `${path}${query}`)).body, 'workflow_runs'), 'id');
    expect(await ids()).toEqual([third.id, second.id, first.id]);
    expect(await ids(`?head_sha=${headSha}`)).toEqual([second.id, first.id]);
    expect(await ids(`?head_sha=${headSha}&event=pull_request&per_page=1`)).toEqual([first.id]);
    expect(await ids('?status=completed')).toEqual([]);
    expect(await ids('?branch=main')).toEqual([third.id]);
    expect(await ids('', `${SHOP}/actions/workflows/${first.workflow.id}/runs`)).toHaveLength(3);
    const paged = await api('GET', `${RUNS}?per_page=2`);
    expect([read(paged.body, 'total_count'), paged.headers.get('link')]).toEqual([
      3,
      expect.stringContaining('rel="next"'),
    ]);
  });

  test('say what they are for', async () => {
    const { gh, api } = workflow({ actions: 'read' });
    gh.control.fork({ repo: 'acme/shop', owner: 'eve' });
    gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'idea', files: { a: 'a\n' } });
    const { headSha } = gh.control.openPullRequest({
      by: 'eve',
      repo: 'acme/shop',
      head: 'eve/shop:idea',
      title: 'Idea',
    });
    gh.control.createWorkflowRun({
      repo: 'acme/shop',
      workflow: 'gate.yml',
      headSha,
      event: 'pull_request',
      conclusion: 'failure',
    });
    const { body } = await api('GET', RUNS);
    expect(read(body, 'workflow_runs', 0)).toMatchObject({
      path: '.github/workflows/gate.yml',
      head_branch: 'idea',
      head_repository: { full_name: 'eve/shop' },
      repository: { full_name: 'acme/shop' },
      display_title: 'Idea',
      actor: { login: 'eve' },
      status: 'completed',
      conclusion: 'failure',
      run_number: 1,
      run_attempt: 1,
      previous_attempt_url: null,
      // GitHub does not name pull requests of forks here.
      pull_requests: [],
    });
  });

  test('none of a workflow that never ran, and no such workflow', async () => {
    const { gh, api } = workflow({ actions: 'read' });
    expect((await api('GET', RUNS)).status).toBe(404);
    gh.control.pushCommit({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'main',
      files: { '.github/workflows/gate.yml': 'on: push\n' },
    });
    expect((await api('GET', RUNS)).body).toEqual({ total_count: 0, workflow_runs: [] });
  });

  test('are run again once they are over, for thirty days', async () => {
    const all = scene();
    const { gh, api, clock } = workflow({ actions: 'write' }, all);
    const { headSha } = openedPull(gh);
    const run = gh.control.createWorkflowRun({
      repo: 'acme/shop',
      workflow: 'gate.yml',
      headSha,
      event: 'pull_request',
    });
    const again = () => api('POST', `${SHOP}/actions/runs/${run.id}/rerun`);
    const [busy, unknown] = [await again(), await api('POST', `${SHOP}/actions/runs/1/rerun`)];
    expect([told(busy), unknown.status]).toEqual([[403, 'This workflow is already running'], 404]);
    gh.control.completeWorkflowRun({ id: run.id, conclusion: 'failure' });
    clock.at += 60_000;
    const done = await again();
    expect([done.status, done.body]).toEqual([201, {}]);
    expect((await again()).status).toBe(403);
    const { body } = await api('GET', RUNS);
    expect(read(body, 'workflow_runs', 0)).toMatchObject({
      id: run.id,
      status: 'queued',
      conclusion: null,
      run_attempt: 2,
      created_at: '2026-11-02T09:00:00Z',
      run_started_at: '2026-11-02T09:01:00Z',
      actor: { login: 'bob' },
      triggering_actor: { login: 'github-actions[bot]' },
      previous_attempt_url: expect.stringMatching(/\/attempts\/1$/),
    });
    const [seen] = gh.observe.workflowRuns('acme/shop');
    expect([seen?.status, seen?.reruns.map(({ by }) => by.login)]).toEqual([
      'queued',
      ['github-actions[bot]'],
    ]);
    gh.control.completeWorkflowRun({ id: run.id, conclusion: 'success' });
    clock.at += 31 * 24 * 3600_000;
    const later = workflow({ actions: 'write' }, all);
    expect(told(await later.api('POST', `${SHOP}/actions/runs/${run.id}/rerun`))).toEqual([
      403,
      'Unable to retry this workflow run because it was created over a month ago',
    ]);
  });

  test('need the permission, and of a person the right to write', async () => {
    const all = scene();
    const { gh } = all;
    const { headSha } = openedPull(gh);
    const { id } = gh.control.createWorkflowRun({
      repo: 'acme/shop',
      workflow: 'gate.yml',
      headSha,
      event: 'push',
      conclusion: 'success',
    });
    const rerun = `${SHOP}/actions/runs/${id}/rerun`;
    expect(told(await workflow({ actions: 'read' }, all).api('POST', rerun))).toEqual(REFUSED);
    expect(told(await workflow({ contents: 'read' }, all).api('GET', RUNS))).toEqual(REFUSED);
    const as = async (login: string) =>
      (await all.api('POST', rerun, undefined, gh.control.createUserToken(login))).status;
    expect([await as('eve'), await as('bob')]).toEqual([403, 201]);
    expect(gh.observe.workflowRuns('acme/shop')[0]?.reruns).toHaveLength(1);
  });
});

test('a process asks over a socket, at the addresses that a runner tells it', async () => {
  const { gh, token } = workflow({ actions: 'write', contents: 'read' });
  const { headSha } = openedPull(gh);
  const { id } = gh.control.createWorkflowRun({
    repo: 'acme/shop',
    workflow: 'gate.yml',
    headSha,
    event: 'pull_request',
    conclusion: 'failure',
  });
  const { url, close } = await gh.listen();
  try {
    const headers = { authorization: `bearer ${token}` };
    const rest = (path: string, method = 'GET') => fetch(`${url}/api/v3${SHOP}${path}`, { method, headers });
    expect((await rest(`/actions/runs/${id}/rerun`, 'POST')).status).toBe(201);
    const refs: unknown = await (await rest('/git/matching-refs/heads%2Ffeat')).json();
    expect(read(refs, 0, 'url')).toBe(`${url}/api/v3${SHOP}/git/refs/heads/feature`);
    const body = JSON.stringify({ query: '{ viewer { login } }' });
    const viewer = await fetch(`${url}/api/graphql`, { method: 'POST', headers, body });
    expect(await viewer.json()).toEqual({ data: { viewer: { login: 'github-actions[bot]' } } });
  } finally {
    await close();
  }
});

describe("a workflow's token", () => {
  const STATE = `{ repository(owner: "acme", name: "shop") {
    object(expression: "main:main.tf") { ... on Blob { byteSize } }
    pullRequest(number: 1) { headRefOid reviews(first: 5) { nodes { body } } reviewThreads(first: 5) { totalCount } }
  } }`;

  /** A pull request with a comment on its code, and what may be asked about it: name → status. */
  async function everything(permissions: Permissions): Promise<Record<string, unknown>> {
    const { gh, api, graphql } = workflow(permissions);
    const { headSha } = openedPull(gh);
    gh.control.review({
      ...PLACE,
      by: 'ada',
      state: 'comment',
      comments: [{ path: 'main.tf', line: 10, body: 'x' }],
    });
    const comment = gh.control.comment({ ...PLACE, by: 'bob', body: 'hi' });
    const [onCode] = gh.observe.reviewComments(PLACE);
    const { objects } = gh.world.repository('acme/shop');
    const blob = objects.entry(headSha, 'main.tf')?.oid ?? '';
    const state = await graphql(STATE);
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await api(method, `${SHOP}${path}`, body);
      if (answer.status === 403) expect(told(answer)).toEqual(REFUSED);
      return answer.status;
    };
    const review = { body: 'y', event: 'COMMENT', comments: [{ path: 'main.tf', line: 10, body: 'z' }] };
    return {
      graphql: read(state.body, 'errors', 0, 'type') ?? 'fine',
      compare: await ask('GET', `/compare/main...${headSha}`),
      tree: await ask('GET', `/git/trees/${headSha}?recursive=1`),
      blob: await ask('GET', `/git/blobs/${blob}`),
      activity: await ask('GET', '/activity?ref=feature'),
      role: await ask('GET', '/collaborators/bob/permission'),
      rules: await ask('GET', '/rules/branches/main'),
      review: await ask('POST', '/pulls/1/reviews', review),
      edit: await ask('PATCH', `/pulls/comments/${onCode?.id ?? 0}`, { body: 'w' }),
      reaction: await ask('POST', `/pulls/comments/${onCode?.id ?? 0}/reactions`, { content: 'eyes' }),
      thumb: await ask('POST', `/issues/comments/${comment.id}/reactions`, { content: '+1' }),
      comment: await ask('POST', '/issues/1/comments', { body: 'v' }),
    };
  }

  test('with the permissions of a reviewer does what reviewing needs', async () => {
    expect(await everything({ contents: 'read', pull_requests: 'write' })).toEqual({
      graphql: 'fine',
      compare: 200,
      tree: 200,
      blob: 200,
      activity: 200,
      role: 200,
      rules: 200,
      review: 200,
      edit: 200,
      reaction: 201,
      thumb: 201,
      comment: 201,
    });
  });

  test('of a fork reads, and says nothing', async () => {
    const writes = { review: 403, edit: 403, reaction: 403, thumb: 403, comment: 403 };
    const reads = { compare: 200, tree: 200, blob: 200, activity: 200, role: 200, rules: 200 };
    expect(await everything({ contents: 'read' })).toEqual({ graphql: 'FORBIDDEN', ...reads, ...writes });
    expect(await everything({ contents: 'read', pull_requests: 'read' })).toEqual({
      graphql: 'fine',
      ...reads,
      ...writes,
    });
  });

  test('without contents reads no code', async () => {
    expect(await everything({ pull_requests: 'write' })).toMatchObject({
      graphql: 'FORBIDDEN',
      compare: 403,
      tree: 403,
      blob: 403,
      activity: 403,
      role: 200,
      review: 200,
    });
  });

  test('edits its own words', async () => {
    const { gh, api } = workflow({ pull_requests: 'write' });
    openedPull(gh);
    await api('POST', `${SHOP}/pulls/1/reviews`, {
      event: 'COMMENT',
      comments: [{ path: 'main.tf', line: 10, body: 'x' }],
    });
    const [comment] = gh.observe.reviewComments(PLACE);
    const edited = await api('PATCH', `${SHOP}/pulls/comments/${comment?.id ?? 0}`, { body: 'y' });
    expect([idOf(edited), read(edited.body, 'body')]).toEqual([comment?.id, 'y']);
    expect(gh.observe.reviewComments(PLACE)[0]?.editor?.login).toBe('github-actions[bot]');
  });

  test('reads public repositories of others, changes nothing there, and sees no private ones', async () => {
    const { gh, api, graphql } = workflow({ contents: 'read', pull_requests: 'write', actions: 'write' });
    gh.control.createUser({ login: 'mallory' });
    for (const [name, hidden] of [
      ['open', false],
      ['secret', true],
    ] as const) {
      gh.control.createRepository({ owner: 'mallory', name, private: hidden, files: { a: 'a\n' } });
      gh.control.pushCommit({ by: 'mallory', repo: `mallory/${name}`, branch: 'b', files: { a: 'b\n' } });
      gh.control.openPullRequest({ by: 'mallory', repo: `mallory/${name}`, head: 'b' });
    }
    const there = '/repos/mallory/open';
    const status = async (path: string) => (await api('GET', path)).status;
    expect(await status(`${there}/contents/a`)).toBe(200);
    expect(await status(`${there}/git/matching-refs/heads/`)).toBe(200);
    // Held nowhere, and public all the same.
    expect(await status(`${there}/commits/main/check-runs`)).toBe(200);
    expect(told(await api('POST', `${there}/issues/1/comments`, { body: 'x' }))).toEqual(REFUSED);
    expect(told(await api('GET', `${there}/collaborators/mallory/permission`))).toEqual(REFUSED);
    expect(await status('/repos/mallory/secret/contents/a')).toBe(404);
    const ask = async (name: string) =>
      (
        await graphql(
          `{ repository(owner: "mallory", name: "${name}") { pullRequest(number: 1) { title } } }`,
        )
      ).body;
    expect(read(await ask('open'), 'data', 'repository', 'pullRequest', 'title')).toBe('b');
    expect(read(await ask('secret'), 'errors', 0, 'type')).toBe('NOT_FOUND');
  });

  test('never tells who is in a team', async () => {
    const all = scene({ permissions: { contents: 'read', pull_requests: 'write', issues: 'read' } });
    all.gh.control.createTeam({ organisation: 'acme', slug: 'security', members: ['ada'] });
    const team = '{ organization(login: "acme") { team(slug: "security") { slug } } }';
    const answers = async ({ api, graphql }: Pick<Scene, 'api' | 'graphql'>) => {
      const { body } = await graphql(team);
      return [
        told(await api('GET', '/orgs/acme/teams/security/memberships/ada')),
        read(body, 'data', 'organization', 'team'),
        read(body, 'errors', 0, 'type'),
      ];
    };
    const expected = [REFUSED, null, 'FORBIDDEN'];
    const own = workflow({ contents: 'write', pull_requests: 'write', issues: 'write' }, all);
    expect(await answers(own)).toEqual(expected);
    expect(await answers(all)).toEqual(expected);
    expect(() => workflow({ members: 'read' }, all)).toThrow('cannot have the permission members');
  });
});
