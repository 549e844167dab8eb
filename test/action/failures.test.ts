import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { peopleOf, type People } from './people.ts';
import { actionUnderTest, metadata, type ActionUnderTest } from './runner.ts';
import { INPUTS } from '../../src/action/inputs.ts';

let action: ActionUnderTest;
let people: People;
beforeEach(async () => {
  action = await actionUnderTest();
  people = peopleOf(action);
  await people.open('quiet');
});
afterEach(() => action.close());

const event = 'pull_request';

test('action.yml and the code have the same inputs', () => {
  expect(
    Object.entries(metadata.inputs).map(([name, input]) => [name, input.description, input.default]),
  ).toEqual(Object.entries(INPUTS).map(([name, input]) => [name, input.about, input.default]));
  expect(metadata.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
});

describe('wrong inputs: nothing is judged, and the allowed values are named', () => {
  test.each([
    ['token', '', 'a token'],
    ['pull-request', 'twelve', 'the number of a pull request'],
    ['pull-request', '-1', 'the number of a pull request'],
    ['comments', 'yes', 'true or false'],
    ['rerun', '1', 'true or false'],
    ['output', 'a\u0007b', 'the path of a folder'],
  ])('%s %j', async (name, value, allowed) => {
    const ran = await action.run({ event, inputs: { [name]: value } });
    expect(ran.code).toBe(2);
    expect(ran.log).toContain(`The input \`${name}\` cannot be`);
    expect(ran.log).toContain(allowed);
    expect(ran.requests).toEqual([]);
  });

  test('a folder that cannot be written to', async () => {
    const ran = await action.run({ event, inputs: { output: '/dev/null/x' } });
    expect(ran.code).toBe(2);
    expect(ran.log).toContain('Choose another folder');
  });
});

describe('GitHub', () => {
  test('that does not answer lets nothing pass', async () => {
    const answers = [500, 'timeout', 502] as const;
    let n = 0;
    action.gh.faults = { request: () => ({ answer: answers[n++ % 3] ?? 500, when: 'before' }) };
    const ran = await action.run({ event });
    expect(ran.code).toBe(2);
    expect(ran.summary).toContain('Could not evaluate');
    expect(ran.outputs['conclusion']).toBeUndefined();
  });

  test.each(['trees', 'graphql'])('that fails for %s alone lets nothing pass', async (what) => {
    let seen = 0;
    action.gh.faults = {
      request: ({ path }) =>
        path.includes(what) && seen++ >= (what === 'graphql' ? 1 : 0)
          ? { answer: 500, when: 'before' }
          : undefined,
    };
    await people.push({ 'infra/more.tf': 'resource "aws_sqs_queue" "late" {}\n' });
    expect((await action.run({ event })).code).toBe(2);
  });

  test('that fails once is asked again', async () => {
    let first = true;
    action.gh.faults = {
      request: () => {
        if (!first) return undefined;
        first = false;
        return { answer: 502, when: 'before' };
      },
    };
    expect((await action.run({ event })).code).toBe(0);
  });

  test('that wants to be left alone for long is left alone, and nothing passes', async () => {
    action.gh.faults = { request: () => ({ answer: 'secondary-limit', when: 'before', retryAfter: 600 }) };
    const ran = await action.run({ event });
    expect(ran.code).toBe(2);
    expect(ran.log).toContain('Run the job again after');
    expect(ran.requests).toHaveLength(1);
  });

  test('that does not know the token lets nothing pass', async () => {
    const ran = await action.run({ event, inputs: { token: 'ghs_nobody' } });
    expect(ran.code).toBe(2);
    expect(ran.log).not.toContain('ghs_nobody');
  });
});

describe('a run that is none', () => {
  test.each([
    ['an event that is not supported', { event: 'gollum' }, 'The event gollum'],
    ['no payload', { event, payload: 'x' }, 'is not as GitHub describes it'],
    ['a payload of something else', { event, payload: { repository: { id: 'x' } } }, 'repository.id'],
    ['no variables of the runner', { event, env: { GITHUB_EVENT_PATH: '' } }, 'GITHUB_EVENT_PATH'],
    ['no event file', { event, env: { GITHUB_EVENT_PATH: '/nowhere/event.json' } }, '/nowhere/event.json'],
  ])('%s', async (_, happening, what) => {
    const ran = await action.run(happening);
    expect(ran.code).toBe(2);
    expect(ran.log).toContain(what);
  });

  test('workflow_dispatch without a number says how to give it', async () => {
    const { repository } = action.told(event) as { repository: object };
    const ran = await action.run({ event: 'workflow_dispatch', payload: { repository } });
    expect(ran.code).toBe(2);
    expect(ran.log).toContain('pull-request: ${{ inputs.pull-request }}');
  });

  test('pull_request_target is refused where anybody can start it, and taken in a private repository', async () => {
    const payload = action.told(event) as { repository: object };
    const as = (isPrivate: boolean) => ({
      ...payload,
      repository: { ...payload.repository, private: isPrivate },
    });
    const open = await action.run({ event: 'pull_request_target', payload: as(false) });
    expect(open).toMatchObject({ code: 2, requests: [] });
    expect(open.log).toContain('pull_request_target is not supported in public repositories');
    expect((await action.run({ event: 'pull_request_target', payload: as(true) })).code).toBe(0);
  });

  test('a pull request that is not there', async () => {
    const ran = await action.run({ event, inputs: { 'pull-request': '999' } });
    expect(ran.code).toBe(2);
    expect(ran.log).toContain('There is no pull request #999');
  });

  test('a job that is called like the check of the App is warned', async () => {
    const ran = await action.run({ event, env: { GITHUB_JOB: 'Threatgate' } });
    expect(ran.log).toContain('::warning title=Threatgate::The job is called like the check of the App');
  });
});
