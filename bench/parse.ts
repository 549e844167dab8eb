/**
 * Speed, as ratios within one run:
 *   1. classify against parse-only, on the same files of both sides;
 *   2. `check` on a 10-file change, whole process, against `node -e 0`;
 *   3. `check` on 3,000 changed files: seconds and peak memory.
 * The bounds are printed with the figures; `--strict` makes a broken bound fail.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classify } from '../src/core/classify.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import type { Change, SourceFile } from '../src/core/model/change.ts';
import { readerOf } from '../src/core/resources.ts';
import { openRepository } from '../src/local/git-repository.ts';
import { gather } from '../src/review/gather.ts';
import { loadParsers } from '../src/runtime/load-parsers.ts';
import { isInScope, label } from './labels.ts';
import { fileOf, buildRepository } from './repository.ts';
import { parseOnly } from './parse-only.ts';

const strict = process.argv.includes('--strict');
const broken: string[] = [];

function report(name: string, value: number, bound: number, unit: string): void {
  const ok = value <= bound;
  if (!ok) broken.push(name);
  console.log(
    `${name.padEnd(58)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(3)} bound ${bound} ${ok ? 'ok' : 'BROKEN'}`,
  );
}

/** A run that crashed is fast; it must not count as one. */
function mustHaveJudged(status: number | null): void {
  if (status !== 0 && status !== 1)
    throw new Error(`check ended with exit code ${String(status)} instead of a verdict`);
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Classify and parse-only on the same changes, alternating, medians. */
function ratio(changes: readonly Change[]): void {
  const sources = changes
    .flatMap((c) => sourcesOf(c))
    .map((s) => ({ ...s, reader: readerOf(s)?.id ?? '' }))
    .filter((s) => s.reader !== '');
  const parse: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < 11; i++) {
    const parsed = timed(() => parseOnly(sources));
    const classified = timed(() => changes.forEach((c) => classify(unread(c), policy)));
    if (i > 1) {
      parse.push(parsed);
      whole.push(classified);
    }
  }
  console.log(
    `${sources.length} files of both sides and their context, ${(sources.reduce((n, s) => n + s.text.length, 0) / 1e6).toFixed(2)} MB`,
  );
  console.log(
    `parse only ${median(parse).toFixed(1)} ms, classify ${median(whole).toFixed(1)} ms (medians of ${parse.length}, alternating)`,
  );
  report('classify / parse only', median(whole) / median(parse), 1.5, '×');
}

function sourcesOf(c: Change): SourceFile[] {
  const sides = c.files.flatMap((f) =>
    [f.base, f.head].flatMap((x) => (x?.kind === 'text' ? [{ path: f.path, text: x.text }] : [])),
  );
  return [...sides, ...c.context];
}

/** What was read is remembered by the file's object: every run gets objects of its own. */
const unread = (c: Change): Change => ({ ...c, context: c.context.map((f) => ({ ...f })) });

/** The labelled real changes, when their repositories are at hand. */
async function realChanges(): Promise<Change[]> {
  const labels = join(import.meta.dirname, '../../shared/corpus/dev.jsonl');
  const mirrors = process.env['THREATGATE_MIRRORS'] ?? join(import.meta.dirname, '../../.mirror');
  if (!existsSync(labels)) return [];
  const changes: Change[] = [];
  for (const row of readFileSync(labels, 'utf8')
    .split('\n')
    .filter((l) => l.trim() !== '')) {
    const l = label.parse(JSON.parse(row));
    const path = join(mirrors, l.repo.replace('/', '+'), 'repo');
    if (!isInScope(l) || !existsSync(path)) continue;
    changes.push((await gather(await openRepository(path), l.base, l.head, policy)).change);
  }
  return changes;
}

await loadParsers();
const policy = BUILT_IN_POLICY;
const real = await realChanges();
console.log(real.length > 0 ? `${real.length} labelled real changes` : 'No labelled real changes at hand.');
if (real.length > 0) ratio(real);

const FILES = 400;
console.log(`\n${FILES} made files, each changed: more changes per line than any real pull request`);
ratio([
  {
    repository: 'bench',
    base: 'base',
    head: 'head',
    files: Array.from({ length: FILES }, (_, i) => ({
      path: fileOf(i, true)[0],
      status: 'modified',
      base: { kind: 'text', text: fileOf(i, false)[1] },
      head: { kind: 'text', text: fileOf(i, true)[1] },
    })),
    context: [],
    doubts: [],
  },
]);

const cli = join(import.meta.dirname, '../dist/cli.js');
if (!existsSync(cli))
  execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/build.ts')], { stdio: 'ignore' });
const dir = mkdtempSync(join(tmpdir(), 'threatgate-bench-'));
try {
  buildRepository(dir, 200, 10);
  const node = (): number => timed(() => void spawnSync(process.execPath, ['-e', '0']));
  const check = (): number => {
    let status: number | null = null;
    const took = timed(() => {
      status = spawnSync(process.execPath, [cli, 'check', '--repo', dir, '--base', 'main'], {
        stdio: 'ignore',
      }).status;
    });
    mustHaveJudged(status);
    return took;
  };
  node();
  check();
  const nodes: number[] = [];
  const checks: number[] = [];
  for (let i = 0; i < 9; i++) {
    nodes.push(node());
    checks.push(check());
  }
  console.log(
    `\nnode -e 0 ${median(nodes).toFixed(0)} ms, check on a 10-file change ${median(checks).toFixed(0)} ms (medians of ${checks.length}, alternating)`,
  );
  console.log(`check / node -e 0 = ${(median(checks) / median(nodes)).toFixed(1)} ×`);
  report('check on 10 files, whole process', median(checks), 400, 'ms');
} finally {
  rmSync(dir, { recursive: true, force: true });
}

const big = mkdtempSync(join(tmpdir(), 'threatgate-bench-'));
try {
  buildRepository(big, 3000, 3000);
  const start = process.hrtime.bigint();
  const run = spawnSync(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, 'peak-memory.mjs'),
      cli,
      'check',
      '--repo',
      big,
      '--base',
      'main',
      '--format',
      'json',
      '--output',
      join(big, 'out.json'),
    ],
    { encoding: 'utf8' },
  );
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  mustHaveJudged(run.status);
  const peak = Number(/peak-rss-mb=(\d+)/.exec(run.stderr)?.[1] ?? Number.NaN);
  console.log(`\n3,000 changed files: exit ${String(run.status)}`);
  report('check on 3,000 files', seconds, 10, 's');
  report('peak memory on 3,000 files', peak, 600, 'MB');
} finally {
  rmSync(big, { recursive: true, force: true });
}
if (broken.length > 0) {
  console.log(`\nBroken: ${broken.join('; ')}`);
  if (strict) process.exitCode = 1;
}
