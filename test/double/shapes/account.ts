import type { Account, App, Installation, Permissions } from '../state/nouns.ts';
import { iso, isoOrNull } from '../state/time.ts';
import type { World } from '../state/world.ts';

export type Shape = Readonly<Record<string, unknown>>;

const USER_LINKS = {
  followers_url: '/followers',
  following_url: '/following{/other_user}',
  gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}',
  subscriptions_url: '/subscriptions',
  organizations_url: '/orgs',
  repos_url: '/repos',
  events_url: '/events{/privacy}',
  received_events_url: '/received_events',
};

export function accountShape(world: World, account: Account) {
  const url = `${world.apiUrl}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('U', account.id),
    avatar_url: `${world.htmlUrl}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.htmlUrl}/${encodeURIComponent(account.login)}`,
    ...Object.fromEntries(Object.entries(USER_LINKS).map(([key, path]) => [key, `${url}${path}`])),
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export const nodeId = (kind: string, id: number): string => `${kind}_kwDO${id.toString(36).padStart(8, '0')}`;

export function appShape(world: World, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: accountShape(world, app.owner),
    name: app.name,
    description: null,
    external_url: `${world.htmlUrl}/apps/${app.slug}`,
    html_url: `${world.htmlUrl}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

export function installationShape(world: World, installation: Installation) {
  const { id, app, account } = installation;
  return {
    id,
    account: accountShape(world, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${world.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.htmlUrl}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    client_id: app.clientId,
    target_id: account.id,
    target_type: account.type,
    permissions: withMetadata(app.permissions),
    events: app.events,
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.suspendedAt ?? installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedAt === undefined ? null : accountShape(world, account),
    suspended_at: isoOrNull(installation.suspendedAt),
  };
}

/** Reading metadata comes with every installation. */
export const withMetadata = (permissions: Permissions): Permissions => ({ metadata: 'read', ...permissions });
