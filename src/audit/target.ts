import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../review/errors.ts';
import { download, isAddress } from './download.ts';
import { unpack } from './unpack.ts';
import { verification, type Verification } from './verification.ts';
import type { Trust } from './verify-manifest.ts';

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');

/** Records alone are signed by nobody. */
export class TakesNoTrust extends UserError {
  constructor() {
    super(
      'A file with records is not signed: --trust and --require-signature are for packages.',
      'Leave them out, or name the whole package.',
    );
  }
}

/** What is named on the command line: a folder, a file, or an address. `path`: absolute, where it is a path. */
export async function verifyTarget(shown: string, path: string, trust: Trust): Promise<Verification> {
  if (!isAddress(shown)) return verifyPath(path, shown, trust);
  return inTemporaryFolder(async (folder) => {
    const file = join(folder, 'downloaded');
    await download(shown, file);
    return verifyPath(file, shown, trust);
  });
}

async function verifyPath(path: string, shown: string, trust: Trust): Promise<Verification> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UserError(`There is no ${shown}.`, 'Check the path.', { cause });
  });
  if (found.isDirectory()) return verifyFolder(path, shown, trust);
  if (found.isFile() && (await beginsAs(path, ZIP)))
    return inTemporaryFolder((folder) => verifyArchive(path, shown, folder, trust));
  if (trust.keys !== undefined || trust.requireSignature) throw new TakesNoTrust();
  const { verifyRecords } = await import('./verify-records.ts');
  return verifyRecords(path, shown);
}

async function verifyFolder(folder: string, shown: string, trust: Trust): Promise<Verification> {
  const { verifyPackage } = await import('./verify-package.ts');
  return verifyPackage(folder, shown, trust);
}

/** One that cannot be unpacked is broken, and not only unreadable: it is what somebody was given. */
async function verifyArchive(
  path: string,
  shown: string,
  folder: string,
  trust: Trust,
): Promise<Verification> {
  const unpacked = await verification(shown, 'package', () => unpack(path, shown, folder));
  return unpacked.ok ? verifyFolder(folder, shown, trust) : unpacked;
}

async function beginsAs(path: string, begin: Buffer): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(begin.length), 0, begin.length, 0);
    return bytesRead === begin.length && buffer.equals(begin);
  } finally {
    await handle.close();
  }
}

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'threatgate-verify-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
