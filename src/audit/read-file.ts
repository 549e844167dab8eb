import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, opendir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../review/errors.ts';
import { Broken } from './broken.ts';
import { MOST_LINE } from './package.ts';

/** Entries of a folder that are looked at: a package has a handful. */
const MOST_ENTRIES = 1_000;

/** Names in a folder. Throws `Broken` at anything but a file: a link could lead anywhere. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(folder).catch(unreadable(folder))) {
    if (!entry.isFile())
      throw new Broken({ file: entry.name }, 'It is not a file, and nothing else belongs here.');
    names.push(entry.name);
    if (names.length > MOST_ENTRIES) throw new Broken({ file: entry.name }, 'There are too many files here.');
  }
  return names.sort();
}

const unreadable =
  (path: string) =>
  (cause: unknown): never => {
    throw new UserError(`${path} could not be read.`, 'Check the path and its permissions.', { cause });
  };

/** A file that somebody else wrote: read in pieces, never through a link, and hashed on the way. */
export class HostileFile {
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;

  private constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
  }

  /** `shown`: what it is called in findings. A pipe must not make us wait for its writer, so it is opened without waiting. */
  static async open(path: string, shown: string): Promise<HostileFile> {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      unreadable(path),
    );
    if ((await handle.stat()).isFile()) return new HostileFile(shown, handle);
    await handle.close();
    throw new UserError(`${path} is not a file.`, 'Name a file or the folder of a package.');
  }

  static in(folder: string, name: string): Promise<HostileFile> {
    return HostileFile.open(join(folder, name), name);
  }

  /** Of what has been read. */
  sum(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** All of it, which may not be more than this. */
  async all(most: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces()) {
      pieces.push(piece);
      if (this.#bytes > most) throw new Broken({ file: this.name }, `It is larger than ${most} bytes.`);
    }
    return Buffer.concat(pieces);
  }

  async *pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      const { buffer, bytesRead } = await this.#handle
        .read(Buffer.allocUnsafe(256 * 1024), 0, 256 * 1024)
        .catch(unreadable(this.name));
      if (bytesRead === 0) return;
      const piece = buffer.subarray(0, bytesRead);
      this.#hash.update(piece);
      this.#bytes += bytesRead;
      yield piece;
    }
  }

  /** Its lines without their ends (LF). Throws `Broken` at one that is too long, without an end, or not UTF-8. */
  async *lines(): AsyncGenerator<{ readonly line: number; readonly text: string }> {
    let line = 1;
    let begun: Buffer[] = [];
    let size = 0;
    for await (const piece of this.pieces()) {
      let from = 0;
      for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
        begun.push(piece.subarray(from, end));
        yield { line, text: this.#text(begun, line) };
        line++;
        begun = [];
        size = 0;
        from = end + 1;
      }
      if (from < piece.length) begun.push(piece.subarray(from));
      size += piece.length - from;
      if (size > MOST_LINE)
        throw new Broken({ file: this.name, line }, `It is longer than ${MOST_LINE} bytes.`);
    }
    if (begun.length > 0) throw new Broken({ file: this.name, line }, 'Its end is missing.');
  }

  #text(pieces: readonly Buffer[], line: number): string {
    return textOf(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces), {
      file: this.name,
      line,
    });
  }
}

const LF = 0x0a;
/** Neither mends what is no UTF-8 nor passes over a mark at the beginning: every byte counts. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function textOf(bytes: Uint8Array, place: Broken['place']): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Broken(place, 'It is not UTF-8.');
  }
}
