import { setImmediate } from 'node:timers/promises';
import { Zip, ZipDeflate } from 'fflate';

export interface Entry {
  readonly path: string;
  readonly pieces: () => Iterable<string>;
}

/** The same wall clock everywhere: the archive has no zone, and what it is given is taken apart in that of the machine. */
const noon = (): Date => new Date(1980, 0, 1, 12);

const encoder = new TextEncoder();

/** A ZIP in pieces, its entries in order of their names. */
export async function* zipped(entries: readonly Entry[]): AsyncGenerator<Uint8Array, void> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    made.push(piece);
  });
  for (const { path, pieces } of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const file = new ZipDeflate(path, { level: 6 });
    file.mtime = noon();
    zip.add(file);
    for (const piece of pieces()) {
      file.push(encoder.encode(piece));
      yield* made.splice(0);
      // A service that makes it has others to answer, too.
      await setImmediate();
    }
    file.push(new Uint8Array(), true);
    yield* made.splice(0);
  }
  zip.end();
  yield* made.splice(0);
}
