/** Repositories that come under the gate and leave it, and the people who do that. */
import { expect } from '@jest/globals';
import type { Installation, Repository } from '../double/state/nouns.ts';
import type { ServiceUnderTest } from './harness.ts';
import { peopleOf, requestsSince } from './people.ts';
import { SHOP } from './shop.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const SIDES = ['installed', 'uninstalled'] as const;

/** A second organisation, `beta`, without the App. */
export function gateOf(service: ServiceUnderTest) {
  const { control } = service.gh;
  const people = peopleOf(service);
  control.createOrganisation({ login: 'beta', owners: ['ada', 'carol'], members: ['alice', 'bob'] });
  return {
    /** Who brought a repository under the gate, or took it away, in turn. */
    sides: async ({ id }: Pick<Repository, 'id'>): Promise<readonly (readonly unknown[])[]> =>
      (await service.store.records({ repository: id, kinds: SIDES })).map(({ kind, details, actor }) => [
        kind,
        details['action'],
        actor?.login,
      ]),
    create: (name: string, owner = 'beta'): Repository =>
      control.createRepository({
        owner,
        name,
        files: SHOP,
        collaborators: { alice: 'write', bob: 'write', carol: 'write' },
      }),
    /** A pull request that nobody has looked at. */
    pullRequest: (repo: string, branch: string): number => {
      service.pass(2_000);
      control.pushCommit({ by: 'bob', repo, branch, files: { [`${branch}.md`]: branch } });
      return control.openPullRequest({ by: 'bob', repo, head: branch }).number;
    },
    install: (repositories?: readonly string[]): Promise<Installation> =>
      people.settled(() =>
        control.install({
          app: service.app,
          on: 'beta',
          by: 'ada',
          ...(repositories ? { repositories } : {}),
        }),
      ),
    /** Nothing waits. */
    rest: async (): Promise<void> => {
      expect(await service.store.queue.backlog(service.now())).toEqual({ waiting: 0, leased: 0 });
    },
    /** What rounds of the reconciler ask of installations and repositories. */
    askedInARound: async (): Promise<readonly string[]> => {
      const before = service.requests.length;
      await service.reconcile();
      return requestsSince(service, before).filter((route) => !route.startsWith('GET /app/'));
    },
  };
}

export type Gate = ReturnType<typeof gateOf>;
