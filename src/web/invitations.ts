import { nameOf } from '../audit/choose-repositories.ts';
import { openToRead } from '../audit/read-ledger.ts';
import { UserError } from '../review/errors.ts';
import {
  openAccess,
  type AccessStore,
  type Invitation,
  type InvitedRepository,
} from '../store/open-access.ts';
import type { Place } from '../store/place.ts';

export type { Invitation, Place };

export interface InvitationWish {
  readonly login: string;
  /** Number of the account, where it is known already. */
  readonly account: string | undefined;
  readonly repositories: readonly string[];
  readonly until: string;
  readonly now: string;
}

export async function invite(place: Place, wish: InvitationWish): Promise<Invitation> {
  const repositories = await identify(place, wish.repositories);
  const { login, account, until, now } = wish;
  return inAccess(place, (access) => access.invite({ login, account, repositories, createdAt: now, until }));
}

/** Newest first. */
export const listInvitations = (place: Place): Promise<readonly Invitation[]> =>
  inAccess(place, (access) => access.invitations());

/** How many were revoked. */
export const revokeInvitations = (place: Place, login: string, now: string): Promise<number> =>
  inAccess(place, (access) => access.revoke(login, now));

/** The database is there already, and holds a trail: a wrong path makes none. */
async function inAccess<T>(place: Place, work: (access: AccessStore) => Promise<T>): Promise<T> {
  await (await openToRead(place)).close();
  const access = await openAccess(place);
  try {
    return await work(access);
  } finally {
    await access.close();
  }
}

/** By the names they have now; an invitation holds for them whatever they are called later. */
async function identify(place: Place, names: readonly string[]): Promise<readonly InvitedRepository[]> {
  const ledger = await openToRead(place);
  try {
    const known = new Map<string, InvitedRepository>();
    for (const id of await ledger.repositories()) {
      const name = await nameOf(ledger, id);
      known.set(name.toLowerCase(), { id, name });
    }
    return names.map((name) => {
      const found = known.get(name.toLowerCase());
      if (found) return found;
      throw new UserError(
        `There is no record of a repository ${JSON.stringify(name)}.`,
        `Nobody was invited. There are records of ${
          [...known.values()]
            .map((one) => one.name)
            .sort()
            .slice(0, 20)
            .join(', ') || 'none'
        }.`,
      );
    });
  } finally {
    await ledger.close();
  }
}
