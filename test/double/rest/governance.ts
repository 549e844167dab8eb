/** Who may do what, and what branches demand. */
import { rulesOn } from '../actions/rules.ts';
import { holds, isElsewhere } from '../http/authentication.ts';
import {
  inRepository,
  ok,
  page,
  type Answer,
  type Call,
  type RepositoryCall,
  type Route,
} from '../http/call.ts';
import { accountShape, nodeId } from '../shapes/account.ts';
import { commitShape } from '../shapes/commit.ts';
import { repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import type { BranchRules, Role } from '../state/nouns.ts';
import { atLeast, membershipOf, roleOf } from '../state/people.ts';
import { notAccessible, notFound } from '../state/refusal.ts';
import { iso } from '../state/time.ts';
import { fullName, type World } from '../state/world.ts';

/** The old field knows four words only. */
const LEGACY: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function permission(call: RepositoryCall): Answer {
  // Roles are not public, not even in a public repository.
  if (isElsewhere(call.caller, call.repository)) throw notAccessible();
  const account = call.world.accounts.get((call.params['username'] ?? '').toLowerCase());
  if (!account) throw notFound();
  const role = roleOf(call.world, call.repository, account.login);
  return ok({
    permission: LEGACY[role],
    role_name: role,
    user: {
      ...accountShape(call.world, account),
      role_name: role,
      permissions: {
        pull: atLeast(role, 'read'),
        triage: atLeast(role, 'triage'),
        push: atLeast(role, 'write'),
        maintain: atLeast(role, 'maintain'),
        admin: role === 'admin',
      },
    },
  });
}

function branch(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const name = call.params['branch'] ?? '';
  const oid = repository.refs.get(`refs/heads/${name}`);
  if (oid === undefined) throw notFound();
  const rules = rulesOn(repository, name);
  const url = `${repositoryUrl(world, repository)}/branches/${name}`;
  return ok({
    name,
    commit: commitShape(world, repository, repository.objects.commitAt(oid)),
    _links: { self: url, html: `${repositoryPage(world, repository)}/tree/${name}` },
    protected: rules.length > 0,
    // What is protected by rulesets is not so by the protection that was there before them.
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  });
}

/** All branches, or those under protection. */
function branches(call: RepositoryCall): Answer {
  const { repository } = call;
  const wanted = call.query['protected'];
  const names = [...repository.refs.keys()]
    .filter((ref) => ref.startsWith('refs/heads/'))
    .map((ref) => ref.slice('refs/heads/'.length))
    .map((name) => ({ name, isProtected: rulesOn(repository, name).length > 0 }))
    .filter(({ isProtected }) => wanted === undefined || String(isProtected) === wanted)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return page(call, names, ({ name, isProtected }) => {
    const sha = repository.refs.get(`refs/heads/${name}`) ?? '';
    const url = `${repositoryUrl(call.world, repository)}/commits/${sha}`;
    return { name, commit: { sha, url }, protected: isProtected };
  });
}

interface RuleShape {
  readonly type: string;
  readonly parameters?: object;
}

function rulesFor(call: RepositoryCall): Answer {
  const { repository } = call;
  const rules = rulesOn(repository, call.params['branch'] ?? '').flatMap((each) =>
    ruleShapes(repository, each),
  );
  return page(call, rules, (each) => each);
}

function ruleShapes(repository: RepositoryCall['repository'], rules: BranchRules): RuleShape[] {
  const source = {
    ruleset_source_type: 'Repository',
    ruleset_source: fullName(repository),
    ruleset_id: rules.rulesetId,
  };
  const checks = rules.requiredChecks.map((check) => ({
    context: check.context,
    ...(check.integrationId === undefined ? {} : { integration_id: check.integrationId }),
  }));
  return [
    ...(checks.length > 0
      ? [
          {
            type: 'required_status_checks',
            parameters: {
              strict_required_status_checks_policy: false,
              do_not_enforce_on_create: false,
              required_status_checks: checks,
            },
            ...source,
          },
        ]
      : []),
    ...(rules.requirePullRequest
      ? [
          {
            type: 'pull_request',
            parameters: { ...PULL_REQUEST_RULE, dismiss_stale_reviews_on_push: rules.dismissStaleReviews },
            ...source,
          },
        ]
      : []),
    ...(rules.nonFastForward ? [{ type: 'non_fast_forward', ...source }] : []),
    ...(rules.deletion ? [{ type: 'deletion', ...source }] : []),
    ...(rules.workflows.length === 0
      ? []
      : [
          {
            type: 'workflows',
            parameters: {
              do_not_enforce_on_create: false,
              workflows: rules.workflows.map((path) => ({ path, repository_id: repository.id })),
            },
            ...source,
          },
        ]),
    ...(rules.mergeQueue === undefined
      ? []
      : [
          {
            type: 'merge_queue',
            parameters: { ...QUEUE_RULE, merge_method: rules.mergeQueue },
            ...source,
          },
        ]),
  ];
}

/** Who may ignore it is told to those only who could change it. */
function ruleset(call: RepositoryCall): Answer {
  const { repository, world, caller } = call;
  const found = repository.rules.find((each) => String(each.rulesetId) === call.params['ruleset_id']);
  if (!found) throw notFound();
  const user = caller.kind === 'user' ? caller.user : undefined;
  const mayEdit = user
    ? roleOf(world, repository, user.login) === 'admin'
    : holds(caller, 'administration', 'write', repository);
  const bypasses = found.bypass.some((each) => each.toLowerCase() === user?.login.toLowerCase());
  return ok({
    id: found.rulesetId,
    name: found.name,
    target: 'branch',
    source_type: 'Repository',
    source: fullName(repository),
    enforcement: 'active',
    conditions: {
      ref_name: {
        include: [found.branch === '~ALL' ? '~ALL' : `refs/heads/${found.branch}`],
        exclude: [],
      },
    },
    rules: ruleShapes(repository, found).map(({ type, parameters }) =>
      parameters === undefined ? { type } : { type, parameters },
    ),
    ...(mayEdit
      ? {
          bypass_actors: found.bypass.map((login) => ({
            actor_id: world.account(login).id,
            actor_type: 'User',
            bypass_mode: found.bypassMode,
          })),
        }
      : {}),
    current_user_can_bypass: bypasses ? CAN_BYPASS[found.bypassMode] : 'never',
  });
}

const CAN_BYPASS = { always: 'always', pull_request: 'pull_requests_only', exempt: 'exempt' } as const;

const PULL_REQUEST_RULE = {
  allowed_merge_methods: ['merge', 'squash', 'rebase'],
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_approving_review_count: 1,
  required_review_thread_resolution: false,
};

const QUEUE_RULE = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};

function activity(call: RepositoryCall): Answer {
  const { ref, activity_type: kind, actor } = call.query;
  const wanted = ref === undefined || ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  const shown = [...call.repository.activities]
    .reverse()
    .filter((each) => wanted === undefined || each.ref === wanted)
    .filter((each) => kind === undefined || each.kind === kind)
    .filter((each) => actor === undefined || each.actor.login === actor);
  return page(call, shown, (each) => ({
    id: each.id,
    node_id: nodeId('PSH', each.id),
    before: each.before,
    after: each.after,
    ref: each.ref,
    timestamp: iso(each.at),
    activity_type: each.kind,
    actor: accountShape(call.world, each.actor),
  }));
}

function membership(call: Call): Answer {
  const { world } = call;
  const login = call.params['username'] ?? '';
  const slug = call.params['team_slug'] ?? '';
  const organisation = world.organisations.get((call.params['org'] ?? '').toLowerCase());
  const team = organisation?.teams.get(slug);
  const found = team && seesOrganisation(call, world) ? membershipOf(world, team, login) : undefined;
  if (!team || !found || !organisation) throw notFound();
  return ok({
    url: `${world.apiUrl}/organizations/${organisation.account.id}/team/${team.id}/memberships/${login}`,
    role: found.role,
    state: found.state,
  });
}

/** Teams are secret to whoever is not part of the organisation. */
function seesOrganisation(call: Call, world: World): boolean {
  const login = (call.params['org'] ?? '').toLowerCase();
  const { caller } = call;
  if (caller.kind === 'installation') return caller.installation.account.login.toLowerCase() === login;
  if (caller.kind !== 'user') return false;
  return world.organisations.get(login)?.members.has(caller.user.login.toLowerCase()) ?? false;
}

const METADATA = ['metadata', 'read'] as const;

export const GOVERNANCE_ROUTES: readonly Route[] = [
  inRepository('GET', '/collaborators/{username}/permission', METADATA, permission),
  inRepository('GET', '/branches', ['contents', 'read'], branches),
  inRepository('GET', '/branches/{branch}', ['contents', 'read'], branch),
  inRepository('GET', '/rules/branches/{branch}', METADATA, rulesFor),
  inRepository('GET', '/rulesets/{ruleset_id}', METADATA, ruleset),
  inRepository('GET', '/activity', ['contents', 'read'], activity),
  {
    method: 'GET',
    template: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
    access: ['members', 'read'],
    run: membership,
  },
];
