import { z } from 'zod';
import type { RepositoryRef, Signal } from '../../review/work.ts';
import * as p from './payload.ts';
import { reading, type Found, type Reading } from './reading.ts';

const listed = z.array(p.repository).nullish();
const base = z.object({ action: p.name, installation: p.installation, sender: p.account });

interface Changed {
  readonly installation: { readonly id: number };
  readonly sender: Signal['by'];
  readonly action: string;
}

function changed(
  payload: Changed,
  added: readonly RepositoryRef[],
  removed: readonly RepositoryRef[],
): Found {
  const { sender: by, action } = payload;
  return {
    work: p.workOn(payload, { kind: 'installation' }),
    signals: [{ kind: 'installation-changed', by, action, added, removed }],
  };
}

const installation = (which: 'added' | 'removed' | 'neither'): Reading =>
  reading(base.extend({ repositories: listed }), (payload) => {
    const all = payload.repositories ?? [];
    return changed(payload, which === 'added' ? all : [], which === 'removed' ? all : []);
  });

export const installations: Readonly<Record<string, Reading>> = {
  created: installation('added'),
  deleted: installation('removed'),
  suspend: installation('neither'),
  unsuspend: installation('neither'),
  new_permissions_accepted: installation('neither'),
};

const selection = reading(
  base.extend({ repositories_added: listed, repositories_removed: listed }),
  (payload) => changed(payload, payload.repositories_added ?? [], payload.repositories_removed ?? []),
);

export const installationRepositories: Readonly<Record<string, Reading>> = {
  added: selection,
  removed: selection,
};

const repositoryChanged = reading(z.object(p.about), (payload) => p.lookAtRepository(payload));

/** Of settings, only the default branch matters: the policy is read from it. */
const edited = reading(
  z.object({ ...p.about, changes: z.object({ default_branch: z.unknown().optional() }).nullish() }),
  (payload) => (payload.changes?.default_branch === undefined ? undefined : p.lookAtRepository(payload)),
);

export const repositories: Readonly<Record<string, Reading>> = {
  renamed: repositoryChanged,
  transferred: repositoryChanged,
  archived: repositoryChanged,
  unarchived: repositoryChanged,
  deleted: repositoryChanged,
  edited,
};
