import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadWith, ownedBy } from '../github/artifacts.ts';
import { explained, needed, notThere, tokenOptions, type Environment } from '../github/environment.ts';
import { viewerOf } from '../github/viewer.ts';
import { clientWithToken } from '../github/with-token.ts';
import { openToRecord } from '../store/open-to-write.ts';
import type { Place } from '../store/place.ts';
import { actionPast } from './action-past.ts';
import { appPast } from './app-past.ts';
import { backfill, type Work } from './backfill.ts';

export type { Place };

export interface Asked {
  /** `owner`, or `owner/name`. */
  readonly of: string;
  readonly from: string;
  /** Number of an App whose check runs are believed; undefined for jobs of the Action. */
  readonly appId: number | undefined;
}

/** Where a package comes from that no service kept records for. */
export interface Origin {
  readonly kind: 'github';
  readonly of: string;
  readonly gate: string;
  /** Sentences about what could not be seen. */
  readonly missing: readonly string[];
}

const RIGHTS = 'metadata, contents, pull requests, checks and actions';

/** Fills a ledger of its own from GitHub, hands it on, and throws it away again. */
export async function withLedgerFrom<T>(
  asked: Asked,
  env: Environment,
  patience: Pick<Work, 'now' | 'wait' | 'tell'>,
  use: (place: Place, origin: Origin) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'threatgate-rebuilt-'));
  try {
    const place = { file: join(folder, 'threatgate.sqlite') };
    const origin = await fill(place, asked, env, patience);
    return await use(place, origin);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(
  place: Place,
  { of, from, appId }: Asked,
  env: Environment,
  patience: Pick<Work, 'now' | 'wait' | 'tell'>,
): Promise<Origin> {
  const options = tokenOptions(env, () => new Date(patience.now()), RIGHTS);
  const client = clientWithToken(options);
  const past = appId === undefined ? actionPast(client, downloadWith(options)) : appPast(client, appId);
  const recorder = await openToRecord(place, { make: true });
  try {
    const names = of.includes('/') ? [of] : await needed(ownedBy(client, of), `\`${of}\``, 'metadata: read');
    if (!names || names.length === 0) throw notThere(`a repository of \`${of}\``, 'metadata: read');
    const viewer = await viewerOf(client);
    const by = viewer && { ...viewer, role: 'filled it in' };
    const missing = new Set<string>(past.missing);
    for (const [at, name] of names.entries()) {
      const tell = (text: string): void => {
        patience.tell(names.length === 1 ? text : `${at + 1} of ${names.length}: ${text}`);
      };
      // Each run is bounded: a repository with more is gone on with where the last one ended.
      for (let complete = false; !complete;) {
        const work = { ...patience, tell, past, recorder, from, by, dryRun: false };
        const outcome = await backfill(name, work);
        for (const sentence of outcome.missing) missing.add(sentence);
        complete = outcome.complete || outcome.records === 0;
      }
    }
    return { kind: 'github', of, gate: past.gate, missing: [...missing] };
  } catch (error) {
    throw explained(error);
  } finally {
    await recorder.close();
  }
}
