import { parentPort } from 'node:worker_threads';
import { analyseInput, type AnalysisInput } from '../review/analysis-input.ts';
import { loadParsers } from './load-parsers.ts';

/** One request at a time, in order: the other side waits for the answer. */
parentPort?.on('message', (input: AnalysisInput) => {
  void answer(input);
});

async function answer(input: AnalysisInput): Promise<void> {
  try {
    await loadParsers();
    parentPort?.postMessage({ analysis: analyseInput(input) });
  } catch (error) {
    // `analyse` does not throw for anything a contributor can cause: this is ours, and the stack says where.
    parentPort?.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
