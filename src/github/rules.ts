import { z } from 'zod';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { Bypass, BypassActor, BranchRules, Rules } from '../core/model/branch-rules.ts';
import type { RepositoryRef } from '../review/work.ts';
import { partsOf } from './about-repository.ts';
import type { Client } from './client.ts';
import { allPages } from './pages.ts';
import { id, sha } from './shapes.ts';

const check = z.object({ context: z.string(), integration_id: z.number().int().nullish() });
const anyRule = z.object({
  type: z.string(),
  ruleset_id: id,
  parameters: z.unknown().optional(),
});
const requiredChecks = z.object({ required_status_checks: z.array(check) });
const requiredWorkflows = z.object({ workflows: z.array(z.object({ path: z.string() })) });
const pullRequestRule = z.object({ dismiss_stale_reviews_on_push: z.boolean() });

/** A rule's parameters are read where its kind is one we know. A rule of a known kind has to be of the known form. */
const rule = anyRule.transform(({ type, ruleset_id: ruleset, parameters }, ctx) => {
  const read = <T>(shape: z.ZodType<T>): T => {
    const found = shape.safeParse(parameters);
    if (found.success) return found.data;
    ctx.addIssue({ code: 'custom', message: 'parameters', path: ['parameters'] });
    return z.NEVER;
  };
  return {
    type,
    ruleset,
    checks: type === 'required_status_checks' ? read(requiredChecks).required_status_checks : [],
    workflows: type === 'workflows' ? read(requiredWorkflows).workflows.map(({ path }) => path) : [],
    stale: type === 'pull_request' ? read(pullRequestRule).dismiss_stale_reviews_on_push : false,
  };
});
type Rule = z.output<typeof rule>;

const rulesAnswer = z.array(rule);

/** A branch has a few dozen rules at most; pages of a hundred. */
const MOST_PAGES = 5;

/** Throws `NotThere` when there is no such branch. */
export async function branchRules(client: Client, ref: RepositoryRef, branch: string): Promise<BranchRules> {
  const [{ items }, { tip, classic, complete }] = await Promise.all([
    allPages(client, rulesAnswer, (answer) => answer, {
      route: 'GET /repos/{owner}/{repo}/rules/branches/{branch}',
      parameters: { ...partsOf(ref), branch },
      most: MOST_PAGES,
    }),
    branchItself(client, ref, branch),
  ]);
  const ids = [...new Set(items.map((each) => each.ruleset))];
  const rulesets = await Promise.all(
    ids.map(async (ruleset) =>
      rulesetOf(
        items.filter((each) => each.ruleset === ruleset),
        await rulesetItself(client, ref, ruleset),
      ),
    ),
  );
  return { tip, rules: [...rulesets, ...(classic ? [classic] : [])], complete };
}

const actors = z.array(
  z.object({
    actor_id: z.number().int().nullish(),
    actor_type: z.enum(['Integration', 'OrganizationAdmin', 'RepositoryRole', 'Team', 'DeployKey', 'User']),
    bypass_mode: z.enum(['always', 'pull_request', 'exempt']).default('always'),
  }),
);

const ruleset = z.object({
  name: z.string(),
  bypass_actors: actors.optional(),
  current_user_can_bypass: z.enum(['always', 'pull_requests_only', 'never', 'exempt']).optional(),
});

const ACTORS = {
  Integration: 'app',
  OrganizationAdmin: 'organisation-admins',
  RepositoryRole: 'role',
  Team: 'team',
  DeployKey: 'deploy-key',
  User: 'user',
} as const;

const MODES = { always: 'always', pull_request: 'pull-request', exempt: 'exempt' } as const;
const OWN = { ...MODES, pull_requests_only: 'pull-request', never: 'never' } as const;

/** Undefined where this token may not look at it. */
function rulesetItself(
  client: Client,
  ref: RepositoryRef,
  number: number,
): Promise<z.output<typeof ruleset> | undefined> {
  return unlessHidden(
    client.rest(ruleset, 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', {
      ...partsOf(ref),
      ruleset_id: number,
    }),
  );
}

function rulesetOf(rules: readonly Rule[], itself: z.output<typeof ruleset> | undefined): Rules {
  const has = (type: string): boolean => rules.some((each) => each.type === type);
  const own = itself?.current_user_can_bypass;
  return {
    kind: 'ruleset',
    name: itself?.name,
    checks: rules.flatMap((each) =>
      each.checks.map(({ context, integration_id: source }) => ({
        name: context,
        source: source ?? undefined,
      })),
    ),
    workflows: rules.flatMap((each) => each.workflows),
    pullRequest: has('pull_request') ? { dismissesStale: rules.some((each) => each.stale) } : undefined,
    mergeQueue: has('merge_queue'),
    refusesForcePush: has('non_fast_forward'),
    refusesDeletion: has('deletion'),
    bypass: itself?.bypass_actors?.map((each) => ({
      who: ACTORS[each.actor_type],
      id: each.actor_id ?? undefined,
      mode: MODES[each.bypass_mode],
    })),
    ownBypass: own === undefined ? undefined : OWN[own],
  };
}

const classicChecks = z.object({
  enforcement_level: z.string().optional(),
  checks: z.array(z.object({ context: z.string(), app_id: z.number().int().nullable() })),
});

const branchAnswer = z.object({
  commit: z.object({ sha }),
  protection: z
    .object({ enabled: z.boolean().optional(), required_status_checks: classicChecks.optional() })
    .optional(),
});

interface Itself {
  readonly tip: string;
  readonly classic: Rules | undefined;
  readonly complete: boolean;
}

/** The tip, and the protection of the older kind, of which its checks are told to everybody and the rest to administrators. */
async function branchItself(client: Client, ref: RepositoryRef, branch: string): Promise<Itself> {
  const where = { ...partsOf(ref), branch };
  const { value } = await client.rest(branchAnswer, 'GET /repos/{owner}/{repo}/branches/{branch}', where);
  const tip = value.commit.sha;
  const { enabled = false, required_status_checks: told } = value.protection ?? {};
  const level = told?.enforcement_level ?? 'off';
  const checks = level === 'off' ? [] : (told?.checks ?? []);
  if (!enabled && checks.length === 0) return { tip, classic: undefined, complete: true };
  const details = await unlessHidden(
    client.rest(protection, 'GET /repos/{owner}/{repo}/branches/{branch}/protection', where),
  );
  const admins: Bypass = { who: 'admins', id: undefined, mode: 'always' };
  return { tip, complete: details !== undefined, classic: protectionOf(checks, level, details, admins) };
}

const switchOf = z.object({ enabled: z.boolean() }).optional();
const some = z.array(z.object({ id })).default([]);
const protection = z.object({
  enforce_admins: switchOf,
  allow_force_pushes: switchOf,
  allow_deletions: switchOf,
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean(),
      bypass_pull_request_allowances: z.object({ users: some, teams: some, apps: some }).optional(),
    })
    .optional(),
});

function protectionOf(
  checks: z.output<typeof classicChecks>['checks'],
  level: string,
  details: z.output<typeof protection> | undefined,
  admins: Bypass,
): Rules {
  const reviews = details?.required_pull_request_reviews;
  const past = reviews?.bypass_pull_request_allowances;
  const allowed = (who: BypassActor, ids: readonly { readonly id: number }[] = []): readonly Bypass[] =>
    ids.map((each) => ({ who, id: each.id, mode: 'always' }));
  const unbound = details ? details.enforce_admins?.enabled !== true : level === 'non_admins';
  return {
    kind: 'protection',
    name: undefined,
    // A negative number stands for any source, as none does.
    checks: checks.map(({ context, app_id: app }) => ({
      name: context,
      source: app === null || app < 0 ? undefined : app,
    })),
    workflows: [],
    pullRequest: reviews ? { dismissesStale: reviews.dismiss_stale_reviews } : undefined,
    mergeQueue: false,
    refusesForcePush: details !== undefined && details.allow_force_pushes?.enabled !== true,
    refusesDeletion: details !== undefined && details.allow_deletions?.enabled !== true,
    bypass:
      details || unbound
        ? [
            ...(unbound ? [admins] : []),
            ...allowed('user', past?.users),
            ...allowed('team', past?.teams),
            ...allowed('app', past?.apps),
          ]
        : undefined,
    ownBypass: undefined,
  };
}

async function unlessHidden<T>(answer: Promise<{ readonly value: T }>): Promise<T | undefined> {
  try {
    return (await answer).value;
  } catch (error) {
    if (error instanceof NotThere || error instanceof Refused) return undefined;
    throw error;
  }
}
