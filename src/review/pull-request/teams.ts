import { z } from 'zod';
import type { Policy } from '../../core/model/policy.ts';
import { policyOfFiles } from '../read-policy.ts';
import type { PolicyFile } from '../hosting.ts';
import type { Store } from '../store.ts';
import type { RepositoryRef } from '../work.ts';

export const teamsOf = (policy: Policy): string[] => [
  ...new Set([...policy.approval.teams, ...policy.emergency.teams]),
];

const document = z.object({ organisation: z.string(), repository: z.string() });

/**
 * Teams to ask for together with a pull request that is looked at for the first time: those of the policy that was last
 * seen on the default branch. Without one the first look knows no members, and the second one does.
 */
export async function lastKnownTeams(repository: RepositoryRef, store: Store): Promise<string[]> {
  const digest = (await store.repository(repository.id))?.policy;
  const kept = digest === undefined ? undefined : await store.document(digest);
  if (!kept) return [];
  const texts = document.parse(JSON.parse(kept.text));
  const { policy } = await policyOfFiles(
    repository.name,
    fileOf(texts.repository),
    fileOf(texts.organisation),
  );
  return teamsOf(policy);
}

const fileOf = (text: string): PolicyFile =>
  text === '' ? { kind: 'absent' } : { kind: 'text', text, id: 'kept' };
