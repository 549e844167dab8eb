/** The commands that add to the trail by hand, over a database in a file and the double behind a socket. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';
import { explanationOfChange } from '../../src/core/audit/explanations.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import { registerOf } from '../../src/core/audit/register.ts';
import { reviewsOf } from '../../src/core/audit/reviews.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { run } from '../../src/cli/run.ts';
import { openRecorder } from '../../src/store/open-recorder.ts';
import type { Ended } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { played, REPO, type Played } from '../reconcile/played.ts';

const KEPT = ['GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_API_URL', 'GITHUB_GRAPHQL_URL', 'JIRA_URL', 'JIRA_TOKEN'];
const before = KEPT.map((name) => [name, process.env[name]] as const);
afterAll(() => {
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  removeTemporaryFolders();
});

let world: Played;
beforeEach(async () => {
  world = await played();
  await world.service.settle(120_000);
});
afterEach(() => world.close());

/** As somebody, or as nobody whom GitHub knows. */
async function as(login: string | undefined, ...args: readonly string[]): Promise<Ended> {
  const { service, url } = world;
  const token = login === undefined ? '' : service.gh.control.createUserToken(login);
  Object.assign(process.env, {
    GITHUB_API_URL: url,
    GITHUB_TOKEN: token,
    GH_TOKEN: '',
    GITHUB_GRAPHQL_URL: '',
    JIRA_URL: '',
    JIRA_TOKEN: '',
  });
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run([...args, '--database', world.file], {
    cwd: '/',
    columns: 100,
    colour: false,
    now: () => new Date(service.clock.at).toISOString(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { code, out: out.join(''), err: err.join('') };
}

async function records(): Promise<readonly AuditRecord[]> {
  const recorder = await openRecorder({ file: world.file });
  try {
    return await recorder.records({ repository: world.service.gh.world.repository(REPO).id });
  } finally {
    await recorder.close();
  }
}

const now = (): string => new Date(world.service.clock.at).toISOString();
const ofKind = async (kind: AuditRecord['kind']) => (await records()).filter((r) => r.kind === kind);

describe('incident', () => {
  const ARGS = [
    'incident',
    'INC-7',
    '--repo',
    REPO,
    '--component',
    'API',
    '--owner',
    'alice',
    '--due',
    '2026-11-20',
  ];

  test('opens a review, once, in the name of whoever’s token it is', async () => {
    const first = await as('ada', ...ARGS, '--summary', 'Orders of others could be read');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('Opened the review review/incident/INC-7 of acme/shop, due 2026-11-20.');
    const again = await as(undefined, ...ARGS);
    expect(again.out).toContain('Was open already');
    const [opened, ...more] = await ofKind('review-opened');
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      actor: { login: 'ada', role: 'admin' },
      details: { cause: 'incident', incident: 'INC-7', components: ['API'], owner: 'alice' },
    });
  });

  test('opens an issue where the token may, and the same one when it is asked again', async () => {
    const first = await as('ada', ...ARGS, '--issue');
    expect(first).toMatchObject({ code: 0, err: '' });
    await as('ada', ...ARGS, '--issue');
    const [issue, ...more] = world.service.gh.observe.issues(REPO);
    expect(more).toEqual([]);
    expect(issue?.assignees.map((a) => a.login)).toEqual(['alice']);
    expect(issue?.body).toContain('- [ ] API');
    expect(issue?.body).toContain('A stolen staff password');
    expect(issue?.body).not.toContain('@alice');
    expect((await ofKind('ticket')).map((r) => r.details['issue'])).toEqual([issue?.number]);
  });

  test.each([
    [['incident'], 64, 'Say which incident'],
    [['incident', 'INC-7', '--repo', REPO], 64, '--due is missing'],
    [['incident', 'INC-7', '--repo', '../x', '--due', '2026-11-20'], 64, 'is not a repository'],
    [['incident', 'INC-7', '--repo', REPO, '--due', '2026-02-30'], 64, 'no day'],
    [['incident', 'INC-7', '--repo', 'acme/none', '--due', '2026-11-20'], 2, 'no record of the repository'],
  ])('%j is refused', async (args, code, message) => {
    const ended = await as(undefined, ...args);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(message);
    expect(await ofKind('review-opened')).toEqual([]);
  });
});

describe('review', () => {
  test('is listed until somebody who may says what came of it', async () => {
    await as('ada', 'incident', 'INC-7', '--repo', REPO, '--due', '2026-11-20');
    expect((await as(undefined, 'review', 'list')).out).toMatch(
      /due {2}2026-11-20 {2}acme\/shop {2}review\/incident\/INC-7/,
    );
    await world.days(30);
    const overdue = await as(undefined, 'review', 'list', '--repo', REPO, '--overdue');
    expect(overdue).toMatchObject({ code: 1, err: '' });
    expect(overdue.out).toContain('1 review overdue.');
    const done = [
      'review',
      'done',
      'review/incident/INC-7',
      '--repo',
      REPO,
      '--statement',
      'The api checks owners now.',
    ];
    const eve = await as('bob', ...done);
    expect(eve.code).toBe(2);
    expect(eve.err).toContain('@bob is neither named in the policy nor in a team named there');
    const alice = await as('alice', ...done, '--with', 'bob');
    expect(alice).toMatchObject({ code: 0, err: '' });
    const [record] = await ofKind('review-done');
    expect(record).toMatchObject({
      actor: { login: 'alice', role: 'approver (user)' },
      details: { of: 'review/incident/INC-7', via: 'command', attendees: ['bob'] },
    });
    expect((await as('carol', ...done)).err).toContain('was held at');
    expect(reviewsOf(await records(), now()).map((r) => r.state)).toEqual(['done-late']);
    expect((await as(undefined, 'review', 'list')).out).toBe('0 reviews to be held.\n');
  });

  test('without a token nothing is said in anybody’s name', async () => {
    await as('ada', 'incident', 'INC-7', '--repo', REPO, '--due', '2026-11-20');
    const ended = await as(
      undefined,
      'review',
      'done',
      'review/incident/INC-7',
      '--repo',
      REPO,
      '--statement',
      'All is well.',
    );
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('There is no token');
    expect(await ofKind('review-done')).toEqual([]);
  });
});

describe('respond', () => {
  test('explains a push, later words before earlier ones, and all of them stay', async () => {
    const sha = await world.push('straight');
    const change = `acme/shop@main:${sha}`;
    const say = (impact: string) =>
      as(
        'ada',
        'respond',
        change,
        '--cause',
        'No ruleset',
        '--impact',
        impact,
        '--response',
        'There is one now',
      );
    expect(await say('Not known yet')).toMatchObject({ code: 0, err: '' });
    expect(await say('None')).toMatchObject({ code: 0, err: '' });
    const all = await records();
    expect(all.filter((r) => r.kind === 'exception-explained')).toHaveLength(2);
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/records.md'), 'utf8');
    const documented = /^\| `exception-explained` .*\| (.*) \|$/m.exec(page)?.[1] ?? '';
    for (const { details } of all.filter((r) => r.kind === 'exception-explained'))
      expect(
        Object.keys(details)
          .toSorted()
          .map((key) => `\`${key}\``),
      ).toEqual(documented.split(' ').toSorted());
    const population = populationOf(all, { from: '2026-11-01', to: '2026-12-01' });
    const [pushed] = population.changes;
    const { explanations } = exceptionsOf(population, all, now());
    expect(pushed && explanationOfChange(explanations, pushed)).toMatchObject({
      by: { login: 'ada', role: 'admin' },
      cause: 'No ruleset',
      impact: 'None',
      response: 'There is one now',
    });
  });

  test('what is no change on record is refused', async () => {
    const rest = ['--cause', 'c', '--impact', 'i', '--response', 'r'];
    expect((await as('ada', 'respond', 'acme/shop#404', ...rest)).err).toContain(
      'no change `acme/shop#404` on record',
    );
    expect((await as('ada', 'respond', 'shop', ...rest)).err).toContain('names no change');
    expect((await as('ada', 'respond', 'acme/shop#1', '--cause', 'c')).code).toBe(64);
    expect(await ofKind('exception-explained')).toEqual([]);
  });
});

test('tickets are asked for by hand, and the register shows how far they are', async () => {
  const { people, service } = world;
  const issue = service.gh.control.openIssue({ repo: REPO, by: 'bob', title: 'Encrypt exports' });
  const number = await people.open('covered');
  const [comment] = people.asked(number);
  if (!comment) throw new Error('Nothing was asked.');
  await people.reply(comment, 'bob', `1 ticket: #${issue.number}`);
  await people.reply(comment, 'bob', '2 ticket: ABC-1 in the other tracker');
  const first = await as('ada', 'tickets', '--repo', REPO);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toContain(`acme/shop  #${issue.number}  open since 2026-11-02`);
  expect(first.out).toContain('acme/shop  ABC-1  cannot be followed from here');
  service.gh.control.closeIssue({ repo: REPO, number: issue.number, by: 'bob' });
  expect((await as('ada', 'tickets')).out).toMatch(/closed since 2026-11-0\d by bob/);
  const { tickets } = registerOf(await records(), now());
  const shown = tickets.map((t) => [t.text, t.ticket?.state, t.ticket?.createdAt?.slice(0, 10)]);
  expect(shown.toSorted()).toEqual([
    [`#${issue.number}`, 'closed', '2026-11-02'],
    ['ABC-1 in the other tracker', undefined, undefined],
  ]);
});

describe('findings', () => {
  const report = (results: readonly object[]): string => {
    const file = join(temporaryFolder(), 'report.sarif');
    const rules = [
      { id: 'weak-image', properties: { 'security-severity': '8.1' } },
      { id: 'style', defaultConfiguration: { level: 'note' } },
    ];
    writeFileSync(
      file,
      JSON.stringify({ version: '2.1.0', runs: [{ results, tool: { driver: { name: 'Scan', rules } } }] }),
    );
    return file;
  };
  const at = (uri: string, startLine: number) => [
    { physicalLocation: { artifactLocation: { uri }, region: { startLine } } },
  ];
  const RESULTS = [
    { ruleId: 'weak-image', message: { text: 'Old image' }, locations: at('infra/compute.tf', 2) },
    {
      ruleId: 'weak-image',
      message: { text: 'Old image' },
      locations: at('file:///builds/shop/infra/compute.tf', 12),
    },
    { ruleId: 'style', message: { text: 'Tabs' }, locations: at('infra/compute.tf', 2) },
    { ruleId: 'gone', baselineState: 'absent', message: { text: 'x' }, locations: at('infra/storage.tf', 1) },
    { level: 'error', ruleId: 'open', message: { text: 'y' }, locations: at('README.md', 1) },
  ];

  test('on modelled components open one review each, and never twice', async () => {
    const commit = world.service.gh.control.tip(REPO, 'main');
    const args = ['findings', report(RESULTS), '--repo', REPO, '--commit', commit];
    const dry = await as('ada', ...args, '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('1 review would be opened');
    expect(await ofKind('review-opened')).toEqual([]);
    const first = await as('ada', ...args);
    expect(first.out).toContain('API  1 finding  weak-image');
    expect(first.out).toContain(
      '1 review opened; of 4 findings: 1 less severe, 2 on nothing that is modelled, 1 passed, suppressed or gone.',
    );
    const [opened, ...more] = await ofKind('review-opened');
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      commit,
      actor: { login: 'ada' },
      details: {
        cause: 'finding',
        components: ['API'],
        owner: 'orchard/platform',
        tool: 'Scan',
        rules: ['weak-image'],
        severity: 'high',
        findings: 1,
        location: 'infra/compute.tf:2',
      },
    });
    const again = await as('ada', ...args);
    expect(again.out).toContain('0 reviews opened');
    expect(again.out).toContain('1 asked about before');
    // The same finding elsewhere in the file is the same; another rule is another.
    const moved = [
      { ...RESULTS[0], locations: at('infra/compute.tf', 3) },
      { ruleId: 'open-port', level: 'error', message: { text: 'z' }, locations: at('infra/compute.tf', 3) },
    ];
    const later = await as('ada', 'findings', report(moved), '--repo', REPO, '--commit', commit);
    expect(later.out).toContain('API  1 finding  open-port');
    expect(await ofKind('review-opened')).toHaveLength(2);
  });

  test('what is no report, or too much to be read, changes nothing', async () => {
    const commit = world.service.gh.control.tip(REPO, 'main');
    const file = join(temporaryFolder(), 'broken.sarif');
    for (const text of ['', '{', '[]', '{"runs": [}', '{"runs":[]} {}', 'not json', '['.repeat(1_000)]) {
      writeFileSync(file, text);
      const ended = await as('ada', 'findings', file, '--repo', REPO, '--commit', commit);
      expect([text, ended.code]).toEqual([text, 2]);
      expect(ended.err).toContain('is no SARIF');
    }
    const none = await as('ada', 'findings', '/nowhere.sarif', '--repo', REPO, '--commit', commit);
    expect(none.err).toContain('could not be read');
    const wrong = await as('ada', 'findings', report([]), '--repo', REPO, '--commit', 'a'.repeat(40));
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('GitHub has no commit');
    expect((await as('ada', 'findings', file, '--repo', REPO, '--commit', 'main')).code).toBe(64);
    expect(await ofKind('review-opened')).toEqual([]);
  });
});

test('Jira’s address has to be safe, and its token whole', async () => {
  const { jiraOf } = await import('../../src/jira/jira.ts');
  expect(jiraOf({})).toBeUndefined();
  for (const JIRA_URL of ['http://jira.example.org', 'https://u@x.example', 'ftp://x', 'x', 'https://x/?a=1'])
    expect(() => jiraOf({ JIRA_URL, JIRA_TOKEN: 'secret' })).toThrow('JIRA_URL is not an https address');
  expect(() => jiraOf({ JIRA_URL: 'https://jira.example.org' })).toThrow('JIRA_TOKEN is no token');
  expect(() => jiraOf({ JIRA_TOKEN: 'x' })).toThrow('JIRA_URL is not an https address');
});

test('Jira is asked in bounds, and answers in whatever form are read for what they are', async () => {
  const { jiraOf } = await import('../../src/jira/jira.ts');
  const asked: (readonly [string, string | null])[] = [];
  const issues: Readonly<Record<string, () => Response>> = {
    'ABC-1': () =>
      Response.json({
        key: 'ABC-1',
        fields: {
          created: '2026-10-01T08:00:00.000+0200',
          resolutiondate: '2026-10-05T08:00:00.000+0000',
          status: { statusCategory: { key: 'done' } },
        },
      }),
    'ABC-2': () =>
      Response.json({
        key: 'ABC-2',
        fields: {
          created: '2026-10-01T08:00:00.000+0000',
          resolutiondate: null,
          status: { statusCategory: { key: 'new' } },
        },
      }),
    'ABC-3': () => new Response('x'.repeat(300_000)),
    'ABC-4': () => new Response('{"key": 1}'),
    'ABC-5': () => new Response('no', { status: 500 }),
  };
  const jira = jiraOf(
    { JIRA_URL: 'https://jira.example.org/base/', JIRA_TOKEN: 'me@example.org:t' },
    (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      asked.push([url, new Headers(init?.headers).get('authorization')]);
      expect(init?.redirect).toBe('error');
      const name = /issue\/([^?]+)/.exec(url)?.[1] ?? '';
      return Promise.resolve(issues[name]?.() ?? new Response('', { status: 404 }));
    },
  );
  expect(jira?.follows('jira.example.org')).toBe(true);
  expect(jira?.follows(undefined)).toBe(true);
  expect(jira?.follows('evil.example.org')).toBe(false);
  expect(await jira?.read('ABC-1')).toEqual({
    state: 'closed',
    url: 'https://jira.example.org/base/browse/ABC-1',
    createdAt: '2026-10-01T06:00:00.000Z',
    closedAt: '2026-10-05T08:00:00.000Z',
  });
  expect(await jira?.read('ABC-2')).toMatchObject({ state: 'open' });
  expect(await jira?.read('ABC-9')).toBeUndefined();
  for (const name of ['ABC-3', 'ABC-4', 'ABC-5']) await expect(jira?.read(name)).rejects.toThrow();
  expect(asked[0]).toEqual([
    'https://jira.example.org/base/rest/api/2/issue/ABC-1?fields=status,created,resolutiondate',
    `Basic ${Buffer.from('me@example.org:t').toString('base64')}`,
  ]);
});
