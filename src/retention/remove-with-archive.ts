import { resolve } from 'node:path';
import { makePackage } from '../audit/make-package.ts';
import { openToRead, placeOf } from '../audit/read-ledger.ts';
import { readKeyFile, readSigningKey } from '../audit/keys.ts';
import { verifyPackage } from '../audit/verify-package.ts';
import { UserError } from '../review/errors.ts';
import type { Removed } from '../store/open-keeper.ts';
import { openToRemove } from './open.ts';
import { removeChains, type Judged } from './retention.ts';
import { whoAsks } from './who.ts';

export interface RemovalRequest {
  readonly removable: readonly Judged[];
  readonly years: number;
  readonly now: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly database: string | undefined;
  /** Folder that does not exist yet. */
  readonly archive: string;
  readonly key: string | undefined;
}

export interface RemovalDone {
  readonly removed: readonly Removed[];
  /** Of the package. */
  readonly digest: string;
}

/** What goes is written down first, and read again from there; only then is it taken away. */
export async function removeWithArchive(request: RemovalRequest): Promise<RemovalDone> {
  const { removable, years, now, env, cwd, database, archive } = request;
  const by = await whoAsks(env, now);
  const digest = await writeArchive(request);
  const verified = await verifyPackage(archive, archive, { keys: undefined, requireSignature: false });
  if (verified.broken !== undefined)
    throw new UserError(
      `The package in ${archive} is not as it has to be, so nothing was removed.`,
      '`threatgate verify` on that folder says where; check the disk, and try again with another folder.',
    );
  const keeper = await openToRemove(database, env, cwd);
  try {
    return {
      removed: await removeChains(keeper, { chains: removable, by, archive: digest, at: now, years }),
      digest,
    };
  } finally {
    await keeper.close();
  }
}

async function writeArchive({
  removable,
  now,
  env,
  cwd,
  database,
  archive,
  key,
}: RemovalRequest): Promise<string> {
  const signing = key === undefined ? undefined : readSigningKey(await readKeyFile(resolve(cwd, key)), key);
  const ledger = await openToRead(placeOf(database, env, cwd));
  const first = removable.map(({ firstAt }) => firstAt).sort()[0] ?? now;
  try {
    const made = await makePackage(ledger, {
      period: { from: first, to: now },
      repositories: removable.map(({ repository }) => repository.name),
      sample: undefined,
      output: archive,
      key: signing,
      generatedAt: now,
      progress: () => undefined,
    });
    return made.digest;
  } finally {
    await ledger.close();
  }
}
