import { z } from 'zod';
import type { Policy } from '../../core/model/policy.ts';
import { policyOfFiles } from '../read-policy.ts';
import type { PolicyFile } from '../hosting.ts';
import type { Store } from '../store.ts';
import type { Memory } from './memory.ts';
import type { RepositoryRef } from '../work.ts';

export const teamsOf = (policy: Policy): string[] => [
  ...new Set([...policy.approval.teams, ...policy.emergency.teams]),
];

const document = z.object({ organisation: z.string(), repository: z.string() });

/**
 * Teams to ask for together with the pull request: those of the last look, and those of the policy on the default branch, where
 * that is another one. Where neither is known the first look knows no members, and the second one does.
 */
export async function teamsToAsk(memory: Memory, repository: RepositoryRef, store: Store): Promise<string[]> {
  const digest = (await store.repository(repository.id))?.policy;
  if (digest === undefined || digest === memory.rules) return memory.teams;
  const kept = await store.document(digest);
  if (!kept) return memory.teams;
  const texts = document.parse(JSON.parse(kept.text));
  const { policy } = await policyOfFiles(
    repository.name,
    fileOf(texts.repository),
    fileOf(texts.organisation),
  );
  return [...new Set([...memory.teams, ...teamsOf(policy)])];
}

const fileOf = (text: string): PolicyFile =>
  text === '' ? { kind: 'absent' } : { kind: 'text', text, id: 'kept' };
