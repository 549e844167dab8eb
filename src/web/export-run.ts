import { Worker } from 'node:worker_threads';
import type { ExportNews, ExportTask } from './export-task.ts';

export type ExportEnd = Exclude<ExportNews, { kind: 'doing' }>;

/** A package that is being made. */
export interface ExportRun {
  readonly ended: Promise<ExportEnd>;
  stop(): Promise<void>;
}

export type RunExport = (task: ExportTask, tell: (doing: string) => void) => ExportRun;

export const LONGEST_MS = 900_000;
const MEMORY_MB = 1_024;

/** On a thread of its own, which has so much time and memory and no more. */
export const runOnThread: RunExport = (task, tell) => {
  const worker = new Worker(entry(), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  // It must not keep the process alive by itself.
  worker.unref();
  const stop = async (): Promise<void> => {
    await worker.terminate();
  };
  const timer = setTimeout(() => void stop(), LONGEST_MS).unref();
  const ended = new Promise<ExportEnd>((done, fail) => {
    worker.on('message', (news: ExportNews) => {
      if (news.kind === 'doing') tell(news.doing);
      else done(news);
    });
    worker.once('error', fail).once('exit', () =>
      done({
        kind: 'failed',
        problem: 'It took too long, or was ended.',
        remedy: 'Ask for fewer repositories, or use `threatgate evidence` on the command line.',
      }),
    );
  }).finally(() => {
    clearTimeout(timer);
    void stop();
  });
  return { ended, stop };
};

/** Beside this file, or beside the bundle's entry when this file is part of one of its chunks. */
function entry(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './export-thread.ts' : '../export-thread.js', here);
}
