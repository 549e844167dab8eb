/**
 * Speed, as ratios within one run:
 *   1. classify against parse-only, on the same files of both sides;
 *   2. `check` on a 10-file change, whole process, against `node -e 0`;
 *   3. `check` on 3,000 changed files: seconds and peak memory.
 * The bounds are printed with the figures; `--strict` makes a broken bound fail.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classify } from '../src/core/classify.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import type { Change, SourceFile } from '../src/core/model/change.ts';
import { readerOf } from '../src/core/resources.ts';
import { loadParsers } from '../src/runtime/load-parsers.ts';
import { fileOf, buildRepository } from './repository.ts';
import { parseOnly } from './parse-only.ts';

const strict = process.argv.includes('--strict');
const broken: string[] = [];

function report(name: string, value: number, bound: number, unit: string): void {
  const ok = value <= bound;
  if (!ok) broken.push(name);
  console.log(`${name.padEnd(58)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(3)} bound ${bound} ${ok ? 'ok' : 'BROKEN'}`);
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

await loadParsers();
const policy = BUILT_IN_POLICY;
const FILES = 400;
const files = Array.from({ length: FILES }, (_, i) => ({ base: fileOf(i, false), head: fileOf(i, true) }));
const change: Change = {
  repository: 'bench',
  base: 'base',
  head: 'head',
  files: files.map(({ base, head }) => ({
    path: head[0],
    status: 'modified',
    base: { kind: 'text', text: base[1] },
    head: { kind: 'text', text: head[1] },
  })),
  context: [],
  doubts: [],
};
const sources: SourceFile[] = files.flatMap(({ base, head }) => [base, head]).map(([path, text]) => ({ path, text }));
const known = sources.map((s) => ({ ...s, reader: readerOf(s)?.id ?? '' }));

for (let i = 0; i < 3; i++) {
  parseOnly(known);
  classify(change, policy);
}
const parse: number[] = [];
const whole: number[] = [];
for (let i = 0; i < 9; i++) {
  parse.push(timed(() => parseOnly(known)));
  whole.push(timed(() => classify(change, policy)));
}
console.log(`${FILES} changed files, both sides, ${(sources.reduce((n, s) => n + s.text.length, 0) / 1e6).toFixed(2)} MB`);
console.log(`parse only ${median(parse).toFixed(1)} ms, classify ${median(whole).toFixed(1)} ms (medians of ${parse.length}, alternating)`);
report('classify / parse only', median(whole) / median(parse), 1.5, '×');

const cli = join(import.meta.dirname, '../dist/cli.js');
if (!existsSync(cli)) execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/build.ts')], { stdio: 'ignore' });
const dir = mkdtempSync(join(tmpdir(), 'threatgate-bench-'));
try {
  buildRepository(dir, 200, 10);
  const node = (): number => timed(() => void spawnSync(process.execPath, ['-e', '0']));
  const check = (): number => timed(() => void spawnSync(process.execPath, [cli, 'check', '--repo', dir, '--base', 'main'], { stdio: 'ignore' }));
  node();
  check();
  const nodes: number[] = [];
  const checks: number[] = [];
  for (let i = 0; i < 9; i++) {
    nodes.push(node());
    checks.push(check());
  }
  console.log(`\nnode -e 0 ${median(nodes).toFixed(0)} ms, check on a 10-file change ${median(checks).toFixed(0)} ms (medians of ${checks.length}, alternating)`);
  console.log(`check / node -e 0 = ${(median(checks) / median(nodes)).toFixed(1)} ×`);
  report('check on 10 files, whole process', median(checks), 400, 'ms');
} finally {
  rmSync(dir, { recursive: true, force: true });
}

const big = mkdtempSync(join(tmpdir(), 'threatgate-bench-'));
try {
  buildRepository(big, 3000, 3000);
  const start = process.hrtime.bigint();
  const run = spawnSync(process.execPath, ['--import', join(import.meta.dirname, 'peak-memory.mjs'), cli, 'check', '--repo', big, '--base', 'main', '--format', 'json', '--output', join(big, 'out.json')], { encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
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
