/** What people see with a token of their own. */
import { ok, page, type Answer, type Call, type Route } from '../http/call.ts';
import { numberOf } from '../http/call.ts';
import { repositoriesOf } from '../actions/installations.ts';
import { accountShape, installationShape } from '../shapes/account.ts';
import { repositoryShape } from '../shapes/repository.ts';
import type { Account, App, Installation, Repository } from '../state/nouns.ts';
import { atLeast, roleOf } from '../state/people.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { iso } from '../state/time.ts';

function userOf({ caller }: Call): Account {
  if (caller.kind === 'user') return caller.user;
  throw caller.kind === 'anonymous'
    ? new Refusal(401, 'Requires authentication')
    : new Refusal(403, 'Resource not accessible by integration');
}

function user(call: Call): Answer {
  const account = userOf(call);
  const at = iso(0);
  return ok({
    ...accountShape(call.world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: at,
    updated_at: at,
  });
}

/** A token that was not given to an app sees none of its installations. */
function appOf({ caller }: Call): App {
  if (caller.kind === 'user' && caller.app) return caller.app;
  throw new Refusal(
    403,
    'You must authenticate with an access token authorized to a GitHub App in order to list installations',
  );
}

/** Only where they have a role, given to them or by their organisation: that anybody may look does not count. */
function readable(call: Call, installation: Installation): Repository[] {
  const { login } = userOf(call);
  const isMember = (repository: Repository): boolean =>
    call.world.organisations.get(repository.owner.login.toLowerCase())?.members.has(login.toLowerCase()) ??
    false;
  const isNamed = (repository: Repository): boolean => repository.collaborators.has(login.toLowerCase());
  return repositoriesOf(call.world, installation).filter(
    (repository) =>
      atLeast(roleOf(call.world, repository, login), 'read') &&
      (repository.owner.login === login ||
        isMember(repository) ||
        isNamed(repository) ||
        atLeast(roleOf(call.world, repository, login), 'admin')),
  );
}

function seen(call: Call): Installation[] {
  const app = appOf(call);
  return [...call.world.installations.values()].filter(
    (each) => each.app === app && each.deletedAt === undefined && readable(call, each).length > 0,
  );
}

function listInstallations(call: Call): Answer {
  const installations = seen(call);
  return page(
    call,
    installations,
    (each) => installationShape(call.world, each),
    (items) => ({ total_count: installations.length, installations: items }),
  );
}

function listRepositories(call: Call): Answer {
  const installation = seen(call).find((each) => each.id === numberOf(call, 'installation_id'));
  if (!installation) throw notFound();
  const repositories = readable(call, installation);
  return page(
    call,
    repositories,
    (each) => repositoryShape(call.world, each),
    (items) => ({ total_count: repositories.length, repositories: items }),
  );
}

export const USER_ROUTES: readonly Route[] = [
  { method: 'GET', template: '/user', access: undefined, run: user },
  { method: 'GET', template: '/user/installations', access: undefined, run: listInstallations },
  {
    method: 'GET',
    template: '/user/installations/{installation_id}/repositories',
    access: undefined,
    run: listRepositories,
  },
];
