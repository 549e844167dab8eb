import { UserError } from '../review/errors.ts';
import type { Recorder } from '../store/open-recorder.ts';
import type { Place } from '../store/open-store.ts';

export type { Recorder };

/** Opens a database to add to its audit trail, and makes it where there is none. Throws `UserError` where that fails. */
export async function openToAppend(place: Place): Promise<Recorder> {
  const { openRecorder } = await import('../store/open-recorder.ts').catch((cause: unknown) => {
    if ((cause as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UserError(
      'The packages that a database needs are not installed beside this file.',
      'Install threatgate with npm, or use its container image.',
      { cause },
    );
  });
  try {
    return await openRecorder(place);
  } catch (cause) {
    const why = 'file' in place && cause instanceof Error ? `: ${cause.message}` : '';
    throw new UserError(
      `${'file' in place ? place.file : 'The PostgreSQL database'} could not be opened for writing${why}.`,
      'Check --database, and that you may write there. It has to be the database that the service uses.',
      { cause },
    );
  }
}
