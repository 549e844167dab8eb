import { UserError } from '../review/errors.ts';
import { runGit } from './git.ts';

/** Where our notes are: beside those of other tools, and pushed only by who asks for it. */
export const NOTES_REF = 'refs/notes/threatgate';

/**
 * Adds a line to the note of a commit in a clone, behind what is there. Nothing is pushed. Returns the commit. A line that is
 * there already is not written again.
 */
export async function writeNote(clone: string, revision: string, line: string): Promise<string> {
  const git = (args: readonly string[], input?: string): ReturnType<typeof runGit> =>
    runGit(clone, args, { trusted: false, ...(input === undefined ? {} : { input }) });
  const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (commit.code !== 0)
    throw new UserError(
      `There is no commit ${JSON.stringify(revision)} in ${clone}.`,
      'Name a clone with --note, and a commit or branch of it with --commit.',
    );
  const id = commit.stdout.toString('utf8').trim();
  const there = await git(['notes', `--ref=${NOTES_REF}`, 'show', id]);
  if (there.code === 0 && there.stdout.toString('utf8').split('\n').includes(line)) return id;
  const written = await git(['notes', `--ref=${NOTES_REF}`, 'append', '-F', '-', id], `${line}\n`);
  if (written.code === 0) return id;
  throw new UserError(
    `The note could not be written: ${written.stderr.split('\n')[0] ?? ''}`,
    'Git needs a name and an address (user.name, user.email), and this user the right to write there.',
  );
}
