import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { POLICY } from '../service/shop.ts';
import { peopleOf, type People } from './people.ts';
import { actionUnderTest, GRANTED, REPO, type ActionUnderTest, type Ran } from './runner.ts';

let action: ActionUnderTest;
let people: People;
let number: number;
beforeEach(async () => {
  action = await actionUnderTest();
  people = peopleOf(action);
  number = await people.open('covered');
});
afterEach(() => action.close());

const reviewed = (): Promise<Ran> => action.run({ event: 'pull_request_review' });
const pushed = (): Promise<Ran> => action.run({ event: 'pull_request' });

describe('a review', () => {
  test('of somebody independent whom the policy names lets the change through', async () => {
    await people.review(number, 'alice');
    const ran = await reviewed();
    expect(ran).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(ran.requests.length).toBeLessThanOrEqual(8);
    expect(JSON.parse(ran.file('evidence'))).toMatchObject({
      kind: 'threatgate-action-run',
      pullRequest: number,
      verdict: { conclusion: 'success', digest: ran.outputs['digest'] },
      said: [{ kind: 'approved', actor: { login: 'alice' }, digest: ran.outputs['digest'] }],
    });
  });

  test('of the author, of an outsider, or of whoever pushed does not count, and the summary says why', async () => {
    await people.push({ 'NOTES.md': 'x\n' }, 'alice');
    for (const by of ['bob', 'eve', 'alice'])
      await people.review(number, by, by === 'bob' ? { state: 'comment', body: '/threatgate approve' } : {});
    const ran = await reviewed();
    expect(ran.code).toBe(1);
    for (const why of [
      'is the author of the change',
      'is neither named in the policy',
      'wrote or committed part of the change',
    ])
      expect(ran.summary).toContain(why);
  });

  test('of whoever once pushed to the branch does not count, though the commits are somebody else’s', async () => {
    const { control } = action.gh;
    const files = { 'NOTES.md': 'x\n' };
    const sha = control.pushCommit({ by: 'bob', repo: REPO, branch: 'side', from: 'change', files });
    await action.act(() => control.pushRef({ by: 'alice', repo: REPO, branch: 'change', sha }));
    await people.push({ 'NOTES.md': 'y\n' });
    await people.review(number, 'alice');
    const ran = await reviewed();
    expect(ran.code).toBe(1);
    expect(ran.summary).toContain('pushed to the branch of the change');
  });

  test('stays good when nothing relevant is pushed, and is counted at the commit that was reviewed', async () => {
    await people.review(number, 'alice');
    await people.push({ 'NOTES.md': 'x\n' });
    const ran = await pushed();
    expect(ran).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(ran.requests.length).toBeLessThanOrEqual(8);
    expect((await pushed()).requests.length).toBeLessThanOrEqual(8);
  });

  test('ends with a change that adds a fact, and the fact is named', async () => {
    await people.review(number, 'alice');
    await people.push({ 'infra/more.tf': 'resource "aws_sqs_queue" "late" {}\n' });
    const ran = await pushed();
    expect(ran.code).toBe(1);
    expect(ran.summary).toMatch(/alice[^\n]*New component `aws_sqs_queue\.late`/);
  });

  test('ends when it is dismissed, and when the same person asks for changes', async () => {
    const { id } = await people.review(number, 'alice');
    await action.act(() => action.gh.control.dismissReview({ by: 'ada', id }));
    expect((await reviewed()).code).toBe(1);
    await people.review(number, 'alice');
    expect((await reviewed()).code).toBe(0);
    await people.review(number, 'alice', { state: 'request_changes', body: 'wait' });
    expect((await reviewed()).code).toBe(1);
  });

  test('of a member of a team does not count where the token may not read members, and that is said', async () => {
    await people.review(number, 'carol');
    const ran = await reviewed();
    expect(ran.code).toBe(1);
    expect(ran.summary).toContain('`acme/security`');
    expect(ran.summary).toContain('the permission to read members is missing');
  });

  test('counts for a member of a team where a token of an App may read members', async () => {
    const { world, control } = action.gh;
    const app = control.createApp({
      name: 'Reader',
      owner: 'acme',
      publicKey: action.app.publicKey,
      permissions: { contents: 'read', pull_requests: 'write', members: 'read' },
      events: [],
      webhook: { url: 'http://nobody.test/', secret: 'x' },
    });
    const { installationToken } = await import('../double/actions/tokens.ts');
    const token = installationToken(world, control.install({ app, on: 'acme' }), {}).value;
    await people.review(number, 'carol');
    const ran = await action.run({ event: 'pull_request_review', inputs: { token } });
    expect(ran).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
  });
});

describe('a command in a comment', () => {
  const commented = (permissions = {}): Promise<Ran> =>
    action.run({ event: 'issue_comment', permissions: { ...GRANTED, actions: 'write', ...permissions } });
  const digest = async (): Promise<string> => (await pushed()).outputs['digest'] ?? '';
  const gate = (conclusion: 'failure' | 'success') =>
    action.gh.control.createWorkflowRun({
      repo: REPO,
      workflow: 'threatgate.yml',
      headSha: people.head(number),
      event: 'pull_request',
      conclusion,
    });
  const reactions = (): readonly string[] =>
    action.gh.observe.reactions(action.gh.observe.comments({ repo: REPO, number }).at(-1)?.id ?? 0);

  test('that names what it approves lets it through: the run of the pull request is made again', async () => {
    const run = gate('failure');
    await people.say(number, 'alice', `/threatgate approve ${(await digest()).slice(0, 19)}`);
    const ran = await commented();
    expect(ran).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(ran.summary).toContain('is made again, and will say the same');
    expect(action.gh.observe.workflowRuns(REPO).find((r) => r.id === run.id)?.reruns).toHaveLength(1);
    expect(ran.requests.length).toBeLessThanOrEqual(8);
    expect((await pushed()).code).toBe(0);
  });

  test('that names nothing does not count, and is told how to', async () => {
    gate('failure');
    await people.say(number, 'alice', '/threatgate approve');
    const ran = await commented();
    expect(ran.outputs['conclusion']).toBe('action_required');
    expect(ran.summary).toContain(`/threatgate approve ${ran.outputs['digest']?.slice(0, 19)}`);
    expect(ran.summary).toContain('says the same already');
    expect((await pushed()).code).toBe(1);
  });

  test('that names what the change was before does not count', async () => {
    const before = await digest();
    await people.push({ 'infra/more.tf': 'resource "aws_sqs_queue" "late" {}\n' });
    await people.say(number, 'alice', `/threatgate waive ${before.slice(0, 19)} the queue is switched off`);
    expect((await commented()).outputs['conclusion']).toBe('failure');
  });

  test('waives, declares an emergency and takes back, by people who may', async () => {
    const name = (await digest()).slice(0, 19);
    await people.say(number, 'eve', `/threatgate waive ${name} I am in a hurry`);
    expect((await pushed()).code).toBe(1);
    await people.say(
      number,
      'alice',
      `/threatgate waive ${name} the export is switched off until 2030-01-01`,
    );
    expect((await pushed()).code).toBe(0);
    await people.say(number, 'alice', '/threatgate revoke');
    expect((await pushed()).code).toBe(1);
    await people.say(number, 'alice', `/threatgate emergency ${name} INC-7 nobody can log in`);
    const ran = await pushed();
    expect(ran.code).toBe(0);
    expect(ran.summary).toContain('INC-7');
  });

  test('edited afterwards commands nothing', async () => {
    const name = (await digest()).slice(0, 19);
    const { id } = await people.say(number, 'alice', 'nice');
    await action.act(() =>
      action.gh.control.editComment({ by: 'ada', id, body: `/threatgate approve ${name}` }),
    );
    expect((await pushed()).code).toBe(1);
  });

  test('without the right to run again says what is to be done by hand, and which line grants it', async () => {
    const run = gate('failure');
    await people.say(number, 'alice', `/threatgate approve ${(await digest()).slice(0, 19)}`);
    const ran = await commented({ actions: 'read' });
    expect(ran.code).toBe(0);
    expect(ran.log).toContain('`actions: write`');
    expect(ran.summary).toContain('“Re-run jobs”');
    expect(action.gh.observe.workflowRuns(REPO).find((r) => r.id === run.id)?.reruns).toHaveLength(0);
  });

  test('says nothing of another run that GitHub does not make, or that is being made', async () => {
    const run = gate('failure');
    await people.say(number, 'alice', `/threatgate approve ${(await digest()).slice(0, 19)}`);
    action.gh.faults = {
      request: ({ route }) => (route.endsWith('/rerun') ? { answer: 422, when: 'before' } : undefined),
    };
    const refused = await commented();
    expect(refused.summary).toContain('“Re-run jobs”');
    expect(refused.summary).not.toContain('and will say the same');
    action.gh.faults = {};
    await commented();
    expect((await commented()).summary).toContain('is being made');
    expect(action.gh.observe.workflowRuns(REPO).find((r) => r.id === run.id)?.reruns).toHaveLength(1);
  });

  test('is acknowledged by a reaction, never by a comment', async () => {
    const name = (await digest()).slice(0, 19);
    const before = action.gh.observe.comments({ repo: REPO, number }).length;
    await people.say(number, 'alice', `/threatgate approve ${name}`);
    await commented();
    expect(reactions()).toEqual(['+1']);
    await people.say(number, 'eve', `/threatgate approve ${name}`);
    await commented();
    expect(reactions()).toEqual(['-1']);
    await people.say(number, 'bob', '/threatgate help');
    await commented();
    expect(reactions()).toEqual(['eyes']);
    expect(action.gh.observe.comments({ repo: REPO, number })).toHaveLength(before + 3);
  });

  test('talk, and comments on issues, cost nothing', async () => {
    await people.say(number, 'alice', 'We should /threatgate approve this.');
    expect(await commented()).toMatchObject({ code: 0, requests: [] });
    await action.act(() => action.gh.control.close({ by: 'bob', repo: REPO, number }));
    await people.say(number, 'alice', '/threatgate recheck');
    const late = await commented();
    expect(late).toMatchObject({ code: 0, requests: ['POST /graphql'], summary: '' });
    expect(late.log).toContain('is not open any more');
    const payload = action.told('issue_comment') as { issue: object; comment: object };
    const onIssue = { ...payload, issue: { number: 1 }, comment: { body: '/threatgate approve' } };
    expect(await action.run({ event: 'issue_comment', payload: onIssue })).toMatchObject({
      code: 0,
      requests: [],
    });
  });
});

test('answers are replies to our questions, of people who may', async () => {
  await people.rule(`${POLICY}questions:\n  answers: required\n`);
  await people.review(number, 'alice');
  expect((await pushed()).code).toBe(1);
  for (const { id, body } of people.asked(number)) {
    const answers = [...body.matchAll(/\*\*(\d+)\. /g)]
      .map(([, n]) => `${n} control: see the runbook`)
      .join('\n');
    await action.act(() => action.gh.control.replyToReviewComment({ by: 'bob', id, body: answers }));
  }
  expect((await pushed()).code).toBe(0);
});
