import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const STILL_WAITS = 'action_required';
const OTHER = {
  ...CHANGES.covered,
  'infra/exports.tf': `${CHANGES.covered['infra/exports.tf'] ?? ''}
resource "aws_s3_bucket_policy" "exports" {
  bucket = aws_s3_bucket.exports.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }] })
}
`,
};

describe('a comment is bound to what was shown when it was written', () => {
  test('before anything was shown it counts for nothing', async () => {
    people.commit('change', CHANGES.covered);
    const { number } = service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'change' });
    await people.say(number, 'alice', '/threatgate approve');
    expect(people.check(number).conclusion).toBe(STILL_WAITS);
    expect(people.check(number).summary).toContain('Nothing had been shown yet');
    await people.say(number, 'alice', '/threatgate approve');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('after a push that nobody showed yet it counts for what was there before', async () => {
    const number = await people.open('covered');
    people.commit('change', OTHER);
    await people.say(number, 'alice', '/threatgate approve');
    expect(people.check(number).conclusion).not.toBe('success');
    expect(people.check(number).summary).toContain('Was given for other content. Since then new:');
  });

  test('after a push that changed nothing relevant it holds', async () => {
    const number = await people.open('covered');
    people.commit('change', { 'NOTES.md': 'Why exports.\n' });
    await people.say(number, 'alice', '/threatgate approve');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('a button is bound to what its check run shows', async () => {
    const number = await people.open('covered');
    const before = people.check(number);
    people.commit('change', OTHER);
    service.gh.control.clickButton({ by: 'alice', checkRunId: before.id, identifier: 'approve' });
    await service.settle();
    expect(people.check(number).conclusion).not.toBe('success');
    expect((await people.last(number, 'approved')).digest).toBe((await people.records(number))[0]?.digest);
  });

  test('a button of the check run that is shown approves', async () => {
    const number = await people.open('covered');
    await people.press(number, 'alice', 'approve');
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.last(number, 'approved')).details['via']).toBe('button');
  });
});

describe('a review is bound to its commit', () => {
  test('of an old commit that says the same it holds, after a rebase too', async () => {
    const number = await people.open('covered');
    const { headSha } = service.gh.observe.pull(people.at(number));
    await people.push('change', CHANGES.covered, { onto: 'main', message: 'Rebased' });
    await people.review(number, 'alice', { commit: headSha });
    expect(people.check(number).conclusion).toBe('success');
  });

  test('of an old commit that says something else it does not', async () => {
    const number = await people.open('covered');
    const { headSha } = service.gh.observe.pull(people.at(number));
    await people.push('change', OTHER, { onto: 'main' });
    await people.review(number, 'alice', { commit: headSha });
    expect(people.check(number).conclusion).not.toBe('success');
    expect(people.check(number).summary).toContain('Was given for other content');
  });

  test('of a commit that was never shown it is found out what the commit says', async () => {
    for (const [i, files] of [CHANGES.covered, OTHER].entries()) {
      const branch = `change-${i}`;
      const number = await people.open('quiet', { branch });
      const unseen = people.commit(branch, files, { onto: 'main' });
      service.gh.control.review({ repo: 'acme/shop', number, by: 'alice', state: 'approve', commit: unseen });
      await people.push(branch, CHANGES.covered, { onto: 'main', message: 'Seen' });
      expect(people.check(number).conclusion).toBe(i === 0 ? 'success' : STILL_WAITS);
    }
  });

  test('given before the base was changed it counts only when its commit had been shown by then', async () => {
    const { control } = service.gh;
    control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'release', files: CHANGES.quiet });
    for (const isShown of [false, true]) {
      const branch = `change-${String(isShown)}`;
      people.commit(branch, CHANGES.covered);
      const { number } = control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: branch });
      if (isShown) await service.settle();
      service.pass(2_000);
      control.review({ ...people.at(number), by: 'alice', state: 'approve' });
      await people.settled(() =>
        control.editPullRequest({ ...people.at(number), by: 'bob', base: 'release' }),
      );
      expect(people.check(number).conclusion).toBe(isShown ? 'success' : STILL_WAITS);
      if (isShown) continue;
      expect(people.check(number).summary).toContain('pointed at another base branch');
      await people.review(number, 'alice');
      expect(people.check(number).conclusion).toBe('success');
    }
  });
});

describe('an approval survives', () => {
  test.each([
    ['a rebase', () => people.push('change', CHANGES.covered, { onto: 'main', message: 'Rebased' })],
    [
      'lines that moved',
      () =>
        people.push('change', {
          'infra/exports.tf': `# Exports for the bookkeeper\n\n\n${CHANGES.covered['infra/exports.tf'] ?? ''}`,
        }),
    ],
    ['a push of documentation', () => people.push('change', { 'docs/exports.md': '# Exports\n' })],
  ])('%s', async (_, act) => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    await act();
    expect(people.check(number).conclusion).toBe('success');
    expect((await people.kinds(number)).filter((k) => k === 'approved')).toHaveLength(1);
  });

  test('an update from the base branch', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    await people.settled(() =>
      service.gh.control.directPush({
        by: 'ada',
        repo: 'acme/shop',
        branch: 'main',
        files: { 'infra/network.tf': CHANGES.opened['infra/network.tf'] ?? '' },
      }),
    );
    await people.updateBranch(number, 'bob');
    expect(people.check(number).conclusion).toBe('success');
  });
});

describe('an approval dies', () => {
  test('with a new fact, and the check names it', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    await people.push('change', OTHER);
    expect(people.check(number).conclusion).not.toBe('success');
    expect(people.check(number).summary).toMatch(/Since then new: .*exports/);
  });

  test('with a fact that is gone, or a model that says something else', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    const model = (CHANGES.covered['docs/threat-model.md'] ?? '').replace(
      '| Mitigated | @orchard/shop |',
      '| Accepted | @orchard/shop |',
    );
    await people.push('change', { 'docs/threat-model.md': model });
    expect(people.check(number).conclusion).not.toBe('success');
    expect(people.check(number).summary).toContain('in the model');
    await people.push('change', {
      'docs/threat-model.md': CHANGES.covered['docs/threat-model.md'] ?? '',
    });
    expect(people.check(number).conclusion).toBe('success');
    await people.push('change', {
      'infra/exports.tf': 'resource "aws_s3_bucket" "exports" {\n  bucket = "orchard-exports"\n}\n',
    });
    expect(people.check(number).conclusion).not.toBe('success');
    expect(people.check(number).summary).toContain('gone: New component');
  });

  test('with another base branch, against which something else changes', async () => {
    const { control } = service.gh;
    control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'release', files: CHANGES.quiet });
    control.pushCommit({
      by: 'ada',
      repo: 'acme/shop',
      branch: 'next',
      from: 'release',
      files: CHANGES.opened,
    });
    people.commit('change', CHANGES.covered, { from: 'next' });
    const number = await people.open({ 'NOTES.md': 'Next.\n' }, { base: 'next' });
    await people.review(number, 'alice');
    expect(people.check(number).conclusion).toBe('success');
    await people.settled(() => control.editPullRequest({ ...people.at(number), by: 'bob', base: 'release' }));
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('aws_security_group.admin');
  });
});
