import { createHash } from 'node:crypto';
import type { Account, App, Permissions } from '../state/nouns.ts';
import { invalid } from '../state/refusal.ts';
import { ACTIONS_APP_ID, ControlError, type World } from '../state/world.ts';
import { subscribes } from '../webhooks/emission.ts';

export function addAccount(
  world: World,
  input: {
    login: string;
    type: Account['type'];
    name?: string | undefined;
    email?: string | undefined;
    id?: number;
  },
): Account {
  const key = input.login.toLowerCase();
  if (world.accounts.has(key)) throw new ControlError(`There is an account ${input.login} already.`);
  const id = input.id ?? world.nextId();
  const account: Account = {
    id,
    login: input.login,
    type: input.type,
    name: input.name ?? input.login,
    email: input.email ?? `${id}+${input.login}@users.noreply.github.com`,
  };
  world.accounts.set(key, account);
  return account;
}

export interface AppInput {
  readonly name: string;
  readonly owner: Account;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly webhook: { url: string; secret: string } | undefined;
  readonly id?: number;
  readonly callbackUrls?: readonly string[];
}

/** The same in every run. */
const secretOf = (id: number): string =>
  createHash('sha256').update(`client ${id}`).digest('hex').slice(0, 40);

const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

export function registerApp(world: World, input: AppInput): App {
  verifyEvents(input);
  const slug = slugOf(input.name);
  const id = input.id ?? world.nextId();
  const bot = addAccount(world, { login: `${slug}[bot]`, type: 'Bot' });
  const app: App = {
    id,
    slug,
    name: input.name,
    clientId: `Iv23li${String(id).padStart(14, '0')}`,
    owner: input.owner,
    bot,
    publicKey: input.publicKey,
    permissions: input.permissions,
    events: input.events,
    webhook: input.webhook,
    clientSecret: secretOf(id),
    callbackUrls: input.callbackUrls ?? [],
    createdAt: world.now,
  };
  world.apps.set(id, app);
  return app;
}

/** GitHub Actions itself: there when somebody needs it. */
export function actionsApp(world: World): App {
  const known = world.apps.get(ACTIONS_APP_ID);
  if (known) return known;
  const owner = world.accounts.get('github') ?? addAccount(world, { login: 'github', type: 'Organization' });
  return registerApp(world, {
    id: ACTIONS_APP_ID,
    name: 'GitHub Actions',
    owner,
    publicKey: '',
    permissions: {
      actions: 'write',
      checks: 'write',
      contents: 'write',
      pull_requests: 'write',
      issues: 'write',
    },
    events: [],
    webhook: undefined,
  });
}

/** GitHub refuses events that an app's permissions do not cover. */
function verifyEvents(input: Pick<AppInput, 'permissions' | 'events'>): void {
  const uncovered = input.events.filter((event) => !subscribes(input, event));
  if (uncovered.length > 0)
    throw invalid([], `Default events are not supported by permissions: ${uncovered.join(', ')}`);
}

export interface Manifest {
  readonly name?: string;
  readonly hook_attributes?: { readonly url?: string };
  readonly redirect_url?: string;
  readonly callback_urls?: readonly string[];
  readonly default_permissions?: Permissions;
  readonly default_events?: readonly string[];
}

/** As the page does it where a manifest is posted: the code buys the app, once. */
export function acceptManifest(world: World, manifest: Manifest, owner: Account): string {
  verifyEvents({ permissions: manifest.default_permissions ?? {}, events: manifest.default_events ?? [] });
  const code = world.nextGuid().replaceAll('-', '');
  world.manifestCodes.set(code, { manifest, owner });
  return code;
}
