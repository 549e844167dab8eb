/** A repository on the double, over its socket, and the command line as a process of its own or in this one. */
import { spawn } from 'node:child_process';
import { installationToken } from '../double/actions/tokens.ts';
import { git } from '../double/shared-git.ts';
import type { GitHubDouble } from '../double/double.ts';
import type { App, Permissions } from '../double/state/nouns.ts';
import { entry, threatgate, type Ended } from '../cli/command-line.ts';
import { setTheScene, START } from '../service/harness.ts';

export const REPO = 'acme/shop';

export interface GateUnderTest {
  readonly gh: GitHubDouble;
  readonly app: App;
  /** The address of the double, as GITHUB_API_URL names it. */
  readonly url: string;
  /** The command in this process, with this token. */
  readonly doctor: (token: string | undefined, ...args: readonly string[]) => Promise<Ended>;
  /** The same as a process of its own. */
  readonly spawned: (token: string | undefined, ...args: readonly string[]) => Promise<Ended>;
  /** A pull request of Bob's with a completed check on its head. */
  readonly reported: (name?: string, by?: 'app' | 'workflow') => Promise<void>;
  readonly token: (permissions: Permissions) => string;
  readonly close: () => Promise<void>;
}

export async function gateUnderTest(): Promise<GateUnderTest> {
  const clock = { at: START };
  const { gh, app, installation } = setTheScene({ git, clock, limits: { tokenLifetime: 1e12 } });
  const listening = await gh.listen();
  const url = `${listening.url}/api/v3`;
  const token = (permissions: Permissions): string =>
    gh.control.createActionsToken({ repo: REPO, permissions });
  let branches = 0;
  return {
    gh,
    app,
    url,
    token,
    doctor: (given, ...args) => {
      const env = { GITHUB_API_URL: url, GITHUB_TOKEN: given ?? '', GH_TOKEN: '', GITHUB_GRAPHQL_URL: '' };
      Object.assign(process.env, env);
      return threatgate('/', 'doctor', ...args);
    },
    spawned: (given, ...args) =>
      inProcess({ GITHUB_API_URL: url, ...(given ? { GH_TOKEN: given } : {}) }, args),
    reported: async (name = 'Threatgate', by = 'app') => {
      const branch = `change-${String(++branches)}`;
      clock.at += 2_000;
      gh.control.pushCommit({ by: 'bob', repo: REPO, branch, files: { 'note.txt': branch } });
      const pull = gh.control.openPullRequest({ by: 'bob', repo: REPO, head: branch });
      const bearer =
        by === 'app' ? installationToken(gh.world, installation, {}).value : token({ checks: 'write' });
      const answer = await gh.fetch(`https://api.github.com/repos/${REPO}/check-runs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ name, head_sha: pull.headSha, status: 'completed', conclusion: 'success' }),
      });
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    close: async () => {
      await listening.close();
      gh.dispose();
    },
  };
}

function inProcess(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, 'doctor', ...args],
      { cwd: '/', env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    child.once('error', fail);
    child.once('close', (code) => done({ code: code ?? -1, ...said }));
  });
}
