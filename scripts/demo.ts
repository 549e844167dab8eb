/**
 * `npm run demo [-- --stay]`: builds a small repository with five pull requests out of `fixtures/demo/`, runs the command
 * line on each, and then the App on all of them. Needs git and nothing else; leaves nothing behind. Fails when a pull
 * request ends otherwise than expected. In a terminal, or with `--stay`, it keeps the pages open until Ctrl-C.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli/run.ts';

export interface PullRequest {
  /** Folder in `fixtures/demo/` and name of the branch. */
  readonly branch: string;
  readonly title: string;
  readonly expected: number;
}

export const PULL_REQUESTS: readonly PullRequest[] = [
  { branch: 'quiet', title: 'Words in the README, and a patch version', expected: 0 },
  { branch: 'uncovered', title: 'A new bucket and a queue, and not a word in the threat model', expected: 1 },
  { branch: 'covered', title: 'The same bucket and queue, with the threat model brought along', expected: 0 },
  { branch: 'opened', title: 'One line: a maintenance machine opened to the whole internet', expected: 1 },
  { branch: 'workflow', title: 'One line: the deployment gets id-token: write', expected: 1 },
];

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/demo');

/** Same author and date every time, so that the commit ids are the same every time. */
const COMMITTER = {
  GIT_AUTHOR_NAME: 'Orchard',
  GIT_AUTHOR_EMAIL: 'orchard@example.org',
  GIT_COMMITTER_NAME: 'Orchard',
  GIT_COMMITTER_EMAIL: 'orchard@example.org',
  GIT_AUTHOR_DATE: '2026-01-05T09:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-05T09:00:00Z',
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** A repository with a `main` branch and one branch per pull request. */
export function buildRepository(dir: string): void {
  const git = (...args: readonly string[]): void => {
    execFileSync('git', args, { cwd: dir, env: { ...process.env, ...COMMITTER }, stdio: 'pipe' });
  };
  const commit = (folder: string, message: string): void => {
    for (const entry of readdirSync(join(fixtures, folder)))
      cpSync(join(fixtures, folder, entry), join(dir, entry), { recursive: true });
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };
  git('init', '--quiet', '--initial-branch=main');
  commit('main', 'A small shop');
  for (const { branch, title } of PULL_REQUESTS) {
    git('checkout', '--quiet', '-b', branch, 'main');
    commit(branch, title);
  }
  git('checkout', '--quiet', 'main');
}

/** Output and exit code of the command line for one pull request. */
export async function checkPullRequest(
  dir: string,
  branch: string,
  shown: { readonly columns: number; readonly colour: boolean },
  more: readonly string[] = [],
): Promise<{ readonly text: string; readonly code: number }> {
  const parts: string[] = [];
  const code = await run(['check', '--base', 'main', '--head', branch, '--at', '2026-01-06', ...more], {
    ...shown,
    out: (text) => void parts.push(text),
    err: (text) => void parts.push(text),
    cwd: dir,
    now: () => '2026-01-06T00:00:00Z',
  });
  return { text: parts.join(''), code };
}

/** The command line on every pull request; returns how many ended otherwise than expected. */
async function commandLine(dir: string, colour: boolean, bold: (text: string) => string): Promise<number> {
  const { stdout } = process;
  let wrong = 0;
  for (const [i, { branch, title, expected }] of PULL_REQUESTS.entries()) {
    const columns = stdout.isTTY ? Math.min(stdout.columns, 110) : 100;
    const { text, code } = await checkPullRequest(dir, branch, { columns, colour });
    stdout.write(
      `${bold(`Pull request ${i + 1}: ${title}`)}\n$ threatgate check --base main --head ${branch}\n\n${text}\n`,
    );
    stdout.write(
      `exit code ${code}${code === expected ? '' : `, but ${expected} was expected`}\n\n${'─'.repeat(72)}\n\n`,
    );
    if (code !== expected) wrong++;
  }
  return wrong;
}

/** The same pull requests on a GitHub of one's own, judged by the running App, and what an auditor makes of that. */
async function theApp(dir: string, parent: string, bold: (text: string) => string): Promise<void> {
  const { playApp } = await import('./demo-app.ts');
  const { playAuditor, showPages } = await import('./demo-audit.ts');
  const data = join(parent, 'data');
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`${bold('The same pull requests, and the App')}\n`);
  const stage = await playApp(dir, data, PULL_REQUESTS, say);
  try {
    say(`\n${bold('And the auditor')}\n`);
    await playAuditor(data, parent, say);
    const stay = process.stdout.isTTY || process.argv.includes('--stay');
    if (!stay) say(`\nWith \`npm run demo -- --stay\` all of it stays open to be looked at in a browser.\n`);
    else {
      const { freePort } = await import('./service-process.ts');
      const port = await freePort();
      const told = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => told.abort());
      say(`\n${bold(`The pull requests: ${stage.url}`)}`);
      say(`${bold(`The audit trail:   http://127.0.0.1:${port}/audit`)}   (Ctrl-C ends)\n`);
      await showPages(data, port, told.signal);
    }
  } finally {
    await stage.close();
  }
}

/** The whole demo as a process of its own, as somebody without a terminal sees it: for tests. */
export function runDemo(): Promise<string> {
  return new Promise((done, fail) => {
    const args = ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url)];
    const env = { ...process.env, NODE_OPTIONS: '' };
    execFile(process.execPath, args, { encoding: 'utf8', env }, (error, stdout, stderr) => {
      if (error) fail(new Error(`The demo failed: ${stderr || stdout}`, { cause: error }));
      else done(stdout);
    });
  });
}

async function main(): Promise<number> {
  const parent = mkdtempSync(join(tmpdir(), 'threatgate-demo-'));
  const dir = join(parent, 'orchard');
  const { stdout, env } = process;
  const colour = stdout.isTTY && !env['NO_COLOR'];
  const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[0m` : text);
  let wrong = 0;
  // `npm run demo | head` is fine.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    mkdirSync(dir);
    buildRepository(dir);
    wrong = await commandLine(dir, colour, bold);
    await theApp(dir, parent, bold);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
  stdout.write(
    [
      bold('Now yours'),
      '  In a repository of your own, with `npm link` done here (or node <this folder>/dist/cli.js in its place):',
      '    threatgate init --dry-run        what a first policy and a starter model would be',
      '    threatgate check --worktree      what your uncommitted change touches',
      '    threatgate explain               every rule and question, and why',
      '',
    ].join('\n'),
  );
  return wrong === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
