import { parentPort, workerData } from 'node:worker_threads';
import { makePackage } from '../audit/make-package.ts';
import { openToRead } from '../audit/read-ledger.ts';
import { UserError } from '../review/errors.ts';
import type { ExportTask, ExportNews } from './export-task.ts';
import { scopedLedger } from './scoped-ledger.ts';
import { zipFolder } from './zip-folder.ts';

/** One package, on a thread of its own: reading and checking years of records keeps nobody else waiting. */
async function work(task: ExportTask): Promise<ExportNews> {
  const ledger = await openToRead(task.place);
  try {
    const { digest } = await makePackage(scopedLedger(ledger, new Set(task.repositories)), {
      ...task.question,
      output: task.folder,
      key: undefined,
      progress: (doing) => tell({ kind: 'doing', doing }),
    });
    tell({ kind: 'doing', doing: 'Packing' });
    return { kind: 'done', digest, bytes: await zipFolder(task.folder, task.zip) };
  } finally {
    await ledger.close();
  }
}

const tell = (news: ExportNews): void => parentPort?.postMessage(news);

/** What is no `UserError` may speak of anything: it is for the log alone. */
const failureOf = (error: unknown): ExportNews =>
  error instanceof UserError
    ? { kind: 'failed', problem: error.message, remedy: remedyOf(error) }
    : { kind: 'broken', why: error instanceof Error ? error.message : String(error) };

/** Nobody who looks at a page can set an option of the command line. */
const remedyOf = ({ remedy }: UserError): string =>
  /(?:^|\s)--\w/.test(remedy) ? 'Choose another period, or other repositories.' : remedy;

tell(await work(workerData as ExportTask).catch(failureOf));
