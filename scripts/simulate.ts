/**
 * `npm run simulate -- --seeds N [--from S] [--trace]`: seeded schedules of people, faults and crashes, on all cores. Prints
 * every violation with its seed, which repeats it, and fails when there is one. `--seeds 1 --from S --trace` tells the whole
 * story of one.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Report } from '../test/simulation/schedule.ts';

interface Share {
  readonly seeds: readonly number[];
  readonly trace: boolean;
}

const NOTHING: Omit<Report, 'seed' | 'violations'> = {
  acts: 0,
  crashes: 0,
  holdUps: 0,
  requests: 0,
  faults: 0,
  acknowledged: 0,
  records: 0,
};

async function work({ seeds, trace }: Share): Promise<void> {
  const { createGitStore } = await import('../test/double/double.ts');
  const { runSchedule } = await import('../test/simulation/schedule.ts');
  const git = createGitStore();
  try {
    for (const seed of seeds) {
      const report = await runSchedule(seed, { git, ...(trace ? { trace: console.log } : {}) }).catch(
        (error: unknown): Report => ({
          ...NOTHING,
          seed,
          violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        }),
      );
      parentPort?.postMessage(report);
    }
  } finally {
    git.remove();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      trace: { type: 'boolean', default: false },
    },
  });
  const [count, from] = [Number(values.seeds), Number(values.from)];
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(from)) {
    console.error('--seeds and --from take whole numbers.');
    return 64;
  }
  const all = Array.from({ length: count }, (_, i) => from + i);
  const threads = Math.min(availableParallelism(), count);
  const reports: Report[] = [];
  await Promise.all(
    Array.from({ length: threads }, (_, i) => {
      const seeds = all.filter((_, k) => k % threads === i);
      const worker = new Worker(import.meta.filename, { workerData: { seeds, trace: values.trace } });
      worker.on('message', (report: Report) => {
        reports.push(report);
        for (const violation of report.violations) console.error(`seed ${report.seed}: ${violation}`);
      });
      return new Promise<void>((done, fail) => {
        worker.on('error', fail);
        worker.on('exit', () => done());
      });
    }),
  );
  return summary(reports, count);
}

function summary(reports: readonly Report[], count: number): number {
  const sum = (key: Exclude<keyof Report, 'seed' | 'violations'>): number =>
    reports.reduce((total, r) => total + r[key], 0);
  const broken = reports.filter((r) => r.violations.length > 0).length;
  console.log(
    `${reports.length} schedules: ${sum('acts')} acts, ${sum('faults')} faults, ${sum('crashes')} crashes, ${sum('holdUps')} hold-ups, ${sum('acknowledged')} deliveries acknowledged, ${sum('requests')} requests, ${sum('records')} records.`,
  );
  console.log(broken === 0 ? 'No violation.' : `${broken} schedules with violations.`);
  return broken === 0 && reports.length === count ? 0 : 1;
}

if (isMainThread) process.exitCode = await main();
else await work(workerData as Share);
