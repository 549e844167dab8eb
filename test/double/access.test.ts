import { describe, expect, test } from '@jest/globals';
import { appJwt } from './key-pair.ts';
import { idOf, openedPull, PERMISSIONS, pluck, read, scene } from './scene.ts';

const SHOP = '/repos/acme/shop';

describe('the app', () => {
  test('is known by its own token, signed with its key and not yet expired', async () => {
    const { api, app, clock, jwt } = scene();
    expect(read((await api('GET', '/app', undefined, jwt())).body, 'slug')).toBe('threatgate');
    const status = async (token: string) => (await api('GET', '/app', undefined, token)).status;
    expect(await status(appJwt(app.clientId, new Date(clock.at)))).toBe(200);
    expect(await status(appJwt(app.id, new Date(clock.at - 3600_000)))).toBe(401);
    expect(await status(appJwt(app.id, new Date(clock.at), 3600))).toBe(401);
    expect(await status(appJwt(999, new Date(clock.at)))).toBe(401);
    const [header, payload] = jwt().split('.');
    expect(await status(`${header ?? ''}.${payload ?? ''}.${Buffer.alloc(256).toString('base64url')}`)).toBe(
      401,
    );
  });

  test('gets tokens for an installation, narrowed when it asks, for an hour', async () => {
    const { api, gh, installation, jwt, clock } = scene();
    gh.control.createRepository({ owner: 'acme', name: 'other', files: { a: 'a\n' } });
    const path = `/app/installations/${installation.id}/access_tokens`;
    const made = await api(
      'POST',
      path,
      { repositories: ['other'], permissions: { contents: 'read' } },
      jwt(),
    );
    expect(made.status).toBe(201);
    const token = String(read(made.body, 'token'));
    expect(token).toMatch(/^ghs_.{60,}/);
    const status = async (url: string) => (await api('GET', url, undefined, token)).status;
    expect(await status('/repos/acme/other/contents/a')).toBe(200);
    expect(await status(`${SHOP}/contents/README.md`)).toBe(404);
    expect(await status('/repos/acme/other/pulls')).toBe(403);
    const listed = await api('GET', '/installation/repositories', undefined, token);
    expect(pluck(read(listed.body, 'repositories'), 'name')).toEqual(['other']);
    clock.at += 3600_000;
    expect(await status('/repos/acme/other')).toBe(401);
    expect((await api('POST', path, { permissions: { contents: 'write' } }, jwt())).status).toBe(422);
  });

  test('sees its installations, and none once removed or suspended', async () => {
    const { api, gh, installation, jwt, token } = scene();
    const listed = async () => pluck((await api('GET', '/app/installations', undefined, jwt())).body, 'id');
    expect(await listed()).toEqual([installation.id]);
    gh.control.suspendInstallation(installation, 'ada');
    const refused = await api('GET', SHOP, undefined, token);
    expect([refused.status, read(refused.body, 'message')]).toEqual([
      403,
      'This installation has been suspended',
    ]);
    gh.control.unsuspendInstallation(installation, 'ada');
    expect((await api('GET', SHOP)).status).toBe(200);
    gh.control.uninstall(installation, 'ada');
    expect([(await api('GET', SHOP)).status, await listed()]).toEqual([401, []]);
  });

  test('is registered from a manifest, with a code that holds once', async () => {
    const { api, gh } = scene();
    const manifest = {
      name: 'Second Gate',
      hook_attributes: { url: 'http://second.test/' },
      default_permissions: { checks: 'write' } as const,
      default_events: ['check_run'],
    };
    const code = gh.control.createManifestCode({ manifest, owner: 'acme' });
    const made = await api('POST', `/app-manifests/${code}/conversions`);
    expect([made.status, read(made.body, 'slug')]).toEqual([201, 'second-gate']);
    expect(String(read(made.body, 'pem'))).toContain('PRIVATE KEY');
    expect((await api('POST', `/app-manifests/${code}/conversions`)).status).toBe(404);
    const uncovered = { ...manifest, name: 'Third', default_events: ['issue_comment'] };
    expect(() => gh.control.createManifestCode({ manifest: uncovered, owner: 'acme' })).toThrow(
      'Default events are not supported by permissions: issue_comment',
    );
  });
});

describe('tokens', () => {
  test('none, unknown, and of somebody without access', async () => {
    const { api, gh } = scene();
    gh.control.createRepository({ owner: 'acme', name: 'secret', private: true, files: { a: 'a\n' } });
    const unknown = await api('GET', SHOP, undefined, 'ghs_unknown');
    expect([unknown.status, read(unknown.body, 'message')]).toEqual([401, 'Bad credentials']);
    const eve = gh.control.createUserToken('eve');
    expect((await api('GET', SHOP, undefined, eve)).status).toBe(200);
    expect((await api('GET', '/repos/acme/secret', undefined, eve)).status).toBe(404);
  });

  test('without the permission it is 403, and an unknown address is 404', async () => {
    const { gh, api } = scene({ permissions: { ...PERMISSIONS, pull_requests: 'read', checks: 'read' } });
    const { headSha } = openedPull(gh);
    const refused = await api('POST', `${SHOP}/check-runs`, { name: 'x', head_sha: headSha });
    expect([refused.status, read(refused.body, 'message')]).toEqual([
      403,
      'Resource not accessible by integration',
    ]);
    const comment = await api('POST', `${SHOP}/issues/1/comments`, { body: 'x' });
    expect(comment.status).toBe(403);
    expect((await api('GET', `${SHOP}/stargazers`)).status).toBe(404);
  });

  test('an id of another kind finds nothing', async () => {
    const { gh, api } = scene();
    openedPull(gh);
    const comment = gh.control.comment({ repo: 'acme/shop', number: 1, by: 'ada', body: 'x' });
    expect((await api('GET', `${SHOP}/pulls/comments/${comment.id}`)).status).toBe(404);
    expect((await api('GET', `${SHOP}/issues/comments/${comment.id}`)).status).toBe(200);
  });

  test('the address of GitHub Enterprise works as well', async () => {
    const { api } = scene();
    expect((await api('GET', `/api/v3${SHOP}`)).status).toBe(200);
  });
});

describe('governance', () => {
  test('roles, in the old words and the new', async () => {
    const { gh, api } = scene();
    gh.control.createRepository({
      owner: 'acme',
      name: 'secret',
      private: true,
      collaborators: { bob: 'maintain' },
    });
    const role = async (repo: string, login: string) => {
      const { body } = await api('GET', `/repos/acme/${repo}/collaborators/${login}/permission`);
      return [read(body, 'permission'), read(body, 'role_name')];
    };
    expect(await role('secret', 'ada')).toEqual(['admin', 'admin']);
    expect(await role('secret', 'bob')).toEqual(['write', 'maintain']);
    expect(await role('secret', 'eve')).toEqual(['none', 'none']);
    expect(await role('shop', 'eve')).toEqual(['read', 'read']);
    expect((await api('GET', `${SHOP}/collaborators/nobody/permission`)).status).toBe(404);
  });

  test('teams: members of teams below count, invited people do not yet', async () => {
    const { gh, api } = scene();
    gh.control.createTeam({ organisation: 'acme', slug: 'security', members: ['ada'], pending: ['eve'] });
    gh.control.createTeam({ organisation: 'acme', slug: 'cloud', parent: 'security', members: ['bob'] });
    const state = async (login: string) => {
      const answer = await api('GET', `/orgs/acme/teams/security/memberships/${login}`);
      return answer.status === 200 ? read(answer.body, 'state') : answer.status;
    };
    expect([await state('ada'), await state('bob'), await state('eve')]).toEqual([
      'active',
      'active',
      'pending',
    ]);
    gh.control.setTeamMember({ organisation: 'acme', team: 'cloud', login: 'bob', state: 'none' });
    expect(await state('bob')).toBe(404);
  });

  test('the rules of a branch', async () => {
    const { gh, api, app } = scene();
    gh.control.setRules({
      repo: 'acme/shop',
      requiredChecks: [{ context: 'Threatgate', integrationId: app.id }, { context: 'build' }],
      mergeQueue: 'SQUASH',
    });
    const { body } = await api('GET', `${SHOP}/rules/branches/main`);
    expect(pluck(body, 'type')).toEqual(['required_status_checks', 'merge_queue']);
    expect(read(body, 0, 'parameters', 'required_status_checks')).toEqual([
      { context: 'Threatgate', integration_id: app.id },
      { context: 'build' },
    ]);
    expect((await api('GET', `${SHOP}/rules/branches/other`)).body).toEqual([]);
    expect(read((await api('GET', `${SHOP}/branches/main`)).body, 'protected')).toBe(true);
  });
});

describe('limits', () => {
  test('the primary one, until its hour is over', async () => {
    const { api, clock } = scene({ limits: { core: 2 } });
    const first = await api('GET', SHOP);
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await api('GET', SHOP);
    const spent = await api('GET', SHOP);
    expect([spent.status, spent.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(read(spent.body, 'message')).toContain('API rate limit exceeded for installation ID');
    const standing = await api('GET', '/rate_limit');
    expect(read(standing.body, 'resources', 'core', 'remaining')).toBe(0);
    clock.at += 3600_000 - 1;
    expect((await api('GET', '/rate_limit')).status).toBe(200);
    clock.at += 1;
    // The token is over as well by now: only the budget of nobody answers.
    expect((await api('GET', SHOP)).status).toBe(401);
  });

  test('an answer that the client has already costs nothing', async () => {
    const { gh, api, token } = scene();
    const first = await api('GET', SHOP);
    const again = await gh.fetch(`https://api.github.com${SHOP}`, {
      headers: { authorization: `token ${token}`, 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect([again.status, again.headers.get('x-ratelimit-remaining')]).toEqual([304, '4999']);
  });

  test('creating content too fast, for everybody who is told', async () => {
    const { gh, api, clock } = scene({ limits: { contentPerMinute: 2, retryAfter: 30 } });
    openedPull(gh);
    const post = () => api('POST', `${SHOP}/issues/1/comments`, { body: 'x' });
    expect([(await post()).status, (await post()).status]).toEqual([201, 201]);
    const refused = await post();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '30']);
    expect(read(refused.body, 'message')).toContain('secondary rate limit');
    clock.at += 60_000;
    expect(idOf(await post())).toBeGreaterThan(0);
  });

  test('every request is written down', async () => {
    const { gh, api } = scene();
    await api('GET', SHOP);
    await api('GET', `${SHOP}/pulls/7`);
    expect(gh.requests.map(({ route, status, caller }) => [route, status, caller])).toEqual([
      ['GET /repos/{owner}/{repo}', 200, 'installation'],
      ['GET /repos/{owner}/{repo}/pulls/{pull_number}', 404, 'installation'],
    ]);
  });
});
