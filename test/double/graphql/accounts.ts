import { nodeId } from '../shapes/account.ts';
import type { Account, Team } from '../state/nouns.ts';
import { membersOf } from '../state/people.ts';
import { connection, requirePermission, type Context, type Paging } from './context.ts';

/** A bot's name has no `[bot]` here, unlike over REST. */
export function actorNode(account: Account) {
  return {
    __typename: account.type,
    id: nodeId('U', account.id),
    databaseId: account.id,
    login: account.login.replace(/\[bot\]$/, ''),
    name: account.name,
    email: '',
  };
}

/** Who asks. GitHub makes a user even of a bot, and here its name has the suffix. */
export const viewerNode = (account: Account) => ({
  ...actorNode(account),
  __typename: 'User',
  login: account.login,
  name: account.type === 'Bot' ? null : account.name,
});

export const actorOrNull = (account: Account | undefined) => (account ? actorNode(account) : null);

export const userOrNull = (account: Account | undefined) =>
  account?.type === 'User' ? actorNode(account) : null;

export function organisationNode(context: Context, account: Account) {
  return {
    ...actorNode(account),
    team: ({ slug }: { slug: string }) => {
      requirePermission(context, 'members');
      const { caller } = context;
      // Teams are told to the organisation's own installations only.
      if (caller.kind === 'installation' && caller.installation.account.id !== account.id) return null;
      const team = context.world.organisations.get(account.login.toLowerCase())?.teams.get(slug);
      return team ? teamNode(context, team) : null;
    },
  };
}

interface MembersArguments extends Paging {
  readonly membership: 'ALL' | 'IMMEDIATE' | 'CHILD_TEAM';
  readonly query?: string | null;
}

function teamNode(context: Context, team: Team) {
  const { world } = context;
  return {
    id: nodeId('T', team.id),
    databaseId: team.id,
    slug: team.slug,
    name: team.name,
    members: (args: MembersArguments) => {
      const own = membersOf(world, team, 'immediate');
      const all = membersOf(world, team, 'all');
      const chosen = {
        ALL: all,
        IMMEDIATE: own,
        CHILD_TEAM: all.filter((login) => !own.includes(login)),
      }[args.membership];
      const wanted = (args.query ?? '').toLowerCase();
      const members = chosen
        .map((login) => world.account(login))
        .filter(({ login, name }) => [login, name].some((text) => text.toLowerCase().includes(wanted)));
      return {
        ...connection(members, args, 'members', actorNode),
        edges: connection(members, args, 'members', (member, index) => ({
          node: actorNode(member),
          role: team.members.get(member.login.toLowerCase())?.role.toUpperCase() ?? 'MEMBER',
          cursor: String(index),
        })).nodes,
      };
    },
  };
}
