import { UserError } from '../review/errors.ts';

/** The command line runs from the bundle alone, which may lie somewhere without the packages that databases need. */
export function explainMissing(cause: unknown): never {
  if ((cause as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new UserError(
    'The packages that the pages and their database need are not installed beside this file.',
    'Install threatgate with npm, or use its container image.',
    { cause },
  );
}
