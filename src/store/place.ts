import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../review/errors.ts';

/** `postgres://…`, or the file of an embedded database; its folder is made when it is missing. */
export type Place = { readonly url: string } | { readonly file: string };

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
export const shownPlace = (place: Place, article: 'The' | 'the' = 'the'): string =>
  'url' in place ? `${article} PostgreSQL database` : place.file;

/** Throws `UserError` where there is no such file: a wrong path is to make no database. */
export async function requirePlace(place: Place): Promise<void> {
  if ('url' in place) return;
  const found = await stat(place.file).catch(() => undefined);
  if (found?.isFile() === true) return;
  throw new UserError(
    `There is no database ${place.file}.`,
    `Name it with --database: the file ${join('DATA_DIR', 'threatgate.sqlite')} of the service, or the address of its PostgreSQL database.`,
  );
}

/** The command line runs from the bundle alone, which may lie somewhere without the packages that databases need. */
export function explainMissing(cause: unknown): never {
  if ((cause as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new UserError(
    'The packages that a database needs are not installed beside this file.',
    'Install threatgate with npm, or use its container image. A package or a file with records is verified without them.',
    { cause },
  );
}
