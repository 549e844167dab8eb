import { createHash, generateKeyPairSync } from 'node:crypto';
import { created, numberOf, ok, page, type Answer, type Call, type Route } from '../http/call.ts';
import { installationToken } from '../actions/tokens.ts';
import { registerApp } from '../actions/apps.ts';
import { appShape, installationShape } from '../shapes/account.ts';
import { repositoryShape } from '../shapes/repository.ts';
import { repositoriesOf } from '../actions/installations.ts';
import type { App, Installation, Permissions } from '../state/nouns.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { iso } from '../state/time.ts';

function appOf(call: Call): App {
  if (call.caller.kind !== 'app') throw notFound();
  return call.caller.app;
}

function installationsOf(call: Call): Installation[] {
  const app = appOf(call);
  return [...call.world.installations.values()].filter(
    (each) => each.app === app && each.deletedAt === undefined,
  );
}

function installationIn(call: Call): Installation {
  const id = numberOf(call, 'installation_id');
  const found = installationsOf(call).find((each) => each.id === id);
  if (!found) throw notFound();
  return found;
}

function createToken(call: Call): Answer {
  const installation = installationIn(call);
  if (installation.suspendedAt !== undefined) throw new Refusal(403, 'This installation has been suspended');
  const wanted = call.body as {
    repositories?: string[];
    repository_ids?: number[];
    permissions?: Permissions;
  };
  const token = installationToken(call.world, installation, wanted);
  const { repositories } = token;
  const chosen = repositoriesOf(call.world, installation).filter((each) => repositories?.has(each.id));
  return created({
    token: token.value,
    expires_at: iso(token.expiresAt),
    permissions: token.permissions,
    repository_selection: installation.repositories === 'all' && !repositories ? 'all' : 'selected',
    ...(repositories ? { repositories: chosen.map((each) => repositoryShape(call.world, each)) } : {}),
  });
}

/** The last step of registering from a manifest: the code buys the app's secrets, once. */
function convert(call: Call): Answer {
  const code = call.params['code'] ?? '';
  const waiting = call.world.manifestCodes.get(code);
  if (!waiting) throw notFound();
  call.world.manifestCodes.delete(code);
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const { manifest, owner } = waiting;
  const hook = manifest.hook_attributes?.url;
  const secret = createHash('sha256').update(`webhook ${code}`).digest('hex').slice(0, 40);
  const app = registerApp(call.world, {
    name: manifest.name ?? 'Unnamed',
    owner,
    publicKey: pair.publicKey,
    permissions: manifest.default_permissions ?? {},
    events: manifest.default_events ?? [],
    webhook: hook === undefined ? undefined : { url: hook, secret },
    callbackUrls: manifest.callback_urls ?? [],
  });
  return created({
    ...appShape(call.world, app),
    client_id: app.clientId,
    client_secret: app.clientSecret,
    webhook_secret: secret,
    pem: pair.privateKey,
  });
}

function listRepositories(call: Call): Answer {
  if (call.caller.kind !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.');
  const { installation, repositories: chosen } = call.caller;
  const repositories = repositoriesOf(call.world, installation).filter(
    (each) => chosen?.has(each.id) ?? true,
  );
  return page(
    call,
    repositories,
    (each) => repositoryShape(call.world, each),
    (items) => ({
      total_count: repositories.length,
      repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
      repositories: items,
    }),
  );
}

export const APP_ROUTES: readonly Route[] = [
  { method: 'GET', template: '/app', access: 'app', run: (call) => ok(appShape(call.world, appOf(call))) },
  {
    method: 'GET',
    template: '/app/installations',
    access: 'app',
    run: (call) => page(call, installationsOf(call), (each) => installationShape(call.world, each)),
  },
  {
    method: 'GET',
    template: '/app/installations/{installation_id}',
    access: 'app',
    run: (call) => ok(installationShape(call.world, installationIn(call))),
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/installation',
    access: 'app',
    run: (call) => {
      const name = `${call.params['owner'] ?? ''}/${call.params['repo'] ?? ''}`.toLowerCase();
      const repository = call.world.repositories.get(name);
      const found =
        repository && call.world.installationsOn(repository).find((each) => each.app === appOf(call));
      if (!found) throw notFound();
      return ok(installationShape(call.world, found));
    },
  },
  {
    method: 'POST',
    template: '/app/installations/{installation_id}/access_tokens',
    access: 'app',
    run: createToken,
  },
  { method: 'POST', template: '/app-manifests/{code}/conversions', access: undefined, run: convert },
  { method: 'GET', template: '/installation/repositories', access: undefined, run: listRepositories },
];
