import { Worker } from 'node:worker_threads';
import type { Analysis } from '../core/assess.ts';
import type { AnalysisInput } from '../review/analysis-input.ts';
import { Unavailable } from '../review/hosting-errors.ts';

export interface Analyser {
  analyse(input: AnalysisInput): Promise<Analysis>;
  close(): Promise<void>;
}

type Answer = { readonly analysis: Analysis; readonly error?: never } | { readonly error: string };

/** One thread and what it is busy with. */
interface Thread {
  readonly worker: Worker;
  busy: boolean;
}

/**
 * Analyses on threads of their own, so that a change made to be slow keeps neither webhooks nor health checks waiting. A
 * thread that takes longer than `timeoutMs` is ended: the change is tried again, and in the end its author is told.
 */
export function createAnalyser(options: { readonly threads: number; readonly timeoutMs: number }): Analyser {
  const threads: Thread[] = [];
  const waiting: (() => void)[] = [];
  const free = async (): Promise<Thread> => {
    for (;;) {
      const idle = threads.find((t) => !t.busy);
      if (idle) return idle;
      if (threads.length < options.threads) {
        const thread = { worker: new Worker(entry()), busy: false };
        // It must not keep the process alive by itself.
        thread.worker.unref();
        threads.push(thread);
        return thread;
      }
      await new Promise<void>((go) => waiting.push(go));
    }
  };
  const retire = (thread: Thread): void => {
    threads.splice(threads.indexOf(thread), 1);
    void thread.worker.terminate();
  };
  return {
    analyse: async (input) => {
      const thread = await free();
      thread.busy = true;
      try {
        return await ask(thread.worker, input, options.timeoutMs);
      } catch (error) {
        retire(thread);
        throw error;
      } finally {
        thread.busy = false;
        waiting.shift()?.();
      }
    },
    close: async () => {
      await Promise.all(threads.splice(0).map((t) => t.worker.terminate()));
    },
  };
}

/** Beside this file, or beside the bundle's entry when this file is part of one of its chunks. */
function entry(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './analysis-thread.ts' : '../analysis-thread.js', here);
}

function ask(worker: Worker, input: AnalysisInput, timeoutMs: number): Promise<Analysis> {
  return new Promise((done, fail) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (answer: Answer): void =>
      settle(() => {
        if (answer.error === undefined) done(answer.analysis);
        else fail(new Error(`The analysis failed: ${answer.error}`));
      });
    const onError = (error: Error): void => settle(() => fail(error));
    const onExit = (): void => settle(() => fail(new Error('The analysis thread ended')));
    const timer = setTimeout(
      () => settle(() => fail(new Unavailable(`the analysis took longer than ${timeoutMs / 1000} seconds`))),
      timeoutMs,
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(input);
  });
}
