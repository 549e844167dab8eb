import type { Scope } from '../core/model/view.ts';
import { TokenEnded, type Readable, type UserLogin } from '../github/user-login.ts';
import type { Log } from '../review/deps.ts';
import type { AccessStore, Session } from '../store/open-access.ts';
import type { Viewer } from './context.ts';
import type { PolicyAuditors } from './policy-auditors.ts';

export interface ScopeDeps {
  readonly github: Pick<UserLogin, 'readable'>;
  readonly access: Pick<AccessStore, 'standing'>;
  readonly auditors: PolicyAuditors;
  readonly now: () => string;
  readonly log: Log;
}

/** What GitHub said is believed for so long; whoever loses a role there loses it here at the latest then. */
export const READABLE_MS = 5 * 60_000;
/** Lists that are remembered; the oldest one is asked for again. */
const MOST_KNOWN = 1_000;
const PAUSE_MS = 30_000;
const NOTHING: Readable = {
  repositories: new Set(),
  missing: [
    'GitHub does not say at the moment which repositories you can read. They are not shown; load the page again in a while.',
  ],
};

/** Undefined when GitHub does not take the token any more. */
export type ViewerOf = (session: Session, token: string) => Promise<Viewer | undefined>;

/**
 * What somebody may look at: what GitHub lets them read, and what they were named an auditor of. Whatever is not known for
 * certain is left out.
 */
export function createViewers(deps: ScopeDeps): ViewerOf {
  const known = new Map<string, { readonly until: number; readonly readable: Promise<Readable> }>();
  const remember = (id: string, readable: Promise<Readable>, until: number): void => {
    known.delete(id);
    known.set(id, { until, readable });
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
  };
  const readableOf = ({ id }: Session, token: string, nowMs: number): Promise<Readable> => {
    const found = known.get(id);
    if (found && found.until > nowMs) return found.readable;
    const asked = deps.github.readable(token).catch((error: unknown) => {
      if (error instanceof TokenEnded) throw error;
      deps.log.warn({ err: error }, 'repositories of a viewer could not be listed');
      // Asked again soon, but not with every page: GitHub may be silent because it was asked too often.
      remember(id, Promise.resolve(NOTHING), nowMs + PAUSE_MS);
      return NOTHING;
    });
    remember(id, asked, nowMs + READABLE_MS);
    return asked;
  };
  return async (session, token) => {
    const now = deps.now();
    try {
      return await withNamed(session, await readableOf(session, token, Date.parse(now)), now, deps);
    } catch (error) {
      if (!(error instanceof TokenEnded)) throw error;
      known.delete(session.id);
      return undefined;
    }
  };
}

/** Invitations are looked up at each request: when they end, they end. */
async function withNamed(
  session: Session,
  { repositories, missing }: Readable,
  now: string,
  { access, auditors }: ScopeDeps,
): Promise<Viewer> {
  const [invitations, byPolicy] = await Promise.all([
    access.standing(session.account, now),
    auditors(session.login, Date.parse(now)),
  ]);
  const named = [...invitations.flatMap((one) => one.repositories.map(({ id }) => id)), ...byPolicy];
  const scope: Scope = { kind: 'some', repositories: new Set([...repositories, ...named]) };
  const ends = [session.expiresAt, ...invitations.map(({ until }) => until)].sort();
  return {
    login: session.login,
    id: session.account,
    role: named.some((id) => !repositories.has(id)) ? 'auditor' : 'reader',
    scope,
    notices: missing,
    ...(ends[0] === undefined ? {} : { expires: ends[0] }),
  };
}
