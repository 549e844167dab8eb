import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../review/errors.ts';
import type { Ledger, RecordRow } from '../store/open-ledger.ts';
import type { Place } from '../store/open-store.ts';

export type { Ledger, RecordRow };

/** Records in memory at a time. */
const PAGE = 500;

/** `--database`, else what `serve` would take: the same variables, and the same file in the same folder. */
export function placeOf(
  written: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Place {
  const set = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const named = written ?? set('DATABASE_URL');
  if (named === undefined) return { file: resolve(cwd, set('DATA_DIR') ?? './data', 'threatgate.sqlite') };
  return /^postgres(?:ql)?:\/\//.test(named) ? { url: named } : { file: resolve(cwd, named) };
}

/** For messages: never with what is in a URL, which may be a password. */
export const shownPlace = (place: Place): string => ('url' in place ? 'the PostgreSQL database' : place.file);

/** Opens a database to read it. Throws `UserError` where it is absent, not ours or not to be reached. */
export async function openToRead(place: Place): Promise<Ledger> {
  if ('file' in place) await requireFile(place.file);
  const { openLedger } = await import('../store/open-ledger.ts').catch(explainMissing);
  try {
    return guarded(await openLedger(place), place);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unreadable(place, cause);
  }
}

async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() === true) return;
  throw new UserError(
    `There is no database ${file}.`,
    `Name it with --database: the file ${join('DATA_DIR', 'threatgate.sqlite')} of the service, or the address of its PostgreSQL database.`,
  );
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
    `${'file' in place ? place.file : 'The PostgreSQL database'} could not be read (${why}).`,
    'file' in place
      ? 'Name the database of the service, or a copy made by `.backup` of sqlite3 in a folder you may write to.'
      : 'Check that it runs, that the address is right, and that its user may read all tables.',
    { cause },
  );
}

/** The command line runs from the bundle alone; databases need packages beside it. */
function explainMissing(cause: unknown): never {
  if ((cause as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new UserError(
    'The packages that reading a database needs are not installed beside this file.',
    'Install threatgate with npm, or use its container image. A folder or file is verified without them.',
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
