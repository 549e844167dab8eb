import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const PREFIX = 'threatgate-exports-';
/** Whoever is still at work in a folder this old has forgotten it. */
const STALE_MS = 24 * 3_600_000;

/** A folder that only this user can look into; what a process left that was killed long ago is removed. */
export async function exportFolder(base: string, nowMs: number): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const left = (await readdir(base)).filter((name) => name.startsWith(PREFIX));
  for (const name of left) {
    const path = join(base, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < nowMs - STALE_MS) await rm(path, { recursive: true, force: true });
  }
  return mkdtemp(join(base, PREFIX));
}
