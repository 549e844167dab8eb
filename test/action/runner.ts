/** Runs the bundled Action as a process, the way the runner of GitHub Actions does, against the GitHub double. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bundleAction } from '../../scripts/build.ts';
import type { GitHubDouble } from '../double/double.ts';
import type { Permissions } from '../double/state/nouns.ts';
import { git } from '../double/shared-git.ts';
import { setTheScene, START, type Setting } from '../service/harness.ts';

export const REPO = 'acme/shop';

interface Input {
  readonly description: string;
  readonly default: string;
}

export const metadata = parse(readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly using: string; readonly main: string };
};

/** What a workflow of one's own repository usually grants. */
export const GRANTED: Permissions = { contents: 'read', pull_requests: 'write' };
/** What a fork gets, whatever the workflow says. */
export const FORK: Permissions = { contents: 'read', pull_requests: 'read' };

export interface Happening {
  readonly event: string;
  /** The last webhook of this event unless given. */
  readonly payload?: unknown;
  readonly permissions?: Permissions;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** `::error …` and its kind, as the runner would obey them. */
  readonly commands: readonly string[];
  /** Routes of the requests it made. */
  readonly requests: readonly string[];
  readonly file: (output: 'verdict' | 'sarif' | 'evidence') => string;
}

interface Heard {
  readonly event: string;
  readonly payload: unknown;
}

export interface ActionUnderTest extends Setting {
  readonly url: string;
  readonly act: <T>(what: () => T) => Promise<T>;
  readonly run: (happening: Happening) => Promise<Ran>;
  /** Payload of the last webhook of an event. */
  readonly told: (event: string) => unknown;
  /** All webhooks, in turn. */
  readonly heard: readonly Heard[];
  readonly close: () => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'threatgate-action-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
let built: Promise<string> | undefined;

/** The bundle of the sources as they are now; that it is the one in `dist/` is for CI to see. */
export function bundled(): Promise<string> {
  built ??= bundleAction().then(({ code }) => {
    const path = join(folder, 'index.mjs');
    writeFileSync(path, code);
    return path;
  });
  return built;
}

export async function actionUnderTest(
  options: Pick<Parameters<typeof setTheScene>[0], 'faults' | 'limits' | 'validate'> = {},
): Promise<ActionUnderTest> {
  const clock = { at: START };
  const told = new Map<string, unknown>();
  const heard: Heard[] = [];
  const setting = setTheScene({
    limits: { tokenLifetime: 1e12, ...options.limits },
    ...options,
    git,
    clock,
    deliver: async (request) => {
      const event = request.headers.get('x-github-event') ?? '';
      const payload: unknown = await request.json();
      told.set(event, payload);
      heard.push({ event, payload });
      return new Response('', { status: 202 });
    },
  });
  const { gh } = setting;
  const listening = await gh.listen();
  const act = async <T>(what: () => T): Promise<T> => {
    clock.at += 2_000;
    const done = what();
    await gh.deliverPending();
    return done;
  };
  await act(() => undefined);
  return {
    ...setting,
    url: listening.url,
    act,
    run: (happening) => runAction(happening, { gh, url: listening.url, told }),
    told: (event) => told.get(event),
    heard,
    close: async () => {
      await listening.close();
      gh.dispose();
    },
  };
}

/** Where it runs: a double that listens, and what was told last of each event. */
export interface World {
  readonly gh: GitHubDouble;
  readonly url: string;
  readonly told: ReadonlyMap<string, unknown>;
}

export async function runAction(happening: Happening, { gh, url, told }: World): Promise<Ran> {
  const { event, permissions = GRANTED, inputs = {}, env = {} } = happening;
  const home = mkdtempSync(join(folder, 'run-'));
  const at = (name: string): string => join(home, name);
  const token = gh.control.createActionsToken({ repo: REPO, permissions });
  writeFileSync(at('event.json'), JSON.stringify(happening.payload ?? told.get(event) ?? {}));
  writeFileSync(at('output'), '');
  writeFileSync(at('summary'), '');
  const given = Object.entries(metadata.inputs).map(([name, input]): [string, string] => [
    name,
    inputs[name] ?? (name === 'token' ? token : input.default),
  ]);
  const before = gh.requests.length;
  const { code, log } = await spawned(await bundled(), {
    ...runnerVariables({ url, event, home, inputs: Object.fromEntries(given) }),
    ...env,
  });
  const outputs = readOutputs(readFileSync(at('output'), 'utf8'));
  return {
    code,
    log,
    outputs,
    summary: readFileSync(at('summary'), 'utf8'),
    commands: commandsIn(log),
    requests: gh.requests.slice(before).map((r) => r.route),
    file: (output) => readFileSync(outputs[output] ?? '', 'utf8'),
  };
}

/** What the runner sets for a step: `home` has the event file, and takes outputs and summary. */
export function runnerVariables(of: {
  readonly url: string;
  readonly event: string;
  readonly home: string;
  readonly inputs: Readonly<Record<string, string>>;
}): NodeJS.ProcessEnv {
  const at = (name: string): string => join(of.home, name);
  return {
    PATH: process.env['PATH'],
    ...Object.fromEntries(
      Object.entries(of.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: `${of.url}/api/v3`,
    GITHUB_GRAPHQL_URL: `${of.url}/api/graphql`,
    GITHUB_EVENT_NAME: of.event,
    GITHUB_EVENT_PATH: at('event.json'),
    GITHUB_JOB: 'threat-model',
    GITHUB_OUTPUT: at('output'),
    GITHUB_REPOSITORY: REPO,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4711',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_STEP_SUMMARY: at('summary'),
    GITHUB_WORKFLOW_REF: `${REPO}/.github/workflows/threatgate.yml@refs/heads/main`,
    RUNNER_TEMP: of.home,
  };
}

function spawned(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly log: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.once('error', fail);
    child.once('close', (code) => done({ code, log }));
  });
}

/** The file format of the runner: `name<<delimiter`, lines, `delimiter`. */
function readOutputs(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([^\n<]+)<<([^\n]+)\n([^]*?)\n\2\n/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name ?? '', value ?? '']));
}

/** Lines that a runner takes for commands: both of its notations, as its own parser finds them. */
export function commandsIn(log: string): readonly string[] {
  return log.split(/\r\n|[\r\n]/).filter((line) => line.trimStart().startsWith('::') || line.includes('##['));
}
