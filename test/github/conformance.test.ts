import { beforeAll, describe, expect, test } from '@jest/globals';
import { createGitHub } from '../../src/github/github.ts';
import { Rejected, Refused } from '../../src/review/hosting-errors.ts';
import type { CheckDraft, Hosting, PullRequestState } from '../../src/review/hosting.ts';
import { keyPair } from '../double/key-pair.ts';
import { openedPull, scene, type Scene } from '../double/scene.ts';

/** The adapter against the double: everything it sends is checked against GitHub's description there. */
function hosted(of: Scene) {
  const app = createGitHub({
    appId: of.app.id,
    privateKey: keyPair().privateKey,
    now: () => new Date(of.clock.at),
    fetch: of.gh.fetch,
    log: { info: ignore, warn: ignore, error: ignore },
  });
  return { app, hosting: app.installation(of.installation.id) };
}

function ignore(): void {
  // Nothing is expected in the log.
}

const draft = (head: string, count = 0): CheckDraft => ({
  head,
  externalId: 'pull/1',
  report: {
    conclusion: 'action_required',
    title: 'Waits',
    summary: 'What to do',
    text: '{}',
    annotations: Array.from({ length: count }, (_, i) => ({
      path: 'main.tf',
      startLine: i + 1,
      endLine: i + 1,
      level: 'notice',
      title: `Fact ${i}`,
      message: 'Changed',
    })),
    buttons: [{ identifier: 'approve', label: 'Approve', description: 'As somebody independent' }],
  },
});

describe('a pull request', () => {
  let at: Scene;
  let hosting: Hosting;
  let state: PullRequestState;
  let ref: { id: number; name: string };

  beforeAll(async () => {
    at = scene();
    const { control } = at.gh;
    control.createTeam({ organisation: 'acme', slug: 'security', members: ['ada'], pending: ['eve'] });
    openedPull(at.gh);
    ref = { id: at.gh.world.repository('acme/shop').id, name: 'acme/shop' };
    hosting = hosted(at).hosting;
    await hosting.postReview(ref, 1, control.tip('acme/shop', 'feature'), {
      body: 'A question',
      comments: [{ component: 'c', path: 'main.tf', line: 10, body: 'Who may read?' }],
    });
    at.clock.at += 1_000;
    const [question] = (await hosting.pullRequest(ref, 1, []))?.ownComments ?? [];
    control.replyToReviewComment({ by: 'bob', id: question?.id ?? 0, body: 'control: IAM' });
    at.gh.requests.length = 0;
    at.clock.at += 1_000;
    control.comment({ repo: 'acme/shop', number: 1, by: 'eve', body: '/threatgate help' });
    at.clock.at += 1_000;
    control.review({ repo: 'acme/shop', number: 1, by: 'ada', state: 'approve', body: 'Fine' });
    const found = await hosting.pullRequest(ref, 1, ['acme/security', 'acme/nobody']);
    if (!found) throw new Error('expected a pull request');
    state = found;
  });

  test('is read in one request', () => {
    expect(at.gh.requests.filter((r) => r.path === '/graphql')).toHaveLength(1);
    expect(state).toMatchObject({
      repository: ref,
      number: 1,
      state: 'open',
      title: 'Ten',
      body: 'Why',
      author: { login: 'bob', kind: 'user' },
      source: { repository: ref, branch: 'feature' },
      baseRef: 'main',
      changedFiles: 2,
      commitsComplete: true,
      discussionComplete: true,
      policy: { kind: 'absent' },
      organisationPolicy: { kind: 'absent' },
    });
    expect(state.commits.map((c) => c.people.map((p) => p?.login))).toEqual([['bob']]);
    expect(state.remarks.map((r) => [r.by.login, r.place, r.body, r.inReplyTo])).toEqual([
      ['bob', 'review-comment', 'control: IAM', state.ownComments[0]?.id],
      ['eve', 'comment', '/threatgate help', undefined],
      ['ada', 'review', 'Fine', undefined],
    ]);
    expect(state.reviews.map((r) => [r.by.login, r.state, r.commit])).toEqual([
      // GitHub wraps an answer in a thread into a review of its own.
      ['bob', 'commented', state.head],
      ['ada', 'approved', state.head],
    ]);
    expect(state.ownComments.map((c) => c.body)).toEqual(['Who may read?']);
    expect(state.teams.get('acme/security')?.map((m) => m.login)).toEqual(['ada']);
    expect(state.teams.get('acme/nobody')).toBeUndefined();
  });

  test('has the merge base that git says, proven or asked for', async () => {
    const proven = await hosting.mergeBase(state);
    const asked = await hosting.mergeBase({ ...state, commitsComplete: false });
    expect([proven, asked]).toEqual([state.base, state.base]);
    expect(await hosting.isOnBranch(ref, state.base, 'main')).toBe(true);
    expect(await hosting.isOnBranch(ref, state.head, 'main')).toBe(false);
  });

  test('its trees and contents', async () => {
    const repository = hosting.repository(ref);
    const { entries, complete } = await repository.tree(state.head);
    expect([complete, entries.map((e) => e.path)]).toEqual([true, ['README.md', 'added.txt', 'main.tf']]);
    const contents = await repository.blobs(
      entries.map((e) => e.id),
      1_000_000,
    );
    expect(contents.get(entries[1]?.id ?? '')).toEqual({ kind: 'text', text: 'one\ntwo\n' });
    expect(await repository.defaultBranch()).toBe('main');
    expect(await repository.resolve('main')).toBe(state.base);
  });

  test('its check run, with annotations, in place', async () => {
    const made = await hosting.createCheck(ref, draft(state.head, 60));
    await hosting.updateCheck(ref, made.id, draft(state.head, 61));
    expect(at.gh.observe.checkRuns('acme/shop', state.head)).toHaveLength(1);
    expect(await hosting.findChecks(ref, state.head)).toEqual([
      { id: made.id, externalId: 'pull/1', head: state.head, completed: true, conclusion: 'action_required' },
    ]);
    const answer = await at.api('GET', `/repos/acme/shop/check-runs/${made.id}/annotations?per_page=100`);
    expect(answer.body).toHaveLength(61);
    // Another process, which does not know what was sent, asks.
    await hosted(at).hosting.updateCheck(ref, made.id, draft(state.head, 62));
    const again = await at.api('GET', `/repos/acme/shop/check-runs/${made.id}/annotations?per_page=100`);
    expect(again.body).toHaveLength(62);
  });

  test('comments are edited and reacted to; a line outside of the diff is rejected whole', async () => {
    const own = state.ownComments[0]?.id ?? 0;
    await hosting.editReviewComment(ref, own, 'Answered');
    for (const remark of state.remarks.filter((r) => r.place !== 'review')) {
      await hosting.react(ref, remark, '+1');
      await hosting.react(ref, remark, '+1');
    }
    const bad = { body: 'x', comments: [{ component: 'c', path: 'main.tf', line: 29, body: 'x' }] };
    await expect(hosting.postReview(ref, 1, state.head, bad)).rejects.toBeInstanceOf(Rejected);
    const after = await hosting.pullRequest(ref, 1, []);
    expect(after?.ownComments).toEqual([{ id: own, body: 'Answered' }]);
  });

  test('people', async () => {
    expect(await hosting.permission(ref, 'bob')).toBe('write');
    expect(await hosting.permission(ref, 'nobody-at-all')).toBe('none');
    const [ada, eve] = ['ada', 'eve'].map((login) => ({ id: '0', login, kind: 'user' as const }));
    if (!ada || !eve) throw new Error('expected people');
    expect(await hosting.isMember('acme/security', ada)).toBe(true);
    expect(await hosting.isMember('acme/security', eve)).toBe(false);
    expect((await hosting.pusherOf(state))?.login).toBe('bob');
  });
});

test('a pull request from its fork to its end', async () => {
  const at = scene();
  const { control } = at.gh;
  const { hosting } = hosted(at);
  control.createUser({ login: 'mallory' });
  control.fork({ repo: 'acme/shop', owner: 'mallory' });
  control.pushCommit({ by: 'mallory', repo: 'mallory/shop', branch: 'idea', files: { 'idea.txt': 'x' } });
  control.openPullRequest({ by: 'mallory', repo: 'acme/shop', head: 'mallory/shop:idea' });
  control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'next', files: { 'next.txt': 'x' } });
  const ref = { id: at.gh.world.repository('acme/shop').id, name: 'acme/shop' };
  const opened = await hosting.pullRequest(ref, 1, []);
  expect(opened?.source).toMatchObject({ repository: { name: 'mallory/shop' }, branch: 'idea' });
  expect(opened?.baseChangedAt).toBeUndefined();
  const { entries } = await hosting.repository(ref).tree(opened?.head ?? '');
  expect(entries.map((e) => e.path)).toContain('idea.txt');

  at.clock.at += 5_000;
  control.editPullRequest({ repo: 'acme/shop', number: 1, by: 'ada', base: 'next' });
  const moved = await hosting.pullRequest(ref, 1, []);
  expect([moved?.baseRef, moved?.baseChangedAt]).toEqual(['next', new Date(at.clock.at).toISOString()]);

  const commit = control.merge({ repo: 'acme/shop', number: 1, by: 'ada' });
  const merged = await hosting.pullRequest(ref, 1, []);
  expect(merged).toMatchObject({ state: 'merged', merged: { commit, by: { login: 'ada' } } });
  expect(await hosting.pullRequest(ref, 2, [])).toBeUndefined();
  expect(await hosting.pullRequest({ ...ref, id: ref.id + 1 }, 1, [])).toBeUndefined();
});

describe('a repository', () => {
  test('its state, its branches, its history', async () => {
    const at = scene();
    const { control } = at.gh;
    const { hosting, app } = hosted(at);
    openedPull(at.gh);
    const before = control.tip('acme/shop', 'main');
    control.merge({ repo: 'acme/shop', number: 1, by: 'ada' });
    const pushed = control.directPush({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'main',
      files: { 'x.txt': 'x' },
    });
    control.setRules({ repo: 'acme/shop', branch: 'main', requirePullRequest: true });
    const [ref] = await hosting.repositories();
    if (!ref) throw new Error('expected a repository');
    expect(ref.name).toBe('acme/shop');
    expect(await hosting.repositoryState(ref)).toMatchObject({
      defaultBranch: 'main',
      defaultTip: pushed,
      open: [],
      complete: true,
    });
    expect(await hosting.protectedBranches(ref)).toEqual([{ name: 'main', tip: pushed }]);
    const { tip, commits, complete } = await hosting.branchCommits(ref, 'main', before, 100);
    expect([tip, complete]).toEqual([pushed, true]);
    expect(commits.map((c) => [c.by?.login, c.pullRequests.map((p) => [p.number, p.merged])])).toEqual([
      ['ada', []],
      ['ada', [[1, true]]],
    ]);
    expect(await app.installations()).toEqual([{ id: at.installation.id, suspended: false }]);
  });

  test('a suspended installation refuses', async () => {
    const at = scene();
    const { hosting } = hosted(at);
    await hosting.repositories();
    at.gh.control.suspendInstallation(at.installation, 'ada');
    await expect(hosting.repositories()).rejects.toBeInstanceOf(Refused);
  });

  test('a token is renewed when it ends, by the clock of the world', async () => {
    const at = scene();
    const { hosting } = hosted(at);
    await hosting.repositories();
    at.clock.at += 2 * 3_600_000;
    await hosting.repositories();
    expect(at.gh.requests.map((r) => r.status).filter((status) => status >= 400)).toEqual([]);
  });
});

test('failed deliveries are found and sent again', async () => {
  const at = scene();
  const { app } = hosted(at);
  at.inbox.refuse = true;
  openedPull(at.gh);
  await at.gh.deliverPending();
  const failed = await app.failedDeliveries(new Date(at.clock.at - 60_000).toISOString());
  expect(failed.map((d) => d.event)).toContain('pull_request');
  at.inbox.refuse = false;
  await app.redeliver(failed[0]?.id ?? '');
  await at.gh.deliverPending();
  expect(at.inbox.received.map((r) => r.guid)).toEqual([failed[0]?.guid]);
});
