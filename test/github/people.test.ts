import { describe, expect, test } from '@jest/globals';
import type nock from 'nock';
import { Refused, Unavailable } from '../../src/review/hosting-errors.ts';
import type { PullRequestState } from '../../src/review/hosting.ts';
import type { Json } from './answers.ts';
import {
  asInstallation,
  github,
  grantToken,
  sha,
  SHOP,
  thrown,
  withoutNetwork,
} from './github-under-test.ts';

withoutNetwork();

describe('permission', () => {
  const ask = async (status: number, body: Json) => {
    const { hosting } = github();
    grantToken();
    asInstallation().get('/repos/acme/shop/collaborators/ada%5Bbot%5D/permission').reply(status, body);
    return hosting.permission(SHOP, 'ada[bot]');
  };

  test.each(['admin', 'write', 'read', 'none'])('%s', async (permission) => {
    expect(await ask(200, { permission, role_name: 'custom' })).toBe(permission);
  });

  test('whoever is not known has none; what is not known is no permission', async () => {
    expect(await ask(404, {})).toBe('none');
    expect(await thrown(ask(200, { permission: 'owner' }))).toBeInstanceOf(Unavailable);
    expect(await thrown(ask(403, {}))).toBeInstanceOf(Refused);
  });
});

describe('membership', () => {
  const ask = async (status: number, body: Json) => {
    const { hosting } = github();
    grantToken();
    asInstallation().get('/orgs/acme/teams/security/memberships/ben').reply(status, body);
    return hosting.isMember('acme/security', { id: '2', login: 'ben', kind: 'user' });
  };

  test('counts once it is active', async () => {
    expect(await ask(200, { state: 'active', role: 'member' })).toBe(true);
    expect(await ask(200, { state: 'pending', role: 'member' })).toBe(false);
    expect(await ask(404, {})).toBe(false);
    expect(await thrown(ask(403, {}))).toBeInstanceOf(Refused);
    expect(await thrown(ask(500, {}))).toBeInstanceOf(Unavailable);
  });
});

describe('the pusher', () => {
  const state = (source: PullRequestState['source']) => ({ source, head: sha('c') }) as PullRequestState;
  const FORK = { repository: { id: 2, name: 'eve/shop' }, branch: 'fix/queue' };
  const onActivity = () =>
    asInstallation().get('/repos/eve/shop/activity').query({ ref: 'refs/heads/fix/queue', per_page: '100' });
  const by = (after: string, actor: Json | null): Json => ({ after, actor, activity_type: 'push' });
  const EVE = { id: 66, login: 'eve', type: 'User' };

  test('is whoever put the head there last', async () => {
    const { hosting } = github();
    grantToken();
    onActivity().reply(200, [
      by(sha('d'), null),
      by(sha('c'), EVE),
      by(sha('c'), { id: 1, login: 'x', type: 'User' }),
    ]);
    expect(await hosting.pusherOf(state(FORK))).toEqual({ id: '66', login: 'eve', kind: 'user' });
  });

  test('may be a bot', async () => {
    const { hosting } = github();
    grantToken();
    onActivity().reply(200, [by(sha('c'), { id: 8, login: 'renovate[bot]', type: 'Bot' })]);
    expect((await hosting.pusherOf(state(FORK)))?.kind).toBe('bot');
  });

  test.each<[string, number, unknown]>([
    ['a private fork', 404, {}],
    ['a fork that refuses', 403, {}],
    ['an account that is gone', 200, [by(sha('c'), null)]],
    ['a head that is not among the activities', 200, [by(sha('d'), EVE)]],
  ])('is not known of %s', async (_, status, answer) => {
    const { hosting } = github();
    grantToken();
    onActivity().reply(status, answer as nock.Body);
    expect(await hosting.pusherOf(state(FORK))).toBeUndefined();
  });

  test('without a source nobody is asked; an outage is one', async () => {
    const { hosting } = github();
    expect(await hosting.pusherOf(state(undefined))).toBeUndefined();
    grantToken();
    onActivity().reply(500, {});
    expect(await thrown(hosting.pusherOf(state(FORK)))).toBeInstanceOf(Unavailable);
  });
});
