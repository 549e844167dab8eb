import { Broken } from './broken.ts';
import type { Manifest } from './package.ts';
import { MANIFEST } from './parts.ts';
import { HostileFile } from './read-file.ts';

export async function whole(folder: string, name: string, most: number): Promise<Buffer> {
  const file = await HostileFile.in(folder, name);
  try {
    return await file.all(most);
  } finally {
    await file.close();
  }
}

/** Reads a file to its end, and compares what was read with the manifest. */
export async function reading<T>(
  folder: string,
  name: string,
  manifest: Manifest,
  look: (file: HostileFile) => Promise<T>,
): Promise<T> {
  const stated = entryOf(manifest, name);
  const file = await HostileFile.in(folder, name);
  try {
    const seen = await look(file);
    const { bytes, sha256 } = file.sum();
    if (bytes !== stated.bytes)
      throw new Broken({ file: name }, `It has ${bytes} bytes, and the manifest says ${stated.bytes}.`);
    if (sha256 !== stated.sha256)
      throw new Broken({ file: name }, 'It does not have the digest that the manifest says.');
    return seen;
  } finally {
    await file.close();
  }
}

/** A file of which nothing is compared but its size and digest. */
export function checkDigest(folder: string, name: string, manifest: Manifest): Promise<void> {
  let left = entryOf(manifest, name).bytes;
  return reading(folder, name, manifest, async (file) => {
    for await (const piece of file.pieces()) {
      left -= piece.length;
      if (left < 0) throw new Broken({ file: name }, 'It is longer than the manifest says.');
    }
  });
}

export function entryOf({ files }: Manifest, name: string): Manifest['files'][number] {
  const entry = files.find((file) => file.name === name);
  if (entry === undefined) throw new Broken({ file: MANIFEST }, `It does not name ${name}.`);
  return entry;
}
