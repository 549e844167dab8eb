/** Logging in through an app: somebody says yes on a page, and the app buys a token with the code that comes of it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Account, App, LoginGrant } from '../state/nouns.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { USER_TOKEN_MS, userToken } from './tokens.ts';

const CODE_MS = 600_000;

/** The page: what is asked for has to be one of the app's own addresses. Returns where the browser goes. */
export function authorise(world: World, query: URLSearchParams, user: Account): string {
  const { app, redirectUri } = askedBy(world, query);
  if (user.type !== 'User') throw new Refusal(422, 'Only people log in.');
  const code = createHash('sha256').update(`code ${world.nextId()}`).digest('hex').slice(0, 20);
  const challenge = query.get('code_challenge');
  if (challenge !== null && query.get('code_challenge_method') !== 'S256')
    throw new Refusal(422, 'The method of the code challenge has to be S256.');
  world.grants.set(code, {
    user,
    app,
    redirectUri,
    challenge: challenge ?? undefined,
    expiresAt: world.now + CODE_MS,
  });
  const back = new URL(redirectUri);
  back.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) back.searchParams.set('state', state);
  return back.href;
}

export function askedBy(
  world: World,
  query: URLSearchParams,
): { readonly app: App; readonly redirectUri: string } {
  const app = appCalled(world, query.get('client_id'));
  if (!app) throw new Refusal(404, 'Not Found');
  const redirectUri = query.get('redirect_uri') ?? app.callbackUrls[0];
  if (redirectUri === undefined || !app.callbackUrls.includes(redirectUri))
    throw new Refusal(400, 'The redirect_uri is not associated with this application.');
  return { app, redirectUri };
}

const appCalled = (world: World, clientId: string | null): App | undefined =>
  [...world.apps.values()].find((app) => app.clientId === clientId);

/** What GitHub answers to `POST /login/oauth/access_token`: a refusal has status 200, too. */
export function buyToken(world: World, form: URLSearchParams): Readonly<Record<string, unknown>> {
  const app = appCalled(world, form.get('client_id'));
  if (!app || !isSame(form.get('client_secret') ?? '', app.clientSecret))
    return { error: 'incorrect_client_credentials' };
  const code = form.get('code') ?? '';
  const grant = world.grants.get(code);
  world.grants.delete(code);
  if (!grant || grant.app !== app || grant.expiresAt <= world.now || !isProven(grant, form))
    return { error: 'bad_verification_code' };
  const redirectUri = form.get('redirect_uri');
  if (redirectUri !== null && redirectUri !== grant.redirectUri) return { error: 'redirect_uri_mismatch' };
  const { value } = userToken(world, grant.user, app);
  return { access_token: value, expires_in: USER_TOKEN_MS / 1000, scope: '', token_type: 'bearer' };
}

function isProven({ challenge }: LoginGrant, form: URLSearchParams): boolean {
  if (challenge === undefined) return true;
  const verifier = form.get('code_verifier') ?? '';
  return isSame(createHash('sha256').update(verifier).digest('base64url'), challenge);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function revoke(world: World, user: Account, app: App): void {
  for (const [value, { holder }] of world.tokens)
    if (holder.kind === 'user' && holder.user === user && holder.app === app) world.tokens.delete(value);
}
