import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process: everything but the few lines of the entry. */
export async function threatgate(cwd: string, ...args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    cwd,
    columns: 100,
    colour: false,
    now: () => '2026-02-01T00:00:00Z',
  });
  return { code, out: out.join(''), err: err.join('') };
}

/** The entry from source, for a process of its own. */
export const entry = join(dirname(fileURLToPath(import.meta.url)), '../../src/cli/main.ts');

/** The command line as a process of its own, without a terminal. */
export function spawned(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      done({
        code: code ?? -1,
        out: Buffer.concat(out).toString('utf8'),
        err: Buffer.concat(err).toString('utf8'),
      });
    });
  });
}
