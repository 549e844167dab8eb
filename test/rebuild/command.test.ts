/** The command beside a service that goes on, over a database in a file and a GitHub behind a socket. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import type { Ended } from '../cli/command-line.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { played, REPO, type Played } from '../reconcile/played.ts';
import { changesIn } from './rebuilding.ts';
import { openRecorder } from '../../src/store/open-recorder.ts';

const KEPT = [
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_API_URL',
  'GITHUB_GRAPHQL_URL',
  'DATABASE_URL',
  'DATA_DIR',
  'APP_ID',
] as const;
const before = KEPT.map((name) => [name, process.env[name]] as const);
let world: Played;
let app: number;
beforeAll(async () => {
  for (const name of KEPT) Reflect.deleteProperty(process.env, name);
  world = await played();
  app = world.service.installation.app.id;
  await world.service.settle(120_000);
}, 60_000);
afterAll(async () => {
  await world.close();
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  removeTemporaryFolders();
});

/** In this process, at an instant of the story. */
async function called(
  args: readonly string[],
  token = world.service.gh.control.createUserToken('ada'),
): Promise<Ended> {
  Object.assign(process.env, { GITHUB_TOKEN: token, GITHUB_API_URL: world.url });
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(['backfill', ...args], {
    cwd: '/',
    columns: 100,
    colour: false,
    now: () => new Date(world.service.clock.at).toISOString(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { code, out: out.join(''), err: err.join('') };
}

const recorded = async (file: string) => {
  const recorder = await openRecorder({ file });
  try {
    const [ref] = await recorder.repositories();
    return await recorder.records({ repository: ref?.id ?? 0 });
  } finally {
    await recorder.close();
  }
};

describe('a ledger with a hole', () => {
  const numbers: number[] = [];
  let pushed = '';
  beforeAll(async () => {
    numbers.push(await world.merge('seen', 'squash'));
    const { gh, installation } = world.service;
    // The App is away: what happens meanwhile it hears nothing of.
    gh.control.uninstall(installation, 'ada');
    await world.service.settle();
    for (const [branch, method, commits] of [
      ['one', 'merge', 2],
      ['two', 'squash', 2],
      ['three', 'rebase', 2],
    ] as const)
      numbers.push(await world.merge(branch, method, commits));
    pushed = await world.push('straight');
  }, 60_000);

  test('is filled in while the database is open elsewhere, with what the gate never saw as unexplained', async () => {
    const lived = await recorded(world.file);
    const args = [REPO, '--app-id', String(app), '--database', world.file];
    const dry = await called([...args, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, err: expect.stringContaining('looking for changes') });
    expect(dry.out).toContain(`${REPO}: 3 merges, 3 pushes, 7 records would be written`);
    expect(await recorded(world.file)).toEqual(lived);

    const { code, out } = await called(args);
    expect(code).toBe(0);
    expect(out).toContain(`${REPO}: 3 merges, 3 pushes, 7 records written`);
    expect(out).toContain('3 merges cannot be explained by what GitHub remembers');
    expect(out).toContain(
      `- Why these were let through: ${numbers
        .slice(1)
        .map((n) => `#${n}`)
        .join(', ')}.`,
    );

    const all = await recorded(world.file);
    expect(all.slice(0, lived.length)).toEqual(lived);
    const added = all.slice(lived.length);
    expect(added[0]?.source).toMatch(/^rebuilt\/[0-9a-f]{32}$/);
    expect(added.map((r) => r.kind)).toEqual([
      'rebuilt',
      'direct-push',
      'merged',
      'merged',
      'merged',
      // GitHub links the last commit of a rebase with its pull request, so that the other is as it is to the service.
      'direct-push',
      'direct-push',
    ]);
    expect(changesIn(all).map((c) => [c.pullRequest ?? 'push', c.way])).toEqual([
      ['push', 'direct-push'],
      [numbers[0], 'not-triggered'],
      [numbers[1], 'unexplained'],
      [numbers[2], 'unexplained'],
      [numbers[3], 'unexplained'],
      ['push', 'direct-push'],
      ['push', 'direct-push'],
    ]);
    expect(added.at(-1)?.commit).toBe(pushed);
  });

  test('has both sides the same afterwards', async () => {
    const period = ['--from', '2026-11-01', '--to', '2026-12-01'];
    expect(await world.reconcile(...period)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Both sides have the same changes'),
    });
  });

  test('is filled in once', async () => {
    const all = await recorded(world.file);
    const args = [REPO, '--app-id', String(app), '--database', world.file];
    expect(await called(args)).toMatchObject({ code: 0, out: `${REPO}: nothing that is not on record\n` });
    expect(await recorded(world.file)).toEqual(all);
  });

  test('goes on as a chain when the App is back', async () => {
    const length = (await recorded(world.file)).length;
    world.service.gh.control.install({ app: world.service.installation.app, on: 'acme', by: 'ada' });
    await world.service.settle(600_000);
    await world.merge('later', 'squash');
    const all = await recorded(world.file);
    expect(all.length).toBeGreaterThan(length);
    expect(all.map((r) => r.sequence)).toEqual(all.map((_, i) => i + 1));
    // What was filled in is not judged again by whoever was away.
    expect(all.filter((r) => r.kind === 'merged').map((r) => r.pullRequest)).toHaveLength(5);
  });
});

describe('what is asked wrongly', () => {
  test.each([
    [[], 64, 'Say which repositories'],
    [['shop'], 64, 'is not a repository'],
    [[REPO], 64, '--app-id is missing'],
    [[REPO, '--app-id', '12x'], 64, '--app-id is missing, or no number'],
    [[REPO, '--app-id', '12', '--from', 'yesterday'], 64, 'is not a date'],
    [['acme/none', '--app-id', '12'], 2, 'knows nothing of the repository'],
  ] as const)('%j is said to be wrong', async (args, code, says) => {
    const file = join(temporaryFolder(), 'new.sqlite');
    const ended = await called([...args, '--database', file]);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(says);
    if (code === 64) expect(existsSync(file)).toBe(false);
  });

  test('rights that are missing are named', async () => {
    const token = world.service.gh.control.createActionsToken({
      repo: REPO,
      permissions: { metadata: 'read' },
    });
    const file = join(temporaryFolder(), 'new.sqlite');
    const { code, err } = await called([REPO, '--app-id', String(app), '--database', file], token);
    expect(code).toBe(2);
    expect(err).toContain('pull requests: read');
  });
});
