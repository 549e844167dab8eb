import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { challengeOf, TokenEnded, type Grant, type UserLogin } from '../github/user-login.ts';
import type { Account } from '../core/model/account.ts';
import { Refused } from '../review/hosting-errors.ts';
import type { Log } from '../review/deps.ts';
import type { AccessStore } from '../store/open-access.ts';
import { bareAnswer, redirectTo, type More } from './answers.ts';
import { cookie, cookieIn, noCookie, type CookieJar } from './cookies.ts';
import { destinationOf } from './destination.ts';
import { BASE, CALLBACK_PATH } from './paths.ts';
import { keyFor, randomId, seal, unseal } from './seal.ts';
import type { Sessions } from './sessions.ts';
import { createThrottle, type Throttle } from './throttle.ts';

export interface LoginDeps {
  readonly github: UserLogin;
  readonly access: Pick<AccessStore, 'bind'>;
  readonly sessions: Sessions;
  readonly jar: CookieJar;
  readonly origin: string;
  readonly secret: string;
  readonly now: () => string;
  readonly log: Log;
}

/** How long somebody may take on GitHub's page. */
const LOGIN_MS = 600_000;
/** Behind a proxy everybody comes from one address. */
const MOST_LOGINS = { each: 60, all: 300 };

/** Kept by the browser while it is at GitHub. */
const pending = z.strictObject({
  state: z.string(),
  verifier: z.string(),
  to: z.string(),
  until: z.string(),
});

export interface Login {
  /** `/login`: sends the browser to GitHub. */
  readonly start: (request: Request, address: string) => Promise<Response>;
  /** `/callback`: takes it back. */
  readonly finish: (request: Request, address: string) => Promise<Response>;
}

export function createLogin(deps: LoginDeps): Login {
  const throttle = createThrottle(MOST_LOGINS);
  return {
    start: async (request, address) =>
      (await tooOften(throttle, address, deps)) ?? start(new URL(request.url), deps),
    finish: async (request, address) => (await tooOften(throttle, address, deps)) ?? finish(request, deps),
  };
}

async function tooOften(
  throttle: Throttle,
  address: string,
  { now, log }: LoginDeps,
): Promise<Response | undefined> {
  if (throttle.take(address, Date.parse(now()))) return undefined;
  log.warn({}, 'too many logins in a minute');
  return failed(
    429,
    ['There are too many logins at the moment.', 'Wait a minute, and begin again.'],
    [['retry-after', '60']],
  );
}

const failed = (status: number, sentences: readonly string[], more: More = []): Promise<Response> =>
  bareAnswer(
    status,
    {
      title: 'Not logged in',
      sentences,
      link: { href: `${BASE}/login`, text: 'Log in with GitHub' },
    },
    more,
  );

const addSeconds = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();

function start(url: URL, { github, jar, origin, secret, now }: LoginDeps): Response {
  const [state, verifier] = [randomId(), randomId()];
  const to = destinationOf(url.searchParams.get('to'), origin);
  const kept = { state, verifier, to, until: addSeconds(now(), LOGIN_MS) };
  const location = github.authorizeUrl({
    state,
    challenge: challengeOf(verifier),
    redirectUri: origin + CALLBACK_PATH,
  });
  const sealed = seal(JSON.stringify(kept), keyFor('login', secret));
  return redirectTo(location, [['set-cookie', cookie(jar, 'login', sealed, LOGIN_MS / 1000)]]);
}

/** What this browser began with; undefined when it did not, or too long ago, or something else came back. */
function begun(request: Request, { jar, secret, now }: LoginDeps): z.infer<typeof pending> | undefined {
  const sealed = cookieIn(request.headers.get('cookie'), jar.login);
  const text = sealed === undefined ? undefined : unseal(sealed, keyFor('login', secret));
  if (text === undefined) return undefined;
  const kept = pending.parse(JSON.parse(text));
  const [given, expected] = [
    Buffer.from(new URL(request.url).searchParams.get('state') ?? ''),
    Buffer.from(kept.state),
  ];
  const isSame = given.length === expected.length && timingSafeEqual(given, expected);
  return isSame && kept.until > now() ? kept : undefined;
}

async function finish(request: Request, deps: LoginDeps): Promise<Response> {
  const { jar, log } = deps;
  const spent: More = [['set-cookie', noCookie(jar, 'login')]];
  const kept = begun(request, deps);
  if (kept === undefined)
    return failed(
      400,
      ['This login did not begin in this browser, or it took longer than ten minutes.', 'Begin again.'],
      spent,
    );
  const query = new URL(request.url).searchParams;
  const code = query.get('code') ?? '';
  if (!/^[\w-]{1,200}$/.test(code))
    return failed(403, ['GitHub says that you did not agree to log in.'], spent);
  const known = await identify(code, kept.verifier, deps);
  if ('refused' in known) {
    log.warn({ why: known.refused }, 'a login failed');
    return failed(known.status, [known.refused], spent);
  }
  return enter(request, known, kept, deps, spent);
}

type Identified =
  { readonly who: Account; readonly grant: Grant } | { readonly refused: string; readonly status: 403 | 502 };

async function identify(
  code: string,
  verifier: string,
  { github, origin, log }: LoginDeps,
): Promise<Identified> {
  try {
    const grant = await github.exchange(code, verifier, origin + CALLBACK_PATH);
    const who = await github.account(grant.token);
    // Nothing but a person looks at pages; what else holds a token came by it in some other way.
    return who.kind === 'user' ? { who, grant } : { refused: 'Only people log in here.', status: 403 };
  } catch (error) {
    if (error instanceof Refused || error instanceof TokenEnded)
      return { refused: 'GitHub does not take this login. Begin again.', status: 403 };
    log.warn({ err: error }, 'GitHub did not answer a login');
    return { refused: 'GitHub does not answer. Begin again in a while.', status: 502 };
  }
}

/** A new session whatever the browser had before: an id that somebody else may know is never made good. */
async function enter(
  request: Request,
  { who, grant }: Extract<Identified, { who: Account }>,
  { state, to }: { readonly state: string; readonly to: string },
  { access, sessions, jar, now, log }: LoginDeps,
  spent: More,
): Promise<Response> {
  const at = now();
  const session = await sessions.begin(who, grant, state, at);
  if (session === undefined) return failed(400, ['This login has been used already.', 'Begin again.'], spent);
  await access.bind(who.login, who.id, at);
  const before = cookieIn(request.headers.get('cookie'), jar.session);
  if (before !== undefined) await sessions.end(before, at);
  log.info({ account: who.id }, 'logged in');
  return redirectTo(to, [['set-cookie', cookie(jar, 'session', session.id)], ...spent]);
}
