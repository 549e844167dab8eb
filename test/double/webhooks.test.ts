import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { namesOf, openedPull, PERMISSIONS, pluck, read, scene } from './scene.ts';

const DELIVERIES = '/app/hook/deliveries';

describe('webhooks', () => {
  test('are signed, say what they are, and name everybody by id', async () => {
    const { gh, inbox, app, installation } = scene();
    const pull = openedPull(gh);
    await gh.deliverPending();
    const opened = inbox.received.find(({ event }) => event === 'pull_request');
    const headers = opened?.request.headers;
    const expected = createHmac('sha256', 'a secret of the tests')
      .update(opened?.text ?? '')
      .digest('hex');
    expect(headers?.get('x-hub-signature-256')).toBe(`sha256=${expected}`);
    expect(headers?.get('x-github-hook-installation-target-id')).toBe(String(app.id));
    expect(opened?.guid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(opened?.payload).toMatchObject({
      action: 'opened',
      number: 1,
      pull_request: { id: pull.id, changed_files: 2, head: { repo: { id: pull.repository.id } } },
      repository: { id: pull.repository.id, full_name: 'acme/shop', default_branch: 'main' },
      organization: { login: 'acme' },
      installation: { id: installation.id },
      sender: { login: 'bob', type: 'User' },
    });
  });

  test('go to installed apps that subscribe, and to nobody while suspended', async () => {
    const { gh, inbox, installation } = scene({ permissions: { contents: 'read', ...PERMISSIONS } });
    gh.control.createUser({ login: 'zoe' });
    gh.control.createRepository({ owner: 'zoe', name: 'elsewhere', files: { a: 'a\n' } });
    await gh.deliverPending();
    inbox.received.length = 0;
    gh.control.pushCommit({ by: 'zoe', repo: 'zoe/elsewhere', branch: 'main', files: { b: 'b\n' } });
    expect(gh.pending()).toEqual([]);
    gh.control.suspendInstallation(installation, 'ada');
    openedPull(gh);
    await gh.deliverPending();
    expect(namesOf(inbox.received)).toEqual(['installation.suspend']);
  });

  test('an app without the permission hears nothing of it', async () => {
    const { gh, inbox } = scene({
      permissions: { metadata: 'read', issues: 'read', pull_requests: 'read', contents: 'read' },
    });
    openedPull(gh);
    await gh.deliverPending();
    expect(namesOf(inbox.received)).toEqual(['installation.created', 'push', 'pull_request.opened']);
  });

  test('installation and its repositories', async () => {
    const { gh, inbox } = scene();
    gh.control.createUser({ login: 'zoe' });
    gh.control.createRepository({ owner: 'zoe', name: 'one', files: { a: 'a\n' } });
    gh.control.createRepository({ owner: 'zoe', name: 'two', files: { a: 'a\n' } });
    const [app] = gh.world.apps.values();
    if (!app) throw new Error('no app');
    const installation = gh.control.install({ app, on: 'zoe', repositories: ['zoe/one'] });
    gh.control.changeInstallation({ installation, add: ['zoe/two'], remove: ['zoe/one'], by: 'zoe' });
    await gh.deliverPending();
    expect(namesOf(inbox.received).slice(1)).toEqual([
      'installation.created',
      'installation_repositories.added',
      'installation_repositories.removed',
    ]);
    expect(pluck(read(inbox.received[1]?.payload, 'repositories'), 'full_name')).toEqual(['zoe/one']);
    expect(pluck(read(inbox.received[2]?.payload, 'repositories_added'), 'name')).toEqual(['two']);
  });

  test('a push says what moved', async () => {
    const { gh, inbox } = scene();
    const before = gh.control.tip('acme/shop', 'main');
    const after = gh.control.directPush({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'main',
      files: { a: 'a\n' },
    });
    await gh.deliverPending();
    expect(inbox.received.find(({ event }) => event === 'push')?.payload).toMatchObject({
      ref: 'refs/heads/main',
      before,
      after,
      forced: false,
      commits: [{ id: after }],
      pusher: { name: 'ada' },
    });
  });
});

describe('the log of deliveries', () => {
  test('failures are found, and sent again under the same GUID', async () => {
    const { gh, inbox, api, jwt } = scene();
    inbox.status = 500;
    openedPull(gh);
    await gh.deliverPending();
    inbox.refuse = true;
    gh.control.close({ repo: 'acme/shop', number: 1, by: 'bob' });
    await gh.deliverPending();
    const failures = await api('GET', `${DELIVERIES}?status=failure`, undefined, jwt());
    expect(pluck(failures.body, 'status_code')).toEqual([502, 500, 500, 500, 500]);
    expect((await api('GET', `${DELIVERIES}?status=success`, undefined, jwt())).body).toEqual([]);
    Object.assign(inbox, { status: 202, refuse: false });
    const id = Number(read(failures.body, 0, 'id'));
    const again = await api('POST', `${DELIVERIES}/${id}/attempts`, undefined, jwt());
    expect(again.status).toBe(202);
    await gh.deliverPending();
    expect(inbox.received.at(-1)?.guid).toBe(read(failures.body, 0, 'guid'));
    const newest = await api('GET', `${DELIVERIES}?per_page=1`, undefined, jwt());
    expect(newest.body).toMatchObject([
      { guid: read(failures.body, 0, 'guid'), redelivery: true, status_code: 202, action: 'closed' },
    ]);
    const detail = await api('GET', `${DELIVERIES}/${id}`, undefined, jwt());
    expect(read(detail.body, 'request', 'payload', 'action')).toBe('closed');
  });

  test('pages by cursor, and forgets after three days', async () => {
    const { gh, api, jwt, clock } = scene();
    openedPull(gh);
    await gh.deliverPending();
    const all = pluck((await api('GET', DELIVERIES, undefined, jwt())).body, 'id');
    expect(all).toHaveLength(4);
    const seen: unknown[] = [];
    for (let next: string | undefined = `${DELIVERIES}?per_page=3`; next !== undefined;) {
      const answer = await api('GET', next, undefined, jwt());
      seen.push(...pluck(answer.body, 'id'));
      const link = /<https:\/\/api\.github\.com([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '');
      next = link?.[1];
    }
    expect(seen).toEqual(all);
    clock.at += 3 * 24 * 3600_000 + 1;
    expect((await api('GET', DELIVERIES, undefined, jwt())).body).toEqual([]);
  });

  test('is for the app alone', async () => {
    const { api } = scene();
    expect((await api('GET', DELIVERIES)).status).toBe(401);
  });
});

test('a delivery is made by hand, before or after others', async () => {
  const { gh, inbox } = scene();
  openedPull(gh);
  const [, ...rest] = gh.pending();
  const last = rest.at(-1);
  if (!last) throw new Error('nothing is pending');
  await gh.deliver(last);
  await gh.deliverPending({ order: (due) => due.toReversed() });
  expect(namesOf(inbox.received)).toEqual([
    'pull_request.opened',
    'check_suite.requested',
    'push',
    'installation.created',
  ]);
});
