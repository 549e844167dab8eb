import { describe, expect, test } from '@jest/globals';
import { FILES, namesOf, openedPull, pluck, read, scene } from './scene.ts';

const SHOP = '/repos/acme/shop';
const PLACE = { repo: 'acme/shop', number: 1 };

describe('pull requests', () => {
  test('what a pull request says of itself', async () => {
    const { gh, api } = scene();
    const pull = openedPull(gh);
    const { body } = await api('GET', `${SHOP}/pulls/1`);
    expect(body).toMatchObject({
      id: pull.id,
      number: 1,
      state: 'open',
      draft: false,
      merged: false,
      title: 'Ten',
      changed_files: 2,
      commits: 1,
      additions: 3,
      deletions: 1,
      mergeable: true,
      user: { login: 'bob' },
      head: { ref: 'feature', sha: pull.headSha, repo: { full_name: 'acme/shop' } },
      base: { ref: 'main', sha: gh.control.tip('acme/shop', 'main') },
    });
  });

  test('every change has its event', async () => {
    const { gh, inbox } = scene();
    const { control } = gh;
    openedPull(gh);
    control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'develop', files: { d: 'd\n' } });
    control.setDraft({ ...PLACE, by: 'bob', draft: true });
    control.setDraft({ ...PLACE, by: 'bob', draft: false });
    control.editPullRequest({ ...PLACE, by: 'ada', body: 'Because', base: 'develop' });
    control.pushCommit({ by: 'bob', repo: 'acme/shop', branch: 'feature', files: { b: 'b\n' } });
    control.close({ ...PLACE, by: 'bob' });
    control.reopen({ ...PLACE, by: 'bob' });
    await gh.deliverPending();
    const pulls = inbox.received.filter(({ event }) => event === 'pull_request');
    expect(namesOf(pulls).map((name) => name.split('.')[1])).toEqual([
      'opened',
      'converted_to_draft',
      'ready_for_review',
      'edited',
      'synchronize',
      'closed',
      'reopened',
    ]);
    expect(read(pulls[3]?.payload, 'changes')).toMatchObject({
      body: { from: 'Why' },
      base: { ref: { from: 'main' } },
    });
    expect(read(pulls[4]?.payload, 'after')).toBe(control.tip('acme/shop', 'feature'));
    expect(read(pulls[4]?.payload, 'pull_request', 'head', 'sha')).toBe(control.tip('acme/shop', 'feature'));
  });

  test('files: from the merge base, in pages, with patches unless large or binary', async () => {
    const { gh, api } = scene({ limits: { patchLines: 50 } });
    gh.control.pushCommit({
      by: 'bob',
      repo: 'acme/shop',
      branch: 'files',
      files: {
        'binary.bin': new Uint8Array([0, 1, 2]),
        'large.txt': 'x\n'.repeat(51),
        'moved.tf': FILES['main.tf'],
        'main.tf': null,
        'naïve "name".txt': 'n\n',
      },
    });
    gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files: { unrelated: 'u\n' } });
    gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'files' });
    const first = await api('GET', `${SHOP}/pulls/1/files?per_page=3`);
    expect(first.headers.get('link')).toContain('page=2>; rel="next"');
    const second = await api('GET', `${SHOP}/pulls/1/files?per_page=3&page=2`);
    const files = [...(first.body as unknown[]), ...(second.body as unknown[])];
    expect(files.map((file) => [read(file, 'filename'), read(file, 'status'), read(file, 'patch')])).toEqual([
      ['binary.bin', 'added', undefined],
      ['large.txt', 'added', undefined],
      ['moved.tf', 'renamed', undefined],
      ['naïve "name".txt', 'added', '@@ -0,0 +1 @@\n+n'],
    ]);
    expect(read(files[2], 'previous_filename')).toBe('main.tf');
    expect(read((await api('GET', `${SHOP}/pulls/1`)).body, 'changed_files')).toBe(4);
  });

  test('no more files and commits than GitHub lists', async () => {
    const { gh, api } = scene({ limits: { pullFiles: 2, pullCommits: 1, compareFiles: 1 } });
    openedPull(gh);
    gh.control.pushCommit({ by: 'bob', repo: 'acme/shop', branch: 'feature', files: { c: 'c\n', e: 'e\n' } });
    expect(pluck((await api('GET', `${SHOP}/pulls/1/files`)).body, 'filename')).toHaveLength(2);
    expect(pluck((await api('GET', `${SHOP}/pulls/1/commits`)).body, 'sha')).toHaveLength(1);
    expect(read((await api('GET', `${SHOP}/pulls/1`)).body, 'changed_files')).toBe(4);
    const compared = await api('GET', `${SHOP}/compare/main...feature`);
    expect(pluck(read(compared.body, 'files'), 'filename')).toHaveLength(1);
    expect(read(compared.body, 'total_commits')).toBe(2);
  });

  test('lists by state, base and order', async () => {
    const { gh, api, clock } = scene();
    openedPull(gh, 'one');
    clock.at += 1000;
    openedPull(gh, 'two');
    clock.at += 1000;
    gh.control.editPullRequest({ ...PLACE, by: 'bob', title: 'Later' });
    gh.control.close({ repo: 'acme/shop', number: 2, by: 'bob' });
    const numbers = async (query: string) =>
      pluck((await api('GET', `${SHOP}/pulls?${query}`)).body, 'number');
    expect(await numbers('')).toEqual([1]);
    expect(await numbers('state=all')).toEqual([2, 1]);
    expect(await numbers('state=all&sort=updated&direction=asc')).toEqual([1, 2]);
    expect(await numbers('base=develop')).toEqual([]);
  });

  test('a head pushed to the base by hand counts as merged', async () => {
    const { gh, api } = scene();
    const pull = openedPull(gh);
    gh.control.pushRef({ by: 'ada', repo: 'acme/shop', branch: 'main', sha: pull.headSha });
    const { body } = await api('GET', `${SHOP}/pulls/1`);
    expect([read(body, 'merged'), read(body, 'merged_by', 'login')]).toEqual([true, 'ada']);
    const found = await api('GET', `${SHOP}/commits/${pull.headSha}/pulls`);
    expect(pluck(found.body, 'number')).toEqual([1]);
  });
});

describe('merging', () => {
  test.each(['merge', 'squash', 'rebase'] as const)('by %s the base has the change', (method) => {
    const { gh } = scene();
    const pull = openedPull(gh);
    gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files: { other: 'o\n' } });
    const sha = gh.control.merge({ ...PLACE, by: 'ada', method });
    const { objects } = pull.repository;
    expect(objects.commitAt(sha).parents).toHaveLength(method === 'merge' ? 2 : 1);
    expect(objects.blob(objects.entry(sha, 'main.tf')?.oid ?? '')?.toString()).toContain('line ten');
    expect(objects.entry(sha, 'other')).toBeDefined();
    expect([pull.state, pull.mergeCommit, pull.mergedBy?.login]).toEqual(['closed', sha, 'ada']);
    expect(gh.control.tip('acme/shop', 'main')).toBe(sha);
  });

  test('not with a conflict, not without write access', async () => {
    const { gh, api } = scene();
    openedPull(gh);
    expect(() => gh.control.merge({ ...PLACE, by: 'eve' })).toThrow('write access');
    const clash = { 'main.tf': FILES['main.tf'].replace('line 10\n', 'line 10.5\n') };
    gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'main', files: clash });
    expect(read((await api('GET', `${SHOP}/pulls/1`)).body, 'mergeable')).toBe(false);
    const token = gh.control.createUserToken('ada');
    expect((await api('PUT', `${SHOP}/pulls/1/merge`, {}, token)).status).toBe(405);
  });

  test('a required check must be green on the head, of the app that the rule names, unless rules let somebody past', async () => {
    const { gh, api, app } = scene();
    const { headSha } = openedPull(gh);
    gh.control.setRules({
      repo: 'acme/shop',
      requiredChecks: [{ context: 'Threatgate', integrationId: app.id }],
      bypass: ['ada'],
    });
    gh.control.setRole({ repo: 'acme/shop', login: 'eve', role: 'write' });
    const merge = (by: string) => () => gh.control.merge({ ...PLACE, by });
    expect(merge('eve')).toThrow('Required status check "Threatgate" is expected.');
    // The same name by another app does not count.
    const actions = gh.control.createActionsToken({ repo: 'acme/shop', permissions: { checks: 'write' } });
    const forged = { name: 'Threatgate', head_sha: headSha, conclusion: 'success' };
    await api('POST', `${SHOP}/check-runs`, forged, actions);
    expect(merge('eve')).toThrow('is not successful');
    await api('POST', `${SHOP}/check-runs`, { ...forged, conclusion: 'action_required' });
    expect(merge('eve')).toThrow('is not successful');
    expect(() =>
      gh.control.directPush({ by: 'eve', repo: 'acme/shop', branch: 'main', files: { a: 'a\n' } }),
    ).toThrow('GH006');
    gh.control.directPush({ by: 'ada', repo: 'acme/shop', branch: 'main', files: { a: 'a\n' } });
    await api('POST', `${SHOP}/check-runs`, forged);
    const token = gh.control.createUserToken('eve');
    const merged = await api('PUT', `${SHOP}/pulls/1/merge`, { merge_method: 'squash' }, token);
    expect([merged.status, read(merged.body, 'merged')]).toEqual([200, true]);
  });
});
