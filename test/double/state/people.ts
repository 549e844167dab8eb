/** Who may do what: roles, teams and associations. */
import { ROLES, type Account, type PullRequest, type Repository, type Role, type Team } from './nouns.ts';
import type { World } from './world.ts';

export function roleOf(world: World, repository: Repository, login: string): Role {
  const key = login.toLowerCase();
  if (repository.owner.login.toLowerCase() === key) return 'admin';
  const organisation = world.organisations.get(repository.owner.login.toLowerCase());
  if (organisation?.owners.has(key)) return 'admin';
  const given = repository.collaborators.get(key);
  if (given) return given;
  if (!repository.private || organisation?.members.has(key)) return 'read';
  return 'none';
}

export function atLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

export function mayWrite(world: World, repository: Repository, account: Account): boolean {
  return atLeast(roleOf(world, repository, account.login), 'write');
}

/** Members of a team and of the teams below it. */
export function membersOf(world: World, team: Team, depth: 'all' | 'immediate'): string[] {
  const own = [...team.members].filter(([, member]) => member.state === 'active').map(([login]) => login);
  if (depth === 'immediate') return own;
  const below = childrenOf(world, team).flatMap((child) => membersOf(world, child, 'all'));
  return [...new Set([...own, ...below])];
}

function childrenOf(world: World, team: Team): Team[] {
  const teams = world.organisations.get(team.organisation.toLowerCase())?.teams.values() ?? [];
  return [...teams].filter((each) => each.parent === team.slug);
}

/** Membership as the REST API tells it: an active one in a team below counts. */
export function membershipOf(
  world: World,
  team: Team,
  login: string,
): { state: 'active' | 'pending'; role: 'member' | 'maintainer' } | undefined {
  const own = team.members.get(login.toLowerCase());
  if (own) return own;
  const inherited = membersOf(world, team, 'all').includes(login.toLowerCase());
  return inherited ? { state: 'active', role: 'member' } : undefined;
}

export type Association = 'OWNER' | 'MEMBER' | 'COLLABORATOR' | 'CONTRIBUTOR' | 'NONE';

export function associationOf(world: World, repository: Repository, account: Account): Association {
  const key = account.login.toLowerCase();
  if (repository.owner.id === account.id) return 'OWNER';
  const organisation = world.organisations.get(repository.owner.login.toLowerCase());
  if (organisation?.members.has(key)) return 'MEMBER';
  if (repository.collaborators.has(key)) return 'COLLABORATOR';
  const merged = (pull: PullRequest) => pull.mergedAt !== undefined && pull.author.id === account.id;
  return world.pullsOf(repository).some(merged) ? 'CONTRIBUTOR' : 'NONE';
}

/** Who a commit's email address belongs to. */
export function accountByEmail(world: World, email: string): Account | undefined {
  const wanted = email.toLowerCase();
  return [...world.accounts.values()].find(
    (account) =>
      account.type !== 'Organization' &&
      (account.email.toLowerCase() === wanted || noReply(account).toLowerCase() === wanted),
  );
}

export const noReply = (account: Account): string =>
  `${account.id}+${account.login}@users.noreply.github.com`;
