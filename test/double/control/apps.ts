/** Apps: registered, installed, and the tokens of people and workflows. */
import { acceptManifest, actionsApp, registerApp, type Manifest } from '../actions/apps.ts';
import { installationEvent, repositoriesEvent } from '../actions/installations.ts';
import { authorise, revoke } from '../actions/authorisation.ts';
import { actionsToken, userToken } from '../actions/tokens.ts';
import type { App, Installation, Permissions } from '../state/nouns.ts';
import { ControlError, type World } from '../state/world.ts';

export interface AppSettings {
  readonly name: string;
  readonly owner: string;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Where people who log in through it may be sent back to. */
  readonly callbackUrls?: readonly string[];
}

function install(
  world: World,
  input: { app: App; on: string; repositories?: readonly string[]; by?: string },
): Installation {
  const account = world.account(input.on);
  const installation: Installation = {
    id: world.nextId(),
    app: input.app,
    account,
    createdAt: world.now,
    repositories: input.repositories
      ? new Set(input.repositories.map((name) => world.repository(name).id))
      : 'all',
    suspendedAt: undefined,
    deletedAt: undefined,
  };
  world.installations.set(installation.id, installation);
  installationEvent(world, installation, 'created', input.by ? world.account(input.by) : account);
  return installation;
}

function changeInstallation(
  world: World,
  input: { installation: Installation; add?: readonly string[]; remove?: readonly string[]; by: string },
): void {
  const { installation } = input;
  const by = world.account(input.by);
  const named = (names: readonly string[] | undefined) => (names ?? []).map((name) => world.repository(name));
  if (installation.repositories === 'all')
    throw new ControlError(`The installation on ${installation.account.login} has all repositories.`);
  const [added, removed] = [named(input.add), named(input.remove)];
  for (const repository of added) installation.repositories.add(repository.id);
  for (const repository of removed) installation.repositories.delete(repository.id);
  if (added.length > 0) repositoriesEvent(world, installation, 'added', added, by);
  if (removed.length > 0) repositoriesEvent(world, installation, 'removed', removed, by);
}

export function apps(world: World) {
  return {
    createApp: (input: AppSettings): App =>
      registerApp(world, { ...input, owner: world.account(input.owner), webhook: input.webhook }),
    install: (input: { app: App; on: string; repositories?: readonly string[]; by?: string }) =>
      install(world, input),
    changeInstallation: (input: {
      installation: Installation;
      add?: readonly string[];
      remove?: readonly string[];
      by: string;
    }): void => {
      changeInstallation(world, input);
    },
    suspendInstallation: (installation: Installation, by: string): void => {
      installationEvent(world, installation, 'suspend', world.account(by));
      installation.suspendedAt = world.now;
    },
    unsuspendInstallation: (installation: Installation, by: string): void => {
      installation.suspendedAt = undefined;
      installationEvent(world, installation, 'unsuspend', world.account(by));
    },
    uninstall: (installation: Installation, by: string): void => {
      installationEvent(world, installation, 'deleted', world.account(by));
      installation.deletedAt = world.now;
    },
    createUserToken: (login: string, app?: App): string => userToken(world, world.account(login), app).value,
    /** Somebody says yes on the page that `url` leads to; returns where the browser is sent back to. */
    authorise: (input: { login: string; url: string }): string =>
      authorise(world, new URL(input.url).searchParams, world.account(input.login)),
    /** Takes back every token that somebody gave to an app. */
    revoke: (input: { login: string; app: App }): void => {
      revoke(world, world.account(input.login), input.app);
    },
    /** For one run of a workflow: what its `permissions` say, in the words of the API (`pull_requests`). */
    createActionsToken: (input: { repo: string; permissions: Permissions }): string =>
      actionsToken(world, actionsApp(world), world.repository(input.repo), input.permissions).value,
    createManifestCode: (input: { manifest: Manifest; owner: string }): string =>
      acceptManifest(world, input.manifest, world.account(input.owner)),
  };
}
