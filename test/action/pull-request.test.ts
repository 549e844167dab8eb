import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { peopleOf, type People } from './people.ts';
import { actionUnderTest, FORK, REPO, type ActionUnderTest } from './runner.ts';

let action: ActionUnderTest;
let people: People;
beforeEach(async () => {
  action = await actionUnderTest();
  people = peopleOf(action);
});
afterEach(() => action.close());

const event = 'pull_request';

describe('a pull request', () => {
  test('that the model does not cover fails, says why on the lines, and asks its questions once', async () => {
    const number = await people.open('uncovered');
    const ran = await action.run({ event });
    expect(ran.code).toBe(1);
    expect(ran.outputs).toMatchObject({ conclusion: 'failure', facts: '2' });
    expect(ran.outputs['digest']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(ran.commands).toEqual([
      expect.stringMatching(
        /^::error title=Not in the threat model%3A aws_s3_bucket.exports,file=infra\/exports.tf,line=1,/,
      ),
      expect.stringMatching(
        /^::error title=Not in the threat model%3A aws_sqs_queue.export_jobs,file=infra\/exports.tf,line=5,/,
      ),
      '::error title=Threatgate::#1: 2 facts of 2 are not in the model',
    ]);
    for (const part of ['### What to do', '```mermaid', '### Questions to think through'])
      expect(ran.summary).toContain(part);
    expect(people.asked(number)).toHaveLength(2);
    expect(people.asked(number)[0]?.body).not.toContain('- [ ]');
    expect(ran.requests.length).toBeLessThanOrEqual(8);

    const again = await action.run({ event });
    expect(again.code).toBe(1);
    expect(people.asked(number)).toHaveLength(2);
    expect(again.requests).toHaveLength(ran.requests.length - 1);
    expect(again.file('verdict')).toBe(ran.file('verdict'));
  });

  test('that changes nothing relevant passes with one line', async () => {
    const number = await people.open('quiet');
    const ran = await action.run({ event });
    expect(ran.code).toBe(0);
    expect(ran.commands).toEqual([]);
    expect(ran.summary.split('\n').filter((line) => line !== '')).toHaveLength(2);
    expect(people.asked(number)).toEqual([]);
  });

  test('that waits for people says for whom, and what to write', async () => {
    await people.open('covered');
    const ran = await action.run({ event });
    expect(ran.code).toBe(1);
    expect(ran.outputs['conclusion']).toBe('action_required');
    expect(ran.summary).toContain('May approve: `@alice`');
    expect(ran.summary).toContain(`/threatgate approve ${ran.outputs['digest']?.slice(0, 19)}`);
  });

  test('without a policy is observed: nothing blocks, nobody is asked, the summary tells', async () => {
    await people.rule(null);
    const number = await people.open('uncovered');
    const ran = await action.run({ event });
    expect(ran.code).toBe(0);
    expect(ran.summary).toContain('New data store');
    expect(people.asked(number)).toEqual([]);
  });

  test('under a policy that is not valid is not judged', async () => {
    await people.rule('version: 1\nmod: enforce\n');
    await people.open('uncovered');
    const ran = await action.run({ event });
    expect(ran.code).not.toBe(0);
    expect(ran.summary).toContain('is not valid');
  });

  test('that is closed costs nothing', async () => {
    const number = await people.open('uncovered');
    await action.act(() => action.gh.control.close({ by: 'bob', repo: REPO, number }));
    expect(await action.run({ event })).toMatchObject({ code: 0, requests: [], summary: '' });
  });

  test('is not asked anything when that is not wanted', async () => {
    const number = await people.open('uncovered');
    await action.run({ event, inputs: { comments: 'false' } });
    expect(people.asked(number)).toEqual([]);
  });

  test('is judged by its number when somebody starts the workflow', async () => {
    const number = await people.open('uncovered');
    const { repository } = action.told('pull_request') as { repository: object };
    const ran = await action.run({
      event: 'workflow_dispatch',
      payload: { repository, inputs: {} },
      inputs: { 'pull-request': `${number}` },
    });
    expect(ran).toMatchObject({ code: 1, outputs: { conclusion: 'failure' } });
  });
});

describe('a pull request from a fork', () => {
  beforeEach(() => {
    action.gh.control.fork({ repo: REPO, owner: 'eve' });
  });

  const openFromFork = (files: Readonly<Record<string, string>>): Promise<number> =>
    action.act(() => {
      action.gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'change', files });
      return action.gh.control.openPullRequest({ by: 'eve', repo: REPO, head: 'eve/shop:change', title: 'x' })
        .number;
    });

  test('gets its verdict and its summary with a token that only reads, and stays blocked', async () => {
    const number = await openFromFork({ 'infra/more.tf': 'resource "aws_s3_bucket" "more" {}\n' });
    const ran = await action.run({ event, permissions: FORK });
    expect(ran).toMatchObject({ code: 1, outputs: { conclusion: 'failure' } });
    expect(ran.summary).toContain('aws_s3_bucket.more');
    // Nobody can grant it more, so that nothing is said about rights.
    expect(ran.log).not.toContain('permissions:');
    expect(people.asked(number)).toEqual([]);
  });

  test('is approved by a review like any other', async () => {
    const { 'infra/exports.tf': code = '', 'docs/threat-model.md': model = '' } = (
      await import('../service/shop.ts')
    ).CHANGES.covered;
    const number = await openFromFork({ 'infra/exports.tf': code, 'docs/threat-model.md': model });
    expect((await action.run({ event, permissions: FORK })).code).toBe(1);
    await people.review(number, 'alice');
    const ran = await action.run({ event: 'pull_request_review', permissions: FORK });
    expect({ code: ran.code, log: ran.log }).toMatchObject({ code: 0 });
  });
});

describe('rights that are missing', () => {
  test('to comment: the verdict is the same, and the line to add is named', async () => {
    const number = await people.open('uncovered');
    const ran = await action.run({ event, permissions: { contents: 'read', pull_requests: 'read' } });
    expect(ran.code).toBe(1);
    expect(ran.log).toContain('::warning title=Threatgate::The questions could not be posted on their lines');
    expect(ran.log).toContain('`pull-requests: write`');
    expect(people.asked(number)).toEqual([]);
  });

  test.each([
    ['to read the pull request', { contents: 'read' }],
    ['to read files', { pull_requests: 'write' }],
    ['of any kind', {}],
  ] as const)('%s: not evaluated, and the lines to add are named', async (_, permissions) => {
    await people.open('quiet');
    const ran = await action.run({ event, permissions });
    expect(ran.code).toBe(2);
    expect(ran.log).toContain('Could not evaluate');
    expect(ran.log).toContain('`contents: read` and `pull-requests: read`');
    expect(ran.summary).toContain('Could not evaluate');
  });
});
