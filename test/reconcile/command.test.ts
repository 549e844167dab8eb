import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { speaksOfBefore } from '../../src/audit/derive.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import { openRecorder } from '../../src/store/open-recorder.ts';
import { alter, ledgerFile } from '../audit/samples.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { called, DAY, played, REPO, type Played } from './played.ts';

const KEPT = [
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_API_URL',
  'GITHUB_GRAPHQL_URL',
  'DATABASE_URL',
  'DATA_DIR',
] as const;
const before = KEPT.map((name) => [name, process.env[name]] as const);
beforeAll(() => {
  for (const name of KEPT) Reflect.deleteProperty(process.env, name);
});
afterAll(() => {
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  removeTemporaryFolders();
});

/** From the 4th on; the App was installed on the 2nd. */
const PERIOD = ['--from', '2026-11-04', '--to', '2026-11-10'] as const;

interface Said {
  readonly whole: boolean;
  readonly walk: { readonly end: string; readonly complete: boolean };
  readonly counts: Readonly<Record<'github' | 'record', Readonly<Record<string, number>>>>;
  readonly matched: readonly { readonly id: string; readonly commits: readonly string[] }[];
  readonly unrecorded: readonly { readonly id: string; readonly likely: string }[];
  readonly missing: readonly { readonly id: string; readonly likely: string }[];
  readonly outside: { readonly commits: readonly { readonly why: string }[] };
}

async function asJson(world: Played, ...args: readonly string[]) {
  const { code, out, err } = await world.reconcile(...PERIOD, '--json', ...args);
  expect(err).toBe('');
  return { code, ...(JSON.parse(out) as Said) };
}

/** One merge before the period; then one of each kind, and a push. */
async function quietDays(): Promise<Played> {
  const world = await played();
  await world.service.settle(120_000);
  await world.merge('early', 'squash');
  await world.days(3);
  await world.merge('one', 'squash');
  await world.merge('two', 'rebase');
  await world.merge('three', 'merge', 2);
  await world.push('straight');
  return world;
}

describe('a gate that missed nothing', () => {
  let world: Played;
  beforeAll(async () => {
    world = await quietDays();
  }, 60_000);
  afterAll(() => world.close());

  test('has the same on both sides', async () => {
    const { code, out, err } = await world.reconcile(...PERIOD);
    if (process.env['SHOW']) console.log(out);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('4 changes on record are on the branch (4 commits)');
    expect(out).toMatch(/On record: \d+ records without a gap, hashes verified/);
    expect(out).toMatch(/down to one that was on record before the\s+period/);
    expect(out).toContain('The period is not over');
    expect(out).toMatch(/✓ Both sides have the same changes\n$/);
  });

  test('says the same as JSON, and everything that was compared', async () => {
    const said = await asJson(world);
    expect(said).toMatchObject({ code: 0, whole: true, walk: { end: 'record', complete: true } });
    expect(said.counts).toMatchObject({
      github: { commits: 5, matched: 4, unrecorded: 0, outside: 1 },
      record: { changes: 4, matched: 4, missing: 0, unreached: 0, outside: 1 },
    });
    expect(said.matched.map((m) => [m.id.replace(/:.*/, ''), m.commits.length])).toEqual([
      ['acme/shop#2', 1],
      ['acme/shop#3', 1],
      ['acme/shop#4', 1],
      ['acme/shop@main', 1],
    ]);
    expect(said.outside.commits.map((c) => c.why)).toEqual(['on-record']);
  });

  test('asks nothing but reading, and little', async () => {
    const count = world.service.gh.requests.length;
    await asJson(world);
    const asked = world.service.gh.requests.slice(count).map((r) => r.route);
    expect(asked).toEqual(['GET /repos/{owner}/{repo}', 'POST /graphql']);
  });

  test('from the beginning of the gate on, shows what was before it', async () => {
    const said = await asJson(world, '--from', '2026-11-01');
    expect(said).toMatchObject({ code: 1, walk: { end: 'root', complete: true }, missing: [] });
    expect(said.unrecorded.map((u) => u.likely)).toEqual(['before-installed']);
  });

  test('a token may see the repository and nothing in it', async () => {
    const args = [REPO, '--database', world.file, ...PERIOD];
    const { code, out, err } = await world.withToken(world.token({}), ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('GitHub refused to show');
    expect(err).toContain('contents: read and pull requests: read');
  });

  test.each([
    [[REPO], undefined, 'There is no token'],
    [[REPO], 'ghp_wrong', 'refused (401)'],
    [[REPO], 'two words', 'cannot be one'],
    [['acme/nothing'], 'admin', 'knows nothing of the repository `acme/nothing`'],
    [[REPO, '--branch', 'nothing'], 'admin', 'Neither GitHub nor the audit trail knows a branch `nothing`'],
    [[REPO, '--database', '/nowhere.sqlite'], 'admin', 'There is no database /nowhere.sqlite'],
  ] as const)('%j %s', async (args, token, message) => {
    const given = token === 'admin' ? world.service.gh.control.createUserToken('ada') : token;
    const [name, ...more] = args;
    const { code, out, err } = await world.withToken(
      given,
      name,
      '--database',
      world.file,
      ...PERIOD,
      ...more,
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('→');
    if (token !== undefined) expect(err).not.toContain(given);
  });

  test('a database of other repositories', async () => {
    const { code, err } = await world.reconcile(...PERIOD, '--database', await ledgerFile());
    expect(code).toBe(2);
    expect(err).toContain('has no record of the repository');
    expect(err).toContain('acme/till');
  });

  test('a trail that was altered, or cut off', async () => {
    for (const [statement, message] of [
      [
        `update records set text = replace(text, '"bob"', '"eve"') where kind = 'merged' and source = 'merged/1'`,
        ' of acme/shop: ',
      ],
      [
        'delete from records where sequence = (select max(sequence) from records)',
        'said to end with another',
      ],
    ] as const) {
      const file = join(temporaryFolder(), 'copy.sqlite');
      alter(world.file, `vacuum into '${file}'`);
      alter(file, statement);
      const { code, out, err } = await world.reconcile(...PERIOD, '--database', file);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(message);
    }
  });

  test('several at once: what can be compared is, and the others are named', async () => {
    const names = ['acme/none', '--repos', `${REPO},${REPO}`];
    const { code, out, err } = await world.reconcile(...PERIOD, ...names);
    expect(code).toBe(2);
    expect(out.match(/Both sides have the same changes/g)).toHaveLength(1);
    expect(err).toContain('acme/none: GitHub knows nothing of the repository');
    const admin = control(world).createUserToken('ada');
    const all = await world.withToken(admin, '--all', ...PERIOD, '--database', world.file);
    expect(all).toMatchObject({ code: 0, out: expect.stringContaining('Both sides have the same changes') });
    expect(await world.withToken(admin, REPO, '--all', ...PERIOD)).toMatchObject({ code: 64 });
    const unnamed = await world.withToken(admin, ...PERIOD, '--database', world.file);
    expect(unnamed).toEqual(all);
  });

  test('a GitHub that does not answer', async () => {
    Object.assign(process.env, { GITHUB_TOKEN: 'ghp_x', GITHUB_API_URL: 'http://127.0.0.1:9/api/v3' });
    const now = (): string => '2026-11-06T00:00:00Z';
    const { code, err } = await called(now, REPO, '--database', world.file, ...PERIOD);
    expect(code).toBe(2);
    expect(err).toContain('no answer');
  });

  test.each([
    [[], '--from is missing'],
    [['shop', ...PERIOD], 'is not a repository'],
    [['acme/..', ...PERIOD], 'is not a repository'],
    [[REPO], '--from is missing'],
    [[REPO, '--from', '2026-11-01'], '--to is missing'],
    [[REPO, '--from', '2026-02-30', '--to', '2026-11-01'], '"2026-02-30" is not a date'],
    [[REPO, '--from', '2026-11-05', '--to', '2026-11-04'], 'is not before'],
    [[REPO, '--from', '2126-11-05', '--to', '2127-11-04'], 'is not in the past'],
    [[REPO, ...PERIOD, '--branch', ''], 'wants a name'],
    [[REPO, ...PERIOD, '--token', 'x'], 'There is no option --token'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, err } = await called(() => '2026-11-06T00:00:00Z', ...args);
    expect(code).toBe(64);
    expect(err).toContain(message);
  });
});

describe('while nobody listened', () => {
  let world: Played;
  beforeAll(async () => {
    world = await quietDays();
    const { control } = world.service.gh;
    const { number } =
      (world.people.commit('unseen', { 'unseen.txt': 'x' }),
      control.openPullRequest({ by: 'bob', repo: REPO, head: 'unseen' }));
    control.merge({ repo: REPO, number, by: 'bob', method: 'squash' });
    world.service.clock.at += 2_000;
    control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { 'late.txt': 'x' } });
  }, 60_000);
  afterAll(() => world.close());

  test('a merge and a push are left over', async () => {
    const { code, out, err } = await world.reconcile(...PERIOD);
    if (process.env['SHOW']) console.log(out);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('✗ 2 on GitHub, not on record');
    expect(out).toMatch(/by @bob.* #5\n {4}A pull request brought it here, and its merge is not on record/);
    expect(out).toContain('probably a direct push that was not seen');
    expect(out).toMatch(/✗ 2 left over\n$/);
    const said = await asJson(world);
    expect(said.unrecorded.map((u) => u.likely)).toEqual(['merge-not-seen', 'push-not-seen']);
    expect(said.counts['record']).toMatchObject({ matched: 4, missing: 0 });
    const other = await world.reconcile('--from', '2026-11-03T12:00Z', '--to', '2026-11-04');
    expect(other.code).toBe(0);
    expect(other.out).toMatch(/2 commits of these are neither on record nor of the period/);
  });

  test('goes on record when that is asked for, and into the package of the period', async () => {
    const { code } = await world.reconcile(...PERIOD, '--record');
    expect(code).toBe(1);
    const recorder = await openRecorder({ file: world.file });
    const [ref] = await recorder.repositories();
    const records = await recorder.records({ repository: ref?.id ?? 0 });
    const last = records.at(-1);
    expect(last).toMatchObject({
      kind: 'reconciled',
      actor: { login: 'ada', role: 'compared it' },
      details: {
        branch: 'main',
        from: '2026-11-04T00:00:00.000Z',
        to: '2026-11-10T00:00:00.000Z',
        leftovers: 2,
        complete: true,
        counts: { github: { unrecorded: 2 }, record: { matched: 4 } },
      },
    });
    const page = readFileSync(new URL('../../docs/reference/records.md', import.meta.url), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith('| `reconciled` |')) ?? '';
    const explained = [...(row.split('|')[5] ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key);
    expect(Object.keys(last?.details ?? {}).sort()).toEqual([...explained].sort());
    const { document: name } = last?.details ?? {};
    const document = await recorder.document(typeof name === 'string' ? name : '');
    expect(document).toMatchObject({
      kind: 'reconciliation',
      text: expect.stringContaining('merge-not-seen'),
    });
    await recorder.close();
    const of = (from: string, to: string) =>
      populationOf(records, { from, to }).notes.filter((note) => note.kind === 'reconciled');
    expect(of('2026-11-04T00:00:00Z', '2026-11-05T00:00:00Z').map((note) => note.what)).toEqual([
      expect.stringMatching(
        /^main was compared with GitHub at .* \(@ada\), from 2026-11-04.* to 2026-11-10.*: left over 2\.$/,
      ),
    ]);
    expect(of('2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z')).toEqual([]);
    expect(last && speaksOfBefore(last, '2026-11-04T00:00:01.000Z')).toBe(true);
    expect(last && speaksOfBefore(last, '2026-11-04T00:00:00.000Z')).toBe(false);
  });

  test('a branch with another past has lost what was on record', async () => {
    const { control } = world.service.gh;
    world.service.clock.at += 2_000;
    const early = (await asJson(world)).matched[0]?.commits[0] ?? '';
    control.pushRef({ by: 'ada', repo: REPO, branch: 'main', sha: early, force: true });
    const lost = await asJson(world);
    expect(lost).toMatchObject({ code: 1, unrecorded: [] });
    expect(lost.missing.map((m) => [m.id.replace(/:.*/, ''), m.likely])).toEqual([
      ['acme/shop#3', 'not-found'],
      ['acme/shop#4', 'not-found'],
      ['acme/shop@main', 'not-found'],
    ]);
    const { out } = await world.reconcile(...PERIOD);
    if (process.env['SHOW']) console.log(out);
    expect(out).toContain('✗ 3 on record, not on GitHub');
    expect(out).toContain('Probably the history was rewritten while nobody listened');
  });

  test('and when somebody listens again, it is on record why', async () => {
    await world.service.settle(120_000);
    const said = await asJson(world);
    expect(said.code).toBe(1);
    expect(new Set(said.missing.map((m) => m.likely))).toEqual(new Set(['rewritten']));
    expect(said.missing.map((m) => m.id)).toEqual(expect.arrayContaining(['acme/shop#3', 'acme/shop#4']));
  });

  test('a gate that was taken away', async () => {
    control(world).uninstall(world.service.installation, 'ada');
    await world.service.settle();
    world.service.clock.at += DAY;
    control(world).directPush({ by: 'ada', repo: REPO, branch: 'main', files: { 'free.txt': 'x' } });
    expect((await asJson(world)).unrecorded.map((u) => u.likely)).toEqual(['while-away']);
  });
});

test('a branch that was merged into what took its place has its commits by another line', async () => {
  const world = await quietDays();
  const early = (await asJson(world)).matched[0]?.commits[0] ?? '';
  control(world).pushRef({ by: 'bob', repo: REPO, branch: 'detour', sha: early });
  const number = await world.people.open({ 'detour.txt': 'x' }, { branch: 'detour' });
  const sha = await world.people.updateBranch(number, 'bob');
  control(world).pushRef({ by: 'ada', repo: REPO, branch: 'main', sha });
  const said = await asJson(world);
  expect(said.code).toBe(1);
  expect(said.matched.map((m) => m.id)).toContain('acme/shop#2');
  expect(said.missing.map((m) => [m.id.replace(/:.*/, ''), m.likely])).toEqual([
    ['acme/shop#3', 'another-line'],
    ['acme/shop#4', 'another-line'],
    ['acme/shop@main', 'another-line'],
  ]);
  expect(said.unrecorded).toHaveLength(2);
  await world.close();
}, 60_000);

const control = (world: Played) => world.service.gh.control;

test('the guide names every option that there is', () => {
  const guide = readFileSync(new URL('../../docs/guides/auditor.md', import.meta.url), 'utf8');
  for (const option of ['--database', '--branch', '--json', '--record', '--all', 'threatgate reconcile'])
    expect(guide).toContain(option);
});
