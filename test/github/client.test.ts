import { describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { NotThere, RateLimited, Refused, Rejected, Unavailable } from '../../src/review/hosting-errors.ts';
import {
  API,
  asApp,
  asInstallation,
  github,
  grantToken,
  INSTALLATION,
  NOW,
  onQuery,
  SHOP,
  thrown,
  TOKEN,
  withoutNetwork,
} from './github-under-test.ts';

withoutNetwork();

const PERMISSION = '/repos/acme/shop/collaborators/ada/permission';

describe('signing in', () => {
  test('one token serves many requests, whatever its length; the count of requests holds it', async () => {
    const { hosting, requests } = github();
    grantToken();
    asInstallation().get(PERMISSION).times(3).reply(200, { permission: 'write' });
    await Promise.all([hosting.permission(SHOP, 'ada'), hosting.permission(SHOP, 'ada')]);
    await hosting.permission(SHOP, 'ada');
    expect(requests.map((r) => [r.installation, r.kind, r.status, r.route])).toEqual([
      [undefined, 'rest', 201, 'POST /app/installations/{installation_id}/access_tokens'],
      ...[1, 2, 3].map(() => [
        77,
        'rest',
        200,
        'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      ]),
    ]);
    expect(requests.every((r) => r.durationMs >= 0)).toBe(true);
  });

  test('another hosting of the same installation shares it', async () => {
    const { app } = github();
    grantToken();
    asInstallation().get(PERMISSION).twice().reply(200, { permission: 'write' });
    await app.installation(INSTALLATION).permission(SHOP, 'ada');
    await app.installation(INSTALLATION).permission(SHOP, 'ada');
  });

  test('it is renewed before it ends, by the difference of the clocks', async () => {
    const { hosting, setNow } = github();
    grantToken();
    asInstallation().get(PERMISSION).twice().reply(200, { permission: 'write' });
    await hosting.permission(SHOP, 'ada');
    // An hour's life by GitHub's clock, two minutes of margin.
    setNow('2026-11-02T10:57:59.000Z');
    await hosting.permission(SHOP, 'ada');
    setNow('2026-11-02T10:58:00.000Z');
    grantToken('second', '2026-11-02T12:00:00Z');
    asInstallation('second').get(PERMISSION).reply(200, { permission: 'admin' });
    expect(await hosting.permission(SHOP, 'ada')).toBe('admin');
  });

  test('a token that is no longer taken is replaced once, and the request repeated', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation().get(PERMISSION).reply(401, { message: 'Bad credentials' });
    grantToken('second');
    asInstallation('second').get(PERMISSION).reply(200, { permission: 'read' });
    expect(await hosting.permission(SHOP, 'ada')).toBe('read');
  });

  test('a second 401 is a refusal', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation().get(PERMISSION).reply(401, { message: 'Bad credentials' });
    grantToken('second');
    asInstallation('second').get(PERMISSION).reply(401, { message: 'Bad credentials' });
    expect(await thrown(hosting.permission(SHOP, 'ada'))).toBeInstanceOf(Refused);
  });

  test.each([
    [403, 'This installation has been suspended'],
    [404, 'Not Found'],
    [422, 'Unprocessable'],
  ])('no token for an installation (%i) is a refusal, and is asked for again', async (status, message) => {
    const { hosting } = github();
    asApp().post(`/app/installations/${INSTALLATION}/access_tokens`).reply(status, { message });
    const error = await thrown(hosting.permission(SHOP, 'ada'));
    expect(error).toBeInstanceOf(Refused);
    expect(error.message).toContain('POST /app/installations/{installation_id}/access_tokens');
    grantToken();
    asInstallation().get(PERMISSION).reply(200, { permission: 'none' });
    expect(await hosting.permission(SHOP, 'ada')).toBe('none');
  });

  test('the App signs in by our clock', async () => {
    const seen: unknown[] = [];
    const { app } = github({
      fetch: (_, init) => {
        const [, claims = ''] = (new Headers(init?.headers).get('authorization') ?? '').split('.');
        seen.push(JSON.parse(Buffer.from(claims, 'base64url').toString()));
        return Promise.resolve(new Response('[]', { headers: { 'content-type': 'application/json' } }));
      },
    });
    await app.installations();
    const now = Date.parse(NOW) / 1000;
    expect(seen).toEqual([{ iat: now - 30, exp: now + 540, iss: 4711 }]);
  });

  test('a key that cannot sign is no crash', async () => {
    const { hosting } = github({ privateKey: 'no key' });
    const error = await thrown(hosting.permission(SHOP, 'ada'));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).not.toContain('no key');
  });
});

describe('an enterprise server', () => {
  const OTHER = 'https://github.example.org';
  test('has its own places for REST, GraphQL and tokens', async () => {
    const { hosting } = github({ baseUrl: `${OTHER}/api/v3/` });
    nock(OTHER)
      .post(`/api/v3/app/installations/${INSTALLATION}/access_tokens`)
      .reply(201, { token: 't', expires_at: '2026-11-02T12:00:00Z' });
    nock(OTHER)
      .post('/api/graphql')
      .reply(200, { data: { repository: { object: { __typename: 'Commit', oid: 'a'.repeat(40) } } } });
    expect(await hosting.repository(SHOP).resolve('main')).toBe('a'.repeat(40));
  });
});

describe('answers that say no', () => {
  const answer = async (status: number, body: object, headers: Record<string, string> = {}) => {
    const { hosting } = github();
    grantToken();
    asInstallation().get('/repos/acme/shop').reply(status, body, headers);
    return thrown(hosting.repository(SHOP).defaultBranch());
  };
  const until = (error: Error) => (error instanceof RateLimited ? error.until : error.name);

  test('the primary limit ends when GitHub says, by our clock', async () => {
    const reset = String(Date.parse('2026-11-02T10:35:00Z') / 1000);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    // Their 10:35 is our 10:30, since theirs is five minutes ahead; two seconds for good measure.
    expect(until(await answer(403, { message: 'API rate limit exceeded' }, headers))).toBe(
      '2026-11-02T10:30:02.000Z',
    );
    expect(until(await answer(429, {}, headers))).toBe('2026-11-02T10:30:02.000Z');
  });

  test('the secondary limit: as long as it says, or a minute', async () => {
    const message = 'You have exceeded a secondary rate limit.';
    expect(until(await answer(403, { message }, { 'retry-after': '90' }))).toBe('2026-11-02T10:01:32.000Z');
    expect(until(await answer(403, { message }))).toBe('2026-11-02T10:01:02.000Z');
    expect(until(await answer(429, {}))).toBe('2026-11-02T10:01:02.000Z');
    expect(until(await answer(403, { message }, { 'retry-after': 'soon' }))).toBe('2026-11-02T10:01:02.000Z');
    // The explicit wait comes first; no wait is longer than a window.
    const both = { 'retry-after': '999999', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' };
    expect(until(await answer(403, { message }, both))).toBe('2026-11-02T11:01:42.000Z');
  });

  test.each([
    [401, Refused],
    [403, Refused],
    [451, Refused],
    [404, NotThere],
    [410, NotThere],
    [422, Rejected],
    [400, Unavailable],
    [409, Unavailable],
    [500, Unavailable],
    [502, Unavailable],
    [503, Unavailable],
  ] as const)('%i is %p', async (status, type) => {
    if (status === 401) {
      grantToken('again');
      asInstallation('again').get('/repos/acme/shop').reply(401, {});
    }
    const error = await answer(status, { message: `secret of ${TOKEN}`, errors: ['body'] });
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain('GET /repos/{owner}/{repo}');
    expect(error.message).toContain('request AB:1');
    expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(
      /ghs_|secret|body/,
    );
  });

  test.each([
    ['not JSON', '{"id": 1', 'application/json'],
    ['HTML', '<html>Unicorn</html>', 'text/html'],
    ['another shape', '{"id": "1001"}', 'application/json'],
    ['nothing', '', 'application/json'],
  ])('%s is nothing to read from', async (_, body, type) => {
    const { hosting } = github();
    grantToken();
    asInstallation().get('/repos/acme/shop').reply(200, body, { 'content-type': type });
    const error = await thrown(hosting.repository(SHOP).defaultBranch());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('not of the promised form');
    expect(error.message).not.toContain('Unicorn');
  });
});

describe('no answer', () => {
  test('a broken connection', async () => {
    const { hosting, requests } = github();
    grantToken();
    asInstallation()
      .get('/repos/acme/shop')
      .replyWithError(Object.assign(new Error(`to ${TOKEN}`), { code: 'ECONNRESET' }));
    const error = await thrown(hosting.repository(SHOP).defaultBranch());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toBe('GET /repos/{owner}/{repo}: no answer (ECONNRESET)');
    expect(error.cause).toBeUndefined();
    expect(requests.at(-1)?.status).toBe(0);
  });

  test('an answer that does not come in time', async () => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    const { app } = github({ fetch: silent, timeoutMs: 50 });
    const error = await thrown(app.installations());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('no answer (timeout)');
  });

  test('a body that does not come to its end in time', async () => {
    const hanging = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('{"id":'));
              setTimeout(() => controller.error(new DOMException('late', 'TimeoutError')), 50);
            },
          }),
          { headers: { 'content-type': 'application/json' } },
        ),
      );
    const { app } = github({ fetch: hanging });
    const error = await thrown(app.installations());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('no answer (timeout)');
  });
});

describe('GraphQL', () => {
  const ask = async (body: object, headers: Record<string, string> = {}, status = 200) => {
    const { hosting } = github();
    grantToken();
    asInstallation().post('/graphql').reply(status, body, headers);
    return thrown(hosting.repository(SHOP).resolve('main'));
  };

  test('a limit is said in an answer that is otherwise a success', async () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-11-02T10:15:00Z') / 1000),
    };
    const limited = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] };
    expect(await ask(limited, headers)).toMatchObject({
      name: 'RateLimited',
      until: '2026-11-02T10:10:02.000Z',
    });
    const secondary = { data: null, errors: [{ message: 'You have exceeded a secondary rate limit' }] };
    expect(await ask(secondary)).toMatchObject({ name: 'RateLimited', until: '2026-11-02T10:01:02.000Z' });
    expect(await ask({ message: 'secondary rate limit' }, {}, 403)).toBeInstanceOf(RateLimited);
  });

  test.each([
    ['NOT_FOUND', NotThere],
    ['FORBIDDEN', Refused],
    ['INSUFFICIENT_SCOPES', Refused],
    ['RESOURCE_LIMITS_EXCEEDED', Unavailable],
    [undefined, Unavailable],
  ] as const)('%s is %p', async (type, expected) => {
    const errors = [{ ...(type ? { type } : {}), path: ['repository'], message: 'private words' }];
    const error = await ask({ data: { repository: null }, errors });
    expect(error).toBeInstanceOf(expected);
    expect(error.message).toContain('Resolve');
    expect(error.message).not.toContain('private words');
  });

  test('an answer without data is none', async () => {
    expect(await ask({})).toBeInstanceOf(Unavailable);
    expect(await ask({ data: null })).toBeInstanceOf(Unavailable);
  });

  test('what is asked for is in the log of requests by its name', async () => {
    const { hosting, requests } = github();
    grantToken();
    onQuery('Resolve', { data: { repository: { object: null } } });
    expect(await thrown(hosting.repository(SHOP).resolve('v1'))).toBeInstanceOf(NotThere);
    expect(requests.at(-1)).toMatchObject({ route: 'Resolve', kind: 'graphql', status: 200 });
  });
});

test('nothing that people wrote, and no token, reaches the log', async () => {
  const { hosting, log } = github();
  grantToken();
  const route = nock(API).patch('/repos/acme/shop/pulls/comments/5', { body: 'a secret remark' });
  route.reply(200, { id: 5 }, { deprecation: 'true', sunset: 'tomorrow' });
  await hosting.editReviewComment(SHOP, 5, 'a secret remark');
  expect(log.join()).toContain('deprecated');
  expect(log.join()).not.toMatch(/secret remark|ghs_/);
});
