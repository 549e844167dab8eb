import { describe, expect, test } from '@jest/globals';
import { openedPull, read, scene } from './scene.ts';

const HOSTILE = `</pre><script>alert('x')</script> "&`;

async function pageOf(all: ReturnType<typeof scene>, path: string): Promise<string> {
  const response = await all.gh.fetch(`http://double.test${path}`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return response.text();
}

describe('pages', () => {
  test('the conversation, with code and checks, and nothing of it is HTML', async () => {
    const all = scene();
    const { gh, api } = all;
    const { headSha } = openedPull(gh);
    const place = { repo: 'acme/shop', number: 1 };
    gh.control.editPullRequest({ ...place, by: 'bob', title: HOSTILE, body: HOSTILE });
    gh.control.comment({ ...place, by: 'eve', body: HOSTILE });
    const comments = [{ path: 'main.tf', line: 10, body: HOSTILE }];
    gh.control.review({ ...place, by: 'ada', state: 'approve', body: HOSTILE, comments });
    await api('POST', '/repos/acme/shop/check-runs', {
      name: HOSTILE,
      head_sha: headSha,
      conclusion: 'action_required',
      output: {
        title: HOSTILE,
        summary: HOSTILE,
        text: HOSTILE,
        annotations: [
          { path: 'main.tf', start_line: 10, end_line: 10, annotation_level: 'warning', message: HOSTILE },
        ],
      },
      actions: [{ label: 'Approve', description: 'Say yes', identifier: 'approve' }],
    });
    const html = await pageOf(all, '/acme/shop/pull/1');
    expect(html).not.toContain('<script');
    expect([...html.matchAll(/alert\((?:&#39;|')x(?:&#39;|')\)/g)].length).toBeGreaterThanOrEqual(9);
    for (const text of ['+line ten', 'main.tf:10', 'Approve', 'Say yes', 'action_required', 'approved'])
      expect(html).toContain(text);
    expect(await pageOf(all, '/')).not.toContain('<script');
    expect((await gh.fetch('http://double.test/acme/shop/pull/99')).status).toBe(404);
  });

  test('the page that takes a manifest sends the browser back with a code', async () => {
    const { gh, api } = scene();
    const manifest = {
      name: 'By Page',
      redirect_url: 'http://127.0.0.1:3000/setup',
      default_permissions: {},
    };
    const post = (what: object) =>
      gh.fetch('http://double.test/organizations/acme/settings/apps/new?state=s', {
        method: 'POST',
        body: new URLSearchParams({ manifest: JSON.stringify(what) }),
      });
    const sent = await post(manifest);
    const back = new URL(sent.headers.get('location') ?? '');
    expect([sent.status, back.pathname, back.searchParams.get('state')]).toEqual([302, '/setup', 's']);
    const made = await api('POST', `/app-manifests/${back.searchParams.get('code') ?? ''}/conversions`);
    expect(read(made.body, 'owner', 'login')).toBe('acme');
    expect((await post({ ...manifest, default_events: ['push'] })).status).toBe(422);
  });
});

describe('over a socket', () => {
  test('the same answers, and webhooks without being asked', async () => {
    const { gh, token, inbox } = scene();
    const server = await gh.listen({ autoDeliver: true });
    try {
      openedPull(gh);
      const answer = await fetch(`${server.url}/api/v3/repos/acme/shop/pulls/1`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const body: unknown = await answer.json();
      expect(read(body, 'html_url')).toBe(`${server.url}/acme/shop/pull/1`);
      expect(read(body, 'url')).toBe(`${server.url}/api/v3/repos/acme/shop/pulls/1`);
      const asked = await fetch(`${server.url}/api/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ rateLimit { limit } }' }),
      });
      expect(await asked.json()).toEqual({ data: { rateLimit: { limit: 5000 } } });
      for (let n = 0; n < 100 && inbox.received.length < 4; n++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(inbox.received).toHaveLength(4);
      gh.faults = { request: () => ({ answer: 'timeout', when: 'before' }) };
      await expect(fetch(`${server.url}/rate_limit`)).rejects.toThrow('fetch failed');
    } finally {
      await server.close();
    }
  });
});
