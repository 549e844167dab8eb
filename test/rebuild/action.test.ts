/** Evidence without the service: what jobs of the real Action left on GitHub, made into a package that verifies. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import { actionUnderTest, REPO, type ActionUnderTest, type Ran } from '../action/runner.ts';
import { peopleOf, type People } from '../action/people.ts';
import type { Ended } from '../cli/command-line.ts';
import { createCheckRun } from '../double/actions/checks.ts';
import { actionsApp } from '../double/actions/apps.ts';
import type { WorkflowRun } from '../double/state/workflows.ts';
import { CHANGES } from '../service/shop.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

const WORKFLOW = `name: Threat model
on: [pull_request, pull_request_review]
jobs:
  threat-model:
    name: threat-model \${{ github.event.pull_request.base.ref }}
    runs-on: ubuntu-latest
    steps:
      - uses: threatgate/threatgate@v1
`;
const PERIOD = ['--from', '2026-11-01', '--to', '2026-12-01'] as const;
const KEPT = [
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_API_URL',
  'GITHUB_GRAPHQL_URL',
  'DATABASE_URL',
  'DATA_DIR',
] as const;
const before = KEPT.map((name) => [name, process.env[name]] as const);

let action: ActionUnderTest;
let people: People;
let folder: string;
let made: Ended;
const numbers: Record<string, number> = {};

/** What the runner of GitHub does around the Action: a run, a job that is a check, and the artifact of the workflow. */
async function job(
  number: number,
  over: { readonly zip?: (ran: Ran) => Uint8Array; readonly workflow?: string } = {},
): Promise<WorkflowRun> {
  const { control, world } = action.gh;
  const ran = await action.run({ event: 'pull_request' });
  const conclusion = ran.code === 0 ? 'success' : 'failure';
  const headSha = people.head(number);
  const workflow = over.workflow ?? 'threatgate.yml';
  const of = control.createWorkflowRun({ repo: REPO, workflow, headSha, event: 'pull_request', conclusion });
  createCheckRun(world, world.repository(REPO), actionsApp(world), {
    name: 'threat-model main',
    head_sha: headSha,
    status: 'completed',
    conclusion,
  });
  const zip = (over.zip ?? zipOf)(ran);
  control.uploadArtifact({ run: of.id, name: 'threat-model-evidence-1', zip: new Uint8Array(zip) });
  return of;
}

const zipOf = (ran: Ran, change: (verdict: string) => string = (same) => same): Uint8Array =>
  zipSync({
    'evidence.json': strToU8(ran.file('evidence')),
    'verdict.json': strToU8(change(ran.file('verdict'))),
  });

const merge = (number: number, by = 'bob'): Promise<string> =>
  action.act(() => action.gh.control.merge({ repo: REPO, number, by, method: 'squash' }));

async function quiet(name: string, over: Parameters<typeof job>[1] = {}): Promise<WorkflowRun> {
  numbers[name] = await people.open({ [`${name}.md`]: name }, 'bob', name);
  const of = await job(numbers[name], over);
  await merge(numbers[name]);
  return of;
}

async function evidence(...args: readonly string[]): Promise<Ended> {
  const token = action.gh.control.createUserToken('ada');
  Object.assign(process.env, { GITHUB_TOKEN: token, GITHUB_API_URL: `${action.url}/api/v3` });
  return called('evidence', ...PERIOD, ...args);
}

async function called(...args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run([...args], {
    cwd: '/',
    columns: 100,
    colour: false,
    now: () => new Date(action.clock.at).toISOString(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { code, out: out.join(''), err: err.join('') };
}

beforeAll(async () => {
  for (const name of KEPT) Reflect.deleteProperty(process.env, name);
  action = await actionUnderTest();
  people = peopleOf(action);
  const { control, world } = action.gh;
  await action.act(() =>
    control.directPush({
      by: 'ada',
      repo: REPO,
      branch: 'main',
      files: { '.github/workflows/threatgate.yml': WORKFLOW },
    }),
  );
  await quiet('quiet');

  numbers['gated'] = await people.open('covered', 'bob', 'gated');
  await people.review(numbers['gated'], 'alice');
  await job(numbers['gated']);
  await merge(numbers['gated']);

  numbers['red'] = await people.open(CHANGES.opened, 'bob', 'red');
  await job(numbers['red'], {
    zip: (ran) => zipOf(ran, (v) => v.replace('"conclusion": "failure"', '"conclusion": "success"')),
  });
  await merge(numbers['red'], 'ada');

  const expired = await quiet('expired');
  expired.artifacts = expired.artifacts.map((each) => ({ ...each, expiresAt: 0 }));

  await quiet('altered', {
    zip: (ran) => zipOf(ran, (v) => v.replace('"mode": "enforce"', '"mode": "observe"')),
  });

  await quiet('broken', { zip: () => strToU8('no zip at all') });

  numbers['own'] = await people.open(
    { '.github/workflows/threatgate.yml': `${WORKFLOW}      - run: echo\n` },
    'bob',
    'own',
  );
  await job(numbers['own']);
  await merge(numbers['own']);

  await action.act(() =>
    control.directPush({
      by: 'ada',
      repo: REPO,
      branch: 'main',
      files: { '.github/workflows/other.yml': WORKFLOW.replace('threatgate/threatgate', 'acme/other') },
    }),
  );
  await quiet('other', { workflow: 'other.yml' });

  numbers['mimicked'] = await people.open({ 'mimicked.md': 'x' }, 'bob', 'mimicked');
  createCheckRun(world, world.repository(REPO), action.app, {
    name: 'threat-model main',
    head_sha: people.head(numbers['mimicked']),
    status: 'completed',
    conclusion: 'success',
  });
  await merge(numbers['mimicked']);

  folder = join(temporaryFolder(), 'evidence');
  made = await evidence('--from-github', REPO, '--output', folder);
}, 240_000);
afterAll(async () => {
  await action.close();
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  removeTemporaryFolders();
});

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const rowOf = (name: string): string =>
  read('population.csv')
    .split('\n')
    .find((line) => line.startsWith(`"${REPO}#${numbers[name] ?? 0}"`)) ?? '';

describe('a package of what the Action left on GitHub', () => {
  test('verifies without GitHub', async () => {
    expect(made).toMatchObject({ code: 0, err: '' });
    const verified = await called('verify', folder);
    if (verified.code !== 0) throw new Error(verified.out);
    expect(verified.out).toContain('is as it has to be');
  });

  test.each([
    ['quiet', 'not-triggered', 'Nothing in it was significant'],
    ['gated', 'gated', 'The model covers the change and it is approved'],
    ['red', 'bypassed', 'said failure'],
    ['expired', 'unexplained', 'has an artifact that is expired'],
    ['altered', 'unexplained', 'is not the one its evidence names'],
    ['broken', 'unexplained', 'has an artifact that cannot be unpacked'],
    ['own', 'unexplained', 'which the pull request itself brings or alters'],
    ['other', 'unexplained', 'which does not use the Action'],
    ['mimicked', 'unexplained', 'No verdict on what was merged is on GitHub any more'],
  ])('%s is %s', (name, way, why) => {
    expect(rowOf(name)).toContain(`"${way}"`);
    expect(rowOf(name)).toContain(why);
  });

  test('has the approval that the verdict rests on, and pushes', () => {
    expect(read('decisions.csv')).toMatch(/"approved".*"alice"/);
    expect(read('population.csv').match(/"direct-push"/g)).toHaveLength(3);
  });

  test('says where it comes from, and what could not be seen', () => {
    const { origin } = JSON.parse(read('manifest.json')) as {
      readonly origin: { readonly missing: string[] };
    };
    expect(origin).toMatchObject({ kind: 'github', of: REPO, gate: expect.stringContaining('the Action') });
    const of = (name: string): string => `#${numbers[name] ?? 0}`;
    expect(origin.missing).toContain(
      `Why these were let through: ${['expired', 'altered', 'broken', 'own', 'other', 'mimicked'].map(of).join(', ')}.`,
    );
    for (const words of ['can delete runs and artifacts', '90 days', 'Who was an approver then'])
      expect(read('information.csv')).toContain(words);
    expect(read('information.csv')).toContain(`--from-github '${REPO}'`);
    expect(read('notes.csv')).toContain('Filled in at');
  });

  test('is the same for the owner, of every repository that the token may see', async () => {
    const all = join(temporaryFolder(), 'all');
    const ended = await evidence('--from-github', 'acme', '--output', all);
    expect(ended).toMatchObject({ code: 0 });
    const population = readFileSync(join(all, 'population.csv'), 'utf8');
    expect(population.replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '')).toBe(
      read('population.csv').replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, ''),
    );
  });

  test.each([
    [['--from-github', 'acme', '--database', 'x.sqlite'], 64, 'reads no database'],
    [['--from-github', 'acme/shop/x'], 64, 'is neither an owner nor OWNER/NAME'],
    [['--app-id', '12'], 64, 'belongs to --from-github'],
    [['--from-github', 'nobody'], 2, 'knows nothing of a repository of `nobody`'],
  ])('%j is refused, and nothing is written', async (args, code, says) => {
    const ended = await evidence(...args, '--output', join(temporaryFolder(), 'none'));
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(says);
  });
});
