import { explained, tokenOptions, type Environment } from '../github/environment.ts';
import { viewerOf } from '../github/viewer.ts';
import { clientWithToken } from '../github/with-token.ts';
import { openToRecord } from '../store/open-to-write.ts';
import type { Place } from '../store/place.ts';
import { appPast } from './app-past.ts';
import { backfill, type Outcome, type Work } from './backfill.ts';

export interface Question {
  /** `owner/name`. */
  readonly repositories: readonly string[];
  readonly from: string;
  readonly appId: number;
  readonly dryRun: boolean;
}

const RIGHTS = 'metadata, contents, pull requests and checks';

/** Fills the ledger of each repository from what GitHub remembers, one after the other. */
export async function fillIn(
  place: Place,
  { repositories, from, appId, dryRun }: Question,
  env: Environment,
  patience: Pick<Work, 'now' | 'wait' | 'tell'>,
): Promise<readonly Outcome[]> {
  const client = clientWithToken(tokenOptions(env, () => new Date(patience.now()), RIGHTS));
  const recorder = await openToRecord(place, { make: true });
  try {
    const viewer = await viewerOf(client);
    const by = viewer && { ...viewer, role: 'filled it in' };
    const past = appPast(client, appId);
    const outcomes: Outcome[] = [];
    for (const name of repositories)
      outcomes.push(await backfill(name, { ...patience, past, recorder, from, by, dryRun }));
    return outcomes;
  } catch (error) {
    throw explained(error);
  } finally {
    await recorder.close();
  }
}
