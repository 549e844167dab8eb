/** Setting the scene: accounts, organisations, repositories and their rules. */
import { addAccount } from '../actions/apps.ts';
import { moveBranch } from '../actions/pushes.ts';
import { commitFiles, type Files } from '../git/building.ts';
import type { Account, BranchRules, Organisation, Repository, Role, Team } from '../state/nouns.ts';
import { ControlError, type World } from '../state/world.ts';

export interface UserInput {
  readonly login: string;
  readonly type?: 'User' | 'Bot';
  readonly name?: string;
  readonly email?: string;
}

export interface OrganisationInput {
  readonly login: string;
  readonly owners?: readonly string[];
  readonly members?: readonly string[];
}

export interface TeamInput {
  readonly organisation: string;
  readonly slug: string;
  readonly parent?: string;
  readonly members?: readonly string[];
  readonly pending?: readonly string[];
}

export interface RepositoryInput {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** A first commit with these files, or all branches of a git repository on disk and who pushed them. */
  readonly files?: Files;
  readonly from?: { readonly dir: string; readonly by: string };
}

export interface RulesInput {
  readonly repo: string;
  readonly branch?: string;
  readonly requiredChecks?: readonly { readonly context: string; readonly integrationId?: number }[];
  readonly requirePullRequest?: boolean;
  readonly mergeQueue?: BranchRules['mergeQueue'];
  readonly bypass?: readonly string[];
  /** Of all who may bypass: `always` unless given. */
  readonly bypassMode?: BranchRules['bypassMode'];
  readonly name?: string;
  readonly dismissStaleReviews?: boolean;
  /** No force pushes. */
  readonly nonFastForward?: boolean;
  readonly deletion?: boolean;
  readonly workflows?: readonly string[];
}

const HEADS = 'refs/heads/';

const lower = (logins: readonly string[] | undefined) => (logins ?? []).map((login) => login.toLowerCase());

function newRepository(
  world: World,
  input: Pick<RepositoryInput, 'owner' | 'name' | 'private' | 'defaultBranch' | 'collaborators'>,
  fork?: Repository,
): Repository {
  const owner = world.account(input.owner);
  const key = `${input.owner}/${input.name}`.toLowerCase();
  if (world.repositories.has(key)) throw new ControlError(`There is a repository ${key} already.`);
  const repository: Repository = {
    id: world.nextId(),
    owner,
    name: input.name,
    private: input.private ?? false,
    defaultBranch: input.defaultBranch ?? 'main',
    objects: fork?.objects ?? world.git.network(key),
    fork,
    createdAt: world.now,
    pushedAt: world.now,
    refs: new Map(fork?.refs),
    collaborators: new Map(
      Object.entries(input.collaborators ?? {}).map(([login, role]) => [login.toLowerCase(), role]),
    ),
    activities: [],
    queue: [],
    rules: [],
    lastNumber: 0,
  };
  world.repositories.set(key, repository);
  return repository;
}

function fill(world: World, repository: Repository, input: RepositoryInput): void {
  if (input.from !== undefined) take(world, repository, input.from);
  if (input.files === undefined) return;
  const author = { name: repository.owner.name, email: repository.owner.email, at: world.now };
  const sha = commitFiles(repository.objects, {
    parent: undefined,
    files: input.files,
    message: 'First commit',
    author,
  });
  repository.refs.set(`refs/heads/${repository.defaultBranch}`, sha);
}

function take(world: World, repository: Repository, { dir, by }: NonNullable<RepositoryInput['from']>): void {
  for (const [ref, sha] of repository.objects.take(dir)) {
    if (!ref.startsWith(HEADS)) repository.refs.set(ref, sha);
    else
      moveBranch(world, {
        repository,
        branch: ref.slice(HEADS.length),
        sha,
        by: world.account(by),
        kind: 'branch_creation',
      });
  }
}

function createOrganisation(world: World, input: OrganisationInput): Organisation {
  const account = addAccount(world, { login: input.login, type: 'Organization' });
  const organisation: Organisation = {
    account,
    members: new Set(lower([...(input.members ?? []), ...(input.owners ?? [])])),
    owners: new Set(lower(input.owners)),
    teams: new Map(),
  };
  world.organisations.set(input.login.toLowerCase(), organisation);
  return organisation;
}

function organisationOf(world: World, login: string): Organisation {
  const found = world.organisations.get(login.toLowerCase());
  if (!found) throw new ControlError(`There is no organisation ${login}.`);
  return found;
}

function createTeam(world: World, input: TeamInput): Team {
  const organisation = organisationOf(world, input.organisation);
  const member = (state: 'active' | 'pending') => (login: string) =>
    [login, { state, role: 'member' as const }] as const;
  const team: Team = {
    id: world.nextId(),
    organisation: organisation.account.login,
    slug: input.slug,
    name: input.slug,
    parent: input.parent,
    members: new Map([
      ...lower(input.members).map(member('active')),
      ...lower(input.pending).map(member('pending')),
    ]),
  };
  for (const login of team.members.keys()) organisation.members.add(login);
  organisation.teams.set(team.slug, team);
  return team;
}

export function founding(world: World) {
  return {
    createUser: (input: UserInput): Account =>
      addAccount(world, {
        login: input.login,
        type: input.type ?? 'User',
        name: input.name,
        email: input.email,
      }),
    createOrganisation: (input: OrganisationInput) => createOrganisation(world, input),
    createTeam: (input: TeamInput) => createTeam(world, input),
    setTeamMember: (input: {
      organisation: string;
      team: string;
      login: string;
      state: 'active' | 'pending' | 'none';
    }): void => {
      const members = organisationOf(world, input.organisation).teams.get(input.team)?.members;
      if (input.state === 'none') members?.delete(input.login.toLowerCase());
      else members?.set(input.login.toLowerCase(), { state: input.state, role: 'member' });
    },
    createRepository: (input: RepositoryInput): Repository => {
      const repository = newRepository(world, input);
      fill(world, repository, input);
      return repository;
    },
    fork: (input: { repo: string; owner: string; name?: string }): Repository => {
      const parent = world.repository(input.repo);
      return newRepository(
        world,
        {
          owner: input.owner,
          name: input.name ?? parent.name,
          private: parent.private,
          defaultBranch: parent.defaultBranch,
        },
        parent,
      );
    },
    setRole: (input: { repo: string; login: string; role: Role }): void => {
      world.account(input.login);
      world.repository(input.repo).collaborators.set(input.login.toLowerCase(), input.role);
    },
    setRules: (input: RulesInput): BranchRules => setRules(world, input),
  };
}

/** Replaces the rules of a branch. */
function setRules(world: World, input: RulesInput): BranchRules {
  const repository = world.repository(input.repo);
  const branch = input.branch ?? repository.defaultBranch;
  const rules: BranchRules = {
    rulesetId: world.nextId(),
    branch,
    requiredChecks: input.requiredChecks ?? [],
    requirePullRequest: input.requirePullRequest ?? false,
    mergeQueue: input.mergeQueue,
    bypass: input.bypass ?? [],
    bypassMode: input.bypassMode ?? 'always',
    name: input.name ?? `Rules of ${branch}`,
    dismissStaleReviews: input.dismissStaleReviews ?? false,
    nonFastForward: input.nonFastForward ?? false,
    deletion: input.deletion ?? false,
    workflows: input.workflows ?? [],
  };
  repository.rules = [...repository.rules.filter((each) => each.branch !== branch), rules];
  return rules;
}
