import type { Account } from '../core/model/account.ts';
import type { AccessStore, Session } from '../store/open-access.ts';
import { csrfOf, digest, keyFor, randomId, seal, unseal } from './seal.ts';

/** However busy somebody is, after this they log in again; GitHub's own tokens last as long. */
export const ABSOLUTE_MS = 8 * 3_600_000;
/** Whoever has not looked for so long has left. */
export const IDLE_MS = 3_600_000;
/** That somebody looks is written down this often at most. */
const SEEN_MS = 60_000;

/** Somebody who is logged in, as one request sees it. */
export interface Present {
  readonly session: Session;
  readonly csrf: string;
  /** Opened: for asking GitHub, and for nothing else. */
  readonly token: string;
}

export interface Sessions {
  /** Undefined when the login was used before. `id` goes into the cookie and nowhere else. */
  begin(
    who: Account,
    grant: { readonly token: string; readonly expiresAt: string | undefined },
    loginState: string,
    now: string,
  ): Promise<{ readonly id: string; readonly expiresAt: string } | undefined>;
  find(id: string, now: string): Promise<Present | undefined>;
  end(id: string, now: string): Promise<void>;
}

const ID = /^[\w-]{43}$/;
const after = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();

/**
 * Sessions are rows on the server, so that a logout ends them for whoever has a copy of the cookie, too. The row holds a
 * digest of what is in the cookie, and the token of GitHub sealed with a key made of the secret and the cookie: the
 * database, even together with the secret, opens none.
 */
export function createSessions(access: AccessStore, secret: string): Sessions {
  const keyOf = (id: string): Buffer => keyFor('session token', secret, id);
  return {
    begin: async (who, grant, loginState, now) => {
      const id = randomId();
      const latest = after(now, ABSOLUTE_MS);
      const expiresAt = grant.expiresAt !== undefined && grant.expiresAt < latest ? grant.expiresAt : latest;
      await access.prune(after(now, -ABSOLUTE_MS));
      const isNew = await access.begin({
        id: digest(id),
        loginState: digest(loginState),
        account: who.id,
        login: who.login,
        token: seal(grant.token, keyOf(id)),
        createdAt: now,
        seenAt: now,
        expiresAt,
      });
      return isNew ? { id, expiresAt } : undefined;
    },
    find: async (id, now) => {
      if (!ID.test(id)) return undefined;
      const session = await access.session(digest(id), now);
      if (session === undefined) return undefined;
      const token = unseal(session.token, keyOf(id));
      if (token === undefined || after(session.seenAt, IDLE_MS) <= now) {
        await access.end(session.id, now);
        return undefined;
      }
      if (after(session.seenAt, SEEN_MS) <= now) await access.seen(session.id, now);
      return { session, token, csrf: csrfOf(id, secret) };
    },
    end: async (id, now) => {
      if (ID.test(id)) await access.end(digest(id), now);
    },
  };
}
