import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Zip, ZipDeflate } from 'fflate';
import { UserError } from '../review/errors.ts';

/** More is for the command line: a browser that breaks off begins again. */
const MOST_BYTES = 512 * 1024 * 1024;
/** As the format has it, which knows no time zones; the same files give the same bytes. */
const MTIME = new Date(1980, 0, 1);

/** The files of a folder, in order of their names, as one zip. Returns its size. */
export async function zipFolder(folder: string, target: string): Promise<number> {
  const file = await open(target, 'wx', 0o600);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
    size += chunk.length;
  });
  const flush = async (): Promise<void> => {
    if (size > MOST_BYTES)
      throw new UserError(
        'The package is too large to be downloaded here.',
        'Ask for fewer repositories, or make it with `threatgate evidence` on the command line.',
      );
    for (const chunk of chunks.splice(0)) await file.write(chunk);
  };
  try {
    for (const name of (await readdir(folder)).sort()) {
      const entry = new ZipDeflate(name, { level: 6 });
      entry.mtime = MTIME;
      zip.add(entry);
      for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Uint8Array>) {
        entry.push(chunk);
        await flush();
      }
      entry.push(new Uint8Array(), true);
    }
    zip.end();
    await flush();
    return size;
  } finally {
    await file.close();
  }
}
