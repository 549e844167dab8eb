import { describe, expect, test } from '@jest/globals';
import { namesOf, openedPull, pluck, read, scene } from './scene.ts';

const SHOP = '/repos/acme/shop';
const PLACE = { repo: 'acme/shop', number: 1 };

describe('requests', () => {
  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('an error %s the effect', async (when, made) => {
    const { gh, api } = scene();
    openedPull(gh);
    gh.faults = {
      request: ({ method }) => (method === 'POST' ? { answer: 502, when } : undefined),
    };
    const answer = await api('POST', `${SHOP}/issues/1/comments`, { body: 'x' });
    expect(answer.status).toBe(502);
    expect(gh.observe.comments(PLACE)).toHaveLength(made);
  });

  test('no answer at all, and a secondary limit', async () => {
    const { gh, api } = scene();
    openedPull(gh);
    gh.faults = { request: () => ({ answer: 'timeout', when: 'after' }) };
    await expect(api('POST', `${SHOP}/issues/1/comments`, { body: 'x' })).rejects.toThrow('fetch failed');
    expect(gh.observe.comments(PLACE)).toHaveLength(1);
    gh.faults = { request: () => ({ answer: 'secondary-limit', when: 'before', retryAfter: 7 }) };
    const limited = await api('GET', SHOP);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
    expect(gh.requests.map(({ count }) => count)).toEqual([1, 2]);
  });

  test('a fault is chosen by what is asked, and when', async () => {
    const { gh, api } = scene();
    gh.faults = {
      request: ({ count, route }) =>
        count === 2 && route === 'GET /repos/{owner}/{repo}' ? { answer: 500, when: 'before' } : undefined,
    };
    expect([(await api('GET', SHOP)).status, (await api('GET', SHOP)).status]).toEqual([200, 500]);
  });
});

describe('what GitHub does not know yet', () => {
  test('a pull request is hidden for a while after its event', async () => {
    const { gh, api, graphql, clock } = scene();
    gh.faults = { hidePullRequestFor: 2000 };
    openedPull(gh);
    const query = '{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { id } } }';
    expect((await api('GET', `${SHOP}/pulls/1`)).status).toBe(404);
    expect(read((await graphql(query)).body, 'errors', 0, 'type')).toBe('NOT_FOUND');
    expect((await api('GET', `${SHOP}/pulls`)).body).toEqual([]);
    clock.at += 2000;
    expect((await api('GET', `${SHOP}/pulls/1`)).status).toBe(200);
    expect(read((await graphql(query)).body, 'errors')).toBeUndefined();
  });

  test('lists and heads lag behind, writes do not', async () => {
    const { gh, api, graphql, clock } = scene();
    const old = openedPull(gh).headSha;
    clock.at += 10_000;
    const fresh = gh.control.pushCommit({
      by: 'bob',
      repo: 'acme/shop',
      branch: 'feature',
      files: { n: 'n\n' },
    });
    gh.control.review({ ...PLACE, by: 'ada', state: 'approve' });
    const made = await api('POST', `${SHOP}/check-runs`, { name: 'Threatgate', head_sha: fresh });
    clock.at += 1000;
    await api('PATCH', `${SHOP}/check-runs/${String(read(made.body, 'id'))}`, { conclusion: 'success' });
    const look = async () => {
      const answer = await graphql(
        '{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { headRefOid reviews(first: 9) { totalCount } } } }',
      );
      const pull = read(answer.body, 'data', 'repository', 'pullRequest');
      const runs = await api('GET', `${SHOP}/commits/${fresh}/check-runs`);
      return [
        read((await api('GET', `${SHOP}/pulls/1`)).body, 'head', 'sha'),
        read(pull, 'headRefOid'),
        read(pull, 'reviews', 'totalCount'),
        pluck(read(runs.body, 'check_runs'), 'status').join(),
      ];
    };
    expect(await look()).toEqual([fresh, fresh, 1, 'completed']);
    gh.faults = { lag: () => 500 };
    expect(await look()).toEqual([fresh, fresh, 1, 'queued']);
    gh.faults = { lag: () => 5000 };
    expect(await look()).toEqual([old, old, 0, '']);
    gh.faults = { lag: ({ route }) => (route.endsWith('check-runs') ? 5000 : 0) };
    expect(await look()).toEqual([fresh, fresh, 1, '']);
  });
});

describe('deliveries', () => {
  test('lost, unreachable, doubled and late', async () => {
    const { gh, inbox, api, jwt, clock } = scene();
    await gh.deliverPending();
    inbox.received.length = 0;
    gh.faults = {
      delivery: ({ event, action }) => {
        if (event === 'push') return { drop: 'lost' };
        if (event === 'check_suite') return { drop: 'unreachable' };
        return action === 'opened' ? { duplicates: 1, delay: 1000 } : undefined;
      },
    };
    openedPull(gh);
    gh.control.close({ ...PLACE, by: 'bob' });
    await gh.deliverPending();
    expect(namesOf(inbox.received)).toEqual(['pull_request.closed']);
    clock.at += 1000;
    await gh.deliverPending();
    expect(namesOf(inbox.received)).toEqual([
      'pull_request.closed',
      'pull_request.opened',
      'pull_request.opened',
    ]);
    expect(inbox.received[1]?.guid).toBe(inbox.received[2]?.guid);
    const failures = await api('GET', '/app/hook/deliveries?status=failure', undefined, jwt());
    expect(pluck(failures.body, 'event')).toEqual(['check_suite']);
  });
});
