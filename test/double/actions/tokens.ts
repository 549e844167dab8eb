import { createHash } from 'node:crypto';
import { withMetadata } from '../shapes/account.ts';
import type { Account, App, Installation, Permissions, Repository, Token } from '../state/nouns.ts';
import { invalid } from '../state/refusal.ts';
import { ControlError, type World } from '../state/world.ts';
import { repositoriesOf } from './installations.ts';

/** The same in every run, longer than the forty characters that old code counted on, and unlike any other. */
function tokenText(world: World, prefix: string, who: number): string {
  const digest = (part: string) =>
    createHash('sha512').update(`${part} ${world.nextId()}`).digest('base64url');
  return `${prefix}_${who}_${digest('token')}${digest('more')}`;
}

function keep(world: World, token: Omit<Token, 'expiresAt'>, lifetime: number): Token {
  const kept = { ...token, expiresAt: world.now + lifetime };
  world.tokens.set(kept.value, kept);
  return kept;
}

export interface TokenWish {
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
  readonly permissions?: Permissions;
}

export function installationToken(world: World, installation: Installation, wish: TokenWish): Token {
  const held = withMetadata(installation.app.permissions);
  for (const [name, level] of Object.entries(wish.permissions ?? {}))
    if (held[name] === undefined || (held[name] === 'read' && level !== 'read'))
      throw invalid([], 'The permissions requested are not granted to this installation.');
  return keep(
    world,
    {
      value: tokenText(world, 'ghs', installation.app.id),
      holder: { kind: 'installation', installation },
      permissions: wish.permissions ? withMetadata(wish.permissions) : held,
      repositories: chosen(world, installation, wish),
    },
    world.limits.tokenLifetime,
  );
}

function chosen(world: World, installation: Installation, wish: TokenWish): ReadonlySet<number> | undefined {
  if (!wish.repositories && !wish.repository_ids) return undefined;
  const available = repositoriesOf(world, installation);
  const found = [
    ...(wish.repositories ?? []).map((name) => available.find((each) => each.name === name)),
    ...(wish.repository_ids ?? []).map((id) => available.find((each) => each.id === id)),
  ];
  const ids = found.flatMap((each) => each?.id ?? []);
  if (ids.length < found.length)
    throw invalid(
      [],
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  return new Set(ids);
}

export const USER_TOKEN_MS = 8 * 3600_000;

export function userToken(world: World, user: Account, app?: App): Token {
  return keep(
    world,
    {
      value: tokenText(world, 'ghu', user.id),
      holder: { kind: 'user', user, ...(app ? { app } : {}) },
      permissions: {},
      repositories: undefined,
    },
    USER_TOKEN_MS,
  );
}

/** What a workflow may ask for: nothing of an organisation, above all not who its members are. */
const OF_WORKFLOWS = new Set(
  [
    'actions artifact_metadata attestations checks contents deployments discussions id_token issues metadata',
    'models packages pages pull_requests repository_projects security_events statuses',
  ]
    .join(' ')
    .split(' '),
);

/** What a workflow run gets: GitHub Actions' own app, in one repository, with the permissions of its job. */
export function actionsToken(
  world: World,
  actions: App,
  repository: Repository,
  permissions: Permissions,
): Token {
  const unknown = Object.keys(permissions).find((name) => !OF_WORKFLOWS.has(name));
  if (unknown !== undefined)
    throw new ControlError(`A workflow's token cannot have the permission ${unknown}.`);
  return keep(
    world,
    {
      value: tokenText(world, 'ghs', actions.id),
      holder: { kind: 'actions', app: actions },
      permissions: withMetadata(permissions),
      repositories: new Set([repository.id]),
    },
    24 * 3600_000,
  );
}
