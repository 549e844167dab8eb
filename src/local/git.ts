import { spawn } from 'node:child_process';
import { UserError } from '../review/errors.ts';

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  /** In English whatever the user's locale, for messages. */
  readonly stderr: string;
}

/**
 * Settings that no repository can override. We only read objects and lists of names: nothing that git would run or
 * fetch on a repository's behalf (hooks, monitors, transports, pagers, replaced objects) has a place here.
 */
const SETTINGS = [
  'core.quotepath=off',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.allow=never',
  'safe.bareRepository=all',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

/** What git needs of the surroundings; GIT_DIR and its kind would point it at another repository. */
const KEPT = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SYSTEMROOT',
  'XDG_CONFIG_HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'PATHEXT',
];

function environment(): NodeJS.ProcessEnv {
  const kept = KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...(Object.fromEntries(kept) as NodeJS.ProcessEnv),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_PAGER: 'cat',
  };
}

/**
 * Runs git in a folder, without a shell. A non-zero exit is a result, not an exception.
 * `trusted` skips git's ownership check: right for reading objects, wrong for anything that looks at the work tree.
 */
export function runGit(
  dir: string,
  args: readonly string[],
  options: { readonly input?: string; readonly trusted?: boolean } = {},
): Promise<GitOutput> {
  const trust = options.trusted === false ? [] : ['-c', 'safe.directory=*'];
  return new Promise((done, fail) => {
    const child = spawn('git', ['-C', dir, ...SETTINGS, ...trust, ...args], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ENOENT' ? gitMissing(error) : error),
    );
    child.on('close', (code) =>
      done({
        code: code ?? 128,
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err).toString('utf8').trim(),
      }),
    );
    // Git may end before it has read everything; its exit code tells the story, the broken pipe does not.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

function gitMissing(cause: Error): UserError {
  return new UserError(
    'Git was not found, and without it a local repository cannot be read.',
    'Install git and make sure that it is on the PATH.',
    { cause },
  );
}
