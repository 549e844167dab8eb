import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { UserError } from '../review/errors.ts';

/** A file of a package that is to be handed over. */
export interface Outgoing {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal: what it is known by over there, so that it is not sent twice. */
  readonly sha256: string;
  readonly mediaType: string;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.pdf': 'application/pdf',
  '.sig': 'application/json',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export interface Accepted {
  /** Endings that the other side takes, as far as that was read; each with its point. */
  readonly endings: readonly string[];
  /** Largest file in bytes. */
  readonly most: number;
}

/** Looks at one file: whether it is there, and whether it would be taken. Nothing is sent for one that would not. */
export async function outgoing(folder: string, name: string, { endings, most }: Accepted): Promise<Outgoing> {
  const ending = extname(name).toLowerCase();
  if (name !== basename(name))
    throw new UserError(`${name} is not a name of a file in the package.`, 'Name it without a folder.');
  if (!endings.includes(ending))
    throw new UserError(
      `${name} would not be taken: ${ending === '' ? 'a file without an ending' : ending} is none of ${endings.join(', ')}.`,
      'Name other files with --file.',
    );
  const path = join(folder, name);
  const content = await contentOf(path);
  if (content.bytes > most)
    throw new UserError(
      `${name} has ${content.bytes} bytes, and at most ${most} are taken.`,
      'Make a package of a shorter period, or of some of the repositories.',
    );
  return { path, name, ...content, mediaType: MEDIA_TYPES[ending] ?? 'application/octet-stream' };
}

async function contentOf(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const missing = (cause: unknown): never => {
    throw new UserError(
      `${path} could not be read.`,
      'Name the folder that `threatgate evidence` wrote, and a file in it.',
      { cause },
    );
  };
  const handle = await open(path, 'r').catch(missing);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of handle.createReadStream({ autoClose: false })) {
      hash.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
    return { bytes, sha256: hash.digest('hex') };
  } catch (cause) {
    return missing(cause);
  } finally {
    await handle.close();
  }
}
