import { stat } from 'node:fs/promises';
import { placeOf, shownPlace } from '../audit/read-ledger.ts';
import { UserError } from '../review/errors.ts';
import { openKeeper, type Keeper } from '../store/open-keeper.ts';
import { openRecorder, type Recorder } from '../store/open-recorder.ts';
import type { Place } from '../store/open-store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The trail that is there, to be added to; a database that is not there is not made. Throws `UserError`. */
export async function openToRecord(
  written: string | undefined,
  env: Environment,
  cwd: string,
): Promise<Recorder> {
  const place = placeOf(written, env, cwd);
  return opened(place, () => openRecorder(place));
}

export async function openToRemove(
  written: string | undefined,
  env: Environment,
  cwd: string,
): Promise<Keeper> {
  const place = placeOf(written, env, cwd);
  return opened(place, () => openKeeper(place));
}

async function opened<T>(place: Place, open: () => Promise<T>): Promise<T> {
  if ('file' in place && !(await stat(place.file).catch(() => undefined))?.isFile())
    throw new UserError(
      `There is no database ${place.file}.`,
      'Name it with --database: the file of the service, or the address of its PostgreSQL database.',
    );
  return open().catch((cause: unknown) => {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `${shownPlace(place)} could not be opened to write to it.`,
      'Check that it is the database of the service, and that you may write to it.',
      { cause },
    );
  });
}
