import { afterAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { Io } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.generated.ts';
import { nearest, suggestions } from '../../src/cli/nearest.ts';
import { run } from '../../src/cli/run.ts';
import { VERSION } from '../../src/core/version.generated.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { entry, spawned, threatgate } from './command-line.ts';
import { stopwatch } from '../stopwatch.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const called = (...argv: readonly string[]) => threatgate(temporaryFolder(), ...argv);

test('every command has help and a version', async () => {
  expect(commands.map((c) => c.name)).toEqual(expect.arrayContaining(['check', 'explain', 'init', 'lint']));
  for (const { name, summary } of commands) {
    const help = await called(name, '--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain(`Usage: threatgate ${name}`);
    const command = await commands.find((c) => c.name === name)?.load();
    for (const option of Object.keys(command?.options ?? {})) expect(help.out).toContain(`--${option}`);
    for (const line of help.out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(await called(name, '--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect((await called()).out).toContain(summary);
  }
});

describe('the overview', () => {
  test('is help when asked for, and wrong usage when not', async () => {
    expect(await called('--help')).toMatchObject({ code: 0, err: '' });
    expect(await called()).toMatchObject({ code: 64 });
    expect((await called('help', 'check')).out).toBe((await called('check', '--help')).out);
  });
});

describe('wrong usage is 64 and names what was meant', () => {
  test.each([
    [['chekc'], 'Did you mean `check`?'],
    [['check', '--bsae', 'main'], 'There is no option --bsae. Did you mean --base?'],
    [['check', '--worktre'], 'Did you mean --worktree?'],
    [['check', '--base'], "'--base <value>' argument missing"],
    [['check', '--verbose=yes'], "'--verbose' does not take an argument"],
    [['check', 'main'], 'does not take the argument "main"'],
    [['check', '--format', 'jsno'], 'Did you mean json?'],
    [['check', '--at', 'yesterday'], 'not an instant'],
    [['check', '--worktree', '--head', 'x'], 'two different changes'],
    [['explain', 'no-such-thing'], 'nothing called "no-such-thing"'],
    [['explain', 'TM2'], 'TM002'],
    [['--verison'], 'no option'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await called(...argv);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });

  test('whatever is typed ends with an exit code', async () => {
    const word = fc.oneof(
      fc.constantFrom('check', 'explain', '--', '-', '--help=1', '--format', '-x', '--no-color', '--debug'),
      fc.string({ maxLength: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (argv) => {
        const { code, err } = await called(...argv.filter((w) => w !== 'init'));
        expect([0, 1, 2, 64]).toContain(code);
        expect(err).not.toMatch(/\n {4}at /);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

test('an internal error asks for a report, and shows its stack only with --debug', async () => {
  const broken: Io = {
    out: () => {
      throw new TypeError('boom');
    },
    err: () => undefined,
    cwd: '.',
    columns: 80,
    colour: false,
    now: () => '',
  };
  const shown: string[] = [];
  const io = { ...broken, err: (text: string) => void shown.push(text) };
  expect(await run(['explain'], io)).toBe(2);
  expect(shown.join('')).toMatch(/boom[\s\S]*report/);
  expect(shown.join('')).not.toContain('    at ');
  shown.length = 0;
  expect(await run(['explain', '--debug'], io)).toBe(2);
  expect(shown.join('')).toContain('    at ');
});

test('a reader that closes early is no failure', () => {
  const script = `set -o pipefail; "$0" --disable-warning=ExperimentalWarning "$1" explain | head -n 1; echo "code \${PIPESTATUS[0]}"`;
  const out = execFileSync('bash', ['-c', script, process.execPath, entry], { encoding: 'utf8' });
  expect(out).toContain('code 0');
});

test('the process gives the same exit codes', async () => {
  expect((await spawned(temporaryFolder(), '--nope')).code).toBe(64);
  expect((await spawned(temporaryFolder(), 'check')).code).toBe(2);
  expect((await spawned(temporaryFolder(), '--version')).out).toBe(`${VERSION}\n`);
});

describe('nearest', () => {
  test('few letters differ, or it is a part', () => {
    expect(nearest('bsae', ['base', 'head'])).toBe('base');
    expect(nearest('xyz', ['base', 'head'])).toBeUndefined();
    expect(suggestions('widened', ['exposure/world-widened', 'access/widened', 'other'])).toEqual([
      'access/widened',
      'exposure/world-widened',
    ]);
  });

  test('a very long word costs no time', () => {
    const took = stopwatch();
    nearest(
      'a'.repeat(1_000_000),
      Array.from({ length: 500 }, (_, i) => `option-${i}`),
    );
    expect(took()).toBeLessThan(2_000);
  });
});
