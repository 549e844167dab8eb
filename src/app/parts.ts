import { join } from 'node:path';
import type { RequestInfo } from '../github/client.ts';
import { createGitHub } from '../github/github.ts';
import type { Log } from '../review/deps.ts';
import { UserError } from '../review/errors.ts';
import type { AppHosting } from '../review/hosting.ts';
import type { Store } from '../review/store.ts';
import { createAnalyser, type Analyser } from '../runtime/analyser.ts';
import { withGroupCommit } from '../store/group-commit.ts';
import { openStore } from '../store/open-store.ts';
import type { Place } from '../store/place.ts';
import type { Config } from './config.ts';
import { describeError } from './log.ts';

/** What the service is put together from. */
export interface Parts {
  readonly store: Store;
  readonly app: AppHosting;
  readonly analyser: Analyser;
}

/** Name of the check run. */
export const CHECK_NAME = 'Threatgate';
const REQUEST_MS = 15_000;
const ANALYSIS_MS = 60_000;
/** Deliveries that are stored in one transaction, at most. */
const MOST_AT_ONCE = 100;

export async function openParts(
  config: Config,
  log: Log,
  onRequest: (request: RequestInfo) => void,
): Promise<Parts> {
  const { appId, privateKey, apiUrl: baseUrl } = config;
  return {
    store: withGroupCommit(await open(config), { maxBatch: MOST_AT_ONCE }),
    app: createGitHub({
      appId,
      privateKey,
      baseUrl,
      now: () => new Date(),
      log,
      onRequest,
      timeoutMs: REQUEST_MS,
      checkName: CHECK_NAME,
    }),
    analyser: createAnalyser({ threads: Math.min(2, config.workers), timeoutMs: ANALYSIS_MS }),
  };
}

export const placeOf = ({ databaseUrl, dataDir }: Config): Place =>
  databaseUrl === undefined ? { file: join(dataDir, 'threatgate.sqlite') } : { url: databaseUrl };

async function open(config: Config): Promise<Store> {
  const { databaseUrl, dataDir } = config;
  try {
    return await openStore(placeOf(config));
  } catch (cause) {
    const { type, code } = describeError(cause);
    throw new UserError(
      `The database ${databaseUrl === undefined ? `in ${dataDir}` : 'of DATABASE_URL'} cannot be opened (${String(code ?? type)}).`,
      databaseUrl === undefined
        ? 'Let DATA_DIR name a folder that this user may write to.'
        : 'Check that it runs, that DATABASE_URL is right, and that its user may create tables.',
      { cause },
    );
  }
}
