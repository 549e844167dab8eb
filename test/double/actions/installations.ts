import { installationShape } from '../shapes/account.ts';
import type { Account, Installation, Repository } from '../state/nouns.ts';
import { fullName, type World } from '../state/world.ts';
import { emitToInstallation } from '../webhooks/emission.ts';

const brief = (repository: Repository) => ({
  id: repository.id,
  name: repository.name,
  full_name: fullName(repository),
  private: repository.private,
});

export function repositoriesOf(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter(
    (repository) =>
      repository.owner.id === installation.account.id &&
      (installation.repositories === 'all' || installation.repositories.has(repository.id)),
  );
}

export function installationEvent(
  world: World,
  installation: Installation,
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend',
  sender: Account,
): void {
  emitToInstallation(world, installation, {
    event: 'installation',
    action,
    sender,
    body: {
      installation: installationShape(world, installation),
      repositories: repositoriesOf(world, installation).map(brief),
      requester: null,
    },
  });
}

export function repositoriesEvent(
  world: World,
  installation: Installation,
  action: 'added' | 'removed',
  repositories: readonly Repository[],
  sender: Account,
): void {
  emitToInstallation(world, installation, {
    event: 'installation_repositories',
    action,
    sender,
    body: {
      installation: installationShape(world, installation),
      repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
      repositories_added: action === 'added' ? repositories.map(brief) : [],
      repositories_removed: action === 'removed' ? repositories.map(brief) : [],
      requester: null,
    },
  });
}
