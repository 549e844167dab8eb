import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTED, route, type Routing } from '../../src/app/events.ts';
import { readRegistration } from '../../src/app/manifest.ts';
import * as on from './payloads.ts';

const { SELF, HEAD, BASE, MERGE, bob, bot } = on;
const heard = (event: string, payload: unknown): Routing => route(event, payload, SELF);

const REPOSITORY = { id: 700, name: 'acme/orchard' };
const ADA = { id: '11', login: 'ada', kind: 'user' };
const BOB = { id: '12', login: 'bob', kind: 'user' };
const IGNORED = { kind: 'irrelevant' };

const pullWork = { installation: 31, subject: { kind: 'pull-request', repository: REPOSITORY, number: 12 } };
const repositoryWork = { installation: 31, subject: { kind: 'repository', repository: REPOSITORY } };
const onPull = (action: string, ...signals: readonly object[]) => ({
  kind: 'relevant',
  action,
  work: pullWork,
  signals,
});

describe('pull requests', () => {
  test('synchronize says who pushed', () => {
    expect(heard('pull_request', on.pullRequest('synchronize', {}, bob))).toEqual(
      onPull('synchronize', { kind: 'pushed', by: BOB, head: HEAD }),
    );
  });

  test.each([{ id: 701 }, null])('opened from a fork says who pushed, as far as can be known', (repo) => {
    const pull = { number: 12, head: { sha: HEAD, repo } };
    expect(heard('pull_request', on.pullRequest('opened', { pull_request: pull }, bob))).toEqual(
      onPull('opened', { kind: 'pushed', by: BOB, head: HEAD }),
    );
  });

  test.each(['opened', 'reopened', 'ready_for_review', 'converted_to_draft'])(
    '%s asks for a look',
    (action) => {
      expect(heard('pull_request', on.pullRequest(action))).toEqual(onPull(action));
    },
  );

  test.each([
    [{ base: { ref: { from: 'release' }, sha: { from: BASE } } }],
    [{ body: { from: 'old' } }],
    [{ body: { from: 'old' }, title: { from: 'old' } }],
    [{}],
    [undefined],
  ])('edited with changes %j asks for a look', (changes) => {
    expect(heard('pull_request', on.pullRequest('edited', { changes }))).toEqual(onPull('edited'));
  });

  test('a new title alone is no news', () => {
    const changes = { title: { from: 'old' } };
    expect(heard('pull_request', on.pullRequest('edited', { changes }))).toEqual(IGNORED);
  });

  test('a merge says who did it, and by which commit', () => {
    const merged = on.closed({ merged: true, merged_by: bob, merge_commit_sha: MERGE });
    expect(heard('pull_request', merged)).toEqual(
      onPull('closed', { kind: 'merged', by: BOB, head: HEAD, commit: MERGE }),
    );
    const byQueue = on.closed({ merged: true, merged_by: null, merge_commit_sha: MERGE });
    expect(heard('pull_request', byQueue)).toMatchObject({ signals: [{ kind: 'merged', by: ADA }] });
  });

  test('closed without a merge, or without the commit, asks for a look only', () => {
    expect(heard('pull_request', on.closed({ merged: false, merge_commit_sha: MERGE }))).toEqual(
      onPull('closed'),
    );
    expect(heard('pull_request', on.closed({ merged: true, merged_by: bob }))).toEqual(onPull('closed'));
  });

  test.each(['enqueued', 'dequeued', 'labeled', 'assigned', 'stacked', 'toString', ''])(
    '%j is ignored',
    (action) => {
      expect(heard('pull_request', on.pullRequest(action))).toEqual(IGNORED);
    },
  );
});

describe('reviews', () => {
  test.each([
    ['submitted', { state: 'approved' }],
    ['submitted', { state: 'changes_requested', body: 'no' }],
    ['submitted', { state: 'commented', body: 'fine\n/threatgate approve' }],
    ['submitted', { state: 'COMMENTED', body: '/Threatgate approve' }],
    ['edited', { state: 'approved', body: 'words' }],
    ['dismissed', { state: 'dismissed' }],
  ])('%s %j asks for a look', (action, given) => {
    expect(heard('pull_request_review', on.review(action, given))).toEqual(onPull(action));
  });

  test('an edit that took a command away asks for a look', () => {
    const edited = on.review(
      'edited',
      { state: 'commented', body: 'never mind' },
      {
        changes: { body: { from: '/threatgate approve' } },
      },
    );
    expect(heard('pull_request_review', edited)).toEqual(onPull('edited'));
  });

  test('words alone, and our own review, are no news', () => {
    expect(
      heard('pull_request_review', on.review('submitted', { state: 'commented', body: 'nice' })),
    ).toEqual(IGNORED);
    expect(
      heard('pull_request_review', on.review('submitted', { body: '/threatgate help' }, {}, bot)),
    ).toEqual(IGNORED);
  });
});

describe('comments', () => {
  test.each(['created', 'edited', 'deleted'])('a command that is %s asks for a look', (action) => {
    expect(heard('issue_comment', on.remark(action, 'please\n/threatgate recheck'))).toEqual(onPull(action));
  });

  test('a command that was edited away asks for a look', () => {
    const edited = on.remark('edited', 'never mind', { changes: { body: { from: '/threatgate approve' } } });
    expect(heard('issue_comment', edited)).toEqual(onPull('edited'));
  });

  test.each([
    ['small talk', on.remark('created', 'LGTM')],
    ['small talk that was edited', on.remark('edited', 'LGTM', { changes: { body: { from: 'lgtm' } } })],
    ['an issue, without a command', on.remark('created', 'Approved.', { issue: { number: 12 } })],
    ['our bot', on.remark('created', '/threatgate help', {}, bot)],
    [
      'an edit of our comment',
      on.remark('edited', '/threatgate help', { comment: { id: 1, user: bot, body: '/threatgate' } }),
    ],
    ['a comment that is pinned', on.remark('pinned', '/threatgate approve')],
  ])('%s is no news', (_, payload) => {
    expect(heard('issue_comment', payload)).toEqual(IGNORED);
  });

  test('somebody whose name is like ours is not us', () => {
    const impostor = { ...bot, type: 'User' };
    expect(heard('issue_comment', on.remark('created', '/threatgate approve', {}, impostor))).toEqual(
      onPull('created'),
    );
  });

  test('the comment of a deleted account is still a comment', () => {
    const payload = on.remark('deleted', '/threatgate approve', {
      comment: { id: 1, user: null, body: '/threatgate' },
    });
    expect(heard('issue_comment', payload)).toEqual(onPull('deleted'));
  });
});

describe('issues', () => {
  const onIssue = (action: string, number: number, ...signals: readonly unknown[]) => ({
    kind: 'relevant',
    action,
    work: {
      installation: 31,
      subject: { kind: 'issue', number, repository: { id: 700, name: 'acme/orchard' } },
    },
    signals,
  });
  const label = { name: 'threatgate:incident' };

  test('a label tells who put it there; which one counts is found out at the look', () => {
    const by = { id: '12', login: 'bob', kind: 'user' };
    expect(heard('issues', on.issue('labeled', { label }))).toEqual(
      onIssue('labeled', 13, { kind: 'labelled', by, label: label.name }),
    );
  });

  test.each(['closed', 'reopened'])('one that is %s may be a review or a ticket', (action) => {
    expect(heard('issues', on.issue(action))).toEqual(onIssue(action, 13));
  });

  test('a command on it asks for a look at the issue', () => {
    const said = on.remark('created', '/threatgate reviewed All of it', { issue: { number: 13 } });
    expect(heard('issue_comment', said)).toEqual(onIssue('created', 13));
  });

  test.each([
    ['a label that nobody names', on.issue('labeled')],
    ['our bot', on.issue('labeled', { label }, bot)],
    ['a pull request', on.issue('closed', { issue: { number: 13, pull_request: { url: 'x' } } })],
    ['whatever else happens to it', on.issue('assigned')],
  ])('%s is no news', (_, payload) => {
    expect(heard('issues', payload)).toEqual(IGNORED);
  });
});

describe('review comments', () => {
  test.each([
    ['created', { in_reply_to_id: 60 }],
    ['edited', { in_reply_to_id: 60 }],
    ['deleted', { in_reply_to_id: 60 }],
    ['created', { body: '/threatgate waive why' }],
  ])('%s %j asks for a look', (action, comment) => {
    expect(heard('pull_request_review_comment', on.lineComment(action, comment))).toEqual(onPull(action));
  });

  test('a tick is an edit of our comment by somebody: who, and both texts', () => {
    const ticked = on.lineComment(
      'edited',
      { user: bot, body: '- [x] asked' },
      { changes: { body: { from: '- [ ] asked' } } },
    );
    expect(heard('pull_request_review_comment', ticked)).toEqual(
      onPull('edited', { kind: 'ticked', by: BOB, comment: 61, before: '- [ ] asked', after: '- [x] asked' }),
    );
  });

  test('texts are bounded', () => {
    const long = 'x'.repeat(100_000);
    const ticked = on.lineComment('edited', { user: bot, body: long }, { changes: { body: { from: long } } });
    expect(heard('pull_request_review_comment', ticked)).toMatchObject({
      signals: [{ before: long.slice(0, 65_536), after: long.slice(0, 65_536) }],
    });
  });

  test('our comment, taken away by somebody, asks for a look', () => {
    expect(heard('pull_request_review_comment', on.lineComment('deleted', { user: bot }))).toEqual(
      onPull('deleted'),
    );
  });

  test.each([
    ['a discussion that does not concern us', on.lineComment('created', {})],
    ['our own comment', on.lineComment('created', { in_reply_to_id: 60 }, {}, bot)],
    ['our own edit', on.lineComment('edited', {}, { changes: { body: { from: 'x' } } }, bot)],
  ])('%s is no news', (_, payload) => {
    expect(heard('pull_request_review_comment', payload)).toEqual(IGNORED);
  });
});

describe('check runs', () => {
  const externalId = `threatgate:1:700:pull/12:sha256:${'ab'.repeat(32)}`;

  test('a button says who pressed it, on which run', () => {
    const pressed = on.checkRun('requested_action', {}, { requested_action: { identifier: 'approve' } });
    expect(heard('check_run', pressed)).toEqual(
      onPull('requested_action', {
        kind: 'pressed',
        by: BOB,
        button: 'approve',
        checkRun: 71,
        head: HEAD,
        externalId,
      }),
    );
  });

  test('a re-run says who asked', () => {
    expect(heard('check_run', on.checkRun('rerequested'))).toEqual(
      onPull('rerequested', { kind: 'rerequested', by: BOB, head: HEAD }),
    );
  });

  test('on a merge group, the branch tells which', () => {
    const run = on.checkRun('rerequested', {
      external_id: externalId.replace('pull/12', 'group'),
      check_suite: { head_branch: `gh-readonly-queue/release/1.x/pr-12-${BASE}` },
    });
    expect(heard('check_run', run)).toMatchObject({
      work: {
        installation: 31,
        subject: {
          kind: 'merge-group',
          repository: REPOSITORY,
          headSha: HEAD,
          headRef: `refs/heads/gh-readonly-queue/release/1.x/pr-12-${BASE}`,
          baseRef: 'refs/heads/release/1.x',
          baseSha: BASE,
        },
      },
    });
  });

  test.each([
    ['nothing', null],
    ['words', 'something of somebody else'],
    ['another repository', externalId.replace(':700:', ':701:')],
  ])('with %s on it, the repository is looked at', (_, external_id) => {
    expect(heard('check_run', on.checkRun('rerequested', { external_id }))).toMatchObject({
      kind: 'relevant',
      work: repositoryWork,
      signals: [{ kind: 'rerequested' }],
    });
  });

  test.each([
    ['another app', on.checkRun('rerequested', { app: { id: 15368 } })],
    ['ourselves', on.checkRun('rerequested', {}, {}, bot)],
    ['a run that was created', on.checkRun('created')],
  ])('%s is no news', (_, payload) => {
    expect(heard('check_run', payload)).toEqual(IGNORED);
  });

  test('a suite: its one pull request here, else the repository', () => {
    const listed = (number: number, id = 700) => ({ number, base: { repo: { id } } });
    const asked = (...pull_requests: readonly object[]) =>
      heard('check_suite', on.checkSuite('rerequested', { pull_requests }));
    expect(asked(listed(12), listed(3, 999))).toMatchObject({
      work: pullWork,
      signals: [{ kind: 'rerequested', by: BOB }],
    });
    expect(asked()).toMatchObject({ work: repositoryWork, signals: [{ kind: 'rerequested', by: BOB }] });
    expect(asked(listed(12), listed(13))).toMatchObject({ work: repositoryWork });
    expect(heard('check_suite', on.checkSuite('requested'))).toEqual(IGNORED);
    expect(heard('check_suite', on.checkSuite('rerequested', { app: { id: 1 } }))).toEqual(IGNORED);
  });
});

describe('branches', () => {
  test('a merge group is looked at, and forgotten when it is gone', () => {
    expect(heard('merge_group', on.mergeGroup('checks_requested'))).toEqual({
      kind: 'relevant',
      action: 'checks_requested',
      work: {
        installation: 31,
        subject: {
          kind: 'merge-group',
          repository: REPOSITORY,
          headRef: `refs/heads/gh-readonly-queue/main/pr-12-${BASE}`,
          headSha: HEAD,
          baseRef: 'refs/heads/main',
          baseSha: BASE,
        },
      },
      signals: [],
    });
    expect(heard('merge_group', on.mergeGroup('destroyed'))).toEqual(IGNORED);
  });

  test('a push says who moved the branch', () => {
    expect(heard('push', on.push({ ref: 'refs/heads/release/1.x', forced: true }))).toEqual({
      kind: 'relevant',
      action: '',
      work: { installation: 31, subject: { kind: 'push', repository: REPOSITORY, branch: 'release/1.x' } },
      signals: [{ kind: 'branch-moved', by: ADA, before: BASE, after: HEAD, forced: true }],
    });
  });

  test.each([
    ['a tag', { ref: 'refs/tags/v1' }],
    ['a deleted branch', { deleted: true, after: '0'.repeat(40) }],
    ['a branch of the merge queue', { ref: `refs/heads/gh-readonly-queue/main/pr-1-${BASE}` }],
    ['no branch', { ref: 'refs/heads/' }],
  ])('%s is no news', (_, more) => {
    expect(heard('push', on.push(more))).toEqual(IGNORED);
  });
});

describe('installations', () => {
  const repositories = [{ id: 700, full_name: 'acme/orchard', private: true }];
  const work = { installation: 31, subject: { kind: 'installation' } };

  test.each([
    ['installation', 'created', [REPOSITORY], []],
    ['installation', 'deleted', [], [REPOSITORY]],
    ['installation', 'suspend', [], []],
    ['installation', 'unsuspend', [], []],
    ['installation', 'new_permissions_accepted', [], []],
  ])('%s %s', (event, action, added, removed) => {
    expect(heard(event, on.installation(action, { repositories }))).toEqual({
      kind: 'relevant',
      action,
      work,
      signals: [{ kind: 'installation-changed', by: ADA, action, added, removed }],
    });
  });

  test('installation_repositories', () => {
    const added = on.installation('added', { repositories_added: repositories, repositories_removed: [] });
    expect(heard('installation_repositories', added)).toMatchObject({
      work,
      signals: [{ action: 'added', added: [REPOSITORY], removed: [] }],
    });
  });

  test.each(['renamed', 'transferred', 'archived', 'unarchived', 'deleted'])(
    'a repository that is %s',
    (action) => {
      expect(heard('repository', on.repositoryEvent(action))).toEqual({
        kind: 'relevant',
        action,
        work: repositoryWork,
        signals: [],
      });
    },
  );

  test('of the settings, only the default branch is news', () => {
    const edited = (changes: object) => heard('repository', on.repositoryEvent('edited', { changes }));
    expect(edited({ default_branch: { from: 'master' } })).toMatchObject({ work: repositoryWork });
    expect(edited({ description: { from: 'x' } })).toEqual(IGNORED);
  });
});

describe('what is not as expected', () => {
  test.each([
    ['pull_request', { ...on.pullRequest('opened'), installation: undefined }, 'installation: no object'],
    [
      'pull_request',
      { ...on.pullRequest('opened'), repository: { id: '7', full_name: 'a/b' } },
      'repository.id: no number',
    ],
    [
      'pull_request',
      { ...on.pullRequest('opened'), repository: { id: 7, full_name: '../../x' } },
      'repository.full_name: invalid format',
    ],
    [
      'pull_request',
      { ...on.pullRequest('opened'), repository: { id: 7, full_name: 'a/..' } },
      'repository.full_name: invalid format',
    ],
    [
      'pull_request',
      on.pullRequest('opened', { pull_request: { number: 12, head: { sha: 'HEAD' } } }),
      'pull_request.head.sha: invalid format',
    ],
    [
      'pull_request',
      on.pullRequest('opened', { pull_request: { number: 1.5, head: { sha: HEAD } } }),
      'pull_request.number: no int',
    ],
    ['push', on.push({ before: 'x; rm -rf' }), 'before: invalid format'],
    ['push', [], 'the payload: no object'],
    ['issue_comment', { action: 'created' }, 'installation: no object'],
  ])('%s → %#: names the field, never what was there', (event, payload, what) => {
    expect(heard(event, payload)).toEqual({ kind: 'malformed', what });
  });

  test('events that nobody asked for are ignored, whatever they hold', () => {
    for (const event of ['star', 'member', 'team', 'membership', '__proto__', 'constructor', ''])
      for (const payload of [{ action: 'created' }, {}, null, 7, [], 'x'])
        expect(heard(event, payload)).toEqual(IGNORED);
  });

  const genuine = [
    ['pull_request', on.pullRequest('opened')],
    ['pull_request_review', on.review('submitted', {})],
    ['issue_comment', on.remark('created', '/threatgate approve')],
    ['pull_request_review_comment', on.lineComment('edited', { user: bot })],
    ['issues', on.issue('labeled', { label: { name: 'threatgate:incident' } })],
    ['check_run', on.checkRun('rerequested')],
    ['check_suite', on.checkSuite('rerequested')],
    ['merge_group', on.mergeGroup('checks_requested')],
    ['push', on.push()],
    ['installation', on.installation('created', { repositories: [] })],
    ['repository', on.repositoryEvent('renamed')],
  ] as const;

  test('a genuine payload with one value replaced by anything never throws', () => {
    const paths = (value: unknown): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([k, v]) => [[k], ...paths(v).map((p) => [k, ...p])])
        : [];
    const replaced = (value: unknown, [at = '', ...rest]: readonly string[], by: unknown): unknown => ({
      ...(value as object),
      [at]: rest.length === 0 ? by : replaced((value as Record<string, unknown>)[at], rest, by),
    });
    const spoilt = fc
      .constantFrom(...genuine)
      .chain(([event, payload]) =>
        fc.tuple(
          fc.constant(event),
          fc.constant(payload),
          fc.constantFrom(...paths(payload)),
          fc.jsonValue(),
        ),
      );
    fc.assert(
      fc.property(spoilt, ([event, payload, path, by]) => {
        expect(['relevant', 'irrelevant', 'malformed']).toContain(
          heard(event, replaced(payload, path, by)).kind,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('app.yml', () => {
  const registered = readRegistration();
  /** GitHub sends these without a subscription: to every App, or to those that may write checks. */
  const IMPLIED = ['installation', 'installation_repositories', 'check_run', 'check_suite'];

  test('subscribes to every event that is routed, and to no other', () => {
    expect([...registered.default_events, ...IMPLIED].sort()).toEqual([...ROUTED].sort());
  });

  test('asks for the least', () => {
    expect(registered.default_permissions).toEqual({
      checks: 'write',
      pull_requests: 'write',
      contents: 'read',
      issues: 'read',
      merge_queues: 'read',
      members: 'read',
      metadata: 'read',
    });
  });

  test('says in words what every permission is for', () => {
    const lines = readFileSync(join(import.meta.dirname, '../../app.yml'), 'utf8').split('\n');
    for (const permission of Object.keys(registered.default_permissions)) {
      const at = lines.findIndex((line) => line.trim().startsWith(`${permission}:`));
      expect(lines[at - 1]?.trim()).toMatch(/^# \w/);
    }
  });
});
