import { UserError } from '../review/errors.ts';
import type { Ledger, RecordRow } from '../store/open-ledger.ts';
import { explainMissing, requirePlace, shownPlace, type Place } from '../store/place.ts';

export type { Ledger, RecordRow };

/** Records in memory at a time. */
const PAGE = 500;

/** Opens a database to read it. Throws `UserError` where it is absent, not ours or not to be reached. */
export async function openToRead(place: Place): Promise<Ledger> {
  await requirePlace(place);
  const { openLedger } = await import('../store/open-ledger.ts').catch(explainMissing);
  try {
    return guarded(await openLedger(place), place);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unreadable(place, cause);
  }
}

/** What fails on the way is the database’s, and no defect of ours. */
function guarded(ledger: Ledger, place: Place): Ledger {
  const failed = (cause: unknown): never => {
    throw unreadable(place, cause);
  };
  return {
    repositories: () => ledger.repositories().catch(failed),
    head: (repository) => ledger.head(repository).catch(failed),
    rows: (repository, after, most) => ledger.rows(repository, after, most).catch(failed),
    document: (digest) => ledger.document(digest).catch(failed),
    documents: (after, most) => ledger.documents(after, most).catch(failed),
    removals: () => ledger.removals().catch(failed),
    close: () => ledger.close(),
  };
}

function unreadable(place: Place, cause: unknown): UserError {
  const code = (cause as { readonly code?: unknown } | null)?.code;
  const why =
    'file' in place && cause instanceof Error ? cause.message : typeof code === 'string' ? code : 'no answer';
  return new UserError(
    `${shownPlace(place, 'The')} could not be read (${why}).`,
    'file' in place
      ? 'Name the database of the service, or a copy made by `.backup` of sqlite3 in a folder you may write to.'
      : 'Check that it runs, that the address is right, and that its user may read all tables.',
    { cause },
  );
}

/** The rows of one chain in pages, oldest first, up to a sequence number. */
export async function* pagesOf(
  ledger: Ledger,
  repository: number,
  last = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<readonly RecordRow[]> {
  // A record that stands before the first one is seen, and not passed over.
  let after = Number.MIN_SAFE_INTEGER;
  while (after < last) {
    const page = await ledger.rows(repository, after, PAGE);
    const end = page.at(-1);
    if (end === undefined) return;
    yield page.filter((row) => row.sequence <= last);
    after = end.sequence;
  }
}
