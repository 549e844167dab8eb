/** Whose token this is, and what it lets them do. */
import { verify } from 'node:crypto';
import type { App, Repository, Token } from '../state/nouns.ts';
import { atLeast, roleOf } from '../state/people.ts';
import { notAccessible, notFound, Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import type { Caller, Route } from './call.ts';

const badCredentials = () => new Refusal(401, 'Bad credentials');

export function callerOf(world: World, authorization: string | null): Caller {
  if (authorization === null) return { kind: 'anonymous' };
  const value = authorization.replace(/^(?:bearer|token) +/i, '');
  if (value.split('.').length === 3 && !value.startsWith('gh'))
    return { kind: 'app', app: appOf(world, value) };
  const token = world.tokens.get(value);
  if (!token || token.expiresAt <= world.now) throw badCredentials();
  return holderOf(token);
}

function holderOf(token: Token): Caller {
  const { holder, permissions, repositories } = token;
  if (holder.kind === 'user') return holder;
  if (holder.kind === 'actions') return { kind: 'actions', app: holder.app, permissions, repositories };
  const { installation } = holder;
  if (installation.deletedAt !== undefined) throw badCredentials();
  if (installation.suspendedAt !== undefined) throw new Refusal(403, 'This installation has been suspended');
  return { kind: 'installation', app: installation.app, installation, permissions, repositories };
}

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

/** The app's own token: RS256, at most ten minutes long, signed with its key. */
function appOf(world: World, jwt: string): App {
  const [header = '', payload = '', signed = ''] = jwt.split('.');
  const claims = parsed(payload) as Claims;
  const algorithm = (parsed(header) as { alg?: unknown }).alg;
  const issuer = String(claims.iss);
  const app = [...world.apps.values()].find((each) => String(each.id) === issuer || each.clientId === issuer);
  if (algorithm !== 'RS256' || !app) throw new Refusal(401, 'A JSON web token could not be decoded');
  const genuine = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    app.publicKey,
    Buffer.from(signed, 'base64url'),
  );
  if (!genuine) throw new Refusal(401, 'A JSON web token could not be decoded');
  const now = world.now / 1000;
  const [issued, expires] = [Number(claims.iat), Number(claims.exp)];
  // A minute of drift is forgiven, as on GitHub.
  if (!(issued <= now + 60))
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (!(expires > now))
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (expires > now + 660) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) ?? {};
  } catch {
    return {};
  }
}

/** Lets a call through to its route, or refuses it as GitHub would. */
export function authorise(
  world: World,
  caller: Caller,
  route: Pick<Route, 'access'>,
  repository: Repository | undefined,
): void {
  if (route.access === 'app') {
    if (caller.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
    return;
  }
  if (caller.kind === 'app') throw new Refusal(401, 'A JSON web token could not be used for this endpoint');
  if (repository && !maySee(world, caller, repository)) throw notFound();
  if (route.access === undefined) return;
  const [permission, level] = route.access;
  if (!holds(caller, permission, level, repository)) throw notAccessible();
}

export function maySee(world: World, caller: Caller, repository: Repository): boolean {
  switch (caller.kind) {
    case 'installation':
      return (
        world.installationsOn(repository).includes(caller.installation) &&
        (caller.repositories?.has(repository.id) ?? true)
      );
    case 'actions':
      return !isElsewhere(caller, repository) || !repository.private;
    case 'user':
      return atLeast(roleOf(world, repository, caller.user.login), 'read');
    case 'app':
    case 'anonymous':
      return !repository.private;
  }
}

/** A workflow's token is for its own repository: others it sees as the public does. */
export const isElsewhere = (caller: Caller, repository: Repository): boolean =>
  caller.kind === 'actions' && !(caller.repositories?.has(repository.id) ?? false);

/** People are judged by their role where it matters; apps by the permissions of their token. */
export function holds(
  caller: Caller,
  permission: string,
  level: 'read' | 'write',
  repository?: Repository,
): boolean {
  if (caller.kind === 'user') return true;
  if (caller.kind === 'anonymous') return level === 'read';
  if (caller.kind === 'app') return false;
  if (repository && isElsewhere(caller, repository)) return level === 'read' && !repository.private;
  const held = permission === 'metadata' ? 'read' : caller.permissions[permission];
  return held === level || held === 'write' || held === 'admin';
}
