import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Unzip, UnzipInflate, type UnzipFile } from 'fflate';
import { UserError } from '../review/errors.ts';
import { Broken } from './broken.ts';

/** A package has two dozen files; an archive of somebody else may be made to fill the disk. */
const MOST_ENTRIES = 1_000;
const MOST_BYTES = 8 * 1024 * 1024 * 1024;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const PIECE = 64 * 1024;

/**
 * Writes the files of a zip into an empty folder. All of them stand in one folder of the archive, or in none: names are
 * names, and lead nowhere else. Throws `Broken` for what is no such archive.
 */
export async function unpack(archive: string, shown: string, folder: string): Promise<void> {
  const place = { file: shown };
  const seen = new Set<string>();
  const within = new Set<string>();
  let bytes = 0;
  const unzip = new Unzip((file) => {
    const { directory, name } = partsOf(file.name);
    // The entry of the folder itself.
    if (name === '') return;
    if (!NAME.test(name) || directory.split('/').includes('..'))
      throw new Broken(place, `It holds a file called ${JSON.stringify(file.name.slice(0, 200))}.`);
    within.add(directory);
    if (seen.has(name) || within.size > 1)
      throw new Broken(place, `It holds ${JSON.stringify(name)} twice, or files in several folders.`);
    seen.add(name);
    if (seen.size > MOST_ENTRIES) throw new Broken(place, 'It holds too many files.');
    writeTo(join(folder, name), file, (count) => {
      bytes += count;
      if (bytes > MOST_BYTES) throw new Broken(place, 'It holds more than a package may.');
    });
  });
  unzip.register(UnzipInflate);
  try {
    for await (const piece of createReadStream(archive, { highWaterMark: PIECE }))
      unzip.push(piece as Uint8Array);
    unzip.push(new Uint8Array(0), true);
  } catch (cause) {
    if (cause instanceof Broken || cause instanceof UserError) throw cause;
    throw new Broken(place, 'It is not an archive that can be unpacked; it may have been cut off.');
  }
  if (seen.size === 0) throw new Broken(place, 'There is no file in it.');
}

function partsOf(path: string): { readonly directory: string; readonly name: string } {
  const end = path.lastIndexOf('/');
  return { directory: path.slice(0, end + 1), name: path.slice(end + 1) };
}

function writeTo(path: string, file: UnzipFile, count: (bytes: number) => void): void {
  const handle = openSync(path, 'wx', 0o600);
  let open = true;
  const close = (): void => {
    if (open) closeSync(handle);
    open = false;
  };
  file.ondata = (error, piece, final) => {
    try {
      if (error) throw error;
      count(piece.length);
      for (let done = 0; done < piece.length;) done += writeSync(handle, piece, done);
    } catch (cause) {
      close();
      throw cause;
    }
    if (final) close();
  };
  file.start();
}
