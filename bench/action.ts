/**
 * The Action from cold start to verdict, as a process against the GitHub double on the loopback, with what it asks and weighs:
 *   npm run bench:action -- [--peer FILE] [--strict]
 * `FILE` is the bundle of actions/dependency-review-action (its dist/index.js, with the files that lie beside it): the verdict
 * may take at most 1.5 times as long as that takes to its first request, before any answer. All in turn within one run.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleAction } from '../scripts/build.ts';
import { actionUnderTest, GRANTED, metadata, REPO, runnerVariables } from '../test/action/runner.ts';
import { CHANGES } from '../test/service/shop.ts';
import { fileOf } from './repository.ts';

const { values: args } = parseArgs({
  options: { peer: { type: 'string' }, strict: { type: 'boolean', default: false } },
});

const RUNS = 9;
/** Of the repository, beside the demo's; every kind of file in turn. */
const FILES = 32;
/** Of `fileOf`, Terraform and Kubernetes; with two files of the demo the change has ten. */
const CHANGED = [0, 1, 4, 5, 8, 9, 12, 13];
const BRANCH = 'change';

const broken: string[] = [];

function report(name: string, value: number, bound: number, unit: string): void {
  const ok = value <= bound;
  if (!ok) broken.push(name);
  console.log(
    `${name.padEnd(50)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(3)} bound ${bound} ${ok ? 'ok' : 'BROKEN'}`,
  );
}

const sorted = (samples: readonly number[]): readonly number[] => [...samples].sort((a, b) => a - b);
const median = (samples: readonly number[]): number =>
  sorted(samples)[Math.floor(samples.length / 2)] ?? Number.NaN;

interface Ended {
  readonly ms: number;
  /** Until the double heard of its first request. */
  readonly firstMs: number;
  /** Processor time of this process meanwhile: the double's. */
  readonly doubleMs: number;
  readonly code: number | null;
  readonly log: string;
  readonly routes: readonly string[];
  readonly paths: readonly string[];
  readonly outputs: string;
}

const folder = mkdtempSync(join(tmpdir(), 'threatgate-bench-'));
const at = (name: string): string => join(folder, name);
const { code: bundle, parts } = await bundleAction();
writeFileSync(at('index.mjs'), bundle);

const action = await actionUnderTest({ validate: false });
const { control } = action.gh;

/** From before the process is there until it is gone. */
async function timed(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const before = action.gh.requests.length;
  const paths: string[] = [];
  let first = Number.NaN;
  action.gh.faults = {
    request: ({ path }) => {
      if (paths.push(path) === 1) first = performance.now();
      return undefined;
    },
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const { code, ms } = await new Promise<Pick<Ended, 'code' | 'ms'>>((done, fail) => {
    let gone = Number.NaN;
    child.once('error', fail);
    child.once('exit', () => (gone = performance.now()));
    child.once('close', (status) => done({ code: status, ms: gone - start }));
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms,
    firstMs: first - start,
    doubleMs: (user + system) / 1e3,
    code,
    log,
    routes: action.gh.requests.slice(before).map((r) => r.route),
    paths,
    outputs: 'GITHUB_OUTPUT' in env ? readFileSync(at('output'), 'utf8') : '',
  };
}

/** What the runner sets for a step of a job that a pull request started. */
function environment(inputs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  writeFileSync(at('output'), '');
  writeFileSync(at('summary'), '');
  return runnerVariables({ url: action.url, event: 'pull_request', home: folder, inputs });
}

const token = (): string => control.createActionsToken({ repo: REPO, permissions: GRANTED });

/** The same change in a pull request that nobody has looked at: every run reads, judges and asks as the first. */
let opened: number | undefined;
async function openAfresh(): Promise<void> {
  const earlier = opened;
  if (earlier !== undefined)
    await action.act(() => {
      control.close({ by: 'bob', repo: REPO, number: earlier });
    });
  opened = await action.act(
    () => control.openPullRequest({ by: 'bob', repo: REPO, head: BRANCH, title: 'Open the services' }).number,
  );
  const told = action.gh.deliveries.findLast((d) => d.event === 'pull_request' && d.action === 'opened');
  writeFileSync(at('event.json'), told?.payload ?? '');
}

/** A run that fails is fast; it must not count as one. */
function mustHaveJudged(ended: Ended): Ended {
  if (ended.code !== 1 || !/^conclusion<</m.test(ended.outputs))
    throw new Error(`The Action ended with ${String(ended.code)} instead of a verdict:\n${ended.log}`);
  return ended;
}

function mustHaveAsked(ended: Ended): Ended {
  if (!ended.paths[0]?.includes('/dependency-graph/compare/'))
    throw new Error(
      `The peer never asked for the dependencies, but ${ended.paths.join(', ')}:\n${ended.log}`,
    );
  return ended;
}

function mustHaveFailed(ended: Ended): Ended {
  if (ended.code === 0 || ended.paths.length > 0)
    throw new Error(`Without an environment a bundle ran as with one:\n${ended.log}`);
  return ended;
}

async function ours(): Promise<Ended> {
  await openAfresh();
  const inputs = Object.entries(metadata.inputs).map(([name, input]) => [name, input.default] as const);
  return mustHaveJudged(
    await timed([at('index.mjs')], environment({ ...Object.fromEntries(inputs), token: token() })),
  );
}

const theirs = async (peer: string): Promise<Ended> =>
  mustHaveAsked(await timed([peer], environment({ 'repo-token': token() })));

const loadOnly = async (script: string): Promise<Ended> =>
  mustHaveFailed(await timed([script], { PATH: process.env['PATH'] }));

function row(name: string, samples: readonly number[], node: number): void {
  const [middle, least] = [median(samples), sorted(samples)[0] ?? Number.NaN];
  console.log(
    `${name.padEnd(50)} ${middle.toFixed(0).padStart(8)} ms  ${(middle / node).toFixed(1).padStart(5)} × node -e 0  fastest ${least.toFixed(0)} ms`,
  );
}

try {
  await action.act(() =>
    control.directPush({
      by: 'ada',
      repo: REPO,
      branch: 'main',
      files: Object.fromEntries(Array.from({ length: FILES }, (_, i) => fileOf(i, false))),
    }),
  );
  const change = {
    ...CHANGES.uncovered,
    ...CHANGES.opened,
    ...Object.fromEntries(CHANGED.map((i) => fileOf(i, true))),
  };
  await action.act(() => control.pushCommit({ by: 'bob', repo: REPO, branch: BRANCH, files: change }));

  const peer = args.peer === undefined ? undefined : resolve(args.peer);
  const node = async (): Promise<Ended> => timed(['-e', '0'], { PATH: process.env['PATH'] });
  const taken = {
    node: [] as Ended[],
    load: [] as Ended[],
    whole: [] as Ended[],
    peer: [] as Ended[],
  };
  // The first round warms the double and the disk.
  for (let round = -1; round < RUNS; round++) {
    const now = {
      node: await node(),
      load: await loadOnly(at('index.mjs')),
      whole: await ours(),
      ...(peer === undefined ? {} : { peer: await theirs(peer) }),
    };
    if (round < 0) continue;
    for (const [name, ended] of Object.entries(now)) taken[name as keyof typeof taken].push(ended);
  }

  const ms = (ended: readonly Ended[]): number[] => ended.map((e) => e.ms);
  const firstMs = (ended: readonly Ended[]): number[] => ended.map((e) => e.firstMs);
  const base = median(ms(taken.node));
  console.log(
    `A change of ${Object.keys(change).length} files, ${(Buffer.byteLength(Object.values(change).join('')) / 1e3).toFixed(0)} kB, without a checkout; medians of ${RUNS}, in turn. Processor time of the double meanwhile: ${median(taken.whole.map((e) => e.doubleMs)).toFixed(0)} ms.`,
  );
  row('node -e 0', ms(taken.node), base);
  row('our bundle, load only', ms(taken.load), base);
  row('our bundle, to its first request', firstMs(taken.whole), base);
  row('our bundle, to the verdict', ms(taken.whole), base);
  if (peer !== undefined) {
    row('peer, to its first request', firstMs(taken.peer), base);
    row('peer, whole process (its request gets 404)', ms(taken.peer), base);
    console.log(
      `Peer: ${(readFileSync(peer).length / 1e6).toFixed(2)} MB. First request, ours / peer's: ${(median(firstMs(taken.whole)) / median(firstMs(taken.peer))).toFixed(2)} ×.\n`,
    );
    report(
      "our verdict / peer's first request",
      median(ms(taken.whole)) / median(firstMs(taken.peer)),
      1.5,
      '×',
    );
  } else console.log('No --peer, so there is no ratio to it.\n');

  const routes = taken.whole.map((e) => e.routes).sort((a, b) => b.length - a.length)[0] ?? [];
  report('requests of a run, the most', routes.length, 8, '');
  report('bundle', Buffer.byteLength(bundle) / 1e6, 4, 'MB');
  console.log(`\nRequests: ${routes.join(', ')}.\nThe bundle by part:`);
  for (const [name, bytes] of [...parts].sort((a, b) => b[1] - a[1]).slice(0, 12))
    console.log(`  ${name.padEnd(40)} ${(bytes / 1e3).toFixed(0).padStart(6)} kB`);
} finally {
  await action.close();
  rmSync(folder, { recursive: true, force: true });
}
if (broken.length > 0) {
  console.log(`\nBroken: ${broken.join('; ')}`);
  if (args.strict) process.exitCode = 1;
}
