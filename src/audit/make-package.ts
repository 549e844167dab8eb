import { mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../review/errors.ts';
import { Broken, whereOf } from './broken.ts';
import { chooseRepositories } from './choose-repositories.ts';
import { fillPackage } from './fill-package.ts';
import type { Made, Question } from './question.ts';
import type { Ledger } from './read-ledger.ts';

export type { Made, Question };

/** Writes a package, all of it or nothing: beside its place first, and then under its name. */
export async function makePackage(ledger: Ledger, question: Question): Promise<Made> {
  const { output } = question;
  await requireFree(output);
  const chosen = await chooseRepositories(ledger, question);
  const folder = await mkdtemp(join(dirname(output), `.${basename(output)}-`)).catch(notWritten(output));
  try {
    const made = await fillPackage(folder, ledger, question, chosen);
    // An empty folder gives way; anything that came into it meanwhile stays, and the renaming fails.
    await rmdir(output).catch(() => undefined);
    await rename(folder, output).catch(notWritten(output));
    return made;
  } catch (error) {
    if (error instanceof Broken)
      throw new UserError(
        `The audit trail is broken at ${whereOf(error.place)}: ${error.why}`,
        'No evidence is made of it. `threatgate verify --database` tells more.',
        { cause: error },
      );
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const notWritten =
  (path: string) =>
  (cause: unknown): never => {
    throw new UserError(
      `${path} could not be written.`,
      'Check that the folder above it exists and that you may write there.',
      { cause },
    );
  };

async function requireFree(output: string): Promise<void> {
  const found = await stat(output).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return notWritten(output)(error);
  });
  if (found === undefined) return;
  if (found.isDirectory() && (await readdir(output).catch(notWritten(output))).length === 0) return;
  throw new UserError(
    `${output} is there already${found.isDirectory() ? ' and is not empty' : ' and is not a folder'}.`,
    'Name another folder with --output: evidence is never written over.',
  );
}
