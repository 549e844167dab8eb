import type { Selectable } from 'kysely';
import type { Instant } from '../review/store.ts';
import { openDatabase } from './open-database.ts';
import type { Place } from './place.ts';
import type { InvitationTable, Queries, SessionTable } from './tables.ts';

/** Somebody who is logged in. What the browser holds is not stored: `id` is a digest of it. */
export interface Session {
  readonly id: string;
  readonly account: string;
  readonly login: string;
  /** Sealed; the key is not in the database. */
  readonly token: string;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  readonly expiresAt: Instant;
}

export interface NewSession extends Session {
  /** Digest of the state of the login that it comes from: a login makes one session. */
  readonly loginState: string;
}

export interface InvitedRepository {
  readonly id: number;
  /** As it was called when it was written down. */
  readonly name: string;
}

export interface Invitation {
  readonly id: number;
  /** As it was written. */
  readonly login: string;
  /** Number of the account; undefined until somebody of that name has logged in. */
  readonly account: string | undefined;
  readonly repositories: readonly InvitedRepository[];
  readonly createdAt: Instant;
  /** It does not hold at this instant any more. */
  readonly until: Instant;
  readonly revokedAt: Instant | undefined;
}

/** Sessions and invitations. Times are arguments: it has no clock of its own. */
export interface AccessStore {
  /** False when the login that it comes from has made a session already. */
  begin(session: NewSession): Promise<boolean>;
  /** Undefined when it is over, or there is none. */
  session(id: string, now: Instant): Promise<Session | undefined>;
  seen(id: string, at: Instant): Promise<void>;
  /** What it held is forgotten at once. */
  end(id: string, at: Instant): Promise<void>;
  /** Forgets sessions that were over before. */
  prune(before: Instant): Promise<void>;
  invite(invitation: Omit<Invitation, 'id' | 'revokedAt'>): Promise<Invitation>;
  /** Newest first. */
  invitations(): Promise<readonly Invitation[]>;
  /** Invitations to this name that nobody has taken up become this account's, and stay so whatever it is called later. */
  bind(login: string, account: string, now: Instant): Promise<void>;
  /** Of this account, those that hold now. */
  standing(account: string, now: Instant): Promise<readonly Invitation[]>;
  /** All of this name or account that still hold; returns how many. */
  revoke(login: string, now: Instant): Promise<number>;
  close(): Promise<void>;
}

/** Opens them in the database of the service, and brings its tables up to this version. */
export async function openAccess(place: Place): Promise<AccessStore> {
  const { queries } = await openDatabase(place);
  return { ...sessionsIn(queries), ...invitationsIn(queries), close: () => queries.destroy() };
}

function sessionsIn(queries: Queries): Pick<AccessStore, 'begin' | 'session' | 'seen' | 'end' | 'prune'> {
  return {
    begin: async (session) => {
      const done = await queries
        .insertInto('web_sessions')
        .values({
          id: session.id,
          login_state: session.loginState,
          account: session.account,
          login: session.login,
          token: session.token,
          created_at: session.createdAt,
          seen_at: session.seenAt,
          expires_at: session.expiresAt,
          ended_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      return done.length === 1;
    },
    session: async (id, now) => {
      const row = await queries
        .selectFrom('web_sessions')
        .selectAll()
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row === undefined ? undefined : fromSession(row);
    },
    seen: async (id, at) => {
      await queries.updateTable('web_sessions').set({ seen_at: at }).where('id', '=', id).execute();
    },
    end: async (id, at) => {
      await queries
        .updateTable('web_sessions')
        .set({ ended_at: at, token: '' })
        .where('id', '=', id)
        .execute();
    },
    prune: async (before) => {
      await queries.deleteFrom('web_sessions').where('expires_at', '<', before).execute();
    },
  };
}

function fromSession(row: Selectable<SessionTable>): Session {
  return {
    id: row.id,
    account: row.account,
    login: row.login,
    token: row.token,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
  };
}

function invitationsIn(
  queries: Queries,
): Pick<AccessStore, 'invite' | 'invitations' | 'bind' | 'standing' | 'revoke'> {
  const holding = (now: Instant) =>
    queries.selectFrom('invitations').selectAll().where('revoked_at', 'is', null).where('until', '>', now);
  return {
    invite: async ({ login, account, repositories, createdAt, until }) =>
      fromInvitation(
        await queries
          .insertInto('invitations')
          .values({
            login,
            login_key: login.toLowerCase(),
            account: account ?? null,
            repositories: JSON.stringify(repositories.map(({ id, name }) => ({ id, name }))),
            created_at: createdAt,
            until,
            revoked_at: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      ),
    invitations: async () =>
      (await queries.selectFrom('invitations').selectAll().orderBy('id', 'desc').execute()).map(
        fromInvitation,
      ),
    bind: async (login, account, now) => {
      await queries
        .updateTable('invitations')
        .set({ account })
        .where('login_key', '=', login.toLowerCase())
        .where('account', 'is', null)
        .where('revoked_at', 'is', null)
        .where('until', '>', now)
        .execute();
    },
    standing: async (account, now) =>
      (await holding(now).where('account', '=', account).orderBy('id').execute()).map(fromInvitation),
    revoke: async (login, now) => {
      const named = await holding(now).where('login_key', '=', login.toLowerCase()).execute();
      if (named.length === 0) return 0;
      const ids = named.map(({ id }) => id);
      await queries.updateTable('invitations').set({ revoked_at: now }).where('id', 'in', ids).execute();
      return named.length;
    },
  };
}

const fromInvitation = (row: Selectable<InvitationTable>): Invitation => ({
  id: row.id,
  login: row.login,
  account: row.account ?? undefined,
  repositories: JSON.parse(row.repositories) as readonly InvitedRepository[],
  createdAt: row.created_at,
  until: row.until,
  revokedAt: row.revoked_at ?? undefined,
});
