import { UserError } from '../review/errors.ts';
import type { Keeper } from './open-keeper.ts';
import type { Recorder } from './open-recorder.ts';
import { explainMissing, requirePlace, shownPlace, type Place } from './place.ts';

export type { Keeper, Recorder };

/** The trail, to be added to by a command. `make`: where there is no database, one is made. Throws `UserError`. */
export async function openToRecord(place: Place, { make = false } = {}): Promise<Recorder> {
  if (!make) await requirePlace(place);
  const { openRecorder } = await import('./open-recorder.ts').catch(explainMissing);
  return openRecorder(place).catch(notOpened(place));
}

/** The trail, to remove from it what has been kept for long enough. Throws `UserError`. */
export async function openToRemove(place: Place): Promise<Keeper> {
  await requirePlace(place);
  const { openKeeper } = await import('./open-keeper.ts').catch(explainMissing);
  return openKeeper(place).catch(notOpened(place));
}

const notOpened =
  (place: Place) =>
  (cause: unknown): never => {
    if (cause instanceof UserError) throw cause;
    const why = 'file' in place && cause instanceof Error ? `: ${cause.message}` : '';
    throw new UserError(
      `${shownPlace(place, 'The')} could not be opened for writing${why}.`,
      'Check that it is the database of the service, and that you may write to it.',
      { cause },
    );
  };
