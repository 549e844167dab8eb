import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_LINE, type FileEntry } from './package.ts';

const CHUNK = 256 * 1024;

/** One file of a package: written in pieces, with its digest at the end. */
export class FileWriter {
  readonly #name: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #waiting: string[] = [];
  #size = 0;

  private constructor(name: string, handle: FileHandle) {
    this.#name = name;
    this.#handle = handle;
  }

  static async open(folder: string, name: string): Promise<FileWriter> {
    return new FileWriter(name, await open(join(folder, name), 'wx'));
  }

  async line(text: string, end = '\n'): Promise<void> {
    if (text.length > MOST_LINE / 4) this.#requireBounded(text);
    this.#waiting.push(text, end);
    this.#size += text.length + end.length;
    if (this.#size >= CHUNK) await this.#flush();
  }

  async piece(bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#write(bytes);
  }

  async close(): Promise<FileEntry> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    return { name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** After a failure: whatever is in it is thrown away. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }

  /** A package that could not be verified is none. */
  #requireBounded(text: string): void {
    if (Buffer.byteLength(text) > MOST_LINE)
      throw new Error(`A line of ${this.#name} has more than ${MOST_LINE} bytes.`);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#size = 0;
    await this.#write(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    // `write` may write less than it was given.
    for (let from = 0; from < bytes.length;) from += (await this.#handle.write(bytes, from)).bytesWritten;
  }
}
