import type { KeyObject } from 'node:crypto';
import { makePackage } from '../audit/make-package.ts';
import { openToRead } from '../audit/read-ledger.ts';
import { verifyPackage } from '../audit/verify-package.ts';
import type { Account } from '../core/model/account.ts';
import { UserError } from '../review/errors.ts';
import type { Removed } from '../store/open-keeper.ts';
import { openToRemove } from '../store/open-to-write.ts';
import type { Place } from '../store/place.ts';
import { removeChains, type Judged } from './retention.ts';

export interface RemovalRequest {
  readonly removable: readonly Judged[];
  readonly years: number;
  readonly now: string;
  readonly by: Account;
  readonly place: Place;
  /** Folder that does not exist yet. */
  readonly archive: string;
  readonly key: KeyObject | undefined;
}

export interface RemovalDone {
  readonly removed: readonly Removed[];
  /** Of the package. */
  readonly digest: string;
}

/** What goes is written down first, and read again from there; only then is it taken away. */
export async function removeWithArchive(request: RemovalRequest): Promise<RemovalDone> {
  const { removable, years, now, by, place, archive } = request;
  const digest = await writeArchive(request);
  const verified = await verifyPackage(archive, archive, { keys: undefined, requireSignature: false });
  if (verified.broken !== undefined)
    throw new UserError(
      `The package in ${archive} is not as it has to be, so nothing was removed.`,
      '`threatgate verify` on that folder says where; check the disk, and try again with another folder.',
    );
  const keeper = await openToRemove(place);
  try {
    return {
      removed: await removeChains(keeper, { chains: removable, by, archive: digest, at: now, years }),
      digest,
    };
  } finally {
    await keeper.close();
  }
}

async function writeArchive({ removable, now, place, archive, key }: RemovalRequest): Promise<string> {
  const ledger = await openToRead(place);
  const first = removable.map(({ firstAt }) => firstAt).sort()[0] ?? now;
  try {
    const made = await makePackage(ledger, {
      period: { from: first, to: now },
      repositories: removable.map(({ repository }) => repository.name),
      sample: undefined,
      output: archive,
      key,
      generatedAt: now,
      progress: () => undefined,
    });
    return made.digest;
  } finally {
    await ledger.close();
  }
}
