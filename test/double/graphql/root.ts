import { maySee } from '../http/authentication.ts';
import { actor } from '../http/call.ts';
import { iso } from '../state/time.ts';
import { actorNode, organisationNode, viewerNode } from './accounts.ts';
import { connection, GraphqlFault, type Context, type Paging } from './context.ts';
import { repositoryNode } from './repository.ts';

export function rootOf(context: Context) {
  const { world, caller, budget, cost } = context;
  return {
    rateLimit: () => {
      const standing = budget.standing(caller, 'graphql');
      return { ...standing, resetAt: iso(standing.reset * 1000), cost, nodeCount: 0 };
    },
    viewer: () => {
      const account = actor(caller);
      return account ? viewerNode(account) : null;
    },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
      if (!repository || !maySee(world, caller, repository))
        throw new GraphqlFault(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      return repositoryNode(context, repository);
    },
    /** Those that the caller may see. */
    repositoryOwner: ({ login }: { login: string }) => {
      const owner = world.accounts.get(login.toLowerCase());
      if (!owner || owner.type === 'Bot') return null;
      const seen = [...world.repositories.values()]
        .filter((repository) => repository.owner === owner && maySee(world, caller, repository))
        .sort((a, b) => a.id - b.id);
      return {
        ...actorNode(owner),
        repositories: (paging: Paging) =>
          connection(seen, paging, 'repositories', (each) => repositoryNode(context, each)),
      };
    },
    organization: ({ login }: { login: string }) => {
      const organisation = world.organisations.get(login.toLowerCase());
      if (!organisation)
        throw new GraphqlFault(
          'NOT_FOUND',
          `Could not resolve to an Organization with the login of '${login}'.`,
        );
      return organisationNode(context, organisation.account);
    },
  };
}
